"""Importing names: every form is read alike, versions are kept, and what cannot be read leaves nothing behind."""

from __future__ import annotations

import csv
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from species.errors import NameSourceError
from species.sources.importing import import_names, read_stored, stored_sources, versions_of
from species.sources.packages import Package
from species.sources.profiles import FIELDS, named_profile, shipped_profiles
from store.archive import receipts
from store.home import Home
from tests.species.sources.files import (
    CHINESE_LIST,
    DARWIN_CORE,
    META,
    NAME_AND_TAXON,
    NAME_USAGE,
    write_zip,
)

ACCEPTED, SYNONYM = "Pontederia crassipes", "Eichhornia crassipes"


def rows() -> list[list[str]]:
    return list(csv.reader(CHINESE_LIST.splitlines()))


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in rows():
        book.active.append(row)
    book.save(path)
    return path


def parquet(path: Path) -> Path:
    header, *body = rows()
    pyarrow.parquet.write_table(pa.table(dict(zip(header, zip(*body, strict=True), strict=True))), path)
    return path


def text(encoding: str, delimiter: str = ",") -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text(CHINESE_LIST.replace(",", delimiter), encoding=encoding)
        return path

    return write


FORMS = {
    "dwca.zip": lambda path: write_zip(path, DARWIN_CORE),
    "dwca-in-a-folder.zip": lambda path: write_zip(
        path, {f"x/{name}": said for name, said in DARWIN_CORE.items()}
    ),
    "usage.zip": lambda path: write_zip(path, NAME_USAGE),
    "names.zip": lambda path: write_zip(path, NAME_AND_TAXON),
    "list.csv": text("utf-8-sig"),
    "list-gb.csv": text("gb18030"),
    "list.tsv": text("utf-8", "\t"),
    "list.xlsx": workbook,
    "list.parquet": parquet,
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_accepted_name_and_its_synonym(home: Home, tmp_path: Path, name: str) -> None:
    stored, is_new = import_names(home, [FORMS[name](tmp_path / name)], "a-source")
    content = read_stored(home, stored)
    usages = {
        usage.scientificName.partition(" (")[0].removesuffix(" Mart."): usage for usage in content.usages
    }
    assert is_new and set(usages) == {ACCEPTED, SYNONYM}
    accepted, synonym = usages[ACCEPTED], usages[SYNONYM]
    assert accepted.is_accepted and not synonym.is_accepted
    assert synonym.acceptedID == accepted.usageID or synonym.acceptedName == ACCEPTED


@pytest.mark.parametrize("name", ["dwca.zip", "usage.zip", "list.csv"])
def test_chinese_names_and_what_is_said_of_places_come_with_them(
    home: Home, tmp_path: Path, name: str
) -> None:
    stored, _ = import_names(home, [FORMS[name](tmp_path / name)], "a-source")
    content = read_stored(home, stored)
    own = [chinese for usage in content.usages for chinese in usage.vernacularNamesZh]
    beside = [
        text for names in content.vernacularNames.values() for language, text in names if language == "zh"
    ]
    assert "凤眼蓝" in own + beside
    said = {(one.question, one.answer, one.place) for one in content.statements}
    place = "CN-SX" if name == "list.csv" else "CN"
    assert ("establishmentMeans", "introduced", place) in said


def test_an_archive_is_cited_as_it_asks_and_its_giver_may_say_otherwise(home: Home, tmp_path: Path) -> None:
    path = FORMS["dwca.zip"](tmp_path / "dwca.zip")
    stored, _ = import_names(home, [path], "one")
    assert (stored.source.titleEn, stored.source.citation, stored.source.license) == (
        "A checklist", "Somebody (2026)", "https://cc/by",
    )  # fmt: skip
    other, _ = import_names(home, [path], "two", license="CC0", version="2026")
    assert (other.source.license, other.source.version) == ("CC0", "2026")


def test_the_same_files_twice_are_one_version_and_other_files_are_another(home: Home, tmp_path: Path) -> None:
    path = FORMS["list.csv"](tmp_path / "list.csv")
    first, _ = import_names(home, [path], "a-source", version="1")
    again, is_new = import_names(home, [path], "a-source", version="1")
    assert not is_new and again == first
    path.write_text(CHINESE_LIST + "榆树,Ulmus pumila,,\n", encoding="utf-8")
    second, is_new = import_names(home, [path], "a-source", version="2")
    assert is_new and second.stamp != first.stamp
    assert [each.source.version for each in versions_of(home, "a-source")] == ["1", "2"]
    (newest,) = stored_sources(home)
    (older,) = stored_sources(home, {"a-source": "1"})
    assert [len(read_stored(home, each).usages) for each in (newest, older)] == [3, 2]
    with pytest.raises(NameSourceError) as refused:
        stored_sources(home, {"a-source": "3"})
    assert refused.value.rule == "error-names-version"


def test_a_usage_that_stands_in_two_files_counts_once(home: Home, tmp_path: Path) -> None:
    header = "taxonID,scientificName,acceptedNameUsageID\n"
    accepted, synonyms = tmp_path / "a.csv", tmp_path / "b.csv"
    accepted.write_text(header + f"1,{ACCEPTED},\n", encoding="utf-8")
    synonyms.write_text(header + f"1,{ACCEPTED},\n2,{SYNONYM},1\n", encoding="utf-8")
    stored, _ = import_names(home, [accepted, synonyms], "a-source")
    assert sorted(usage.usageID for usage in read_stored(home, stored).usages) == ["1", "2"]


def test_the_order_of_sources_is_that_of_their_first_import(home: Home, tmp_path: Path) -> None:
    for name in ("zeta", "alpha", "zeta"):
        path = tmp_path / f"{name}.csv"
        path.write_text(CHINESE_LIST + f"{len(versions_of(home, name))},Ulmus pumila,,\n", encoding="utf-8")
        import_names(home, [path], name)
    assert [each.source.sourceID for each in stored_sources(home)] == ["zeta", "alpha"]


@pytest.mark.parametrize("source", ["", "A", "../x", "a/b", "with blank", "taken", "x" * 60])
def test_an_id_that_is_none_or_taken_is_refused(home: Home, tmp_path: Path, source: str) -> None:
    path = FORMS["list.csv"](tmp_path / "list.csv")
    with pytest.raises(NameSourceError) as refused:
        import_names(home, [path], source, taken_ids=["taken"])
    assert refused.value.rule == "error-names-source-id"


def test_one_file_that_cannot_be_read_leaves_nothing_of_the_others(home: Home, tmp_path: Path) -> None:
    good, bad = FORMS["list.csv"](tmp_path / "good.csv"), tmp_path / "bad.csv"
    bad.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(NameSourceError) as refused:
        import_names(home, [good, bad], "a-source")
    assert refused.value.rule == "error-names-columns"
    assert receipts(home) == [] and stored_sources(home) == []


def hostile(name: str, path: Path) -> Path:
    bomb = b"\0" * (60 << 20)
    made: dict[str, Callable[[], Path]] = {
        "nothing": lambda: path,
        "not-a-zip": lambda: write_zip(path, DARWIN_CORE),
        "bomb": lambda: write_zip(path, DARWIN_CORE | {"taxon.txt": bomb}),
        "traversal": lambda: write_zip(path, DARWIN_CORE | {"../../etc/x": "x"}),
        "drive": lambda: write_zip(path, DARWIN_CORE | {"C:/x": "x"}),
        "entities": lambda: write_zip(path, DARWIN_CORE | {
            "meta.xml": '<!DOCTYPE a [<!ENTITY b "b">]>' + META.format(core="Taxon").replace("taxon.txt", "&b;")}),
        "occurrences": lambda: write_zip(path, DARWIN_CORE | {"meta.xml": META.format(core="Occurrence")}),
        "no-core-file": lambda: write_zip(path, {k: v for k, v in DARWIN_CORE.items() if k != "taxon.txt"}),
        "no-meta": lambda: write_zip(path, {"x.txt": "x"}),
        "latin": lambda: write_zip(path, DARWIN_CORE | {"taxon.txt": b"id\tname\n1\t\xff\xfe\n"}),
        "yaml": lambda: write_zip(path, NAME_USAGE | {"metadata.yaml": "a: [" * 3000}),
        "python-yaml": lambda: write_zip(path, NAME_USAGE | {"metadata.yaml": "!!python/object/apply:os.system [x]"}),
    }  # fmt: skip
    written = made[name]()
    if name == "nothing":
        path.write_bytes(b"")
    if name == "not-a-zip":
        path.write_bytes(path.read_bytes()[:-40])
    return written


@pytest.mark.parametrize(
    "name",
    ["nothing", "not-a-zip", "bomb", "traversal", "drive", "entities", "occurrences", "no-core-file", "no-meta", "latin",
     "yaml", "python-yaml"],
)  # fmt: skip
def test_a_hostile_package_is_refused_and_leaves_nothing(home: Home, tmp_path: Path, name: str) -> None:
    path = hostile(name, tmp_path / "x.zip")
    with pytest.raises(NameSourceError):
        import_names(home, [path], "a-source")
    assert receipts(home) == [] and list(tmp_path.parent.glob("etc")) == []


def test_links_and_locked_members_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(NameSourceError):
        Package(path, path.name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(
    st.binary(max_size=400),
    st.builds(lambda tail: b"PAR1" + tail, st.binary(max_size=200)),
    st.builds(lambda tail: b"PK\x03\x04" + tail, st.binary(max_size=200)),
    st.builds(lambda tail: b"scientificName,taxonID\n" + tail, st.binary(max_size=200)),
    st.builds(lambda tail: "学名,中文名\n".encode("gb18030") + tail.encode("gb18030", "ignore"), st.text(max_size=100)),
))  # fmt: skip
def test_whatever_the_bytes_are_they_are_read_or_refused(home: Home, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        stored, _ = import_names(home, [path], "a-source")
    except NameSourceError:
        return
    assert read_stored(home, stored).usages


def test_every_shipped_profile_knows_only_fields_there_are() -> None:
    profiles = {profile.id: profile for profile in shipped_profiles()}
    assert {"china-plants", "chinese-list", "darwin-core"} <= set(profiles)
    for profile in profiles.values():
        assert set(profile.columns) <= set(FIELDS) and profile.recognised, profile.id


def test_a_profile_of_ones_own_maps_other_columns(home: Home, tmp_path: Path) -> None:
    table, profile = tmp_path / "list.csv", tmp_path / "mine.toml"
    table.write_text("code,latin\n7,Ulmus pumila L.\n", encoding="utf-8")
    profile.write_text('[columns]\nusageID = "code"\nscientificName = "latin"\n', encoding="utf-8")
    stored, _ = import_names(home, [table], "mine", profile=str(profile))
    profile.unlink()
    (usage,) = read_stored(home, stored).usages
    assert (usage.usageID, usage.scientificName) == ("7", "Ulmus pumila L."), "the version keeps its profile"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (None, "error-names-profile-missing"), ("not toml", "error-names-profile-broken"),
        ("[columns]\nusageID = 'x'\n", "error-names-profile-broken"), ("x = 1\n", "error-names-profile-broken"),
        ("[columns]\nscientificName = 'a'\nnonsense = 'b'\n", "error-names-profile-broken"),
    ],
    ids=["missing", "no-toml", "no-name", "no-columns", "unknown-field"],
)  # fmt: skip
def test_a_profile_that_cannot_be_used_says_why(tmp_path: Path, content: str | None, rule: str) -> None:
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(NameSourceError) as refused:
        named_profile(str(path))
    assert refused.value.rule == rule


@pytest.mark.cases
@pytest.mark.parametrize("country", ["canada_1.2", "china_1.3", "cyprus_1.9", "mongolia_2.7", "sweden_1.2"])
def test_every_griis_checklist_is_read_with_names_invasiveness_and_licence(
    home: Home, cases: Path, country: str
) -> None:
    stored, _ = import_names(home, [cases / "names" / "griis" / f"griis_{country}.zip"], "griis")
    content = read_stored(home, stored)
    questions = {one.question for one in content.statements}
    assert len(content.usages) > 50
    assert {"establishmentMeans", "degreeOfEstablishment"} <= questions
    assert (
        stored.source.license != "not stated" and "introduced and invasive" in stored.source.titleEn.lower()
    )
