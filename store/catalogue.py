"""Bilingual message catalogues: every text a user sees, in Chinese and English, keyed by rule.

The texts themselves live beside the code that uses them, in `messages.toml` of each package:

    [rule-id]
    zh = "第 {line} 行……"
    en = "line {line} …"
    zh_why, en_why = "…"        # why it matters
    zh_remedy, en_remedy = "…"  # how to mend it

A rule (an `error-…`, a record test of `quality`, a problem of a whole file in `surveys`) has all six texts; any other
message has the first two. Sentences are never assembled from fragments; a placeholder stands for a value, not for
words.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class BilingualText:
    """One message in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


@functools.cache
def catalogue(package: str, file_name: str = "messages.toml") -> Mapping[str, Mapping[str, str]]:
    """All entries of one package's catalogue, read once."""
    return tomllib.loads((resources.files(package) / file_name).read_text(encoding="utf-8"))


def text(package: str, rule: str, /, **values: object) -> BilingualText:
    """The message of a rule with its values filled in; an unknown rule is a programming error (KeyError)."""
    entry = catalogue(package)[rule]
    return BilingualText(zh=entry["zh"].format(**values), en=entry["en"].format(**values))


def remedy(package: str, rule: str, /, **values: object) -> BilingualText:
    """How to mend what the message of a rule says, with its values filled in."""
    entry = catalogue(package)[rule]
    return BilingualText(zh=entry["zh_remedy"].format(**values), en=entry["en_remedy"].format(**values))


def why(package: str, rule: str, /, **values: object) -> BilingualText:
    """Why what the message of a rule says matters, with its values filled in."""
    entry = catalogue(package)[rule]
    return BilingualText(zh=entry["zh_why"].format(**values), en=entry["en_why"].format(**values))
