"""Establishment: native or introduced, and planted, escaped or invasive, by the words people use for both at once.

Two questions that one Chinese word often answers together (归化: introduced and established); 栽培 answers only the
second. The words are data: `establishment.csv`, values as in the Darwin Core vocabularies of 2026-05-26.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources

from surveys.values.texts import levelled


@dataclass(frozen=True)
class Establishment:
    """establishmentMeans and degreeOfEstablishment, each None where the word does not say."""

    establishmentMeans: str | None
    degreeOfEstablishment: str | None


def read_establishment(text: str) -> Establishment | None:
    """What a word says about how the organism came here, None for a word that is not known."""
    return _known().get(_plain(text))


@functools.cache
def _known() -> dict[str, Establishment]:
    text = (resources.files("surveys.values") / "establishment.csv").read_text(encoding="utf-8")
    return {
        _plain(row["written"]): Establishment(
            row["establishmentMeans"] or None, row["degreeOfEstablishment"] or None
        )
        for row in csv.DictReader(text.splitlines())
    }


def _plain(text: str) -> str:
    return "".join(levelled(text).split()).strip("()。.")
