"""Every message exists in both languages with the same values in it."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from store.catalogue import catalogue
from tests.conftest import ROOT

CATALOGUES = sorted(path.relative_to(ROOT) for path in ROOT.glob("[a-z]*/messages*.toml"))


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_both_languages_say_the_same_thing(path: Path) -> None:
    faults = []
    for rule, entry in catalogue(path.parts[0], path.name).items():
        for suffix in ("", "_remedy"):
            zh, en = entry.get(f"zh{suffix}"), entry.get(f"en{suffix}")
            if bool(zh) != bool(en) or (suffix == "" and not zh):
                faults.append((rule, "one language is missing"))
            elif zh and {p.removesuffix("_zh") for p in placeholders(zh)} != {
                p.removesuffix("_en") for p in placeholders(str(en))
            }:
                faults.append((rule, "the languages use different values"))
        if rule.startswith("error-") and not entry.get("zh_remedy"):
            faults.append((rule, "an error without a remedy"))
    assert faults == []
