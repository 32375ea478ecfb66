from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.quantities import Quantity, read_quantity, type_of_column


@pytest.mark.parametrize(
    ("header", "text", "quantity", "kind"),
    [
        ("盖度(%)", "35", "35", "percent cover"), ("盖度", "35%", "35", "percent cover"),
        ("盖度", "5-25%", "5-25%", "percent cover"), ("盖度", "<5", "<5", "percent cover"),
        ("多度", "Cop³", "Cop3", "Drude scale"), ("多度", "若干", "若干", "abundance in words"),
        ("面积", "0.5亩", "333.333", "m2"), ("面积(㎡)", "12", "12", "m2"), ("发生面积（亩）", "2", "1333.33", "m2"),
        ("面积", "2 公顷", "20000", "m2"), ("生物量", "1.2kg", "1200", "g"), ("频度", "60%", "60", "percent"),
        ("株数/丛数", "3丛", "3", "clumps"), ("丛数", "3", "3", "clumps"), ("多度等级", "3", "3", "abundance class"),
        ("密度", "3.2", "3.2", "individuals per m2"), ("多度", "3", "3", "abundance, scale not stated"),
        ("盖度", "见图", "见图", "verbatim"), ("盖度", "3成", "30", "percent cover"), ("盖度", "三成", "30", "percent cover"),
        ("株(丛)数", "5", "5", "individuals or clumps"), ("株(丛)数", "12株", "12", "individuals"),
        ("密度", "80株/亩", "1200", "individuals per ha"), ("生物量", "3t/hm²", "300", "g per m2"),
        ("多度(Domin)", "10", "10", "Domin scale"), ("多度(Domin)", "+", "+", "Domin scale"),
    ],
)  # fmt: skip
def test_a_quantity_has_the_unit_of_its_cell_or_its_column(
    header: str, text: str, quantity: str, kind: str | None
) -> None:
    assert read_quantity(text, type_of_column(header, [text])) == Quantity(quantity, kind)


def test_a_column_of_braun_blanquet_codes_is_told_by_all_its_cells() -> None:
    kind = type_of_column("多度", ["+", "1", "2a", "r"])
    assert [read_quantity(text, kind) for text in ("+", "1", "2A")] == [
        Quantity("+", "Braun-Blanquet scale"),
        Quantity("1", "Braun-Blanquet scale"),
        Quantity("2a", "Braun-Blanquet scale"),
    ]
    assert type_of_column("多度", ["1", "2", "3"]) == "abundance, scale not stated"


@pytest.mark.parametrize("text", ["", "—", "/"])
def test_an_empty_cell_is_no_quantity(text: str) -> None:
    assert read_quantity(text, "percent cover") == Quantity(None, None)


@given(st.text(max_size=30), st.sampled_from([None, "percent cover", "亩", "Braun-Blanquet scale"]))
def test_no_text_breaks_the_reader(text: str, of_column: str | None) -> None:
    read_quantity(text, of_column)
