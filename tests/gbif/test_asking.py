"""The manners of asking: the pace, the waits, who asks, and what is never asked twice."""

from __future__ import annotations

import multiprocessing
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from pygbif import occurrences

from gbif import asking
from gbif.asking import Gbif
from gbif.errors import GbifError, GbifNotFound, GbifUnreachable
from tests.conftest import ROOT
from tests.gbif.server.faults import cut, html, silence, status, times
from tests.gbif.server.loopback import Loopback, loopback


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        yield state


class Asker:
    """A polite client whose waits are noted instead of waited."""

    def __init__(self, server: Loopback, folder: Path) -> None:
        self.waits: list[float] = []
        self.gbif = Gbif(folder / "turns", server.api, "parks@example.org", pause=self.waits.append)

    def count(self) -> Any:
        return self.gbif.ask(occurrences.count)


@pytest.fixture
def asker(server: Loopback, tmp_path: Path) -> Asker:
    return Asker(server, tmp_path)


def test_pygbif_is_led_to_the_address_given_and_says_who_asks(server: Loopback, asker: Asker) -> None:
    assert asker.count() == 0
    agent = server.asked[0].headers["user-agent"]
    assert agent.startswith("Parkwatch/") and "parks@example.org" in agent


def test_a_contact_cannot_smuggle_in_a_header(server: Loopback, tmp_path: Path) -> None:
    gbif = Gbif(tmp_path / "turns", server.api, "a\r\nX-Evil: 1", pause=lambda seconds: None)
    assert gbif.ask(occurrences.count) == 0
    assert "x-evil" not in server.asked[0].headers


def test_questions_are_a_second_apart(server: Loopback, asker: Asker) -> None:
    for _ in range(3):
        asker.count()
    assert len(asker.waits) == 2
    assert all(0.2 < wait <= 1.0 for wait in asker.waits), "what is left of the second"


def _ask_twice(api: str, turns: Path) -> None:
    gbif = Gbif(turns, api)
    for _ in range(2):
        gbif.ask(occurrences.count)


def test_processes_of_one_home_take_turns(server: Loopback, tmp_path: Path) -> None:
    began = time.monotonic()
    context = multiprocessing.get_context("fork")
    both = [context.Process(target=_ask_twice, args=(server.api, tmp_path / "turns")) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(30)
    assert len(server.asked) == 4
    assert time.monotonic() - began >= 2.9


@pytest.mark.parametrize("noted", ["", "nonsense", "9" * 30, "-5"])
def test_a_damaged_note_of_whose_turn_it_is_stops_nobody(server: Loopback, asker: Asker, noted: str) -> None:
    asker.gbif.turns.write_text(noted, encoding="ascii")
    assert asker.count() == 0
    assert all(wait <= asking.LONGEST_WAIT_IN_SECONDS for wait in asker.waits)


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_a_busy_server_is_asked_again_after_growing_waits(server: Loopback, asker: Asker, code: int) -> None:
    server.faults = [times(3, status(code))]
    assert asker.count() == 0
    assert len(server.asked) == 4
    for number, wait in enumerate(asker.waits, start=1):
        assert 0.75 * 2**number - 1 <= wait <= 1.25 * 2**number


def test_waits_are_jittered(server: Loopback, asker: Asker) -> None:
    server.faults = [times(4, status(503))]
    asker.count()
    assert any(abs(wait - 2 ** (number + 1)) > 0.005 for number, wait in enumerate(asker.waits))


def test_retry_after_is_obeyed_in_seconds(server: Loopback, asker: Asker) -> None:
    server.faults = [times(1, status(429, Retry_After="17"))]
    asker.count()
    assert asker.waits == pytest.approx([17.0], abs=2)


def test_who_comes_while_gbif_asked_for_patience_waits_too(server: Loopback, asker: Asker) -> None:
    asker.gbif._hold_back(300.0)
    other = Asker(server, asker.gbif.turns.parent)
    other.count()
    assert other.waits == pytest.approx([300.0], abs=5)


def test_retry_after_is_obeyed_as_a_moment(server: Loopback, asker: Asker) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server.faults = [times(1, status(503, Retry_After=moment))]
    asker.count()
    assert 50 < asker.waits[0] <= 60


def test_a_wait_beyond_measure_is_told_instead_of_waited(server: Loopback, asker: Asker) -> None:
    server.faults = [times(9, status(429, Retry_After="999999"))]
    with pytest.raises(GbifError) as error:
        asker.count()
    assert (error.value.rule, len(server.asked)) == ("error-api", 1)


@pytest.mark.parametrize("code", [400, 401, 403, 422])
def test_a_refusal_is_not_asked_again(server: Loopback, asker: Asker, code: int) -> None:
    server.faults = [times(9, status(code))]
    with pytest.raises(GbifError) as error:
        asker.count()
    assert (error.value.rule, len(server.asked)) == ("error-api", 1)


def test_what_gbif_does_not_have_is_told_as_that(server: Loopback, asker: Asker) -> None:
    with pytest.raises(GbifNotFound):
        asker.gbif.ask(partial(occurrences.get, key=1))


def test_a_login_page_is_no_answer(server: Loopback, asker: Asker) -> None:
    server.faults = [times(1, html)]
    with pytest.raises(GbifError, match="no JSON"):
        asker.count()


def test_a_connection_cut_in_the_middle_is_asked_again(server: Loopback, asker: Asker) -> None:
    server.records = []
    server.faults = [times(2, cut(0.0))]
    assert asker.count() == 0
    assert len(server.asked) == 3


def test_a_server_that_stays_silent_is_given_up(
    server: Loopback, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT_IN_SECONDS", (5, 0.2))
    server.faults = [times(9, silence(1.5))]
    with pytest.raises(GbifError) as error:
        asker.count()
    assert (error.value.rule, len(server.asked)) == ("error-api", asking.TRIES)


def test_what_makes_something_new_is_not_asked_again_where_it_may_have_worked(
    server: Loopback, asker: Asker
) -> None:
    def post(**ways: Any) -> Any:
        answer = requests.post(asker.gbif.url("v1/occurrence/download/request"), json={}, **ways)  # noqa: S113
        answer.raise_for_status()
        return answer.text

    for fault, tries in ((status(500), 1), (cut(0.0), 1), (status(429), 5), (status(503), 5)):
        server.faults, server.asked = [times(9, fault)], []
        with pytest.raises(GbifError):
            asker.gbif.ask(post, is_repeatable=False)
        assert len(server.asked) == tries


def test_without_a_network_it_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        gbif = Gbif(
            tmp_path / "turns", f"http://127.0.0.1:{taken.getsockname()[1]}", pause=lambda seconds: None
        )
        with pytest.raises(GbifUnreachable) as error:
            gbif.ask(occurrences.count)
    assert error.value.exit_code == 3


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    assert "s3cret" not in repr(Gbif(tmp_path / "turns", password="s3cret"))  # noqa: S106


def test_pygbif_is_loaded_without_its_say_in_everybodys_logging() -> None:
    code = "import logging; from gbif.asking import pygbif; pygbif(); print(logging.getLogger().handlers, logging.getLogger().level)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert printed.strip() == "[] 30"
