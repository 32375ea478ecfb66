"""Styles: `xl/styles.xml` with new fills, fonts and cell formats behind the user's own, which keep their numbers."""

from __future__ import annotations

from reports.problems.workbook.splicing import (
    Edit,
    Node,
    NotEditable,
    appended,
    outline,
    spliced,
    with_attribute,
)

BOLD = '<{p}font><{p}b/><{p}sz val="11"/><{p}name val="Calibri"/></{p}font>'
LINK = '<{p}font><{p}u/><{p}sz val="11"/><{p}color rgb="FF0563C1"/><{p}name val="Calibri"/></{p}font>'
FILL = (
    '<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/></{p}patternFill></{p}fill>'
)
MOST_FORMATS = 64_000  # Excel opens no workbook with more than 65,490


class Styles:
    """The cell formats of a workbook; asked for one that it lacks, it makes it."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        root = outline(content)
        self._prefix = root.prefix
        self._fonts, self._fills = _part(root, "fonts"), _part(root, "fills")
        self._formats = _part(root, "cellXfs")
        self._new_fonts: list[bytes] = []
        self._new_fills: list[bytes] = []
        self._new_formats: list[bytes] = []
        self._fill_of: dict[str, int] = {}
        self._coloured: dict[tuple[int, str], int] = {}
        if not self._formats.children:
            raise NotEditable("no cell format")

    def coloured(self, style: int, colour: str) -> int:
        """The number of the format that is like this one but for the colour."""
        if (style, colour) not in self._coloured:
            if colour not in self._fill_of:
                self._new_fills.append(FILL.format(p=self._prefix, colour=colour).encode())
                self._fill_of[colour] = len(self._fills.children) + len(self._new_fills) - 1
            self._coloured[style, colour] = self._like(style, "fillId", "applyFill", self._fill_of[colour])
        return self._coloured[style, colour]

    def bold(self) -> int:
        return self._with_font(BOLD)

    def link(self) -> int:
        return self._with_font(LINK)

    def _with_font(self, font: str) -> int:
        self._new_fonts.append(font.format(p=self._prefix).encode())
        return self._like(0, "fontId", "applyFont", len(self._fonts.children) + len(self._new_fonts) - 1)

    def _like(self, style: int, attribute: str, applied: str, number: int) -> int:
        known = self._formats.children
        if not 0 <= style < len(known) or len(known) + len(self._new_formats) >= MOST_FORMATS:
            raise NotEditable("cell formats")
        like = known[style]
        tag = self._content[like.start : like.inner_start]
        tag = with_attribute(with_attribute(tag, attribute, str(number)), applied, "1")
        self._new_formats.append(tag + self._content[like.inner_start : like.end])
        return len(known) + len(self._new_formats) - 1

    def content(self) -> bytes:
        edits: list[Edit] = []
        for node, new in (
            (self._fonts, self._new_fonts),
            (self._fills, self._new_fills),
            (self._formats, self._new_formats),
        ):
            if new:
                edits += appended(self._content, node, b"".join(new), len(new))
        return spliced(self._content, edits)


def _part(root: Node, name: str) -> Node:
    found = root.first(name)
    if found is None:
        raise NotEditable(f"no {name}")
    return found
