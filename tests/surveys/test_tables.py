from __future__ import annotations

from pathlib import Path

import pytest

from surveys.columns import Mapping, assign_terms
from surveys.errors import UnreadableFile
from surveys.headers import term_of
from surveys.layout.survey_table import SurveyTable
from surveys.opening import open_survey
from surveys.profiles import read_profile


def read_table(path: Path) -> SurveyTable:
    (only,) = open_survey(path, path.name).tables
    return only.table


def survey(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "survey.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_delimiter_and_encoding_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = (
        delimiter.join(["日期", "物种名称", "数量"])
        + "\n"
        + delimiter.join(["2025-06-03", "䴙䴘", "3"])
        + "\n"
    )
    table = read_table(survey(tmp_path, text, encoding))
    assert (table.delimiter, table.header, table.header_line) == (delimiter, ("日期", "物种名称", "数量"), 1)


def test_title_rows_above_the_header_are_passed_over_and_lines_stay_those_of_the_file(tmp_path: Path) -> None:
    text = "大同市鸟类调查\n\n填表人,某某\n日期,鸟种,数量\n2025-06-03,麻雀,3\n\n2025-06-04,喜鹊,1\n"
    table = read_table(survey(tmp_path, text))
    assert table.header_line == 4
    assert table.lines["line"].to_pylist() == [5, 6, 7]
    assert table.title.startswith("大同市鸟类调查")


def test_a_line_break_inside_quotes_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    text = '日期,鸟种,备注\n2025-06-03,麻雀,"一\n二"\n2025-06-04,喜鹊,三\n'
    table = read_table(survey(tmp_path, text))
    assert table.lines["line"].to_pylist() == [2, 4]


@pytest.mark.parametrize(
    ("text", "rule"),
    {
        "1,2,3\n4,5,6\n": "error-no-header",
        "日期,经度,纬度\n2025-06-03,113,40\n": "error-no-name-column",
        "日期,物种名称\n": "error-no-rows",
    }.items(),
)
def test_a_table_that_cannot_be_used_is_refused_with_the_remedy(tmp_path: Path, text: str, rule: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        open_survey(survey(tmp_path, text), "survey.csv")
    assert refused.value.rule == rule
    assert "survey.csv" in refused.value.message.zh
    assert refused.value.remedy.en


def test_headers_are_compared_without_blanks_units_and_widths() -> None:
    assert term_of("数量（只）") == "individualCount"
    assert term_of(" 经 度 ") == "decimalLongitude"
    assert term_of("3、调查日期*") == "eventDate"
    assert term_of("ＳＣＩＥＮＴＩＦＩＣ_name") == "scientificName"
    assert term_of("胸径(cm)") == "measurement:diameterAtBreastHeight"
    assert term_of("没见过的列") is None


def test_the_first_column_of_a_meaning_has_it_and_the_others_are_kept() -> None:
    columns = assign_terms(["中文名", "别名", "日期", "观测日期"], Mapping(), [])
    assert [column.term for column in columns] == ["vernacularName", None, "eventDate", None]


def test_a_species_column_full_of_latin_names_is_the_scientific_name() -> None:
    columns = assign_terms(
        ["日期", "物种"], Mapping(), [["2025", "Ulmus pumila"], ["2025", "Passer montanus"]]
    )
    assert columns[1].term == "scientificName"


def test_columns_are_lettered_as_spreadsheets_do() -> None:
    columns = assign_terms([f"h{number}" for number in range(28)], Mapping(), [])
    assert [columns[0].letter, columns[25].letter, columns[26].letter] == ["A", "Z", "AA"]


def test_a_mapping_file_with_an_unknown_term_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text('[columns]\n"代码" = "speciesCode"\n', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="speciesCode"):
        read_profile(path)
