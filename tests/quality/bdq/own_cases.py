"""Our own cases of the BDQ tests (cases.txt), and those of presence, which are alike for all terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from quality.bdq.registry import BdqTest, registry, run, with_defaults
from quality.bdq.responses import RUN_HAS_RESULT, Asked, Response
from quality.bdq.shapes import WorldShapes

TODAY = date(2026, 11, 25)
SHAPES = WorldShapes()


@dataclass(frozen=True)
class Case:
    label: str
    inputs: dict[str, str]
    parameters: dict[str, str]
    answer: str


def own_cases() -> list[Case]:
    return [*_written(), *_of_presence()]


def answer_to(case: Case, test: BdqTest | None = None) -> str:
    """What a test, else the one the case is of, answers to it: a result, a status, or an amendment."""
    test = test or registry()[case.label]
    asked = Asked(with_defaults(test, case.parameters, TODAY), TODAY, shapes=SHAPES)
    response = run(test, case.inputs, asked)
    assert response is not None
    return said(response)


def said(response: Response) -> str:
    if response.status == RUN_HAS_RESULT:
        return response.result or ""
    if response.amendment is None:
        return response.status
    values = "; ".join(f"{term.removeprefix('dwc:')}={value}" for term, value in response.amendment.items())
    return f"{'=>' if response.status == 'FILLED_IN' else '->'} {values}"


def _written() -> Iterator[Case]:
    for line in (Path(__file__).parent / "cases.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" | ")
            inputs, _, answer = rest.rpartition("| ")
            label = name if name in registry() else f"VALIDATION_{name}"
            given = [pair for pair in inputs[:-1].replace("\\0", "\0").split("; ") if "=" in pair]
            pairs = [tuple(pair.split("=", 1)) for pair in given]
            terms = {
                term if ":" in term else f"dwc:{term}": value
                for term, value in pairs
                if not term.startswith("@")
            }
            parameters = {term[1:]: value for term, value in pairs if term.startswith("@")}
            yield Case(label, terms, parameters, answer)


def _of_presence() -> Iterator[Case]:
    for test in registry().values():
        if test.label.startswith("VALIDATION_") and test.label.endswith("_NOTEMPTY"):
            yield Case(test.label, {test.actedUpon[-1]: "null"}, {}, "COMPLIANT")
            yield Case(test.label, dict.fromkeys(test.actedUpon, " \0\x1f"), {}, "NOT_COMPLIANT")
