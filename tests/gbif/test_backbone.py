"""Asking GBIF what names mean, of a real server on this machine that answers as GBIF does, or as it should not."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gbif.asking import Gbif
from gbif.backbone import BackboneAnswer, ask_backbone, backbone_answers
from gbif.errors import GbifError, GbifUnreachable
from tests.gbif.server import JSON, Said, serving

EXACT: dict[str, Any] = {
    "usage": {"key": "2766430", "name": "Eichhornia crassipes (Mart.) Solms", "canonicalName": "Eichhornia crassipes"},
    "acceptedUsage": {"key": "2765940", "name": "Pontederia crassipes Mart.", "canonicalName": "Pontederia crassipes"},
    "diagnostics": {"matchType": "EXACT", "confidence": 98},
    "synonym": True,
}  # fmt: skip
NONE = {"diagnostics": {"matchType": "NONE", "confidence": 100}, "synonym": False}


class Backbone:
    """Answers by name, after the refusals before them."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {"Eichhornia crassipes": EXACT}
        self.refusals: list[Said] = []
        self.asked: list[str] = []
        self.waits: list[float] = []
        self.api = ""

    def say(self, path: str, query: dict[str, list[str]]) -> Said:
        assert path == "/v2/species/match"
        (name,) = query["scientificName"]
        self.asked.append(name)
        if self.refusals:
            return self.refusals.pop(0)
        return 200, JSON, json.dumps(self.answers.get(name, NONE)).encode()


@pytest.fixture
def backbone() -> Iterator[Backbone]:
    state = Backbone()
    with serving(state.say) as state.api:
        yield state


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "gbif" / "names.jsonl"


def ask(backbone: Backbone, kept: Path, *names: str, **more: Any) -> int:
    gbif = Gbif(kept.parent / "turns", api=backbone.api, pause=backbone.waits.append)
    return ask_backbone(names, kept, gbif, **more)


def test_a_synonym_comes_with_its_accepted_name_match_type_and_confidence(
    backbone: Backbone, kept: Path
) -> None:
    assert ask(backbone, kept, "Eichhornia crassipes", "Nomen nullum") == 2
    found, none = backbone_answers(kept)
    assert (found.matchType, found.confidence, found.usageKey, found.acceptedKey) == (
        "EXACT",
        98,
        "2766430",
        "2765940",
    )
    assert found.acceptedCanonicalName == "Pontederia crassipes"
    assert (none.matchType, none.scientificName, none.acceptedKey) == ("NONE", None, None)


def test_at_most_one_question_a_second_and_each_name_once(backbone: Backbone, kept: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert ask(backbone, kept, "A b", "C d", "A b", "E f", progress=lambda *at: seen.append(at)) == 3
    assert backbone.asked == ["A b", "C d", "E f"]
    assert backbone.waits == pytest.approx([1.0, 1.0], abs=0.8)
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_what_was_answered_is_not_asked_again_unless_refreshed(backbone: Backbone, kept: Path) -> None:
    ask(backbone, kept, "Eichhornia crassipes")
    assert ask(backbone, kept, "Eichhornia crassipes") == 0
    backbone.answers["Eichhornia crassipes"] = NONE
    assert ask(backbone, kept, "Eichhornia crassipes", refresh=True) == 1
    assert [answer.matchType for answer in backbone_answers(kept)] == ["NONE"]
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2, "the former answer stays on file"


def test_a_kill_in_the_middle_of_a_line_loses_that_answer_only(backbone: Backbone, kept: Path) -> None:
    ask(backbone, kept, "Eichhornia crassipes", "C d")
    kept.write_bytes(kept.read_bytes()[:-25])
    assert [answer.name for answer in backbone_answers(kept)] == ["Eichhornia crassipes"]
    assert ask(backbone, kept, "Eichhornia crassipes", "C d", "E f") == 2
    assert [answer.name for answer in backbone_answers(kept)] == ["Eichhornia crassipes", "C d", "E f"]


def test_what_was_answered_before_a_failure_is_kept(backbone: Backbone, kept: Path) -> None:
    def fail_at_the_second(done: int, whole: int) -> None:
        if done == 1:
            backbone.refusals = [(400, {}, b"")]

    with pytest.raises(GbifError) as error:
        ask(backbone, kept, "A b", "C d", "E f", progress=fail_at_the_second)
    assert error.value.rule == "error-api"
    assert [answer.name for answer in backbone_answers(kept)] == ["A b"]


def test_a_busy_server_is_asked_again_when_it_says(backbone: Backbone, kept: Path) -> None:
    backbone.refusals = [(429, {"Retry-After": "17"}, b""), (503, {}, b"")]
    assert ask(backbone, kept, "A b") == 1
    assert backbone.waits[0] == pytest.approx(17.0, abs=2)
    assert 2.0 < backbone.waits[1] <= 5.0


def test_without_a_network_it_says_so_and_keeps_nothing(kept: Path) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        api = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(GbifUnreachable) as error:
            ask_backbone(["A b"], kept, Gbif(kept.parent / "turns", api=api, pause=lambda seconds: None))
    assert error.value.exit_code == 3
    assert backbone_answers(kept) == []


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/html"}, b"<html>log in first</html>"),
        (JSON, b"[]"),
        (JSON, b"{}"),
        (JSON, b'{"diagnostics": {"matchType": 7}, "usage": "none"}'.replace(b"7", b"[]")),
    ],
    ids=["login-page", "list", "nothing", "no-word"],
)
def test_an_answer_that_cannot_be_used_is_none(
    backbone: Backbone, kept: Path, headers: dict[str, str], body: bytes
) -> None:
    backbone.refusals = [(200, headers, body)]
    with pytest.raises(GbifError):
        ask(backbone, kept, "A b")
    assert backbone_answers(kept) == []


def test_a_damaged_file_of_answers_is_read_as_far_as_it_goes(kept: Path) -> None:
    kept.parent.mkdir()
    kept.write_bytes(
        b'\xff\xfe\n[1]\n{"name": 3}\n{"name": "A b", "answer": {"usage": [], "confidence": "x"}}\n'
    )
    assert [(answer.name, answer.matchType, answer.confidence) for answer in backbone_answers(kept)] == [
        ("A b", "NONE", 0)
    ]


@pytest.mark.cases
def test_recorded_answers_of_the_older_api_are_understood(
    backbone: Backbone, kept: Path, cases: Path
) -> None:
    recorded = cases / "gbif" / "pygbif_cassettes" / "test_name_backbone.yaml"
    body = re.search(r"string: '(\{.*?\})'", recorded.read_text(encoding="utf-8"), re.DOTALL)
    assert body
    backbone.answers["Helianthus annuus"] = json.loads(re.sub(r"\s*\n\s*", " ", body[1]))
    ask(backbone, kept, "Helianthus annuus")
    (answer,) = backbone_answers(kept)
    assert answer == BackboneAnswer(
        "Helianthus annuus", answer.askedAt, "EXACT", 99, "9206251", "Helianthus annuus L.", "Helianthus annuus",
        "9206251", "Helianthus annuus L.", "Helianthus annuus",
    )  # fmt: skip
