"""Notes: the comments part of a sheet and the drawing that shows them, with ours behind those that are there.

A cell has one note: ours goes below the text of the user's. A note that stands for a thread of comments is left alone,
since Excel shows the thread instead; the list of problems has the text.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils import get_column_letter

from reports.problems.workbook.splicing import (
    Edit,
    Node,
    NotEditable,
    appended,
    outline,
    spliced,
    tag_at,
    xml_text,
)

AUTHOR = "Parkwatch 园哨"
WIDTH_IN_PX, HEIGHT_IN_PX = 380, 180
FIRST_SHAPE = 1025
NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
EMPTY_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
Said = Mapping[tuple[int, int], list[str]]  # by line and column, both 1-based


def empty_comments(namespace: str) -> bytes:
    return f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'.encode()


def with_notes(content: bytes, said: Said) -> tuple[bytes, list[tuple[int, int]]]:
    """The comments part with our notes, and the cells that had none before."""
    root = outline(content)
    authors, comments = root.first("authors"), root.first("commentList")
    if authors is None or comments is None:
        raise NotEditable("comments")
    prefix = root.prefix
    new_author = f"<{prefix}author>{AUTHOR}</{prefix}author>".encode()
    edits = appended(content, authors, new_author)
    names = [content[author.inner_start : author.inner_end] for author in authors.children]
    present = {comment.attributes.get("ref", ""): comment for comment in comments.named("comment")}
    fresh, added = [], []
    for (line, column), texts in sorted(said.items()):
        reference = f"{get_column_letter(column)}{line}"
        text = xml_text("\n\n".join(texts))
        if reference in present:
            edits += _below(content, present[reference], names, text)
            continue
        fresh.append((line, column))
        added.append(
            f'<{prefix}comment ref="{reference}" authorId="{len(names)}"><{prefix}text><{prefix}r>'
            f'<{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}r></{prefix}text></{prefix}comment>'
        )
    return spliced(content, edits + appended(content, comments, "".join(added).encode())), fresh


def _below(content: bytes, comment: Node, authors: list[bytes], text: str) -> list[Edit]:
    author = int(comment.attributes.get("authorId", 0))
    if author < len(authors) and authors[author].startswith(b"tc="):
        return []
    own = comment.first("text")
    if own is None:
        raise NotEditable("comment without text")
    prefix = own.prefix
    ours = f'<{prefix}r><{prefix}t xml:space="preserve">\n\n{text}</{prefix}t></{prefix}r>'.encode()
    plain = own.first("t")
    sounds = next((child for child in own.children if child.local in ("rPh", "phoneticPr")), None)
    if plain is None and sounds is None:
        return appended(content, own, ours)
    edits: list[Edit] = []
    if plain is not None:
        # a text is either plain or made of runs: the user's becomes the first run
        edits.append((plain.start, plain.start, f"<{prefix}r>".encode()))
        edits.append((plain.end, plain.end, f"</{prefix}r>".encode()))
    at = sounds.start if sounds else own.inner_end
    if edits and edits[-1][0] == at:
        edits[-1] = (at, at, edits[-1][2] + ours)
        return edits
    return [*edits, (at, at, ours)]


def with_shapes(content: bytes, places: list[tuple[int, int]]) -> bytes:
    """The drawing with a hidden shape for each new note. Excel's drawings need not be XML, so none is parsed."""
    end, start = content.rfind(b"</xml>"), content.find(b"<xml")
    if start < 0 or end < 0:
        raise NotEditable("drawing of notes")
    tag = tag_at(content, start)
    declared = tag
    for prefix, namespace in NAMESPACES.items():
        if f'xmlns:{prefix}="{namespace}"'.encode() in tag:
            continue
        if f"xmlns:{prefix}=".encode() in tag:
            raise NotEditable("drawing of notes")
        declared = declared[:-1] + f' xmlns:{prefix}="{namespace}"'.encode() + b">"
    shape_type = "" if b'id="_x0000_t202"' in content else SHAPE_TYPE
    first = FIRST_SHAPE
    while f"_x0000_s{first}".encode() in content:
        first += 1_024  # Excel numbers shapes in blocks of so many
    shapes = "".join(_shape(first + number, *place) for number, place in enumerate(places))
    new = (shape_type + shapes).encode()
    return content[:start] + declared + content[start + len(tag) : end] + new + content[end:]


def _shape(number: int, line: int, column: int) -> str:
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;'
        f'margin-top:1.5pt;width:{WIDTH_IN_PX}px;height:{HEIGHT_IN_PX}px;z-index:1;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{line - 1}</x:Row><x:Column>{column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
    )
