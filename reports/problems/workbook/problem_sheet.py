"""The sheet behind the others: every problem in a row of its own, linked to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter

from monitoring.inspection import Inspection
from monitoring.problems import Problem
from reports.problems.workbook.marks import COLOURS, place_of
from reports.problems.workbook.splicing import NOT_IN_XML, inline_string
from reports.problems.workbook.styles import Styles
from store.catalogue import BilingualText, text

LIST_TITLE = "问题 Problems"
LIST_HEADER = (
    "严重程度 severity", "工作表 sheet", "单元格 cell", "列名 header", "原值 value", "问题", "problem", "为什么", "why",
    "改法", "fix", "建议 suggestion", "规则 rule", "记录 recordId", "保留理由 acknowledged",
)  # fmt: skip
LIST_WIDTHS = (12, 14, 8, 14, 18, 40, 40, 30, 30, 40, 40, 20, 36, 30, 20)
MOST_ON_THE_LIST = 100_000
MOST_LINKS = 65_000  # Excel repairs a sheet with more than 65,530


def problem_sheet(
    inspection: Inspection, titles: Mapping[str, str], lost: tuple[str, ...], styles: Styles, namespace: str
) -> Iterator[bytes]:
    """The sheet's XML piece by piece; `titles` tells what the sheets of the inspection are called in the copy."""
    notes = _notes(inspection, lost)
    header_line = len(notes) + 1
    yield _head(header_line, namespace).encode()
    for line, note in enumerate(notes, start=1):
        yield _row(line, [(1, 0, note)])
    bold = styles.bold()
    yield _row(header_line, [(column, bold, name) for column, name in enumerate(LIST_HEADER, start=1)])
    links: list[str] = []
    link_style = styles.link()
    style_of = {severity: styles.coloured(0, colour) for severity, colour in COLOURS.items()}
    for line, problem in enumerate(inspection.problems(), start=header_line + 1):
        if line - header_line > MOST_ON_THE_LIST:
            more = text("reports", "problems-workbook-more", most=MOST_ON_THE_LIST)
            yield _row(line, [(1, 0, more.zh), (6, 0, more.en)])
            break
        at = place_of(problem, inspection)
        place = f"{at[0]}{at[1]}" if at else None
        title = titles.get(problem.sheet)
        is_linked = title is not None and place is not None and len(links) < MOST_LINKS
        if is_linked:
            links.append(_link(f"C{line}", str(title), str(place)))
        cells = enumerate(_cells(problem, title, place), start=1)
        special = {1: style_of[problem.severity], 3: link_style if is_linked else 0}
        yield _row(line, [(column, special.get(column, 0), content) for column, content in cells if content])
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    yield f"</sheetData>{linked}</worksheet>".encode()


def _notes(inspection: Inspection, lost: tuple[str, ...]) -> list[str]:
    totals = inspection.totals
    said = text(
        "reports", "problems-workbook-totals", read=totals.read, accepted=totals.accepted,
        quarantined=totals.quarantined, rejected=totals.rejected,
    )  # fmt: skip
    if not lost:
        return [said.zh, said.en]
    missing = text("reports", "problems-workbook-lost", parts=", ".join(lost))
    return [said.zh, said.en, missing.zh, missing.en]


def _head(header_line: int, namespace: str) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(LIST_WIDTHS, start=1)
    )
    return (
        f'<worksheet xmlns="{namespace}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="{header_line}" '
        f'topLeftCell="A{header_line + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def _cells(problem: Problem, title: str | None, place: str | None) -> tuple[str | None, ...]:
    severity = _severity(problem.severity)
    return (
        f"{severity.zh} {severity.en}", title or problem.sheet, place, problem.header, problem.value,
        problem.message.zh, problem.message.en, problem.why.zh, problem.why.en, problem.fix.zh, problem.fix.en,
        problem.suggestion, problem.rule, problem.recordId, problem.acknowledged,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _severity(severity: str) -> BilingualText:
    return text("reports", f"problems-severity-{severity}")


LETTERS = tuple(get_column_letter(column) for column in range(1, len(LIST_HEADER) + 1))


def _row(line: int, cells: list[tuple[int, int, str]]) -> bytes:
    written = "".join(
        inline_string("", f"{LETTERS[column - 1]}{line}", style, content) for column, style, content in cells
    )
    return f'<row r="{line}">{written}</row>'.encode()


def _link(reference: str, title: str, place: str) -> str:
    quoted = title.replace("'", "''").translate(NOT_IN_XML)
    location = quoteattr(f"'{quoted}'!{place}")
    return f'<hyperlink ref="{reference}" location={location} display="{place}"/>'
