"""`parkwatch status` as a gardener uses it: what is this, is it native here, is it listed, since when, says who."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from store.home import Home
from tests.pipelines.test_commands import parkwatch


@pytest.fixture
def nowhere(tmp_path: Path) -> Home:
    """No home at all: the region's lists suffice."""
    return Home(tmp_path / "nowhere")


def test_a_listed_species_tells_its_lists_since_when_and_how_sure(nowhere: Home) -> None:
    said = parkwatch(nowhere, "status", "刺萼龙葵")
    assert said.exit_code == 0, said.output
    for told in (
        "Solanum rostratum Dunal",
        "状态：外来入侵",
        "重点管理外来入侵物种名录",
        "自 2023-01-01 起",
        "可靠程度 高",
    ):
        assert told in said.output, told


def test_before_its_day_a_list_does_not_hold(nowhere: Home) -> None:
    said = parkwatch(nowhere, "status", "Solanum rostratum", "--date", "2015-01-01", language="en")
    assert "list of alien or invasive species: no source says anything" in said.output
    assert "Status: introduced" in said.output


def test_an_outdated_name_tells_under_which_name_it_is_listed(nowhere: Home) -> None:
    said = parkwatch(nowhere, "status", "Eichhornia crassipes", language="en")
    assert "Taxon: Pontederia crassipes" in said.output
    assert "listed under the name Eichhornia crassipes" in said.output


def test_what_is_introduced_here_and_native_to_china_has_two_answers(nowhere: Home) -> None:
    here = parkwatch(nowhere, "status", "樟子松")
    assert "状态：外来（引入）" in here.output and "原产中国，不是外来物种" in here.output
    china = parkwatch(nowhere, "status", "樟子松", "--place", "CN")
    assert "状态：本土" in china.output


def test_a_planted_ginkgo_is_not_protected_and_the_reason_is_told(nowhere: Home) -> None:
    assert "这里的都是栽培的：在本地不受保护" in parkwatch(nowhere, "status", "银杏").output


def test_an_exception_to_a_genus_is_told(nowhere: Home) -> None:
    assert "本种明确除外" in parkwatch(nowhere, "status", "北重楼").output


def test_an_unknown_name_is_unknown_and_an_ambiguous_one_lists_its_candidates(nowhere: Home) -> None:
    unknown = parkwatch(nowhere, "status", "Nomen nullum")
    assert (unknown.exit_code, "未知不等于本土" in unknown.output) == (1, True)
    ambiguous = parkwatch(nowhere, "status", "长刺蒺藜草")
    assert ambiguous.exit_code == 1
    assert "pw:cenchrus-longispinus" in ambiguous.output


def test_a_place_nobody_knows_is_refused(nowhere: Home) -> None:
    from species.errors import StatusError

    said = parkwatch(nowhere, "status", "榆树", "--place", "火星")
    assert isinstance(said.exception, StatusError)


def test_a_decision_counts_from_then_on_is_shown_and_can_be_taken_back(home: Home, tmp_path: Path) -> None:
    decided = parkwatch(
        home, "status", "樟子松", "--set", "establishmentMeans=native", "--reason", "老地图", "--by", "张工"
    )
    assert decided.exit_code == 0, decided.output
    assert "状态：本土" in decided.output and "张工: 老地图" in decided.output
    listed = parkwatch(home, "status").output
    assert "establishmentMeans=native" in listed
    parkwatch(home, "status", "--withdraw", listed.split()[0], "--reason", "看错了")
    out = tmp_path / "status.json"
    again = parkwatch(home, "status", "樟子松", "--json", str(out))
    assert "状态：外来（引入）" in again.output
    facts = json.loads(out.read_text(encoding="utf-8"))
    assert facts["answer"]["status"] == "introduced"
    assert {row["place"] for row in facts["said"]} == {"datong", "CN"}


def test_a_decision_needs_a_reason(home: Home) -> None:
    assert parkwatch(home, "status", "樟子松", "--set", "establishmentMeans=native").exit_code == 2
