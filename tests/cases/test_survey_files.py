"""The real survey tables of the reference cases are read with sensible mappings, in each of their encodings."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.opening import SurveyFile, open_survey

pytestmark = pytest.mark.cases
NAMES = {"scientificName", "vernacularName"}


def terms(survey: SurveyFile) -> set[str]:
    return {column.term for read in survey.tables for column in read.columns if column.term}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16"])
def test_the_plot_tables_from_taiwan_name_their_species(cases: Path, tmp_path: Path, encoding: str) -> None:
    files = sorted((cases / "surveys" / "taiwan_plots").glob("*.csv"))
    assert files
    for source in files:
        text = source.read_text(encoding="utf-8-sig")
        path = tmp_path / source.name
        path.write_bytes(text.encode(encoding, errors="replace"))
        survey = open_survey(path, source.name)
        assert terms(survey) & NAMES, source.name
        assert survey.row_count >= len(text.strip().splitlines()) - 1


def test_covers_and_plots_from_taiwan_are_understood(cases: Path) -> None:
    folder = cases / "surveys" / "taiwan_plots"
    assert "organismQuantity" in terms(open_survey(folder / "0311_team3-grass1_.csv", "a.csv"))
    assert {"eventID", "organismQuantity"} <= terms(
        open_survey(folder / "Wu-Shi-Keng_primeval_forest.csv", "a.csv")
    )


def test_street_trees_without_coordinates_have_names(cases: Path) -> None:
    files = sorted((cases / "surveys").glob("street_trees_*.csv"))
    assert files
    for path in files:
        assert "scientificName" in terms(open_survey(path, path.name)), path.name


def test_quadrats_of_portal_are_read_as_one_table(cases: Path) -> None:
    survey = open_survey(cases / "surveys" / "portal" / "Portal_plant_quadrats.csv", "portal.csv")
    assert survey.row_count == 118_770
    assert len(survey.tables) == 1
