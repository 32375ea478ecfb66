"""Profiles: confirmed once, kept by header names, shared as files, recognised by themselves; hostile ones refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.intake import take_survey
from store.home import Home
from surveys.columns import Mapping
from surveys.corrections import term_meant, with_best_guesses, with_constant, with_decisions, with_setting
from surveys.errors import UnreadableFile
from surveys.opening import open_survey, open_to_explain
from surveys.profiles import Profile, find_profile, read_profile, save_profile, saved_profiles, write_profile

TREES = "树名儿,代码,粗细\n榆树,UP,31.5\n旱柳,SM,12\n"
PROFILE = Profile(
    "行道树", {"树名儿": "vernacularName", "代码": "taxonID"}, {"locality": "文瀛湖公园"}, datum="GCJ-02"
)


def survey(folder: Path, text: str = TREES, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def profile_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "profile.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_profile(path)
    assert refused.value.remedy.zh
    assert refused.value.remedy.en
    return refused.value.rule


def test_a_saved_profile_is_found_again_as_it_was(home: Home) -> None:
    save_profile(home, PROFILE)
    assert find_profile(home, "行道树") == PROFILE
    assert saved_profiles(home) == ([PROFILE], [])


def test_a_file_with_all_headers_of_the_one_profile_is_read_by_it(home: Home, tmp_path: Path) -> None:
    save_profile(home, PROFILE)
    path = survey(tmp_path)
    with pytest.raises(UnreadableFile):
        open_survey(path, path.name)
    found = open_survey(path, path.name, profiles=saved_profiles(home)[0])
    assert found.recognised == PROFILE
    assert [column.term for column in found.tables[0].columns] == ["vernacularName", "taxonID", None]
    assert found.tables[0].stated == {"verbatimSRS": "GCJ-02", "locality": "文瀛湖公园"}


def test_a_profile_knows_headers_by_name_and_not_by_position(home: Home, tmp_path: Path) -> None:
    save_profile(home, PROFILE)
    path = survey(tmp_path, "行道树调查\n粗细,日期,代 码,树名儿（必填）\n31.5,2025-06-03,UP,榆树\n")
    found = open_survey(
        path, path.name, profiles=[Profile("x", {"代码": "taxonID", "树名儿": "vernacularName"})]
    )
    assert [column.term for column in found.tables[0].columns] == [
        None,
        "eventDate",
        "taxonID",
        "vernacularName",
    ]


@pytest.mark.parametrize(
    "profiles",
    [
        [],
        [Profile("a", {"树名儿": "vernacularName", "没有的列": "eventDate"})],
        [Profile("a", {"树名儿": "vernacularName"}), Profile("b", {"树名儿": "scientificName"})],
        [Profile("a", {}, {"locality": "文瀛湖公园"})],
    ],
    ids=["none", "a header is missing", "two fit", "no headers"],
)
def test_a_profile_is_not_recognised_where(tmp_path: Path, profiles: list[Profile]) -> None:
    path = survey(tmp_path)
    assert open_to_explain(path, path.name, profiles=profiles).recognised is None


def test_a_profile_that_only_repeats_what_headers_say_is_not_recognised(tmp_path: Path) -> None:
    path = survey(tmp_path, "日期,中文名\n2025-06-03,榆树\n")
    profiles = [Profile("a", {"日期": "eventDate"}, {"locality": "文瀛湖公园"})]
    assert open_survey(path, path.name, profiles=profiles).recognised is None


def test_a_profile_decides_an_ambiguous_header_against_the_values(tmp_path: Path) -> None:
    path = survey(tmp_path, "编号,中文名\nY1,榆树\nY2,旱柳\nY3,油松\n")
    found = open_survey(path, path.name, profiles=[Profile("a", {"编号": "eventID"})])
    assert [column.term for column in found.tables[0].columns] == ["eventID", "vernacularName"]


def test_what_the_giver_says_goes_before_any_saved_profile(tmp_path: Path) -> None:
    path = survey(tmp_path)
    said = {"columns": {"树名儿": "scientificName"}, "constants": {}}
    found = open_survey(path, path.name, said, [PROFILE])
    assert found.recognised is None
    assert found.tables[0].columns[0].term == "scientificName"


def test_a_stated_datum_does_not_keep_a_profile_from_being_recognised(tmp_path: Path) -> None:
    path = survey(tmp_path)
    found = open_survey(path, path.name, {"columns": {}, "constants": {"verbatimSRS": "WGS84"}}, [PROFILE])
    assert found.recognised == PROFILE
    assert found.mapping.constants == {"verbatimSRS": "WGS84", "locality": "文瀛湖公园"}


def test_a_receipt_keeps_the_reading_when_the_profile_is_changed_later(home: Home, tmp_path: Path) -> None:
    save_profile(home, PROFILE)
    path = survey(tmp_path)
    receipt, _ = take_survey(home, path, received_from="test", origin="test")
    assert receipt.reading == PROFILE.mapping.as_reading()
    save_profile(home, Profile("行道树", {"树名儿": "otherCells"}))
    again = open_survey(path, path.name, receipt.reading)
    assert [column.term for column in again.tables[0].columns] == ["vernacularName", "taxonID", None]


def test_an_unreadable_profile_in_the_home_stops_no_survey(home: Home, tmp_path: Path) -> None:
    save_profile(home, PROFILE)
    (home.profiles / "broken.toml").write_text("[columns", encoding="utf-8")
    profiles, refused = saved_profiles(home)
    assert profiles == [PROFILE]
    assert [cause.rule for cause in refused] == ["error-mapping-syntax"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "a\x00b",
        "a\nb",
        ".hidden",
        "CON",
        "nul.toml",
        "x" * 80,
        "a ",
        "-rf",
        "％/",
    ],
)
def test_a_name_that_leads_out_of_the_home_is_refused(home: Home, name: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        save_profile(home, Profile(name, {"甲": "eventDate"}))
    assert refused.value.rule == "error-profile-name"
    assert not home.profiles.exists() or not list(home.profiles.iterdir())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[columns", "error-mapping-syntax"),
        (b"\xff\xfe\x00", "error-mapping-syntax"),
        ("x = " + "[" * 20_000, "error-mapping-syntax"),
        ("x = " + "9" * 10_000, "error-mapping-syntax"),
        ("[rules]\na = 1\n", "error-mapping-table"),
        ("columns = 3\n", "error-mapping-table"),
        ("[title]\n", "error-mapping-table"),
        ('[columns]\n"代码" = "speciesCode"\n', "error-mapping-term"),
        ('[columns]\n"代码" = ["taxonID"]\n', "error-mapping-term"),
        ("[columns.x]\n", "error-mapping-term"),
        ('[constants]\ntaxonID = "x"\n', "error-mapping-term"),
        ("[constants]\nlocality = [1]\n", "error-profile-value"),
        (f'[constants]\nlocality = "{"x" * 600}"\n', "error-profile-value"),
        ('[constants]\nlocality = "a\\u0000b"\n', "error-profile-value"),
        ('datum = "Mars"\n', "error-profile-value"),
        ('protocol = "../x"\n', "error-protocol-unknown"),
        ('[columns]\n"日期" = "eventDate"\n"日 期" = "year"\n', "error-profile-contradiction"),
        ("[columns]\n" + "".join(f'"h{n}" = "eventDate"\n' for n in range(600)), "error-profile-entries"),
        ("#" * 300_000, "error-profile-too-large"),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_with_the_remedy(
    tmp_path: Path, text: str | bytes, rule: str
) -> None:
    assert refusal(profile_file(tmp_path, text)) == rule


def test_an_unknown_term_is_refused_with_the_terms_near_to_it(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="scientificName"):
        read_profile(profile_file(tmp_path, '[columns]\n"代码" = "scientficname"\n'))


def test_numbers_dates_and_truths_are_constants_as_written(tmp_path: Path) -> None:
    path = profile_file(tmp_path, "[constants]\nyear = 2025\neventDate = 2025-06-03\nlocality = true\n")
    assert read_profile(path).constants == {"year": "2025", "eventDate": "2025-06-03", "locality": "true"}


def test_a_shared_profile_is_found_by_its_path_and_a_missing_one_names_those_there_are(
    home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "shared.toml"
    write_profile(PROFILE, path)
    assert find_profile(home, str(path)).columns == PROFILE.columns
    save_profile(home, PROFILE)
    with pytest.raises(UnreadableFile, match="行道树"):
        find_profile(home, "行道木")


def test_a_profile_that_explains_nothing_is_not_saved(home: Home) -> None:
    with pytest.raises(UnreadableFile) as refused:
        save_profile(home, Profile("空"))
    assert refused.value.rule == "error-profile-empty"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(st.dictionaries(TEXTS, st.just("eventDate"), max_size=5), TEXTS, TEXTS)
@settings(max_examples=50)
def test_any_profile_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, str], value: str, title: str
) -> None:
    path = tmp_path_factory.mktemp("profile") / "p.toml"
    profile = Profile("p", columns, {"locality": value + '\x7f"\\'}, title=title)
    write_profile(profile, path)
    assert read_profile(path) == profile


@given(st.binary(max_size=200))
def test_any_bytes_are_a_profile_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = profile_file(tmp_path_factory.mktemp("profile"), content)
    try:
        read_profile(path)
    except UnreadableFile as refused:
        assert refused.remedy.en


def test_a_column_is_named_by_header_or_letter_and_a_term_by_name_or_header(tmp_path: Path) -> None:
    path = survey(tmp_path)
    opened = open_to_explain(path, path.name)
    profile = with_setting(with_setting(Profile(""), opened, "B=TAXONID"), opened, "树 名儿=中文名")
    assert profile.columns == {"代码": "taxonID", "树名儿": "vernacularName"}
    assert with_constant(profile, "地点=文瀛湖公园").constants == {"locality": "文瀛湖公园"}
    assert term_meant("otherCells") == "otherCells"


@pytest.mark.parametrize(
    ("setting", "rule"),
    [
        ("没有=taxonID", "error-column-missing"), ("代码=没有的", "error-term-unknown"), ("代码", "error-setting"),
        ("=taxonID", "error-setting"), ("ZZ=taxonID", "error-column-missing"),
    ],
)  # fmt: skip
def test_a_setting_that_means_nothing_is_refused(tmp_path: Path, setting: str, rule: str) -> None:
    path = survey(tmp_path)
    with pytest.raises(UnreadableFile) as refused:
        with_setting(Profile(""), open_to_explain(path, path.name), setting)
    assert refused.value.rule == rule


def test_a_letter_that_stands_over_different_headers_is_refused(tmp_path: Path) -> None:
    path = survey(tmp_path, "样方：Y1,\n中文名,数量\n榆树,1\n\n样方：Y2,\n中文名,盖度\n榆树,5\n")
    opened = open_to_explain(path, path.name)
    assert len(opened.tables) == 2
    with pytest.raises(UnreadableFile) as refused:
        with_setting(Profile(""), opened, "B=individualCount")
    assert refused.value.rule == "error-column-letter"


def test_of_two_columns_with_one_best_guess_the_surer_has_it(tmp_path: Path) -> None:
    path = survey(tmp_path, "中文名,观测日期甲,观测日期表\n榆树,晴,2025-06-03\n旱柳,阴,2025-06-04\n")
    profile = with_best_guesses(Profile(""), open_survey(path, path.name))
    assert profile.columns == {"观测日期表": "eventDate"}


def test_what_the_values_decided_is_remembered_too(tmp_path: Path) -> None:
    path = survey(tmp_path, "时间,中文名\n09:30,榆树\n14:05,旱柳\n")
    assert with_decisions(Profile(""), open_survey(path, path.name)).columns == {"时间": "eventTime"}


def test_a_mapping_is_what_its_reading_says() -> None:
    mapping = Mapping({"甲": "eventDate"}, {"locality": "x"}, "p", "line-transect")
    assert Mapping.of_reading(mapping.as_reading()) == mapping
    assert Mapping.of_reading(None) == Mapping()
