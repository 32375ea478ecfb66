"""World shapes: makes quality/bdq/world.parquet out of Natural Earth's states and provinces.

    python -m benchmarks.world_shapes WORLD_MAP.gpkg OUT.parquet

The GeoPackage is the one that QGIS brings (resources/data/world_map.gpkg; Natural Earth 1:10m, Admin 1 v4.1.0,
generalised with v.generalize; public domain). Coordinates are kept to 1e-4 degrees, some 11 m.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pycountry
import shapely

UNITS_A_DEGREE = 10_000
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes, by the code in the header of a GeoPackage geometry
# Natural Earth's own codes of what ISO counts otherwise.
OTHER_CODES = {
    "KOS": "XK",
    "PSX": "PS",
    "SDS": "SS",
    "SAH": "EH",
    "ALD": "AX",
    "SOL": "SO",
    "CYN": "CY",
    "KAS": "IN",
}
ROWS = "SELECT geom, iso_a2, adm0_a3, name, woe_name, gn_name FROM states_provinces ORDER BY fid"


def convert(source: Path, target: Path) -> int:
    """Write the divisions; returns how many."""
    with sqlite3.connect(source) as connection:
        rows = connection.execute(ROWS).fetchall()
    columns: dict[str, list] = {"countryCode": [], "names": [], "outline": []}
    for blob, iso, alpha3, *names in rows:
        outline = shapely.from_wkb(blob[8 + ENVELOPES[(blob[3] >> 1) & 7] :])
        code = _code(iso, alpha3)
        if code and not outline.is_empty:
            columns["countryCode"].append(code)
            columns["names"].append(
                sorted({part.strip() for name in names if name for part in name.split("|")})
            )
            columns["outline"].append(_rings(outline))
    schema = pa.schema(
        {
            "countryCode": pa.string(),
            "names": pa.list_(pa.string()),
            "outline": pa.list_(pa.list_(pa.list_(pa.int32()))),
        }
    )
    pq.write_table(
        pa.table(columns, schema), target, compression="zstd", compression_level=19, use_dictionary=["countryCode"],
        column_encoding={"outline.list.element.list.element.list.element": "DELTA_BINARY_PACKED"},
    )  # fmt: skip
    return len(columns["names"])


def _code(iso: str | None, alpha3: str | None) -> str | None:
    if iso and pycountry.countries.get(alpha_2=iso):
        return iso
    country = pycountry.countries.get(alpha_3=alpha3) if alpha3 else None
    return country.alpha_2 if country else OTHER_CODES.get(alpha3 or "")


def _rings(outline: shapely.Geometry) -> list[list[list[int]]]:
    """Polygons, each a list of rings, each a flat list of longitude and latitude in whole units."""
    parts = []
    for polygon in shapely.get_parts(outline):
        rings = [
            np.rint(shapely.get_coordinates(ring) * UNITS_A_DEGREE).astype(int)
            for ring in shapely.get_rings(polygon)
        ]
        kept = [ring.ravel().tolist() for ring in rings if len(np.unique(ring, axis=0)) > 2]
        if kept and len(np.unique(rings[0], axis=0)) > 2:
            parts.append(kept)
    return parts


if __name__ == "__main__":
    print(convert(Path(sys.argv[1]), Path(sys.argv[2])))
