"""What of GBIF a city wants: the `[gbif]` table of region.toml. Asking for it belongs to the package `gbif`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

LICENSES = ("CC0_1_0", "CC_BY_4_0", "CC_BY_NC_4_0")
EXAMPLES = {
    "taxonKeys": "taxonKeys = [6, 212]",
    "firstDay": "firstDay = 2000-01-01",
    "lastDay": "lastDay = 2026-12-31",
    "licenses": 'licenses = ["CC0_1_0", "CC_BY_4_0"]',
}

Wrong = Callable[[str, object, str, str, str], Exception]


@dataclass(frozen=True)
class GbifFilter:
    """Which GBIF records are asked for within the region and its buffer; what is empty filters nothing."""

    taxonKeys: tuple[int, ...] = ()  # keys of the GBIF backbone
    firstDay: date | None = None
    lastDay: date | None = None
    licenses: tuple[str, ...] = ()


FILTER_KEYS = tuple(entry.name for entry in fields(GbifFilter))


def read_gbif_filter(table: dict[str, Any], wrong: Wrong) -> GbifFilter:
    """The filter of a `[gbif]` table whose keys are known; raises what `wrong` makes of the key at fault."""

    def refuse(key: str, why_zh: str, why_en: str) -> Exception:
        return wrong(f"gbif.{key}", table[key], why_zh, why_en, EXAMPLES[key])

    keys = table.get("taxonKeys", [])
    if not isinstance(keys, list) or not all(type(key) is int and key >= 0 for key in keys):
        raise refuse("taxonKeys", "应为 GBIF 分类编号的列表", "a list of keys of GBIF's backbone is needed")
    licenses = table.get("licenses", [])
    if not isinstance(licenses, list) or any(entry not in LICENSES for entry in licenses):
        raise refuse("licenses", f"只能是 {'、'.join(LICENSES)}", f"{', '.join(LICENSES)} are known")
    for key in ("firstDay", "lastDay"):
        day = table.get(key)
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise refuse(key, "应为不加引号的日期", "a date without quotes is needed")
    if "firstDay" in table and "lastDay" in table and table["firstDay"] > table["lastDay"]:
        raise refuse("lastDay", "不能早于 firstDay", "it must not be before firstDay")
    return GbifFilter(tuple(keys), table.get("firstDay"), table.get("lastDay"), tuple(licenses))
