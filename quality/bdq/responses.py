"""Responses: what a BDQ test may answer (status, result, comment), and what it is given: terms and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from quality.bdq.authorities import NameAuthority, Shapes

RUN_HAS_RESULT = "RUN_HAS_RESULT"
AMENDED = "AMENDED"
FILLED_IN = "FILLED_IN"
NOT_AMENDED = "NOT_AMENDED"
INTERNAL_PREREQUISITES_NOT_MET = "INTERNAL_PREREQUISITES_NOT_MET"
EXTERNAL_PREREQUISITES_NOT_MET = "EXTERNAL_PREREQUISITES_NOT_MET"
# bdqval:Empty is a term that is not there, or holds nothing but these; "null" is a value like any other.
EMPTY_CHARACTERS = "".join(map(chr, range(0x21)))

Terms: TypeAlias = Mapping[str, str | None]


@dataclass(frozen=True)
class Response:
    """status, result (of validations, issues and measures) or amendment (new values by term), and why."""

    status: str
    result: str | None = None
    amendment: Mapping[str, str] | None = None
    comment: str = ""


@dataclass(frozen=True)
class Asked:
    """What a test is to answer with: its parameters (without prefix), the day it is, and the authorities at hand."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    today: date = field(default_factory=date.today)
    names: NameAuthority | None = None
    shapes: Shapes | None = None

    def parameter(self, name: str) -> str:
        return self.parameters.get(name, "")

    def reaches(self, known: Collection[str], parameter: str = "sourceAuthority") -> bool:
        """Whether the authority asked for is one of those at hand; the default one, where none is asked for, is."""
        return not self.parameter(parameter) or self.parameter(parameter) in known


BdqFunction: TypeAlias = Callable[[Terms, Asked], Response]


def is_empty(value: str | None) -> bool:
    return value is None or not value.strip(EMPTY_CHARACTERS)


def value_of(terms: Terms, term: str) -> str:
    """The value of a term as it stands; an empty text where it is bdqval:Empty."""
    value = terms.get(term)
    return "" if value is None or is_empty(value) else value


def compliant(comment: str = "") -> Response:
    return Response(RUN_HAS_RESULT, "COMPLIANT", comment=comment)


def not_compliant(comment: str = "") -> Response:
    return Response(RUN_HAS_RESULT, "NOT_COMPLIANT", comment=comment)


def compliant_if(condition: bool, comment: str = "") -> Response:
    return compliant(comment) if condition else not_compliant(comment)


def issue_if(condition: bool, comment: str = "") -> Response:
    return Response(RUN_HAS_RESULT, "POTENTIAL_ISSUE" if condition else "NOT_ISSUE", comment=comment)


def measured(value: int, comment: str = "") -> Response:
    return Response(RUN_HAS_RESULT, str(value), comment=comment)


def internal_prerequisites_not_met(comment: str = "") -> Response:
    return Response(INTERNAL_PREREQUISITES_NOT_MET, comment=comment)


def external_prerequisites_not_met(comment: str = "") -> Response:
    return Response(EXTERNAL_PREREQUISITES_NOT_MET, comment=comment)


def amended(amendment: Mapping[str, str], comment: str = "") -> Response:
    return Response(AMENDED, amendment=amendment, comment=comment)


def filled_in(amendment: Mapping[str, str], comment: str = "") -> Response:
    return Response(FILLED_IN, amendment=amendment, comment=comment)


def not_amended(comment: str = "") -> Response:
    return Response(NOT_AMENDED, comment=comment)
