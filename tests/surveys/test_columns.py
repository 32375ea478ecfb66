"""Which term each column of a table is read as: by its header, by its values, beside the other columns."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.intake import take_survey
from store.home import Home
from store.warehouse import open_warehouse
from surveys.columns import READ_AS, TERMS, Column, Mapping, assign_terms, with_guesses
from surveys.loading import load_survey
from surveys.opening import open_survey

ROWS = 12


def read(columns: dict[str, list[str]]) -> dict[str, str | None]:
    """Header to term of a table given column by column."""
    return {column.header: column.term for column in table(columns)}


def table(columns: dict[str, list[str]], mapping: Mapping | None = None) -> list[Column]:
    rows = list(zip(*columns.values(), strict=True))
    return with_guesses(assign_terms(list(columns), mapping or Mapping(), rows), rows)


def names(*written: str) -> list[str]:
    return [written[place % len(written)] for place in range(ROWS)]


SPECIES = names("榆树", "旱柳", "油松")


@pytest.mark.parametrize(
    ("header", "values", "term"),
    [
        ("时间", ["2025-06-03", "6月4日"], "eventDate"),
        ("时间", ["9:30", "下午3点半"], "eventTime"),
        ("调查时间", ["14：20", "08:05"], "eventTime"),
        ("调查时间", ["2025年6月3日 9:30"], "eventDate"),
        ("开始时间", ["2025-06-03 09:30"], "eventDate"),
        ("开始时间", ["09:30"], "eventTime"),
        ("time", ["2025", "2024"], "eventDate"),
        ("时间", [""], "eventDate"),
        ("编号", [f"DT-{n:03}" for n in range(ROWS)], "occurrenceID"),
        ("编号", [str(n + 1) for n in range(ROWS)], "occurrenceID"),
        ("序号", [str(n % 4 + 1) for n in range(ROWS)], "occurrenceID"),
        ("编号", [f"Y{n // 4}" for n in range(ROWS)], "eventID"),
        ("编号", names("Ulm", "Sal", "Pin"), "taxonID"),
        ("号码", [str(n // 6 * 7) for n in range(ROWS)], "eventID"),
        ("X", ["113.3", "113.4"], "decimalLongitude"),
        ("X", ["40.07", "40.08"], "decimalLatitude"),
        ("X", ["4438280.275", "4438281"], "decimalLatitude"),
        ("X", ["440290.977", "440291"], "decimalLongitude"),
        ("Y", ["38440290", "38440291"], "decimalLongitude"),
        ("Y坐标", ["4438280"], "decimalLatitude"),
        ("X坐标", ["113°18′0″", "113°19′0″"], "decimalLongitude"),
        ("X坐标", [""], "decimalLatitude"),
        ("Y坐标", [""], "decimalLongitude"),
        ("N", ["40.0767", "40.08"], "decimalLatitude"),
        ("N", ["3", "12", "1"], "individualCount"),
        ("E", ["113°18′0″"], "decimalLongitude"),
        ("保护级别", ["国家二级", "无"], "derived:nationalProtectionLevel"),
        ("保护级别", ["一级古树", "名木"], "ancientTree:protectionGrade"),
        ("保护等级", ["一级", "三级"], "ancientTree:protectionGrade"),
        ("保护等级", ["Ⅰ", "Ⅱ"], "derived:nationalProtectionLevel"),
        ("高度", ["3.5", "12"], "measurement:plantHeight"),
        ("高度", ["1050", "1062"], "minimumElevationInMeters"),
        ("高度(cm)", ["150", "210"], "measurement:plantHeight"),
        ("数量", ["3", "若干"], "individualCount"),
        ("数量", ["15%", "20 %"], "organismQuantity"),
        ("数量", ["Cop1", "Sol"], "organismQuantity"),
        ("数量", ["3亩", "20㎡"], "organismQuantity"),
        ("quantity", ["3", "4"], "individualCount"),
        ("number", [str(n + 1) for n in range(ROWS)], "occurrenceID"),
        ("number", ["3", "1", "7"], "individualCount"),
        ("来源", ["乡土", "外来"], "establishmentMeans"),
        ("来源", ["栽培", "野生"], "degreeOfEstablishment"),
        ("来源", ["实地调查", "文献资料"], "references"),
        ("原产地", ["北美洲", "欧洲"], "derived:nativeRange"),
        ("性质", ["外来入侵"], "establishmentMeans"),
        ("status", ["present", "absent"], "occurrenceStatus"),
        ("status", ["alive", "dead"], "vitality"),
        ("状态", ["LC", "VU"], "derived:iucnCategory"),
        ("面积", ["100"] * ROWS, "sampleSizeValue"),
        ("面积", ["100", "20", "3.5"], "organismQuantity"),
        ("位置", ["113.3, 40.07", "113.4, 40.08"], "verbatimCoordinates"),
        ("位置", ["湖边", "东门"], "locality"),
        ("duration", ["30 min"], "samplingEffort"),
        ("duration", ["Perennial", "Annual"], "measurement:growthForm"),
    ],
)
def test_the_values_decide_what_an_ambiguous_header_means(header: str, values: list[str], term: str) -> None:
    columns = {header: [values[place % len(values)] for place in range(ROWS)], "中文名": SPECIES}
    if len(values) == ROWS:
        columns[header] = values
    assert read(columns)[header] == READ_AS.get(term, term)


@pytest.mark.parametrize(
    ("header", "values", "term"),
    [
        ("物种", names("Ulmus pumila", "Salix matsudana Koidz."), "scientificName"),
        ("名称", names("Ulmus pumila", "Pinus tabuliformis"), "scientificName"),
        ("名称", names("榆树", "油松"), "vernacularName"),
        ("学名", names("榆树", "油松"), "vernacularName"),
        ("species", names("House sparrow", "Grey heron", "Rock dove", "Red fox"), "vernacularName"),
        ("species", names("GumBla", "LinLit"), "vernacularName"),
    ],
)
def test_a_name_column_is_told_by_the_language_of_its_names(
    header: str, values: list[str], term: str
) -> None:
    assert read({header: values, "日期": ["2025-06-03"] * ROWS})[header] == term


def test_a_name_beside_a_species_name_may_be_that_of_the_place() -> None:
    found = read({"名称": names("文瀛湖公园", "大同公园"), "物种": SPECIES})
    assert found == {"名称": "locality", "物种": "vernacularName"}


def test_the_protection_grade_of_trees_is_told_by_the_columns_beside_it() -> None:
    assert read({"树种": SPECIES, "胸围(cm)": ["300"] * ROWS, "保护级别": names("一级", "二级")})[
        "保护级别"
    ] == ("ancientTree:protectionGrade")


def test_a_number_that_repeats_beside_a_plot_is_that_of_the_plant() -> None:
    found = read({"样方号": ["Y1"] * ROWS, "编号": [str(n // 3 * 7) for n in range(ROWS)], "中文名": SPECIES})
    assert found["编号"] == "organismID"


def test_a_genus_and_an_epithet_make_the_scientific_name_at_the_epithets_column() -> None:
    columns = table(
        {"genus": names("Ulmus", "Salix"), "species": names("pumila", "matsudana"), "subspecies": [""] * ROWS}
    )
    assert [(column.term, column.by, column.parts) for column in columns] == [
        ("genus", "header", ()), ("scientificName", "parts", (1, 2, 3)), ("infraspecificEpithet", "header", ()),
    ]  # fmt: skip


def test_a_genus_beside_a_whole_name_is_left_alone() -> None:
    columns = table({"genus": ["Ulmus"] * ROWS, "species": ["Ulmus pumila"] * ROWS})
    assert [(column.term, column.parts) for column in columns] == [("genus", ()), ("scientificName", ())]


def test_a_column_that_says_it_holds_latin_names_goes_before_one_that_only_does() -> None:
    latin = names("Acer platanoides", "Acer rubrum")
    assert read({"SPECIES": latin, "Latin_Name": latin}) == {"SPECIES": None, "Latin_Name": "scientificName"}


def test_names_in_capitals_are_put_together_too() -> None:
    columns = table({"GENUS_NAME": names("ULMUS", "ACER"), "SPECIES_NAME": names("AMERICANA", "RUBRUM")})
    assert [(column.term, column.parts) for column in columns] == [("genus", ()), ("scientificName", (1, 2))]


def test_of_two_columns_of_one_meaning_the_filled_one_is_read() -> None:
    found = table({"经度": [""] * ROWS, "经度(度分秒)": ["113°18′0″"] * ROWS, "中文名": SPECIES})
    assert [(column.term, column.alsoMeans) for column in found] == [
        (None, "decimalLongitude"), ("decimalLongitude", None), ("vernacularName", None),
    ]  # fmt: skip
    assert not any(column.is_unknown for column in found)


def test_of_two_columns_of_one_meaning_the_fitting_one_is_read() -> None:
    found = read({"日期": names("晴", "阴"), "观测日期": ["2025-06-03"] * ROWS, "中文名": SPECIES})
    assert found == {"日期": None, "观测日期": "eventDate", "中文名": "vernacularName"}


def test_another_name_gives_way_to_the_name_unless_only_it_is_filled() -> None:
    assert read({"别名": SPECIES, "中文名": SPECIES}) == {"别名": None, "中文名": "vernacularName"}
    assert read({"别名": SPECIES, "中文名": [""] * ROWS}) == {"别名": "vernacularName", "中文名": None}


@pytest.mark.parametrize(
    ("headers", "terms"),
    [
        (["样地号", "样方号", "小样方号"], [None, "parentEventID", "eventID"]),
        (["小样方号", "样方号"], ["eventID", "parentEventID"]),
        (["样线编号", "样点编号"], ["parentEventID", "eventID"]),
        (["plot", "quadrat"], ["parentEventID", "eventID"]),
        (["调查编号", "样方号"], ["parentEventID", "eventID"]),
        (["所属样地", "样方号", "样线号"], ["parentEventID", "eventID", None]),
        (["样方号", "样方编号"], ["eventID", None]),
        (["样方号"], ["eventID"]),
    ],
)
def test_several_levels_of_plots_are_event_and_parent_event(
    headers: list[str], terms: list[str | None]
) -> None:
    columns = table({header: ["1"] * ROWS for header in headers} | {"中文名": SPECIES})
    assert [column.term for column in columns[:-1]] == terms


def test_beginning_and_end_are_told_by_their_headers_in_any_order() -> None:
    assert read({"结束时间": ["10:30"] * ROWS, "开始时间": ["9:30"] * ROWS, "中文名": SPECIES}) == {
        "结束时间": "endTime", "开始时间": "eventTime", "中文名": "vernacularName",
    }  # fmt: skip


def test_measurements_keep_their_term_and_unit_without_a_column_of_their_own() -> None:
    (column, _) = table({"坡度(°)": ["15"] * ROWS, "树种": SPECIES})
    assert (column.term, column.unit, column.is_read, column.is_unknown) == (
        "measurement:slopeGradient", "°", False, False,
    )  # fmt: skip


def test_what_a_person_said_goes_before_header_and_values() -> None:
    mapping = Mapping({"编号": "eventID", "样方号": "otherCells", "怪列": "individualCount"})
    columns = table(
        {"编号": [f"A{n}" for n in range(ROWS)], "样方号": ["1"] * ROWS, "怪 列": ["3"] * ROWS}, mapping
    )
    assert [(column.term, column.by) for column in columns] == [
        ("eventID", "profile"), (None, "kept"), ("individualCount", "profile"),
    ]  # fmt: skip
    assert not any(column.is_unknown for column in columns)


@pytest.mark.parametrize(
    ("header", "values", "term"),
    [
        ("物种代码表", ["UP", "SM"], "taxonID"),
        ("株数量多少", ["3", "若干"], "individualCount"),
        ("A1", ["2025-06-03", "2025-06-04"], "eventDate"),
        ("A1", ["Ulmus pumila", "Salix matsudana"], "scientificName"),
        ("A1", ["113.3012", "113.3"], "decimalLongitude"),
        ("A1", ["40.0767", "40.08"], "decimalLatitude"),
        ("A1", ["113.3, 40.07"], "verbatimCoordinates"),
        ("A1", ["有", "无"], "occurrenceStatus"),
        ("A1", ["15%", "20%"], "organismQuantity"),
        ("A1", ["WGS84", "GCJ-02"], "verbatimSRS"),
        ("A1", ["9:30", "14:05"], "eventTime"),
        ("A1", ["路边树干有虫孔，建议复查并拍照", "树冠偏斜，靠近围墙，旁边有水沟"], "occurrenceRemarks"),
        ("A1", ["榆树", "旱柳"], "vernacularName"),
        ("count2", ["4", "1"], "individualCount"),
        ("survey_dates", ["2025-06-03"], "eventDate"),
    ],
)
def test_the_best_guess_of_an_unknown_column_comes_from_header_and_values(
    header: str, values: list[str], term: str
) -> None:
    (column,) = table({header: [values[place % len(values)] for place in range(ROWS)]})
    assert column.is_unknown
    assert column.guesses[0].term == term
    assert [guess.score for guess in column.guesses] == sorted(
        (g.score for g in column.guesses), reverse=True
    )
    assert column.guesses[0].reason.zh
    assert column.guesses[0].reason.en


def test_a_header_whose_values_say_otherwise_is_a_weaker_guess() -> None:
    (fitting,) = table({"观测日期表": ["2025-06-03"] * ROWS})
    (other,) = table({"观测日期表": ["晴朗"] * ROWS})
    best = {guess.term: guess.score for guess in other.guesses}
    assert fitting.guesses[0].term == "eventDate"
    assert best.get("eventDate", 0) < fitting.guesses[0].score


def test_a_name_in_two_columns_is_read_from_a_file_and_every_cell_kept(tmp_path: Path) -> None:
    path = tmp_path / "species.csv"
    path.write_text("speciescode,genus,species\nup,Ulmus,pumila\nsm,Salix,matsudana\n", encoding="utf-8")
    (only,) = open_survey(path, path.name).tables
    assert [column.term for column in only.columns] == ["taxonID", "genus", "scientificName"]


def test_above_a_table_the_one_value_decides_and_a_number_is_that_of_the_visit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '编号：Y7　时间：9:30,\n"位置：113.3000, 40.0767",\n横坐标：440290,\n中文名,数量\n榆树,3\n',
        encoding="utf-8",
    )
    (only,) = open_survey(path, path.name).tables
    wanted = {
        "eventID": "Y7",
        "eventTime": "9:30",
        "verbatimCoordinates": "113.3000, 40.0767",
        "decimalLongitude": "440290",
    }
    assert only.stated.items() >= wanted.items()
    assert not {"occurrenceID", "eventDate"} & only.stated.keys()


def test_a_plot_named_above_a_table_of_plots_is_their_parent(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("样地号：YD1,,\n样方号,中文名,数量\n1,榆树,3\n2,旱柳,1\n", encoding="utf-8")
    (only,) = open_survey(path, path.name).tables
    assert (only.columns[0].term, only.stated["parentEventID"]) == ("eventID", "YD1")


def test_sheets_of_plots_are_named_as_their_parents(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "样地甲"
    for sheet in (book.active, book.create_sheet("样地乙")):
        sheet.append(["样方号", "中文名", "数量"])
        sheet.append([1, "榆树", 3])
    book.save(tmp_path / "a.xlsx")
    found = open_survey(tmp_path / "a.xlsx", "a.xlsx").tables
    assert [read.stated["parentEventID"] for read in found] == ["样地甲", "样地乙"]


def test_what_is_loaded_has_the_name_put_together_and_every_term_on_record(home: Home) -> None:
    path = home.path / "a.csv"
    path.write_text(
        "genus,species,坡度(°),plot\nUlmus,pumila,15,1\nSalix,sp.,,1\nAcer,negundo,,2\n", encoding="utf-8"
    )
    receipt, _ = take_survey(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_survey(connection, home, receipt)
        rows = connection.execute(
            "SELECT scientificName, otherCells FROM raw_survey ORDER BY line"
        ).fetchall()
        terms = connection.execute("SELECT header, term FROM raw_survey_column ORDER BY position").fetchall()
    assert rows == [
        ("Ulmus pumila", {"genus": "Ulmus", "坡度(°)": "15"}), ("Salix sp.", {"genus": "Salix"}),
        ("Acer negundo", {"genus": "Acer"}),
    ]  # fmt: skip
    assert terms == [
        ("genus", "genus"), ("species", "scientificName"), ("坡度(°)", "measurement:slopeGradient"), ("plot", "eventID"),
    ]  # fmt: skip


CELLS = st.text(alphabet="榆树 Ulmus pumila0123456789.-年月日°′,%（）", max_size=12)


@given(
    st.lists(
        st.sampled_from(
            ["编号", "X", "N", "名称", "时间", "样方号", "样地号", "怪", "数量", "学名", "genus"]
        ),
        max_size=8,
    ),
    st.lists(st.lists(CELLS, max_size=8), max_size=6),
)
def test_no_table_gives_a_term_of_raw_survey_twice(headers: list[str], rows: list[list[str]]) -> None:
    columns = with_guesses(assign_terms(headers, Mapping(), rows), rows)
    read_terms = [column.term for column in columns if column.is_read]
    assert len(read_terms) == len(set(read_terms))
    assert set(read_terms) <= set(TERMS)
    assert [column.position for column in columns] == list(range(1, len(headers) + 1))
