"""The report, and the publishing of everything, as assets."""

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets.alerts import out_warning
from assets.indicators import out_cube, out_site_indicator, out_source
from assets.preview import table_result
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from quality.gates import require_passed
from reports.monthly import write_report
from store.archive import hash_file, receipts
from store.generations import publish as publish_generation
from store.warehouse import replace_rows

DEMO_ORIGIN = "demo"


@dg.asset(
    deps=[out_cube, out_site_indicator, out_source, out_warning],
    group_name="published",
    kinds={"plotly", "html"},
    owners=OWNERS,
    pool=POOL,
    description="One row per report: the monthly monitoring report as one self-contained page.",
)
def out_report(workspace: Workspace) -> dg.MaterializeResult:
    day = workspace.day
    path = workspace.home.staging / f"report-{workspace.region.id}-{day:%Y-%m}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    with workspace.warehouse() as connection:
        write_report(connection, workspace.region, day, path, invented=is_invented(workspace))
        content = path.read_bytes()
        rows = replace_rows(
            connection,
            "out_report",
            f"SELECT '{workspace.region.id}-{day:%Y-%m}' AS reportId, DATE '{day}' AS reportDate, "
            f"'{day:%Y-%m}' AS month, '{path.name}' AS path, "
            f"'{hashlib.sha256(content).hexdigest()}' AS sha256, {len(content)} AS sizeInBytes",
        )
        return table_result(connection, "out_report", rows, path=dg.MetadataValue.path(str(path)))


@dg.asset(
    deps=[out_report],
    group_name="published",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="A read-only generation: all core_ and out_ tables and the report, counted again, then swapped in.",
)
def publish(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
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
    return dg.MaterializeResult(metadata={"generation": dg.MetadataValue.path(str(generation))})


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
