"""Registry: every test of BDQ Core, what the standard says of it, and the function that answers it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from quality.bdq import (
    coordinates,
    countries,
    datums,
    events,
    geography,
    name_parts,
    presence,
    taxonomy,
    verticals,
    vocabularies,
)
from quality.bdq.iso_dates import iso_date
from quality.bdq.numbers import number
from quality.bdq.registry_data import registry_rows
from quality.bdq.responses import (
    AMENDED,
    EXTERNAL_PREREQUISITES_NOT_MET,
    FILLED_IN,
    INTERNAL_PREREQUISITES_NOT_MET,
    Asked,
    BdqFunction,
    Response,
    internal_prerequisites_not_met,
    measured,
)

CALENDAR = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


@dataclass(frozen=True)
class BdqTest:
    """A test of BDQ Core; `function` is None for the measures that count the answers of other tests."""

    label: str
    guid: str
    version: str
    type: str
    dimension: str
    actedUpon: tuple[str, ...]
    consulted: tuple[str, ...]
    parameters: Mapping[str, str]
    sourceAuthority: str
    specification: str
    useCases: frozenset[str]
    question: str
    questionZh: str
    function: BdqFunction | None

    @property
    def terms(self) -> tuple[str, ...]:
        """The information elements that the answer depends on."""
        return self.actedUpon + self.consulted


@cache
def registry() -> Mapping[str, BdqTest]:
    """All tests by label."""
    functions: dict[str, BdqFunction] = {**presence.tests()}
    for module in (
        coordinates,
        countries,
        datums,
        events,
        geography,
        name_parts,
        taxonomy,
        verticals,
        vocabularies,
    ):
        functions |= module.TESTS
    return {row["label"]: _test(row, functions.get(row["label"])) for row in registry_rows()}


def find_test(label_or_guid: str) -> BdqTest | None:
    """The test of that label or GUID; None if the standard has none."""
    return registry().get(label_or_guid) or _by_guid().get(label_or_guid)


def with_defaults(test: BdqTest, parameters: Mapping[str, str], today: date) -> dict[str, str]:
    """The parameters of a test by name without prefix, the standard's defaults for those not given or not usable.

    …InMeters has to be a number, …ValidDate a year, month or day of the calendar.
    """
    known = {name.casefold(): name for name in test.parameters}
    bare = {name.rpartition(":")[2]: value for name, value in parameters.items() if value}
    given = {known.get(name.casefold(), name): value for name, value in bare.items()}
    defaults = {
        name: value.replace("{current year}", str(today.year)).replace("{current day}", today.isoformat())
        for name, value in test.parameters.items()
    }
    return defaults | {name: value for name, value in given.items() if _is_usable(name, value)}


def _is_usable(name: str, value: str) -> bool:
    if name.endswith("ValidDate"):
        return re.fullmatch(CALENDAR, value) is not None and iso_date(value) is not None
    return not name.endswith("InMeters") or number(value) is not None


def count_responses(label: str, responses: Iterable[tuple[BdqTest, Response]]) -> Response:
    """What a MEASURE_ test that counts says of the answers that all other tests gave to a record."""
    answers = [(test.type, response) for test, response in responses]
    if label == "MEASURE_AMENDMENTS_PROPOSED":
        return measured(sum(response.status in (AMENDED, FILLED_IN) for _, response in answers))
    validations = [response for kind, response in answers if kind == "Validation"]
    if not validations:
        return internal_prerequisites_not_met("no validations were attempted")
    unmet = (INTERNAL_PREREQUISITES_NOT_MET, EXTERNAL_PREREQUISITES_NOT_MET)
    counted = {
        "MEASURE_VALIDATIONTESTS_COMPLIANT": lambda response: response.result == "COMPLIANT",
        "MEASURE_VALIDATIONTESTS_NOTCOMPLIANT": lambda response: response.result == "NOT_COMPLIANT",
        "MEASURE_VALIDATIONTESTS_PREREQUISITESNOTMET": lambda response: response.status in unmet,
    }[label]
    return measured(sum(counted(response) for response in validations))


def run(test: BdqTest, terms: Mapping[str, str | None], asked: Asked) -> Response | None:
    """The answer of a test to one record; None for a measure of other tests' answers."""
    return test.function(terms, asked) if test.function else None


@cache
def _by_guid() -> Mapping[str, BdqTest]:
    return {test.guid: test for test in registry().values()}


def _test(row: Mapping[str, str], function: BdqFunction | None) -> BdqTest:
    parameters = {}
    for parameter in filter(None, row["parameters"].split("; ")):
        name, _, default = parameter.partition("=")
        parameters[name.removeprefix("bdqval:")] = default
    return BdqTest(
        label=row["label"], guid=row["guid"], version=row["version"], type=row["type"], dimension=row["dimension"],
        actedUpon=tuple(row["actedUpon"].split()), consulted=tuple(row["consulted"].split()), parameters=parameters,
        sourceAuthority=row["sourceAuthority"], specification=row["specification"],
        useCases=frozenset(row["useCases"].split()), question=row["question"], questionZh=row["questionZh"],
        function=function,
    )  # fmt: skip
