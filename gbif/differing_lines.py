"""Differing lines: what a snapshot says otherwise than the one before it, found line by line before anything is parsed.

Reading and hashing lines costs a thirtieth of parsing and keeping them; of two snapshots most lines are the same.
What the differing rows change is worked out in `changes`.
"""

from __future__ import annotations

import dataclasses
import duckdb

from gbif.archives import GbifFile
from gbif.tables import GbifTable, lines_of, quoted, source_of

LINES = "tmp_gbif_line"
LEFT = "tmp_gbif_left"
ID_WITHIN = 24  # characters, where it is the first column: looking no further spares a third
# In the order of the file: rowid tells the line. A hash of 64 bits among the lines of one gbifID is as good as the line.
DIGESTS = (
    "CREATE OR REPLACE TEMP TABLE {name} AS SELECT {identity} AS gbifID, hash(text) AS digest FROM {lines}"
)
ONLY_IN = """
CREATE OR REPLACE TEMP TABLE {name} AS
SELECT rowid AS place, gbifID, digest FROM {side} ANTI JOIN {other} USING (gbifID, digest)
"""
TEXTS = f"""
CREATE OR REPLACE TEMP TABLE {LINES} AS
SELECT place + 1 + {{header_lines}} AS line, text
FROM (SELECT {{identity}} AS gbifID, hash(text) AS digest, text FROM {{lines}})
JOIN tmp_gbif_come USING (gbifID, digest)
ORDER BY place
"""
STAND_TWICE = f"""
WITH differing AS (SELECT gbifID FROM tmp_gbif_come UNION SELECT gbifID FROM {LEFT})
SELECT EXISTS (SELECT 1 FROM differing WHERE gbifID IS NULL OR gbifID = '')
    OR EXISTS (SELECT 1 FROM tmp_gbif_latter SEMI JOIN differing USING (gbifID) GROUP BY gbifID HAVING count(*) > 1)
    OR EXISTS (SELECT 1 FROM tmp_gbif_former SEMI JOIN differing USING (gbifID) GROUP BY gbifID HAVING count(*) > 1)
"""


def are_comparable(latter: GbifFile, former: GbifFile) -> bool:
    """Whether the same line says the same in both: one unquoted text each, with the same columns, gbifID among them."""
    mine, others = latter.rows, former.rows
    return (
        latter.tables == [mine]
        and former.tables == [others]
        and not mine.quote
        and not mine.is_parquet
        and not latter.is_species_list
        and "gbifid" in mine.terms
        and dataclasses.replace(mine, paths=(), file_name="")
        == dataclasses.replace(others, paths=(), file_name="")
    )


def stage_differing(
    connection: duckdb.DuckDBPyConnection, latter: GbifTable, former: GbifTable, staged: str
) -> int | None:
    """Stage the rows of `latter` whose lines `former` does not hold; returns how many lines `latter` has in all.

    Beside them: tmp_gbif_line (line, in the same order) and tmp_gbif_left (gbifID of the lines only `former` holds).
    None, where lines alone do not tell which record is meant: one without an id, or one that stands twice.
    """
    try:
        for name, table in (("tmp_gbif_former", former), ("tmp_gbif_latter", latter)):
            connection.execute(DIGESTS.format(name=name, identity=_identity(table), lines=lines_of(table)))
    except duckdb.InvalidInputException:  # a control character that lines are not read with
        return None
    for name, side, other in (
        ("tmp_gbif_come", "tmp_gbif_latter", "tmp_gbif_former"),
        (LEFT, "tmp_gbif_former", "tmp_gbif_latter"),
    ):
        connection.execute(ONLY_IN.format(name=name, side=side, other=other))
    (some_stand_twice,) = connection.execute(STAND_TWICE).fetchone() or (True,)
    if some_stand_twice:
        return None
    _stage_texts(connection, latter, staged)
    (count,) = connection.execute("SELECT count(*) FROM tmp_gbif_latter").fetchone() or (0,)
    for table_name in ("tmp_gbif_former", "tmp_gbif_latter", "tmp_gbif_come"):
        connection.execute(f"DROP TABLE {table_name}")
    return int(count)


def _identity(table: GbifTable) -> str:
    place = table.terms["gbifid"]
    text = "text" if place else f"left(text, {ID_WITHIN})"
    return f"split_part({text}, {quoted(table.delimiter)}, {place + 1})"


def _stage_texts(connection: duckdb.DuckDBPyConnection, table: GbifTable, staged: str) -> None:
    """The differing lines of a table as a file of their own, and its rows."""
    written = table.path.with_name("differing-lines")
    connection.execute(
        TEXTS.format(header_lines=table.header_lines, identity=_identity(table), lines=lines_of(table))
    )
    connection.execute(
        f"COPY (SELECT text FROM {LINES} ORDER BY rowid) TO {quoted(str(written))} "
        "(FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '')"
    )
    rows = dataclasses.replace(table, paths=(written,), header_lines=0, encoding="utf-8")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged} AS SELECT * FROM {source_of(rows)}")
