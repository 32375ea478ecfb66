"""Choices: a cell that holds one word of a list (`vocabularies.toml`), in either language or both together."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.catalogue import BilingualText, catalogue
from surveys.headers import normalised


@dataclass(frozen=True)
class Choice:
    """One word of a list: the value kept, its name, the other ways to write it."""

    value: str
    name: BilingualText
    also: tuple[str, ...]

    @property
    def offered(self) -> str:
        """As a form offers it: both languages in one cell."""
        return f"{self.name.zh} {self.name.en}"


@functools.cache
def choices(list_name: str) -> tuple[Choice, ...]:
    entries: Mapping[str, Mapping[str, Any]] = catalogue("surveys.protocols", "vocabularies.toml")[list_name]  # type: ignore[assignment]
    return tuple(
        Choice(value, BilingualText(entry["zh"], entry["en"]), tuple(entry["also"]))
        for value, entry in entries.items()
    )


@functools.cache
def _by_writing(list_name: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for choice in choices(list_name):
        for written in (choice.value, choice.offered, choice.name.zh, choice.name.en, *choice.also):
            known.setdefault(normalised(written), choice.value)
    return known


@functools.lru_cache(maxsize=10_000)
def read_choice(list_name: str, text: str | None) -> str | None:
    """The value that a cell means, None where it is empty or no word of the list."""
    return _by_writing(list_name).get(normalised(text)) if text else None
