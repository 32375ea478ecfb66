"""Which records have a place that was made vague on purpose, and which licences allow no commercial use."""

from __future__ import annotations

import duckdb
import ibis
import pytest

from monitoring.obscured import is_obscured
from monitoring.sources import NON_COMMERCIAL


@pytest.mark.parametrize(
    ("withheld", "generalised", "obscured"),
    [
        (None, None, False),
        ("", "", False),
        (None, "Coordinates rounded to the nearest 0.1 degree", True),
        (None, "Placed on a quarter degree grid", True),
        (None, "坐标取整到 10 千米", True),
        (None, "none", False),
        (None, "N/A", False),
        ("Coordinate uncertainty increased to 28583m to protect threatened taxon", None, True),
        ("Exact location withheld at the owner's request", None, True),
        ("具体位置保密", None, True),
        ("Collector's address withheld", None, False),
        ("Weight and sex withheld", "no", False),
    ],
)
def test_a_place_made_vague_is_recognised(
    withheld: str | None, generalised: str | None, obscured: bool
) -> None:
    table = ibis.memtable(
        [{"informationWithheld": withheld or None, "dataGeneralizations": generalised or None}],
        schema={"informationWithheld": "string", "dataGeneralizations": "string"},
    )
    found = table.select(obscured=is_obscured(table)).execute()["obscured"]
    assert bool(found[0]) is obscured


@pytest.mark.parametrize(
    ("license", "expected"),
    [
        ("CC_BY_NC_4_0", True),
        ("http://creativecommons.org/licenses/by-nc/4.0/legalcode", True),
        ("Creative Commons Attribution Non Commercial (CC-BY-NC) 4.0 License", True),
        ("CC BY-NC-SA 4.0", True),
        ("不得用于商业目的的非商业许可", True),
        ("CC_BY_4_0", False),
        ("CC0_1_0", False),
        ("http://creativecommons.org/publicdomain/zero/1.0/legalcode", False),
        ("Inc. all rights reserved", False),
    ],
)
def test_a_non_commercial_licence_is_recognised_however_it_is_written(license: str, expected: bool) -> None:
    with duckdb.connect(":memory:") as connection:
        found = connection.execute(
            f"SELECT {NON_COMMERCIAL.format('$license')}", {"license": license}
        ).fetchone()
    assert found == (expected,)
