"""Places: which places hold which, and how wide each is: site < division < region < province < country < world."""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.catalogue import catalogue, text
from store.region import Region

SITE, DIVISION, REGION, PROVINCE, COUNTRY, WORLD = range(6)
EVERYWHERE = "*"
CODE = re.compile("[A-Z]{2}(-[A-Z0-9]{1,3})?")


def breadth_of(place: str, region: Region) -> int:
    """How wide a place is; one that is neither of the region nor a code is taken for the region's own."""
    if place == EVERYWHERE:
        return WORLD
    for breadth, places in ((SITE, region.sites), (DIVISION, region.divisions)):
        if any(one.placeID == place for one in places):
            return breadth
    if CODE.fullmatch(place):
        return PROVINCE if "-" in place else COUNTRY
    return REGION


def places_above(place: str, region: Region) -> list[str]:
    """The place itself and every place that holds it, the narrowest first; empty for a place nobody knows."""
    chain = [place] if is_known(place, region) else []
    if not chain:
        return []
    breadth = breadth_of(place, region)
    if breadth == SITE and (division := division_of(place, region)):
        chain.append(division)
    if breadth < REGION:
        chain.append(region.id)
    if breadth < PROVINCE and region.province:
        chain.append(region.province)
    if breadth == PROVINCE:
        chain.append(place.split("-")[0])
    elif breadth < PROVINCE:
        chain.append(region.countryCode)
    return [*chain, EVERYWHERE] if place != EVERYWHERE else chain


def is_known(place: str, region: Region) -> bool:
    return (
        place == EVERYWHERE or bool(CODE.fullmatch(place)) or place in {one.placeID for one in region.places}
    )


def division_of(site: str, region: Region) -> str | None:
    """The division that holds the centre of a site."""
    outline = next((one.geometry for one in region.sites if one.placeID == site), None)
    if outline is None:
        return None
    centre = outline.representative_point()
    return next((one.placeID for one in region.divisions if one.geometry.contains(centre)), None)


def find_place(text: str, region: Region) -> str | None:
    """The id of a place written as its id, its code or its name in either language."""
    wanted = text.strip()
    for one in region.places:
        if wanted.lower() in (one.placeID.lower(), one.nameZh.lower(), one.nameEn.lower()):
            return one.placeID
    return wanted if is_known(wanted, region) else None


def place_name(place: str, region: Region) -> tuple[str, str]:
    """The name of a place in Chinese and English; a code without a name stands for itself."""
    if place == region.id:
        return region.nameZh, region.nameEn
    for one in (*region.divisions, *region.sites):
        if one.placeID == place:
            return one.nameZh, one.nameEn
    rule = f"place-{'anywhere' if place == EVERYWHERE else place}"
    if rule not in catalogue("species"):
        return place, place
    named = text("species", rule)
    return named.zh, named.en


def chain_of(places: Sequence[str]) -> str:
    """Places as a list of SQL texts."""
    return ", ".join("'" + place.replace("'", "''") + "'" for place in places)
