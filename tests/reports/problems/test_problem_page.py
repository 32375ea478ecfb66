"""The problem report as a page: everything escaped, nothing from elsewhere, small however bad the file is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from assets.intake import take_survey
from monitoring.file_problems import unreadable
from monitoring.inspection import inspect_survey
from monitoring.problems import Cause, Problem
from quality.acknowledgements import acknowledge
from reports.problems.as_html import (
    COLUMNS_APART,
    LONGEST_CELL,
    ROWS_SHOWN,
    VALUES_SHOWN,
    grouped,
    write_problem_page,
    write_unreadable_page,
)
from store.catalogue import BilingualText, Language
from store.home import Home
from store.region import read_region
from surveys.errors import UnreadableFile
from tests.conftest import ROOT

DATONG = ROOT / "regions" / "datong"
HEADER = "日期,中文名,数量,地点\n"
HOSTILE = "<script>alert(1)</script><img src=//x.example/p>"


class Seen(HTMLParser):
    """What a browser would see: elements with their attributes, and the text of the page in one piece."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, Mapping[str, str | None]]] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data

    def all(self, tag: str) -> list[Mapping[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def seen(path: Path) -> Seen:
    parser = Seen()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def page_of(folder: Path, rows: str, language: Language = "zh") -> Path:
    source, target = folder / "调查.csv", folder / "page.html"
    source.write_text(HEADER + rows, encoding="utf-8")
    with inspect_survey(
        source, source.name, read_region(DATONG), date(2026, 6, 30), folder / "scratch"
    ) as found:
        write_problem_page(found, target, language)
    return target


def problem(**changed: Any) -> Problem:
    told = BilingualText("甲", "a")
    given = {
        "rule": "A", "severity": "error", "file": "a.csv", "sheet": "", "line": 2, "column": "B", "header": "日期",
        "recordId": "survey:1", "value": "x", "message": told, "why": told, "fix": told, "suggestion": None, "bdq": None,
    }  # fmt: skip
    return Problem(**(given | changed))


def test_nothing_written_in_the_file_becomes_part_of_the_page(tmp_path: Path) -> None:
    page = seen(page_of(tmp_path, f"2026-06-03,{HOSTILE},3,文瀛湖公园\n"))
    assert HOSTILE in page.said
    assert page.all("img") == [] and len(page.all("script")) == 2
    assert not any(
        name in ("src", "action") or name.startswith("on")
        for _, attributes in page.elements
        for name in attributes
    )
    assert all((link["href"] or "").startswith("#k") for link in page.all("a"))
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    assert policy is not None and "default-src 'none'" in policy


def test_the_totals_stand_in_a_sum_that_comes_out(tmp_path: Path) -> None:
    rows = "2026-06-03,榆树,3,文瀛湖公园\n6月31日,榆树,3,文瀛湖公园\n合计,,6,\n"
    figures = (
        page_of(tmp_path, rows).read_text(encoding="utf-8").split('class="figures sum"')[1].split("</ul>")[0]
    )
    read, accepted, quarantined, rejected = (int(number) for number in re.findall(r"<b>(\d+)</b>", figures))
    assert (read, accepted, quarantined, rejected) == (3, 1, 1, 1)
    assert re.findall(r">([=+])<", figures) == ["=", "+", "+"]


def test_a_problem_is_told_with_cell_header_value_and_rule_in_both_languages(tmp_path: Path) -> None:
    page = seen(page_of(tmp_path, "6月31日,榆树,3,文瀛湖公园\n", "en"))
    for told in ("A2", "日期", "6月31日", "VALIDATION_EVENTDATE_STANDARD", "读不懂", "cannot be read"):
        assert told in page.said
    spoken = [attributes["lang"] for attributes in page.all("span") if "lang" in attributes]
    assert spoken.count("zh") == spoken.count("en") > 20
    assert page.all("html") == [{"lang": "en", "data-language": "en"}]


def test_a_clean_file_is_told_to_be_ready_and_what_comes_next(tmp_path: Path) -> None:
    page = seen(page_of(tmp_path, "2026-06-03,榆树,3,文瀛湖公园\n"))
    assert "没有要改的地方" in page.said and page.all("article") == []
    assert "parkwatch submit" in page.said


def test_thousands_of_problems_make_a_small_page_that_says_how_many_there_are(tmp_path: Path) -> None:
    rows = "".join(f"2026-06-03,没这个种{number},3,文瀛湖公园\n" for number in range(3_000))
    path = page_of(tmp_path, rows)
    assert path.stat().st_size < 200_000
    said = seen(path).said
    assert "3,000 处" in said
    assert f"还有 {3_000 - VALUES_SHOWN:,} 种没有列在这里" in said
    assert f"3,000 行中的前 {ROWS_SHOWN} 行" in said
    assert "没这个种2999" not in said, "the rest is in the CSV"


def test_a_cell_of_300_000_characters_is_cut_wherever_it_is_quoted(tmp_path: Path) -> None:
    path = page_of(tmp_path, f"2026-06-03,{'长' * 300_000},3,文瀛湖公园\n")
    assert path.stat().st_size < 100_000
    assert "长" * LONGEST_CELL + "…" in seen(path).said


def test_what_cannot_be_seen_is_spelled_out_and_marked(tmp_path: Path) -> None:
    path = page_of(tmp_path, "2026-06-03,榆\u202e树种,3,文瀛湖公园\n")
    page = path.read_text(encoding="utf-8")
    assert "<bdi>榆<mark>‹U+202E›</mark>树种</bdi>" in page
    assert "\u202e" not in page


def test_a_column_is_told_by_letter_header_meaning_and_unit(tmp_path: Path) -> None:
    source, target = tmp_path / "树木.csv", tmp_path / "page.html"
    source.write_text("日期,树种,胸径(cm),土壤颜色\n2026-06-03,榆树,12,褐\n", encoding="utf-8")
    with inspect_survey(source, source.name, read_region(DATONG), date(2026, 6, 30), tmp_path / "x") as found:
        write_problem_page(found, target, "zh")
    said = re.sub(r"\s+", " ", seen(target).said.split("各列是怎样理解的")[1])
    assert re.search(r"C\s*胸径\(cm\)\s*胸径.*diameterAtBreastHeight\s*cm", said)
    assert re.search(r"D\s*土壤颜色\s*没有认出", said)


def test_the_first_rows_stand_below_their_header_as_on_the_sheet_in_a_cross_table_too(tmp_path: Path) -> None:
    source, target = tmp_path / "样方.csv", tmp_path / "page.html"
    source.write_text("中文名,样方1,样方2\n榆树,1,2\n刺槐,3,4\n", encoding="utf-8")
    with inspect_survey(source, source.name, read_region(DATONG), date(2026, 6, 30), tmp_path / "x") as found:
        write_problem_page(found, target, "zh")
    crossed = target.read_text(encoding="utf-8")
    assert '<th scope="col"><bdi>样方2</bdi></th>' in crossed
    assert crossed.count("榆树") == 1
    plain = page_of(tmp_path, "2026-06-03,榆树,3,文瀛湖公园\n").read_text(encoding="utf-8")
    assert '<th scope="col"><bdi>中文名</bdi></th>' in plain


def test_an_unreadable_file_has_a_page_that_says_how_to_mend_it(tmp_path: Path) -> None:
    refusal = UnreadableFile("error-quote-unclosed", file="鸟.csv", line=7)
    write_unreadable_page(unreadable(refusal, "鸟.csv"), tmp_path / "page.html", "zh")
    page = seen(tmp_path / "page.html")
    assert "鸟.csv 第 7 行开始的引号没有闭合" in page.said and "opened on line 7" in page.said
    assert [article["data-severity"] for article in page.all("article")] == ["fatal"]
    assert page.all("table") == []


def test_causes_are_grouped_by_rule_and_column_with_those_of_the_file_first() -> None:
    causes = [
        Cause(problem(rule="F", severity="warning", line=None, value="Sheet2"), 1),
        Cause(problem(rule="F", severity="warning", line=None, value="Sheet3"), 1),
        Cause(problem(), 2, (2, 3)),
        Cause(problem(rule="W", severity="warning"), 9, (2,)),
        Cause(problem(value="y", line=5), 1, (5,)),
        Cause(problem(column="C", line=5), 4, (5,)),
    ]
    found = [
        (group.example.rule, group.example.column, group.count, group.valueCount) for group in grouped(causes)
    ]
    assert found == [
        ("F", "B", 1, 1), ("F", "B", 1, 1), ("A", "C", 4, 1), ("A", "B", 3, 2), ("W", "B", 9, 1),
    ]  # fmt: skip


def test_the_same_mistake_in_very_many_columns_is_told_once() -> None:
    causes = [
        Cause(problem(column=f"A{letter}", header=letter), 2, (2, 3))
        for letter in ascii_uppercase[: COLUMNS_APART + 1]
    ]
    assert len(grouped(causes[:-1])) == COLUMNS_APART
    (group,) = grouped(causes)
    assert (group.count, group.valueCount, group.example.column) == (26, 13, None)
    assert group.has_many_columns and len(group.kinds) == 13


def test_what_is_let_stand_is_kept_apart_from_what_is_open() -> None:
    causes = [Cause(problem(), 1, (2,)), Cause(problem(acknowledged="逐株点过"), 1, (3,))]
    assert [group.example.acknowledged for group in grouped(causes)] == [None, "逐株点过"]


def test_a_corrected_file_shows_what_has_changed_since_the_previous_upload(
    home: Home, tmp_path: Path
) -> None:
    source, target = tmp_path / "调查.csv", tmp_path / "page.html"
    former = "日期,中文名,数量,地点\n2026-06-03,榆树,3,文瀛湖公园\n2026-06-03,旱柳,3,文瀛湖公园\n"
    source.write_text(former, encoding="utf-8")
    take_survey(home, source, received_from="张工", origin="command")
    source.write_text(former.replace("榆树,3", "榆树,4").replace("旱柳", "油松"), encoding="utf-8")
    region = read_region(DATONG)
    with inspect_survey(
        source, source.name, region, date(2026, 6, 30), tmp_path / "scratch", home=home
    ) as found:
        write_problem_page(found, target, "zh")
    said = seen(target).said
    assert "与上一次提交相比" in said
    assert re.search(r"数量\s*3\s*→\s*4", said)


def test_what_a_person_lets_stand_is_folded_at_the_end_with_the_reason(home: Home, tmp_path: Path) -> None:
    source, target = tmp_path / "调查.csv", tmp_path / "page.html"
    source.write_text(HEADER + "2026-06-03,没这个种,3,文瀛湖公园\n", encoding="utf-8")

    def write() -> list[Problem]:
        with inspect_survey(
            source, source.name, read_region(DATONG), date(2026, 6, 30), tmp_path / "scratch", home=home
        ) as found:
            write_problem_page(found, target, "zh")
            return list(found.problems())

    unknown = next(problem for problem in write() if problem.rule == "VALIDATION_SCIENTIFICNAME_FOUND")
    assert "予以保留" not in seen(target).said
    acknowledge(
        home, unknown.rule, source.name, [(unknown.recordId, unknown.value)], "标本<b>已核</b>", "王工"
    )
    write()
    page = target.read_text(encoding="utf-8")
    before, after = page.split('<h2 id="settled">')
    assert f'data-rule="{unknown.rule}"' not in before and f'data-rule="{unknown.rule}"' in after
    assert "标本&lt;b&gt;已核&lt;/b&gt;" in after and "没有要改的地方" in before
