from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.sizes import Size, read_size


@pytest.mark.parametrize(
    ("text", "of_header", "size"),
    [
        ("1m×1m", None, Size(1, "m2")), ("10*10", None, Size(100, "m2")), ("20×30", "m", Size(600, "m2")),
        ("10×10㎡", None, Size(100, "m2")), ("50cm×50cm", None, Size(0.25, "m2")), ("100㎡", None, Size(100, "m2")),
        ("100", "m2", Size(100, "m2")), ("0.5公顷", None, Size(5000, "m2")), ("2 km", None, Size(2000, "m")),
        ("500", "m", Size(500, "m")), ("1,000米", None, Size(1000, "m")), ("100", None, Size(100, None)),
    ],
)  # fmt: skip
def test_a_size_is_read_in_metres_or_square_metres(text: str, of_header: str | None, size: Size) -> None:
    assert read_size(text, of_header) == size


@pytest.mark.parametrize("text", ["", "大", "1m*1m*5", "见图", "10m×5km2"])
def test_what_is_no_size_is_not_read(text: str) -> None:
    assert read_size(text) is None


@given(
    st.text(max_size=20) | st.text("0123456789.,×*xmk公顷亩²㎡ ", max_size=14),
    st.none() | st.text(max_size=5),
)
def test_no_text_breaks_the_reader(text: str, of_header: str | None) -> None:
    size = read_size(text, of_header)
    assert size is None or size.value >= 0
