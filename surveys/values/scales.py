"""Abundance scales of vegetation surveys: which code a text is. A code is a class, never a number of plants.

Braun-Blanquet cover-abundance, Domin's classes and Drude's degrees as in reference formats, section 3.3 (from memory
of the textbooks: the codes are certain, the percentages differ between books and are therefore not converted).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from surveys.values.texts import levelled

BRAUN_BLANQUET = "Braun-Blanquet scale"
DRUDE = "Drude scale"
BRAUN_BLANQUET_CODES = {"r", "+", "1", "2", "2m", "2a", "2b", "3", "4", "5"}
# Seen in no other notation: one of them tells a column of codes from a column of numbers.
BRAUN_BLANQUET_ALONE = {"r", "2m", "2a", "2b"}
DOMIN = "Domin scale"
DOMIN_CODES = {"+", *map(str, range(1, 11))}
DRUDE_CODE = re.compile(r"^(soc|cop|sp|sol|un|gr)[.\s]*([1-3])?[.\s]*$")


def drude_code(text: str) -> str | None:
    """The degree of Drude (德氏多度级) in its usual spelling: Soc, Cop3, Cop2, Cop1, Sp, Sol, Un."""
    found = DRUDE_CODE.match(levelled(text))
    if not found or (found[2] and found[1] != "cop"):
        return None
    return found[1].capitalize() + (found[2] or "")


def braun_blanquet_code(text: str) -> str | None:
    code = levelled(text)
    return code if code in BRAUN_BLANQUET_CODES else None


def domin_code(text: str) -> str | None:
    code = levelled(text)
    return code if code in DOMIN_CODES else None


def scale_of(texts: Collection[str]) -> str | None:
    """The scale whose codes all these texts are, where at least one of them could be nothing else."""
    written = {levelled(text) for text in texts if text.strip()}
    if written and written <= BRAUN_BLANQUET_CODES and written & BRAUN_BLANQUET_ALONE:
        return BRAUN_BLANQUET
    return None
