"""Sources of names at the terminal: taken in, listed, matched against, in both languages; what is wrong is told."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from species.errors import NameSourceError
from species.sources.importing import stored_sources
from store.home import Home
from tests.pipelines.test_commands import parkwatch
from tests.species.sources.files import DARWIN_CORE, NAME_USAGE, write_zip

LIST = "中文名,学名,接受名,科\n黑柳,Salix nigra Marshall,,杨柳科\n水柳,Salix nigra var. lindheimeri,Salix nigra,杨柳科\n"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "名录.csv"
    path.write_text(LIST, encoding="gb18030")
    return path


def test_a_source_is_taken_in_told_in_numbers_and_cited(home: Home, listed: Path) -> None:
    said = parkwatch(
        home, "names", "import", str(listed), "--source", "willows", "--version", "2026", "--license", "CC0",
        "--citation", "柳树志", "--title-zh", "柳树名录",
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "willows" in said.output and "CC0" in said.output and "柳树志" in said.output
    (stored,) = stored_sources(home)
    assert (stored.source.version, stored.usages) == ("2026", 2)


@pytest.mark.parametrize(("language", "title"), [("zh", "柳树名录"), ("en", "Willows")])
def test_sources_are_listed_after_the_lists_of_the_region_in_either_language(
    home: Home, listed: Path, language: str, title: str
) -> None:
    parkwatch(
        home,
        "names",
        "import",
        str(listed),
        "--source",
        "willows",
        "--title-zh",
        "柳树名录",
        "--title-en",
        "Willows",
    )
    said = parkwatch(home, "names", "list", language=language)
    assert said.exit_code == 0, said.output
    assert said.output.index("key-management-2022") < said.output.index("willows")
    assert title in said.output


def test_the_same_source_again_is_no_new_version(home: Home, listed: Path) -> None:
    parkwatch(home, "names", "import", str(listed), "--source", "willows")
    said = parkwatch(home, "names", "import", str(listed), "--source", "willows", language="en")
    assert said.exit_code == 0, said.output
    assert len(stored_sources(home)) == 1
    assert len(list((home.archive / "names" / "willows").glob("*.json"))) == 1


def test_without_a_home_the_lists_of_the_region_are_listed(tmp_path: Path) -> None:
    said = parkwatch(Home(tmp_path / "nowhere"), "names", "list", language="en")
    assert said.exit_code == 0
    assert "national-plants-2021" in said.output


def test_names_of_an_imported_source_are_known_to_check_status_and_match(
    home: Home, listed: Path, tmp_path: Path
) -> None:
    assert parkwatch(home, "status", "水柳").exit_code == 1
    parkwatch(home, "names", "import", str(listed), "--source", "willows")
    said = parkwatch(home, "status", "水柳")
    assert said.exit_code == 0 and "Salix nigra" in said.output
    assert "状态：未知" in said.output or "状态：外来" in said.output or "状态：本土" in said.output


def test_anyones_list_comes_back_with_its_columns_and_what_they_mean(home: Home, tmp_path: Path) -> None:
    path, out = tmp_path / "trees.csv", tmp_path / "out.csv"
    path.write_text(
        f"no,name,confidence\n1,Ulmus pumila L.,{FORMULA}\n2,Ulmus pumilla,x\n3,,y\n4,{FORMULA},z\n5,榆树,\n",
        encoding="utf-8",
    )
    said = parkwatch(home, "names", "match", str(path), "--column", "name", "--out", str(out))
    assert said.exit_code == 0, said.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["no"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["confidence_input"] == f"'{FORMULA}", "a column of the same name is kept beside ours"
    assert [row["taxonId"] for row in rows] == [
        "pw:ulmus-pumila",
        "pw:ulmus-pumila",
        "",
        "",
        "pw:ulmus-pumila",
    ]
    assert [row["matchType"] for row in rows] == ["EXACT", "VARIANT", "NONE", "NONE", "EXACT"]
    assert all(not cell.startswith("=") for row in rows for cell in row.values())


def test_a_column_that_is_not_there_is_told_with_those_that_are(
    home: Home, listed: Path, tmp_path: Path
) -> None:
    said = parkwatch(
        home, "names", "match", str(listed), "--column", "name", "--out", str(tmp_path / "x.csv")
    )
    assert said.exit_code == 2
    assert "学名" in said.output


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("--source", "Willows!"), "error-names-source-id"),
        (("--source", "native-datong"), "error-names-source-id"),
        (("--source", "w1", "--profile", "no-such"), "error-names-profile-missing"),
        (("--source", "w1", "--profile", "darwin-core"), "error-names-empty"),
    ],
    ids=["id", "id-of-a-list", "no-profile", "profile-that-fits-nothing"],
)
def test_what_cannot_be_taken_in_is_told_with_its_remedy_and_nothing_is_kept(
    home: Home, listed: Path, arguments: tuple[str, ...], rule: str
) -> None:
    said = parkwatch(home, "names", "import", str(listed), *arguments)
    assert isinstance(said.exception, NameSourceError), said.output
    assert said.exception.rule == rule
    assert said.exception.remedy.zh and said.exception.remedy.en
    assert stored_sources(home) == []


@pytest.mark.parametrize("members", [DARWIN_CORE, NAME_USAGE], ids=["dwca", "coldp"])
def test_a_synonym_of_an_archive_leads_to_the_taxon_the_region_lists(
    home: Home, tmp_path: Path, members: dict[str, str]
) -> None:
    path = write_zip(tmp_path / "x.zip", members)
    assert parkwatch(home, "names", "import", str(path), "--source", "checklist").exit_code == 0
    said = parkwatch(home, "status", "Eichhornia crassipes", language="en")
    assert "Taxon: Pontederia crassipes" in said.output
    assert "Status: invasive" in said.output


def test_two_versions_of_a_source_can_be_compared(home: Home, listed: Path) -> None:
    parkwatch(home, "names", "import", str(listed), "--source", "willows", "--version", "1")
    listed.write_text(LIST.replace("Salix nigra Marshall", "Salix pendula").replace(",Salix nigra,", ",Salix pendula,"),
                      encoding="utf-8")  # fmt: skip
    parkwatch(home, "names", "import", str(listed), "--source", "willows", "--version", "2")
    said = parkwatch(home, "names", "diff", "willows@1", "willows@2", language="en")
    assert said.exit_code == 0, said.output
    assert "Salix nigra" in said.output and "Salix pendula" in said.output
    assert "nothing changes" in parkwatch(home, "names", "diff", "willows", "willows@2", language="en").output
