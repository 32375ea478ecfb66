"""Every message exists in both languages with the same values in it."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from store.catalogue import catalogue
from tests.conftest import ROOT

CATALOGUES = sorted(path.relative_to(ROOT) for path in ROOT.glob("[a-z]*/messages*.toml"))


def placeholders(message: str) -> set[str]:
    """The values a message names; those that exist in two languages count as one: zh_name and en_name, place_zh."""
    named = (name for _, name, _, _ in string.Formatter().parse(message) if name)
    return {re.sub("^(zh|en)_|_(zh|en)$", "", name) for name in named}


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_both_languages_say_the_same_thing(path: Path) -> None:
    faults = []
    for rule, entry in catalogue(path.parts[0], path.name).items():
        for suffix in ("", "_why", "_remedy"):
            zh, en = entry.get(f"zh{suffix}"), entry.get(f"en{suffix}")
            if bool(zh) != bool(en) or (suffix == "" and not zh):
                faults.append((rule, "one language is missing"))
            elif zh and placeholders(zh) != placeholders(str(en)):
                faults.append((rule, "the languages use different values"))
        if rule.startswith("error-") and not entry.get("zh_remedy"):
            faults.append((rule, "an error without a remedy"))
    assert faults == []
