"""Jobs: which assets are made together."""

from __future__ import annotations

import dagster as dg

from assets.indicators import out_source
from assets.reports import out_report, publish
from assets.surveys import raw_survey, submissions
from pipelines.fetching import fetch_gbif

survey_intake = dg.define_asset_job(
    "survey_intake",
    selection=dg.AssetSelection.assets(raw_survey),
    partitions_def=submissions,
    description="Load one survey file handed in.",
)

gbif_import = dg.define_asset_job(
    "gbif_import",
    selection=dg.AssetSelection.assets(out_source).upstream() - dg.AssetSelection.assets(raw_survey),
    description="Load GBIF files handed in and judge all records again, without publishing.",
)

monitoring_run = dg.define_asset_job(
    "monitoring_run",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(raw_survey),
    description="From everything received to a published report and warnings.",
)


publishing = dg.define_asset_job(
    "publishing",
    selection=dg.AssetSelection.assets(out_report, publish),
    description="Write the report again from the tables as they stand, and publish them.",
)


@dg.job(
    description="Fetch what GBIF has new for the region into the archive; the next monitoring run loads it."
)
def gbif_sync() -> None:
    fetch_gbif()
