"""Packed degrees: coordinate columns that may hold minutes and seconds behind one point (113.1800 for 113°18′).

Each such number is a valid decimal degree too, so nothing is read here: all points of a table together can show that no
digits of theirs exceed 59, and what they would then mean is proposed. One angle is read in `surveys.values.angles`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis

from store.engine import rows_for
from store.region import Extent

# A final nought is lost in a spreadsheet: 113.18 may stand for 113.1800.
PACKED = r"^[0-9]{2,3}\.[0-5][0-9]?([0-5][0-9]?)?$"
TABLE = ("submissionId", "sheet", "headerLine")
# Policy: within one small site no third decimal need exceed 5; in eight different thousandths of a degree on both
# axes (so at least two hundredths) the chance of that is below one in a thousand.
FEWEST_THOUSANDTHS = 8


def packed_tables(engine: Any, extent: Extent) -> tuple[tuple[Any, ...], ...]:
    """The tables (TABLE) whose plain degrees may all be packed ones."""
    return tuple(sorted(rows_for(engine, _packed_tables, extent)))


def with_packed_proposal(rows: Any, tables: Iterable[tuple[Any, ...]]) -> Any:
    """Sets pointNote `packed` and pointProposal on the rows of `packed_tables`."""
    in_packed_table = [
        ibis.and_(*(rows[name] == value for name, value in zip(TABLE, table, strict=True)))
        for table in tables
    ]
    if not in_packed_table:
        return rows
    is_packed = ibis.or_(*in_packed_table) & rows.pointKey.isnull() & _looks_packed(rows)
    x, y = (_unpacked(rows[term]).round(6).cast("string") for term in ("decimalLongitude", "decimalLatitude"))
    return rows.mutate(
        pointNote=is_packed.ifelse("packed", rows.pointNote),
        pointProposal=is_packed.ifelse(x + ", " + y, rows.pointProposal),
    )


def _packed_tables(engine: Any, extent: Extent) -> Any:
    """One row per table in which every point may be packed, would lie in the region, and enough of them differ."""
    raw = engine.table("raw_survey")
    points = raw.filter(raw.decimalLongitude.notnull(), raw.decimalLatitude.notnull())
    points = points.select(*TABLE, "decimalLongitude", "decimalLatitude").distinct()
    points = points.mutate(
        fits=_looks_packed(points)
        & _unpacked(points.decimalLongitude).between(extent.west, extent.east)
        & _unpacked(points.decimalLatitude).between(extent.south, extent.north)
    )
    tables = points.group_by(*TABLE).agg(
        allFit=points.fits.all(),
        easts=_thousandths(points.decimalLongitude).nunique(),
        norths=_thousandths(points.decimalLatitude).nunique(),
    )
    enough = (tables.easts >= FEWEST_THOUSANDTHS) & (tables.norths >= FEWEST_THOUSANDTHS)
    return tables.filter(tables.allFit & enough).select(*TABLE)


def _looks_packed(rows: Any) -> Any:
    return (rows.decimalLongitude.re_search(PACKED) & rows.decimalLatitude.re_search(PACKED)).fill_null(False)


def _thousandths(text: Any) -> Any:
    return text.re_extract(r"^[0-9]{2,3}\.[0-9]{1,3}", 0)


def _unpacked(text: Any) -> Any:
    """Degrees of DD.MMSS; null where the text is none."""
    behind = text.re_extract(r"\.([0-9]*)$", 1).rpad(4, "0")
    degrees = text.re_extract(r"^[0-9]+", 0).try_cast("float64")
    minutes, seconds = (behind.substr(start, 2).try_cast("float64") for start in (0, 2))
    return degrees + minutes / 60 + seconds / 3600
