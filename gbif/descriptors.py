"""Descriptors: what a Darwin Core Archive's meta.xml says about its files, with the defaults of the text guide.

python-dwca-reader knows other defaults and one file a table, so the elements are read here.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring as checked_xml

from gbif.errors import GbifError

MAX_DOCUMENT_IN_BYTES = 20 << 20
MALFORMED = (DefusedXmlException, SyntaxError, ValueError, KeyError, AttributeError, TypeError, LookupError)
ESCAPES = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}


@dataclass(frozen=True)
class Field:
    """One term of a table: in a column, or the same in every row, or both."""

    term: str
    index: int | None
    default: str | None


@dataclass(frozen=True)
class Section:
    """One table of an archive: the core or an extension. `key` is the position of its id or coreid."""

    rowType: str
    locations: tuple[str, ...]
    fields: tuple[Field, ...]
    key: int | None
    delimiter: str
    quote: str
    lineBreak: str
    headerLines: int
    encoding: str


def read_descriptor(meta: Path, file_name: str) -> tuple[Section, tuple[Section, ...]]:
    """The core and the extensions; GbifError where meta.xml cannot be read or used."""
    if meta.stat().st_size > MAX_DOCUMENT_IN_BYTES:
        raise GbifError("error-meta", file=file_name, cause="larger than 20 MB")
    try:
        root = checked_xml(meta.read_bytes())
        for element in root.iter():
            element.tag = element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
        cores = root.findall("core")
        if root.tag != "archive" or len(cores) != 1:
            raise ValueError(f"{len(cores)} core elements in <{root.tag}>")
        return _section(cores[0]), tuple(_section(element) for element in root.findall("extension"))
    except MALFORMED as cause:
        raise GbifError("error-meta", file=file_name, cause=cause) from cause


def _section(element: Any) -> Section:
    header_lines = int(element.get("ignoreHeaderLines", 0) or 0)
    if header_lines < 0:
        raise ValueError(f"ignoreHeaderLines={header_lines}")
    encoding = (element.get("encoding") or "UTF-8").strip()
    codecs.lookup(encoding)
    locations = tuple((found.text or "").strip() for found in element.findall("files/location"))
    if not locations:
        raise ValueError("a table without <location>")
    quote = _unescaped(element.get("fieldsEnclosedBy", '"'))
    delimiter = _unescaped(element.get("fieldsTerminatedBy", ","))
    if len(quote) > 1 or not 1 <= len(delimiter) <= 4:
        raise ValueError(f"fieldsEnclosedBy={quote!r}, fieldsTerminatedBy={delimiter!r}")
    key = element.find("id" if element.tag == "core" else "coreid")
    if key is None and element.tag != "core":
        raise ValueError("an extension without <coreid>")
    return Section(
        rowType=str(element.get("rowType", "")).rstrip("/"),
        locations=locations,
        fields=tuple(_field(found) for found in element.findall("field")),
        key=None if key is None else _index(key.get("index")),
        delimiter=delimiter,
        quote=quote,
        lineBreak=_unescaped(element.get("linesTerminatedBy", "\n")) or "\n",
        headerLines=header_lines,
        encoding=encoding,
    )


def _field(element: Any) -> Field:
    return Field(
        str(element.attrib["term"]).rstrip("/"), _index(element.get("index")), element.get("default")
    )


def _index(text: str | None) -> int | None:
    if text is None or not text.strip():
        return None
    index = int(text)
    if index < 0:
        raise ValueError(f"index={index}")
    return index


def _unescaped(text: str) -> str:
    for written, meant in ESCAPES.items():
        text = text.replace(written, meant)
    return text
