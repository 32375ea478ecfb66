"""Obscured places: records whose publisher made the place vague on purpose, or withholds it.

Such a point is never taken for exact, however many digits it has. Vagueness that the coordinates' uncertainty states
is judged with the other thresholds in `records`.
"""

from __future__ import annotations

from typing import Any

# Generalising is nearly always done to places; these say that nothing was done.
NOTHING_DONE = r"(?i)^\s*(none|no|not? (applicable|generali[sz]ed)|n/?a|false|0|-+|无|否)\s*\.?\s*$"
# What is withheld may be the observer or the weight; these words mean the place.
PLACE_WITHHELD = (
    r"(?i)coordinate|locality|location|locali[sz]a|position|geo-?ref|geospatial|gps|latitude|longitude|precise|grid|"
    r"uncertainty|coordonn|koordinat|坐标|位置|地点|经纬|經緯|座標"
)


def is_obscured(record: Any) -> Any:
    """Whether a record's place is vague on purpose (Ibis)."""
    generalised = record.dataGeneralizations.notnull() & ~record.dataGeneralizations.re_search(NOTHING_DONE)
    withheld = record.informationWithheld.re_search(PLACE_WITHHELD)
    return generalised.fill_null(False) | withheld.fill_null(False)
