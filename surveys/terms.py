"""Terms: everything a column can be read as, in words of both languages (`terms.toml`).

Which header means which term belongs to `headers`; which terms have a column of their own in raw_survey, to `columns`.
"""

from __future__ import annotations

from collections.abc import Mapping

from store.catalogue import BilingualText, catalogue

# Named in a mapping or profile for a column that is to be kept as it is, without a question.
KEPT_AS_WRITTEN = "otherCells"
NEAR_TERMS_TOLD = 5
LEAST_NEARNESS = 40.0


def terms() -> Mapping[str, Mapping[str, str]]:
    """Every term with its label (`zh`, `en`) and the `source` that defines it."""
    return catalogue("surveys", "terms.toml")


def label_of(term: str) -> BilingualText:
    entry = terms().get(term) or next(
        entry for name, entry in terms().items() if name.partition(":")[2] == term
    )
    return BilingualText(entry["zh"], entry["en"])


def near_terms(text: str) -> list[str]:
    """The terms whose name or label is nearest to a text that names none, the nearest first."""
    from rapidfuzz import fuzz

    wanted = text.lower()
    nearness = {
        term: max(
            fuzz.ratio(wanted, name.lower()) for name in (term, term.partition(":")[2], *_labels(entry))
        )
        for term, entry in terms().items()
    }
    near = [term for term, score in nearness.items() if score >= LEAST_NEARNESS]
    return sorted(near, key=lambda term: -nearness[term])[:NEAR_TERMS_TOLD]


def _labels(entry: Mapping[str, str]) -> tuple[str, str]:
    return entry["zh"], entry["en"]
