"""The names of a record, as its two cells hold them: the scientific one may hold Chinese and the other way round.

Each name is taken apart by `scientific_names` and `chinese_names`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from species.written.chinese_names import ChineseName, chinese_key, read_chinese_name
from species.written.scientific_names import PARTICLES, ScientificName, read_scientific_name

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
HAN_TEXT = re.compile(rf"[{HAN}][{HAN}0-9?？]*(?:[（(][{HAN}]+[）)])?|[（(][{HAN}]+[）)]")
ANY_HAN = re.compile(rf"[{HAN}]")
EMPTY_BRACKETS = re.compile(r"[（(\[【]\s*[）)\]】]|^[\s（(\[【]+|[\s）)\]】]+$")
DOUBT_ALONE = re.compile(r"^(?:疑似|疑为|疑是|可能|可能是|似|近似|待定|待鉴定|存疑|[?？])+$")
# 榆树和Pinus tabuliformis; Ulmus pumila, Pinus tabuliformis: what stands after the join is a name of its own.
JOINED_TO_HAN = re.compile(rf"[A-Za-z.)]\s*[和与及+&]\s*[{HAN}]|[{HAN}]\s*[和与及+&]\s*[A-Z][a-z]")
JOINED_TO_LATIN = re.compile(r"[A-Za-z.)]\s*[,;+/&和与及、，；]\s*[A-Z][a-z]+ ([a-z-]{3,})")
LONGEST_NAME = 300  # what is longer is a remark


@dataclass(frozen=True)
class WrittenNames:
    """What the two cells of a record say. `words` are the keys of the cells as they stand: codes, English names.

    areSeveral: a cell names more than one species, and the record means none of them.
    """

    scientific: ScientificName | None = None
    chinese: ChineseName | None = None
    words: tuple[str, ...] = ()
    qualifier: str | None = None
    areSeveral: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Only what stands above the species named is sure."""
        return bool(self.qualifier)


def read_names(scientific_name: str | None, vernacular_name: str | None) -> WrittenNames:
    """Take the two name cells of a record apart."""
    scientific = chinese = None
    words, doubts = [], []
    are_several = False
    for cell in (scientific_name, vernacular_name):
        if not cell or not cell.strip() or len(cell) > LONGEST_NAME:
            continue
        latin, han = _parts(cell)
        if DOUBT_ALONE.match(han):
            doubts, han = [han], ""
        scientific = scientific or (read_scientific_name(latin) if latin else None)
        chinese = chinese or (read_chinese_name(han) if han else None)
        words.append(chinese_key(cell))
        are_several = are_several or _names_several(cell)
    if scientific and scientific.identificationQualifier:
        doubts.append(scientific.identificationQualifier)
    if chinese and chinese.qualifier:
        doubts.append(chinese.qualifier)
    return WrittenNames(
        scientific,
        chinese,
        tuple(dict.fromkeys(filter(None, words))),
        doubts[0] if doubts else None,
        are_several,
    )


def _names_several(cell: str) -> bool:
    """Whether a cell names more than one species."""
    if JOINED_TO_HAN.search(cell):
        return True
    return any(word not in PARTICLES for word in JOINED_TO_LATIN.findall(cell))


def _parts(cell: str) -> tuple[str, str]:
    """The Latin and the Chinese of a cell."""
    if not ANY_HAN.search(cell):
        return cell, ""
    if not re.search(r"[A-Za-z]{3,}", cell):
        return "", cell
    latin = EMPTY_BRACKETS.sub(" ", HAN_TEXT.sub(" ", cell)).strip()
    return latin, "".join(HAN_TEXT.findall(cell))
