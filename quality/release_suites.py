"""Release suites: the last look at all tables together before anything is published, as data.

What is expected of single tables belongs to `suites`, the search for people to `personal_data`.
"""

from __future__ import annotations

from quality.expectations import Suite, no_rows

MOST_HELD_BACK = 0.3  # of the records of a source
LEAST_KEPT, MOST_GROWN = 0.9, 3  # times the rows at the last publishing
FEWEST_ROWS_COMPARED = 100
NEWEST_GBIF_IN_DAYS, NEWEST_SURVEY_IN_DAYS = 45, 400
# Each table is built after those it rests on, in every run.
RESTS_ON = (
    ("core_flag", "core_record"), ("core_quarantine", "core_flag"), ("core_occurrence", "core_quarantine"),
    ("out_source", "core_occurrence"), ("out_warning", "core_occurrence"), ("out_warning", "out_species_status"),
    ("out_cube", "core_occurrence"), ("out_site_indicator", "core_occurrence"),
    ("out_site_indicator", "out_species_status"), ("out_score", "core_record"), ("out_notice", "out_warning"),
    ("out_report", "out_cube"), ("out_report", "out_site_indicator"), ("out_report", "out_source"),
    ("out_report", "out_warning"), ("out_report", "out_notice"), ("out_report", "out_score"),
)  # fmt: skip
EDGES = ", ".join(f"('{table}', '{other}')" for table, other in RESTS_ON)

RELEASE = Suite(
    "release",
    "out_report",
    blocking=True,
    expectations=(
        no_rows(
            "built-after-what-it-rests-on",
            f"""
            SELECT edge.tableName, edge.other FROM (VALUES {EDGES}) AS edge(tableName, other)
            JOIN meta_build AS built ON built.tableName = edge.tableName
            JOIN meta_build AS other ON other.tableName = edge.other
            WHERE built.builtAt < other.builtAt AND EXISTS (SELECT 1 FROM {{batch}})
            """,
        ),
        no_rows(
            "flags-are-of-records",
            "SELECT test, line FROM core_flag WHERE rowId NOT IN (SELECT rowId FROM core_record) "
            "AND EXISTS (SELECT 1 FROM {batch})",
        ),
        no_rows(
            "no-personal-data",
            "SELECT tableName, columnName, kind, shown FROM meta_personal_text WHERE EXISTS (SELECT 1 FROM {batch})",
        ),
    ),
)

# Not blocking: each of these may be so for a good reason, but someone should look.
RELEASE_NOTICE = Suite(
    "release-notice",
    "out_report",
    blocking=False,
    expectations=(
        no_rows(
            "rows-as-many-as-last-time",
            f"""
            SELECT tableName, published.rowCount AS before, built.rowCount AS now
            FROM meta_published AS published JOIN meta_build AS built USING (tableName)
            WHERE published.rowCount >= {FEWEST_ROWS_COMPARED} AND EXISTS (SELECT 1 FROM {{batch}})
                AND built.rowCount NOT BETWEEN {LEAST_KEPT} * published.rowCount AND {MOST_GROWN} * published.rowCount
            """,
        ),
        no_rows(
            "few-records-held-back",
            f"""
            SELECT kind, sum(quarantined) AS heldBack, sum(accepted) AS accepted FROM out_source
            WHERE EXISTS (SELECT 1 FROM {{batch}})
            GROUP BY kind HAVING sum(quarantined) > {MOST_HELD_BACK} * sum(quarantined + accepted)
            """,
        ),
        no_rows(
            "inputs-are-recent",
            f"""
            SELECT kind, max(confirmedSince) AS newest
            FROM raw_submission, (SELECT max(reportDate) AS day FROM {{batch}}) AS report
            GROUP BY kind, day
            HAVING max(confirmedSince)::DATE < day - CASE kind WHEN 'gbif' THEN {NEWEST_GBIF_IN_DAYS}
                ELSE {NEWEST_SURVEY_IN_DAYS} END
            """,
        ),
    ),
)
