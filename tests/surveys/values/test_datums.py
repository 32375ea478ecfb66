"""Chinese web-map coordinates come back to where they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.datums import (
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_shifted_area,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

# coord-convert 0.2.1 and PRCoords agree on these to nine decimals: WGS84, GCJ-02, BD-09.
VECTORS = [
    ((113.3000, 40.0767), (113.307016323, 40.077899583), (113.313495546, 40.083951740)),
    ((113.3690, 40.0760), (113.376172209, 40.077320330), (113.382631389, 40.083427416)),
    ((113.1325, 40.1098), (113.139642772, 40.111115363), (113.146103383, 40.117286216)),
    ((113.7320, 39.6735), (113.738767691, 39.674631322), (113.745201856, 39.680777954)),
    ((114.2000, 39.1500), (114.206393575, 39.150981263), (114.212934517, 39.156923427)),
    ((112.6000, 40.0000), (112.606499454, 40.000951382), (112.613106534, 40.006700132)),
    ((114.5000, 40.6900), (114.506359460, 40.691396451), (114.512846920, 40.697465300)),
]
china = st.tuples(st.floats(74.0, 134.0), st.floats(18.5, 53.5))


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), VECTORS)
def test_the_published_vectors_hold_to_nine_decimals(wgs84, gcj02, bd09) -> None:
    assert wgs84_to_gcj02(*wgs84) == pytest.approx(gcj02, abs=1e-9, rel=0)
    assert gcj02_to_bd09(*gcj02) == pytest.approx(bd09, abs=2e-9, rel=0)
    assert gcj02_to_wgs84(*gcj02) == pytest.approx(wgs84, abs=1e-8, rel=0)
    assert bd09_to_wgs84(*bd09) == pytest.approx(wgs84, abs=1e-8, rel=0)


@given(china)
def test_there_and_back_is_the_same_point_to_1e_8_degrees(point: tuple[float, float]) -> None:
    assert gcj02_to_wgs84(*wgs84_to_gcj02(*point)) == pytest.approx(point, abs=1e-8, rel=0)
    assert bd09_to_wgs84(*wgs84_to_bd09(*point)) == pytest.approx(point, abs=1e-8, rel=0)


def test_a_point_in_sweden_stays_where_it_is() -> None:
    assert not is_shifted_area(13.9, 58.3)
    assert wgs84_to_gcj02(13.9, 58.3) == (13.9, 58.3)
    assert gcj02_to_wgs84(13.9, 58.3) == (13.9, 58.3)
