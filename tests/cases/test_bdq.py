"""The validation data of BDQ Core, answered through the command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.cases
NEEDED = {
    "none": 1.0, "clock": 1.0, "vocabulary": 0.98, "crs": 0.98, "gazetteer": 0.9, "spatial": 0.9, "annotation": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def shares(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Of each kind of need the share of cases answered exactly as expected."""
    path = cases / "bdq" / "open.jsonl"
    answered = tmp_path_factory.mktemp("bdq") / "responses.jsonl"
    with answered.open("w", encoding="utf-8") as file:
        subprocess.run([sys.executable, "-m", "quality.bdq", str(path)], stdout=file, check=True)
    responses = {
        entry["case_id"]: entry for entry in map(json.loads, answered.read_text("utf-8").splitlines())
    }
    right, total = Counter[str](), Counter[str]()
    for case in map(json.loads, path.read_text("utf-8").splitlines()):
        if case["scored"]:
            said = responses.get(case["case_id"], {})
            expected = (case["expected_status"], case["expected_result"], case["expected_amendment"])
            total[case["needs"]] += 1
            right[case["needs"]] += (
                said.get("status"),
                said.get("result"),
                said.get("amendment"),
            ) == expected
    return {need: right[need] / total[need] for need in total}


@pytest.mark.parametrize("need", NEEDED)
def test_the_cases_are_answered_as_expected(shares: dict[str, float], need: str) -> None:
    assert shares[need] >= NEEDED[need]


def test_without_a_list_of_names_a_test_of_taxa_says_that_one_is_needed(tmp_path: Path) -> None:
    case = {
        "case_id": "1",
        "test_label": "VALIDATION_GENUS_FOUND",
        "inputs": {"dwc:genus": "Ulmus"},
        "parameters": {},
    }
    unknown = {"case_id": "2", "test_label": "VALIDATION_MOON_FULL", "inputs": {}, "parameters": {}}
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(map(json.dumps, (case, unknown))) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "quality.bdq", str(cases)],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    (response,) = map(json.loads, done.stdout.splitlines())
    assert (response["case_id"], response["status"]) == ("1", "EXTERNAL_PREREQUISITES_NOT_MET")
