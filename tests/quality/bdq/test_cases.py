"""The BDQ tests answer our own cases as the standard says, and every rule is needed for that."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.bdq import taxonomy
from quality.bdq.registry import count_responses, find_test, registry, run, with_defaults
from quality.bdq.responses import (
    Asked,
    Response,
    compliant,
    filled_in,
    internal_prerequisites_not_met,
    not_compliant,
)
from tests.quality.bdq.own_cases import Case, answer_to, own_cases

DAY = date(2026, 6, 30)
COUNTING = [label for label, test in registry().items() if test.function is None]


@pytest.mark.parametrize("case", own_cases(), ids=lambda case: f"{case.label}-{case.inputs}"[:90])
def test_the_answer_is_the_one_of_the_standard(case: Case) -> None:
    assert answer_to(case) == case.answer


def test_the_registry_has_the_110_tests_and_the_44_for_alien_species() -> None:
    assert len(registry()) == 110
    assert sum("Alien-Species" in test.useCases for test in registry().values()) == 44
    assert all(test.questionZh and test.specification and test.guid for test in registry().values())


def test_all_tests_but_those_that_count_answers_have_a_function() -> None:
    assert sorted(COUNTING) == [
        "MEASURE_AMENDMENTS_PROPOSED", "MEASURE_VALIDATIONTESTS_COMPLIANT", "MEASURE_VALIDATIONTESTS_NOTCOMPLIANT",
        "MEASURE_VALIDATIONTESTS_PREREQUISITESNOTMET",
    ]  # fmt: skip


def test_a_test_is_found_by_label_and_by_guid() -> None:
    test = registry()["VALIDATION_DAY_INRANGE"]
    assert find_test(test.guid) is find_test(test.label) is test
    assert find_test("VALIDATION_MOON_FULL") is None


@pytest.mark.parametrize("label", sorted(set(registry()) - set(taxonomy.TESTS) - set(COUNTING)))
def test_a_rule_that_says_always_the_same_is_caught(label: str) -> None:
    cases = [case for case in own_cases() if case.label == label]
    for always in {case.answer for case in cases}:
        broken = dataclasses.replace(
            registry()[label], function=lambda terms, asked, always=always: _saying(always)
        )
        assert any(answer_to(case, broken) != case.answer for case in cases), (
            f"{label} may say {always} to everything"
        )


def _saying(answer: str) -> Response:
    return Response("RUN_HAS_RESULT", answer)


def test_the_measures_count_the_answers_of_the_other_tests() -> None:
    validation, amendment = registry()["VALIDATION_DAY_STANDARD"], registry()["AMENDMENT_DAY_STANDARDIZED"]
    responses = [
        (validation, compliant()), (validation, not_compliant()), (validation, not_compliant()),
        (validation, internal_prerequisites_not_met()), (amendment, filled_in({"dwc:day": "1"})),
        (amendment, internal_prerequisites_not_met()),
    ]  # fmt: skip
    assert [count_responses(label, responses).result for label in sorted(COUNTING)] == ["1", "1", "2", "1"]
    assert count_responses(sorted(COUNTING)[1], []).status == "INTERNAL_PREREQUISITES_NOT_MET"


ODD = st.sampled_from(
    ["", " ", "null", "-0", "NaN", "２０２４", "2024-02-30", "12345-01-01", "a\x00b", "x" * 500, "9" * 400]
)
WRITTEN = st.one_of(st.text(max_size=12), ODD)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_written_and_asked_each_test_gives_a_response_of_the_standard(
    data: st.DataObject,
) -> None:
    test = data.draw(st.sampled_from([test for test in registry().values() if test.function]))
    terms = {term: data.draw(WRITTEN) for term in test.terms}
    parameters = {name: data.draw(WRITTEN) for name in test.parameters}
    response = run(test, terms, Asked(with_defaults(test, parameters, DAY), DAY))
    assert response is not None
    assert (response.amendment is not None) == (response.status in ("AMENDED", "FILLED_IN"))
    assert (response.result is not None) == (response.status == "RUN_HAS_RESULT")


def test_a_parameter_that_cannot_be_used_leaves_the_default() -> None:
    test = registry()["VALIDATION_MINDEPTH_INRANGE"]
    given_ = {"bdqval:minimumValidDepthInMeters": "deep", "bdqval:maximumValidDepthInMeters": "10"}
    found = with_defaults(test, given_, DAY)
    assert found == {"minimumValidDepthInMeters": "0", "maximumValidDepthInMeters": "10"}
