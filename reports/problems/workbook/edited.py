"""The annotated copy as an edit of a workbook's package: what must change in which part.

Charts, pictures, pivot tables, embedded objects, data validations, conditional formats and threaded comments are kept:
they compute nothing into cells. What would be run or fetched is not: formulas of cells and table columns, calcChain,
macros, links to other workbooks (and DDE), names that call anything, data refreshed on opening. A package with macro
sheets or a signature is not edited but rebuilt, by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from monitoring.inspection import Inspection
from reports.problems.workbook.cells import (
    MAIN,
    RELATIONS,
    STRICT_RELATIONS,
    SheetEditor,
    SheetFacts,
    sheet_facts,
)
from reports.problems.workbook.marks import Marks
from reports.problems.workbook.notes import EMPTY_DRAWING, empty_comments, with_notes, with_shapes
from reports.problems.workbook.package import Package
from reports.problems.workbook.problem_sheet import LIST_TITLE, problem_sheet
from reports.problems.workbook.rebuilt import sheet_title
from reports.problems.workbook.splicing import Edit, Node, NotEditable, appended, outline, spliced
from reports.problems.workbook.styles import Styles

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
WORKBOOK_TYPE, SHEET_TYPE = SPREADSHEET + "sheet.main+xml", SPREADSHEET + "worksheet+xml"
COMMENTS_TYPE = SPREADSHEET + "comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
REBUILT = ("xl/macrosheets/", "xl/dialogsheets/", "_xmlsignatures/")
RUN_OR_FETCHED = (
    "xl/calcChain.xml",
    "xl/vbaProject",
    "xl/_rels/vbaProject",
    "xl/externalLinks/",
    "customUI/",
)
TOLD = {"xl/vbaProject.bin": "vbaProject.bin", "xl/externalLinks/": "externalLinks", "customUI/": "customUI"}
KINDS_DROPPED = {"calcChain", "vbaProject", "externalLink", "externalLinkPath", "extensibility"}
REFRESHED = re.compile(r"xl/(connections\.xml|queryTables/|pivotCache/pivotCacheDefinition)")
REFRESHING = re.compile(rb"\s(?:refreshOnLoad|interval)=(?:\"[^\"]*\"|'[^']*')")
OF_COLUMN = re.compile(
    rb"<((?:[\w.-]+:)?(?:calculatedColumnFormula|totalsRowFormula))\b[^>]*(?:/>|>[^<]*</\1\s*>)"
    rb"|\stotalsRowFunction=[\"']custom[\"']"
)
CALLED = re.compile(r"([^\W\d][\w.]*)\s*\(")
HARMLESS = {"OFFSET", "COUNTA", "COUNT", "COUNTIF", "INDEX", "MATCH", "INDIRECT", "ROW", "ROWS", "COLUMN", "COLUMNS",
            "IF", "MAX", "MIN", "SUM", "SUBSTITUTE"}  # fmt: skip
ELSEWHERE = re.compile(r"\[\d+\]|\|")


def edit_package(
    content: bytes, file_name: str, inspection: Inspection, marks: Mapping[str, Marks],
    titles: Mapping[str, str], target: Path, lost: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Write the package with marks and a list; `titles` tells the title of each sheet that the inspection names.

    Raises NotEditable for a package that is odd; what stands at the target is then of no use.
    """
    package = Package(content, file_name)
    if any(name.startswith(REBUILT) for name in package.names):
        raise NotEditable("macro sheets or a signature")
    lost += tuple(told for part, told in TOLD.items() if any(name.startswith(part) for name in package.names))
    book = _one_target(package, "", "officeDocument")
    root = outline(package.content_of(book))
    namespace = root.attributes.get("xmlns:" + root.prefix[:-1] if root.prefix else "xmlns", "")
    if namespace not in MAIN:
        raise NotEditable("namespace of the workbook")
    styles_part = _one_target(package, book, "styles")
    styles = Styles(package.content_of(styles_part))
    parts = _sheet_parts(package, book, root)
    by_title = {titles[name]: found for name, found in marks.items() if name in titles}
    for title, part in parts.items():
        _edit_sheet(package, part, by_title.get(title, Marks()), styles, namespace)
    _defuse(package, book)
    listed = package.new_name("xl/worksheets/sheet{}.xml")
    _edit_book(package, book, listed, sheet_title(LIST_TITLE, _titles(root)), namespace)
    package.overrides |= {book: WORKBOOK_TYPE, listed: SHEET_TYPE}
    there = {name: title for name, title in titles.items() if title in parts}
    package.late[listed] = lambda: problem_sheet(inspection, there, lost, styles, namespace)
    package.late[styles_part] = lambda: [styles.content()]
    package.write(target)


def _one_target(package: Package, part: str, kind: str) -> str:
    found = [relation.target for relation in package.relations(part) if relation.kind == kind]
    if len(found) != 1 or found[0] not in package.names:
        raise NotEditable(f"{kind} of {part}")
    return found[0]


def _titles(root: Node) -> list[str]:
    sheets = root.first("sheets")
    if sheets is None:
        raise NotEditable("no sheets")
    return [sheet.attributes.get("name", "") for sheet in sheets.named("sheet")]


def _sheet_parts(package: Package, book: str, root: Node) -> dict[str, str]:
    """The parts of the worksheets by their titles; a sheet that is a chart has no cells."""
    relations = {relation.id: relation for relation in package.relations(book)}
    parts = {}
    sheets = root.first("sheets")
    for sheet in sheets.named("sheet") if sheets else ():
        relation = next(
            (relations.get(value) for name, value in sheet.attributes.items() if name.endswith(":id")), None
        )
        if relation is None or relation.kind not in ("worksheet", "chartsheet"):
            raise NotEditable("a sheet of another kind")
        if relation.kind == "worksheet":
            parts[sheet.attributes.get("name", "")] = relation.target
    return parts


def _edit_sheet(package: Package, part: str, marks: Marks, styles: Styles, namespace: str) -> None:
    facts = sheet_facts(package.chunks_of(part))
    shown = marks.on_blocks(facts.merged)
    drawing_id = _add_notes(package, part, shown, facts, namespace) if shown.notes else None
    if shown.severities or facts.has_formulas:
        editor = SheetEditor(shown.colours(), styles, drawing_id)
        package.rewritten[part] = editor.rewritten


def _add_notes(package: Package, part: str, marks: Marks, facts: SheetFacts, namespace: str) -> str | None:
    """Write the notes of a sheet; returns the relation that the sheet must name where it has no drawing yet."""
    relation = _relation_address(namespace)
    relations = package.relations(part)
    comments = next((found.target for found in relations if found.kind == "comments"), None)
    if comments is None:
        comments = package.new_name("xl/comments{}.xml")
        package.replace(comments, empty_comments(namespace))
        package.overrides[comments] = COMMENTS_TYPE
        package.relate(part, f"{relation}/comments", comments)
    content, fresh = with_notes(package.content_of(comments), marks.notes)
    package.replace(comments, content)
    drawing = next((found.target for found in relations if found.id == facts.drawing_id), None)
    new_id = None
    if drawing is None:
        if facts.drawing_id is not None:
            raise NotEditable("a drawing of notes without a relation")
        drawing = package.new_name("xl/drawings/vmlDrawing{}.vml")
        package.replace(drawing, EMPTY_DRAWING)
        package.defaults["vml"] = DRAWING_TYPE
        new_id = package.relate(part, f"{relation}/vmlDrawing", drawing)
    package.replace(drawing, with_shapes(package.content_of(drawing), fresh))
    return new_id


def _relation_address(namespace: str) -> str:
    return RELATIONS if namespace == MAIN[0] else STRICT_RELATIONS


def _defuse(package: Package, book: str) -> None:
    package.dropped |= {name for name in package.names if name.startswith(RUN_OR_FETCHED)}
    package.unrelate(book, KINDS_DROPPED)
    package.unrelate("", KINDS_DROPPED)
    for name in sorted(package.names):
        if REFRESHED.match(name):
            _replace_where(package, name, REFRESHING)
        elif name.startswith("xl/tables/") and name.endswith(".xml"):
            _replace_where(package, name, OF_COLUMN)


def _replace_where(package: Package, part: str, unwanted: re.Pattern[bytes]) -> None:
    content = package.content_of(part)
    if unwanted.search(content):
        package.replace(part, unwanted.sub(b"", content))


def _edit_book(package: Package, book: str, listed: str, title: str, namespace: str) -> None:
    relation = _relation_address(namespace)
    new_id = package.relate(book, f"{relation}/worksheet", listed)
    content = package.content_of(book)
    root = outline(content)
    sheets = root.first("sheets")
    if sheets is None:
        raise NotEditable("no sheets")
    number = max((int(sheet.attributes.get("sheetId", 0)) for sheet in sheets.children), default=0) + 1
    new = f'<{root.prefix}sheet xmlns:r="{relation}" name={quoteattr(title)} sheetId="{number}" r:id="{new_id}"/>'
    edits = appended(content, sheets, new.encode())
    edits += [(node.start, node.end, b"") for node in root.named("externalReferences")]
    for names in root.named("definedNames"):
        edits += _without_calls(content, names)
    package.replace(book, spliced(content, edits))


def _without_calls(content: bytes, names: Node) -> Iterable[Edit]:
    """Drop the names that reach outside of the workbook or call more than a list of choices needs."""
    unwanted = [name for name in names.named("definedName") if not _is_harmless(content, name)]
    if len(unwanted) == len(names.children):
        return [(names.start, names.end, b"")]
    return [(name.start, name.end, b"") for name in unwanted]


def _is_harmless(content: bytes, name: Node) -> bool:
    if any(name.attributes.get(kind) in ("1", "true") for kind in ("function", "vbProcedure", "xlm")):
        return False
    refers_to = re.sub(r"'(?:[^'\[|]|'')*'!", "", content[name.inner_start : name.inner_end].decode())
    called: Iterator[str] = (found[1].upper() for found in CALLED.finditer(refers_to))
    return not ELSEWHERE.search(refers_to) and all(function in HARMLESS for function in called)
