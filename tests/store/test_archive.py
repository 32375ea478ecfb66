"""The archive keeps every byte, once, and says who gave it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.archive import content_path, find_receipt, receipts, receive, verified_content
from store.errors import StoreError
from store.home import Home


def give(home: Home, path: Path, **more: object):
    return receive(home, path, kind="survey", received_from="tester", origin="test", **more)


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "调查.csv"
    path.write_bytes("学名,数量\r\n榆树,3\r\n".encode("gb18030"))
    return path


def test_a_file_is_kept_byte_for_byte_and_read_only(home: Home, survey: Path) -> None:
    receipt, new = give(home, survey)
    kept = verified_content(home, receipt)
    assert new
    assert kept.read_bytes() == survey.read_bytes()
    assert kept.stat().st_mode & 0o222 == 0


def test_the_receipt_says_who_when_and_from_where(home: Home, survey: Path) -> None:
    receipt, _ = give(home, survey)
    assert (receipt.receivedFrom, receipt.origin, receipt.fileName) == ("tester", "test", "调查.csv")
    assert receipt.knownSince == receipt.receivedAt
    assert receipts(home) == [receipt]


def test_the_same_bytes_twice_are_one_submission(home: Home, survey: Path, tmp_path: Path) -> None:
    first, _ = give(home, survey)
    copy = tmp_path / "另一个名字.csv"
    copy.write_bytes(survey.read_bytes())
    second, new = give(home, copy)
    assert not new
    assert second == first
    assert len(receipts(home)) == 1


def test_an_old_file_handed_in_late_keeps_both_times(home: Home, survey: Path) -> None:
    receipt, _ = give(home, survey, known_since=datetime(2024, 9, 30, tzinfo=UTC))
    assert receipt.knownSince.startswith("2024-09-30")
    assert receipt.receivedAt > receipt.knownSince


def test_a_damaged_archive_file_is_found_out(home: Home, survey: Path) -> None:
    receipt, _ = give(home, survey)
    path = content_path(home, receipt.sha256)
    path.chmod(0o644)
    path.write_bytes(b"something else")
    with pytest.raises(StoreError) as caught:
        verified_content(home, receipt)
    assert caught.value.rule == "error-archive-damaged"


def test_an_unknown_submission_has_no_receipt(home: Home) -> None:
    assert find_receipt(home, "survey-0000000000000000") is None
