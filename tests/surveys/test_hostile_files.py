"""Files made to do harm are refused with a remedy, in little memory; formulas are data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from store.catalogue import catalogue
from surveys.errors import UnreadableFile
from surveys.files.reading import read_sheets
from surveys.opening import open_survey
from tests.surveys import hostile
from tests.surveys.hostile import FILES, SHEET, TABLE, tampered, zipped

MOST_MEGABYTES = 300
LOOKING = """
import resource, sys
from pathlib import Path
from pipelines.cli.main import main
try:
    main(["--lang", "en", "check", *sys.argv[1:]])
except SystemExit as end:
    status = Path("/proc/self/status").read_text()
    own = int(status.split("VmHWM:")[1].split()[0]) // 1024
    print("ENDED", end.code, own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def written(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def cells(path: Path) -> list[list[str]]:
    return [
        text.split(sheet.delimiter)
        for sheet in read_sheets(path, path.name)
        for text in sheet.lines["text"].to_pylist()
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_remedy(tmp_path: Path, name: str) -> None:
    path = hostile.write(name, tmp_path)
    with pytest.raises(UnreadableFile) as refused:
        open_survey(path, path.name)
    assert refused.value.rule == FILES[name][0]
    assert refused.value.exit_code == 2
    for language in ("zh", "en"):
        assert refused.value.message.in_language(language) and refused.value.remedy.in_language(language)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak of memory from /proc")
def test_refusing_them_all_takes_less_than_300_megabytes(tmp_path: Path) -> None:
    paths = []
    for number, name in enumerate(FILES):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(hostile.write(name, folder))
    ended = subprocess.run(
        [sys.executable, "-c", LOOKING, *map(str, paths)], capture_output=True, text=True, check=True
    )
    code, own, child = map(int, ended.stdout.rpartition("ENDED ")[2].split())
    assert code == 2
    assert ended.stderr.count("hostile.csv") >= len(FILES)
    assert max(own, child) < MOST_MEGABYTES, f"{own} MB, and {child} MB in the process that reads workbooks"


def test_every_refusal_has_a_hostile_or_broken_file_of_its_own() -> None:
    """A guard that nothing sets off may as well be broken."""
    guards = {rule for rule in catalogue("surveys") if rule.startswith(("error-zip-", "error-workbook-"))}
    tested_elsewhere = {"error-zip-twice", "error-workbook-encrypted"}
    assert guards - tested_elsewhere == guards & {rule for rule, _ in FILES.values()}


def test_a_member_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("a.csv", TABLE.encode()), ("a.csv", TABLE.encode()))
    with pytest.raises(UnreadableFile) as refused:
        read_sheets(written(tmp_path, content), "a.zip")
    assert refused.value.rule == "error-zip-twice"


def test_a_name_that_would_steer_the_terminal_is_shown_without_it(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_sheets(written(tmp_path, zipped(("a\x1b[2J.csv", TABLE.encode()))), "a.zip")
    assert "\x1b" not in str(refused.value) and "a?[2J.csv" in str(refused.value)


def test_a_colon_or_dots_within_a_name_are_no_trick(tmp_path: Path) -> None:
    content = zipped(("10:30..csv", TABLE.encode()), ("2025..六月/a.csv", TABLE.encode()))
    assert len(read_sheets(written(tmp_path, content), "a.zip")) == 2


def test_a_workbook_that_claims_to_fill_its_sheet_is_read_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, hostile.harmless_claims())
    assert cells(path) == [["日期", "中文名", "数量"], ["2025-06-03", "旱柳", "3"]]


def test_an_empty_cell_with_a_format_far_away_is_no_reason_to_refuse(tmp_path: Path) -> None:
    def formatted(text: str) -> str:
        return text.replace("</row>", '<c r="XFD1" s="0"/></row>', 1)

    assert cells(written(tmp_path, tampered({SHEET: formatted})))[1] == ["2025-06-03", "旱柳", "3"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../../etc/passwd", "file:///etc/passwd"])
def test_a_sheet_said_to_lie_elsewhere_is_not_looked_for_there(tmp_path: Path, target: str) -> None:
    def pointed(text: str) -> str:
        return text.replace("/xl/worksheets/sheet1.xml", target)

    path = written(tmp_path, tampered({"xl/_rels/workbook.xml.rels": pointed}))
    with pytest.raises(UnreadableFile) as refused:
        read_sheets(path, "a.xlsx")
    assert "root:" not in str(refused.value)


@pytest.mark.parametrize(
    "formula",
    ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1)", '=HYPERLINK("http://x","y")', "=IMPORTXML(1)", "\t=1+1"],
)
def test_a_formula_in_a_text_file_is_the_text_it_is(tmp_path: Path, formula: str) -> None:
    quoted = '"' + formula.replace('"', '""') + '"'
    path = written(tmp_path, f"日期,中文名,数量\n2025-06-03,{quoted},3\n".encode())
    assert cells(path)[1] == ["2025-06-03", formula, "3"]


def formula_cell(inside: str) -> bytes:
    def changed(text: str) -> str:
        begin = text.index('<c r="C2"')
        return f'{text[:begin]}<c r="C2">{inside}</c>{text[text.index("</c>", begin) + 4 :]}'

    return tampered({SHEET: changed})


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("<f>1+2</f><v>3</v>", "3"),
        ("<f>SUM(A1:A9)</f><v></v>", "=SUM(A1:A9)"),
        ("<f>SUM(A1:A9)</f><v/>", "=SUM(A1:A9)"),
        ("<f>A1&amp;A2</f>", "=A1&A2"),
        ('<f t="shared" si="0"/>', "="),
        ("<f>cmd|'/c calc'!A1</f>", "=cmd|'/c calc'!A1"),
    ],
)
def test_a_formula_in_a_workbook_is_its_result_or_else_its_text(
    tmp_path: Path, inside: str, read: str
) -> None:
    assert cells(written(tmp_path, formula_cell(inside)))[1] == ["2025-06-03", "旱柳", read]


def test_a_formula_below_the_last_value_is_not_overlooked(tmp_path: Path) -> None:
    def below(text: str) -> str:
        return text.replace("</sheetData>", '<row r="5"><c r="E5"><f>B2</f></c></row></sheetData>')

    assert cells(written(tmp_path, tampered({SHEET: below})))[4] == ["", "", "", "", "=B2"]
