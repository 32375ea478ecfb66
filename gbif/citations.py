"""Citations: whom a GBIF download asks us to cite, from its citations.txt and metadata.

Names of observers are not citations and are never read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring as checked_xml

MAX_DOCUMENT_IN_BYTES = 5 << 20
MAX_DATASETS = 10_000
DOI = re.compile(r"\b(10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Citation:
    """One source to cite: the download itself (no datasetKey) or a dataset in it."""

    citation: str
    datasetKey: str | None = None
    title: str | None = None
    license: str | None = None
    doi: str | None = None
    publisher: str | None = None


def read_citations(folder: Path) -> tuple[Citation, ...]:
    """The sources an unpacked archive names; an unreadable document names none."""
    citations = []
    whole = _document(folder / "metadata.xml") or _document(folder / "eml.xml")
    text = _text(folder / "citations.txt")
    if whole is not None or text:
        title = _first(whole, "dataset/title")
        citation = _first(whole, ".//citation") or text or title or ""
        citations.append(
            Citation(
                citation=" ".join(citation.split()),
                title=title,
                license=_first(whole, "dataset/intellectualRights"),
                doi=_doi(" ".join(filter(None, [_first(whole, "dataset/alternateIdentifier"), citation]))),
            )
        )
    for path in sorted((folder / "dataset").glob("*.xml"))[:MAX_DATASETS]:
        document = _document(path)
        title = _first(document, "dataset/title")
        if title:
            citation = _first(document, ".//citation") or title
            rights = _first(document, "dataset/intellectualRights")
            citations.append(Citation(citation, path.stem, title, rights, _doi(citation)))
    return tuple(citations)


def _document(path: Path) -> Element | None:
    if not path.is_file() or path.stat().st_size > MAX_DOCUMENT_IN_BYTES:
        return None
    try:
        root: Element = checked_xml(path.read_bytes())
    except (ParseError, DefusedXmlException, ValueError):
        return None
    for element in root.iter():  # EML comes in several versions; only the local names matter
        element.tag = element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else element.tag
    return root


def _first(root: Element | None, path: str) -> str | None:
    found = root.find(path) if root is not None else None
    text = " ".join("".join(found.itertext()).split()) if found is not None else ""
    return text or None


def _text(path: Path) -> str | None:
    if not path.is_file() or path.stat().st_size > MAX_DOCUMENT_IN_BYTES:
        return None
    return path.read_text(encoding="utf-8", errors="replace").strip() or None


def _doi(text: str) -> str | None:
    found = DOI.search(text)
    return found[1].rstrip(".,;)") if found else None
