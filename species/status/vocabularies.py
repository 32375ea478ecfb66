"""Vocabularies: the values in which status is told, and what the values of the region's lists mean.

The values themselves are in `vocabularies.toml`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

QUESTIONS = (
    "establishmentMeans", "degreeOfEstablishment", "pathway", "listing", "protectionLevel", "sensitivityClass",
)  # fmt: skip
NOT_LISTED = "(not listed)"
NONE = "none"


@functools.cache
def vocabularies() -> Mapping[str, Any]:
    return tomllib.loads(
        (resources.files("species.status") / "vocabularies.toml").read_text(encoding="utf-8")
    )


def values_of(question: str) -> list[str]:
    """The values a question may be answered with; empty where any text will do."""
    found: list[str] = vocabularies().get(question, [])
    return found


def is_value(question: str, answer: str) -> bool:
    known = values_of(question)
    return not known or answer in known


def meaning(kind: str, value: str) -> Mapping[str, str] | None:
    """What a value of a list of this kind says, by question; None where no such value is known."""
    found: Mapping[str, str] | None = vocabularies()["value"].get(kind, {}).get(value)
    return found
