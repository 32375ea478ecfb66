"""Catalogue: the protocols, their columns and the lists of words they use, as read from the data files beside it.

Finding out which protocol a table follows belongs to `recognition`, reading a cell by a list to `choices`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from store.catalogue import BilingualText, catalogue

Need = Literal["required", "recommended", "optional"]
NEEDS: dict[str, Need] = {"*": "required", "+": "recommended"}


@dataclass(frozen=True)
class FormColumn:
    """One column of a protocol's form: the term it is read as, its header, the unit its numbers are in.

    `kind` is text, date, time, number, count or choice; a choice is one of the words of `list`.
    """

    id: str
    term: str
    need: Need
    label: BilingualText
    help: BilingualText
    kind: str
    unit: str | None = None
    list: str | None = None

    @property
    def header(self) -> str:
        """The header as a form has it: both languages, the unit, a star where it is required."""
        star = "*" if self.need == "required" else ""
        unit = f" ({self.unit})" if self.unit else ""
        return f"{self.label.zh}{unit}{star} {self.label.en}"


@dataclass(frozen=True)
class Protocol:
    """One protocol; what its fields mean is said at the head of `protocols.toml`."""

    id: str
    name: BilingualText
    description: BilingualText
    steps: tuple[BilingualText, ...]
    source: str
    sureness: str
    words: tuple[str, ...]
    eventType: str
    inventoryTypes: str
    basisOfRecord: str
    scope: str
    visit: tuple[str, ...]
    spreadInMeters: float
    effort: tuple[tuple[str, ...], ...]
    required: tuple[tuple[str, ...], ...]
    columns: tuple[FormColumn, ...]
    examples: tuple[Mapping[str, str], ...]

    @property
    def is_presence_only(self) -> bool:
        return self.inventoryTypes == "opportunistic"

    @property
    def required_columns(self) -> tuple[FormColumn, ...]:
        return tuple(column for column in self.columns if column.need == "required")


@functools.cache
def protocols() -> Mapping[str, Protocol]:
    """All protocols by id, in the order of the data file."""
    return {name: _protocol(name, entry) for name, entry in _document("protocols.toml").items()}


def _protocol(name: str, entry: Mapping[str, Any]) -> Protocol:
    steps = zip(entry["zh_steps"], entry["en_steps"], strict=True)
    return Protocol(
        id=name,
        name=BilingualText(entry["zh"], entry["en"]),
        description=BilingualText(entry["zh_description"], entry["en_description"]),
        steps=tuple(BilingualText(zh, en) for zh, en in steps),
        source=entry["source"],
        sureness=entry["sureness"],
        words=tuple(entry["words"]),
        eventType=entry["eventType"],
        inventoryTypes=entry["inventoryTypes"],
        basisOfRecord=entry["basisOfRecord"],
        scope=entry["scope"],
        visit=tuple(entry["visit"]),
        spreadInMeters=float(entry["spreadInMeters"]),
        effort=tuple(tuple(group) for group in entry["effort"]),
        required=tuple(tuple(group) for group in entry["required"]),
        columns=tuple(_column(written) for written in entry["columns"]),
        examples=tuple(entry["examples"]),
    )


def _column(written: str) -> FormColumn:
    """`transect*`: the column of that name in `columns.toml`, and how much it is needed."""
    name = written.rstrip("*+")
    entry = _document("columns.toml")[name]
    return FormColumn(
        id=name,
        term=entry["term"],
        need=NEEDS.get(written[len(name) :], "optional"),
        label=BilingualText(entry["zh"], entry["en"]),
        help=BilingualText(entry["zh_help"], entry["en_help"]),
        kind=entry["kind"],
        unit=entry.get("unit"),
        list=entry.get("list"),
    )


def _document(file_name: str) -> Mapping[str, Any]:
    return catalogue("surveys.protocols", file_name)
