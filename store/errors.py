"""The exception tree of Parkwatch: what is wrong, where, and how to mend it, in Chinese and English.

Each package derives its own exceptions from here; their texts live in that package's catalogue under
`error-<name>`, and like every rule they say what is wrong, why it matters and how to mend it.
"""

from __future__ import annotations

from typing import ClassVar

from store.catalogue import BilingualText, Language, catalogue


class ParkwatchError(Exception):
    """A failure the user can understand and mend.

    `package` names the catalogue; `rule` the entry in it; the keyword values fill its placeholders.
    """

    package: ClassVar[str] = "store"
    exit_code: ClassVar[int] = 3

    def __init__(self, rule: str, /, **values: object) -> None:
        entry = catalogue(self.package)[rule]
        self.rule = rule
        self.values = values
        self.message = BilingualText(entry["zh"].format(**values), entry["en"].format(**values))
        self.why = BilingualText(entry["zh_why"].format(**values), entry["en_why"].format(**values))
        self.remedy = BilingualText(entry["zh_remedy"].format(**values), entry["en_remedy"].format(**values))
        super().__init__(f"{self.message.zh} {self.remedy.zh}\n{self.message.en} {self.remedy.en}")

    def in_language(self, language: Language) -> str:
        """What is wrong, why it matters and how to mend it, each on its own line."""
        told = (self.message, self.why, self.remedy)
        return "\n".join(text.in_language(language) for text in told)


class StoreError(ParkwatchError):
    """The archive, the warehouse or a generation cannot do what was asked."""


class WarehouseLocked(StoreError):
    """Another process holds the warehouse, or another run is going on, for longer than we may wait."""


class DiskFull(StoreError):
    """The disk has no room; what was published before stays."""


class RegionError(ParkwatchError):
    """The region folder cannot be used as it is."""

    exit_code = 2
