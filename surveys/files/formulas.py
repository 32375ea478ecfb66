"""Formulas of an XLSX file that hold no result, so that a reader of values would take their cells for empty.

Programs that write workbooks without calculating them leave such cells. What is read of them is the formula itself:
data, never run. Results that are there are read like any other value.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import unescape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

Formulas = dict[tuple[int, int], str]  # (line, column), both 1-based, to the text of the formula
ALONE = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*<f(?:\s[^<>]*)?(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def formulas_in(piece: bytes) -> Formulas:
    """The formulas without a result in a piece of a sheet's XML."""
    if b"<f" not in piece:
        return {}
    return {
        (int(line), _column(letters)): "=" + unescape((text or b"").decode("utf-8", errors="replace"))
        for letters, line, text in ALONE.findall(piece)
    }


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def named_by_sheet(by_part: dict[str, Formulas], content_of: Callable[[str], bytes]) -> dict[str, Formulas]:
    """The formulas by the name of their sheet; `content_of` gives a part of the workbook by its name."""
    if not by_part:
        return {}
    try:
        book, relations = fromstring(content_of(BOOK)), fromstring(content_of(RELATIONS))
    except (KeyError, ParseError, DefusedXmlException, ValueError):
        return {}  # the reader of the workbook says what is wrong with it
    part_of = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in relations
    }
    return {
        sheet.get("name", ""): by_part[part]
        for sheet in book.iter()
        if (part := part_of.get(sheet.get(RELATION_ID), "")) in by_part
    }
