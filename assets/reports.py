"""The report with its species pages, and the publishing of everything, as assets."""

import hashlib
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets.alerts import out_notice, out_warning
from assets.checks import gate_specs, judged
from assets.indicators import out_cube, out_site_indicator, out_source
from assets.names import out_name_coverage, out_name_queue
from assets.preview import table_result
from assets.quality import out_score
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from quality.gates import require_passed
from quality.personal_data import find_personal_data
from reports.monthly import write_report
from reports.quality_page import quality_page_name, write_quality_page
from reports.species_page import species_page_name, write_species_page
from store.archive import hash_file, receipts
from store.generations import publish as publish_generation
from store.warehouse import note_published, replace_rows

DEMO_ORIGIN = "demo"


@dg.asset(
    deps=[
        out_cube,
        out_site_indicator,
        out_source,
        out_score,
        out_warning,
        out_notice,
        out_name_queue,
        out_name_coverage,
    ],
    group_name="published",
    kinds={"plotly", "html"},
    owners=OWNERS,
    pool=POOL,
    description="One row per file of the report: month, species, data quality; each self-contained.",
)
def out_report(workspace: Workspace) -> dg.MaterializeResult:
    day, region = workspace.day, workspace.region
    report = workspace.home.staging / f"report-{region.id}-{day:%Y-%m}.html"
    pages = workspace.home.staging / species_page_name(region, day)
    quality = workspace.home.staging / quality_page_name(region, day)
    report.parent.mkdir(parents=True, exist_ok=True)
    invented = is_invented(workspace)
    with workspace.warehouse() as connection:
        species = write_species_page(connection, region, day, pages, report=report.name, invented=invented)
        write_quality_page(connection, region, day, quality, report=report.name, invented=invented)
        write_report(
            connection, region, day, report, species_page=pages.name, species_with_page=species,
            quality_page=quality.name, invented=invented,
        )  # fmt: skip
        rows = replace_rows(
            connection, "out_report", *(_report_row(day, path) for path in (report, pages, quality))
        )
        return table_result(
            connection,
            "out_report",
            rows,
            path=dg.MetadataValue.path(str(report)),
            species=len(species),
        )


def _report_row(day: date, path: Path) -> str:
    content = path.read_bytes()
    return (
        f"SELECT '{path.stem}' AS reportId, DATE '{day}' AS reportDate, '{day:%Y-%m}' AS month, '{path.name}' AS path, "
        f"'{hashlib.sha256(content).hexdigest()}' AS sha256, {len(content)} AS sizeInBytes"
    )


@dg.asset(
    deps=[out_report],
    group_name="published",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_report", "publish"),
    description="A read-only generation: all core_ and out_ tables and the report, counted again, then swapped in.",
)
def publish(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        find_personal_data(connection)
        checks = judged(connection, "out_report", "publish")
        require_passed(connection)
        names = [
            name for (name,) in connection.execute("SELECT path FROM out_report ORDER BY path").fetchall()
        ]
        generation = publish_generation(
            workspace.home,
            connection,
            inputs=inputs_of(workspace, connection),
            files=[workspace.home.staging / name for name in names],
        )
        note_published(connection)
    return dg.MaterializeResult(
        metadata={"generation": dg.MetadataValue.path(str(generation))}, check_results=checks
    )


def is_invented(workspace: Workspace) -> bool:
    """Whether any file of this home is demonstration data; the report then says so on its first line."""
    return any(receipt.origin == DEMO_ORIGIN for receipt in receipts(workspace.home))


def inputs_of(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Everything the generation rests on: enough to make it again, byte for byte."""
    region = workspace.region
    used = connection.execute(
        "SELECT submissionId, sha256 FROM raw_submission ORDER BY submissionId"
    ).fetchall()
    return {
        "reportDay": workspace.day.isoformat(),
        "codeVersion": metadata.version("parkwatch"),
        "submissions": dict(used),
        "regionFiles": {_relative(path, region.folder): hash_file(path) for path in region.input_files()},
        "lists": {species_list.id: species_list.version for species_list in region.lists},
    }


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
