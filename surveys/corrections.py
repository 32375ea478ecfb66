"""Corrections: what a person says about single columns of an opened file, by header name or letter, as a profile.

Keeping and sharing profiles belongs to `profiles`; asking and showing, to the command.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from surveys.columns import READ_AS, TERMS, Column
from surveys.errors import UnreadableFile
from surveys.headers import normalised, term_of, tidy
from surveys.opening import SurveyFile
from surveys.profiles import Profile
from surveys.terms import near_terms, terms

SURE_ENOUGH = 70  # a guess below this is not accepted without a person naming it
NEAR_HEADERS_TOLD = 5


def with_setting(profile: Profile, survey: SurveyFile, setting: str) -> Profile:
    """The profile with HEADER=TERM; HEADER may be a column's letter, TERM a common header."""
    header, term = _taken_apart(setting)
    return with_column(profile, _header_meant(survey, header), term_meant(term))


def with_constant(profile: Profile, setting: str) -> Profile:
    """The profile with TERM=VALUE for every row."""
    written, value = _taken_apart(setting)
    term = term_meant(written)
    term = READ_AS.get(term, term)
    if term not in TERMS:
        raise UnreadableFile("error-term-unknown", term=written, near=", ".join(TERMS))
    return replace(profile, constants=profile.constants | {term: value})


def with_column(profile: Profile, header: str, term: str) -> Profile:
    others = {
        known: said for known, said in profile.columns.items() if normalised(known) != normalised(header)
    }
    return replace(profile, columns=others | {tidy(header): term})


def with_best_guesses(profile: Profile, survey: SurveyFile) -> Profile:
    """The profile with the best guess of every unknown column; where two want one term, the surer has it."""
    sure = [
        column for column in open_columns(survey) if column.guesses and column.guesses[0].score >= SURE_ENOUGH
    ]
    given: set[str] = set()
    for column in sorted(sure, key=lambda column: -column.guesses[0].score):
        term = column.guesses[0].term
        if term not in TERMS or term not in given:
            given.add(term)
            profile = with_column(profile, column.header, term)
    return profile


def with_decisions(profile: Profile, survey: SurveyFile) -> Profile:
    """The profile with what the values decided in this file, so that a file of few rows is read alike."""
    decided: dict[str, set[str]] = {}
    for column in _columns(survey):
        if column.by == "values" and column.term:
            decided.setdefault(column.header, set()).add(column.term)
    for header, meanings in decided.items():
        if len(meanings) == 1:
            profile = with_column(profile, header, meanings.pop())
    return profile


def open_columns(survey: SurveyFile) -> list[Column]:
    """The unknown columns of a file, each header once."""
    found = {normalised(column.header): column for column in reversed(_columns(survey)) if column.is_unknown}
    return list(reversed(found.values()))


def term_meant(written: str) -> str:
    """The term a person writes, whatever its case, or the one that a common header means."""
    wanted = tidy(written)
    by_case = {term.lower(): term for term in terms()}
    term = by_case.get(wanted.lower()) or term_of(wanted)
    if term is None:
        raise UnreadableFile(
            "error-term-unknown", term=wanted[:60], near=", ".join(near_terms(wanted[:60])) or "—"
        )
    return term


def _taken_apart(setting: str) -> tuple[str, str]:
    left, sign, right = setting.rpartition("=")
    if not (sign and tidy(left) and tidy(right)):
        raise UnreadableFile("error-setting", setting=setting[:60])
    return tidy(left), tidy(right)


def _header_meant(survey: SurveyFile, written: str) -> str:
    """The header of the file that a person names; else the one of the column with that letter."""
    columns = [column for column in _columns(survey) if tidy(column.header)]
    for column in columns:
        if normalised(column.header) == normalised(written):
            return column.header
    lettered = {column.header for column in columns if column.letter == written.upper()}
    if len(lettered) == 1:
        return lettered.pop()
    if lettered:
        raise UnreadableFile(
            "error-column-letter", letter=written.upper(), headers=", ".join(sorted(lettered))
        )
    near = _nearest(written, (column.header for column in columns))
    raise UnreadableFile("error-column-missing", header=written[:60], near=near)


def _nearest(written: str, headers: Iterable[str]) -> str:
    from rapidfuzz import process

    return ", ".join(
        found[0] for found in process.extract(written, list(dict.fromkeys(headers)), limit=NEAR_HEADERS_TOLD)
    )


def _columns(survey: SurveyFile) -> list[Column]:
    return [column for read in survey.tables for column in read.columns]
