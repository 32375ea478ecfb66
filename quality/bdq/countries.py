"""Countries and their first-level divisions by name and by code: ISO 3166 and names in many languages.

Codes and divisions come from the ISO 3166 lists of pycountry, names from there and from CLDR (Babel). Where a country
lies belongs to `shapes`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pycountry
from babel import Locale

from quality.bdq.responses import (
    EMPTY_CHARACTERS,
    Asked,
    BdqFunction,
    Response,
    Terms,
    amended,
    compliant_if,
    external_prerequisites_not_met,
    internal_prerequisites_not_met,
    not_amended,
    value_of,
)

CODE, COUNTRY, PROVINCE = "dwc:countryCode", "dwc:country", "dwc:stateProvince"
ISO_AUTHORITIES = (
    "ISO 3166 Country Codes",
    "ISO 3166-1-alpha-2",
    "https://www.iso.org/iso-3166-country-codes.html",
)
GAZETTEERS = (
    "The Getty Thesaurus of Geographic Names (TGN)", "https://www.getty.edu/research/tools/vocabularies/tgn/index.html",
)  # fmt: skip
HIGH_SEAS, UNKNOWN = "XZ", "ZZ"
KINDS_OF_DIVISION = "省市"
LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "da", "nb", "sv", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl",
    "ru", "uk", "el", "tr", "ca", "id", "vi", "zh", "zh_Hant", "ja", "ko", "ar", "he", "hi", "fa", "sw",
)  # fmt: skip
# Of ISO's country-like entities those that are no nations: dependencies, and what no nation rules.
NO_NATIONS = {
    "AI", "AQ", "AS", "AW", "AX", "BL", "BM", "BQ", "BV", "CC", "CK", "CW", "CX", "EH", "FK", "FO", "GF", "GG",
    "GI", "GL", "GP", "GS", "GU", "HK", "HM", "IM", "IO", "JE", "KY", "MF", "MO", "MP", "MQ", "MS", "NC", "NF",
    "NU", "PF", "PM", "PN", "PR", "RE", "SH", "SJ", "SX", "TC", "TF", "TK", "UM", "VG", "VI", "WF", "YT",
}  # fmt: skip
# Former and usual names that neither list has.
OTHER_NAMES = {
    "Swaziland": "SZ", "Burma": "MM", "Zaire": "CD", "Ceylon": "LK", "Persia": "IR", "Siam": "TH",
    "Upper Volta": "BF", "Dahomey": "BJ", "Rhodesia": "ZW", "Holland": "NL", "Great Britain": "GB",
    "Ivory Coast": "CI", "Cape Verde": "CV", "East Timor": "TL", "Macedonia": "MK", "Czech Republic": "CZ",
    "Abyssinia": "ET", "USA": "US", "U.S.A.": "US", "UK": "GB", "PR China": "CN", "P.R. China": "CN",
    "Russia": "RU", "South Korea": "KR", "North Korea": "KP", "Turkey": "TR", "Republic of Ireland": "IE",
    "Democratic Republic of the Congo": "CD", "Republic of the Congo": "CG",
}  # fmt: skip


def country_code_standard(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(ISO_AUTHORITIES):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, CODE)
    if not value:
        return internal_prerequisites_not_met(f"{CODE} is bdqval:Empty")
    return compliant_if(is_country_code(value), "codes of ISO 3166-1 alpha-2, XZ and ZZ")


def country_code_standardized(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(ISO_AUTHORITIES):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, CODE)
    if not value:
        return internal_prerequisites_not_met(f"{CODE} is bdqval:Empty")
    code = None if is_country_code(value) else country_code_meant(value)
    return (
        amended({CODE: code}, f"{CODE} means {code}")
        if code
        else not_amended(f"{CODE} is standard, or ambiguous")
    )


def country_found(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(GAZETTEERS):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, COUNTRY)
    if not value:
        return internal_prerequisites_not_met(f"{COUNTRY} is bdqval:Empty")
    code = country_named(value)
    return compliant_if(code is not None and code not in NO_NATIONS, "names of nations in many languages")


def country_matches_code(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(GAZETTEERS):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    country, code = value_of(terms, COUNTRY), value_of(terms, CODE)
    if not country or not code:
        return internal_prerequisites_not_met("the country or its code is bdqval:Empty")
    return compliant_if(country_named(country) == code, "the code of the country named")


def state_province_found(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(GAZETTEERS):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, PROVINCE)
    if not value:
        return internal_prerequisites_not_met(f"{PROVINCE} is bdqval:Empty")
    return compliant_if(bool(_divisions_as_written(value, asked)), "first-level divisions of countries")


def country_and_province_unambiguous(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(GAZETTEERS):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    country, province = value_of(terms, COUNTRY), value_of(terms, PROVINCE)
    if not country and not province:
        return internal_prerequisites_not_met("country and province are bdqval:Empty")
    found = _divisions_as_written(province, asked) if province else frozenset()
    if country:
        found = frozenset(division for division in found if division.startswith(f"{country_named(country)}-"))
    return compliant_if(len(found) == 1, "one division of one country")


def is_country_code(value: str) -> bool:
    return value in (HIGH_SEAS, UNKNOWN) or (
        len(value) == 2 and value.isupper() and bool(_country(alpha_2=value))
    )


def country_code_meant(text: str) -> str | None:
    """The code that a name of a country, or one of its other codes, means."""
    text = text.strip(EMPTY_CHARACTERS)
    letters = text.upper()
    if is_country_code(letters):
        return letters
    other = _country(alpha_3=letters) if len(letters) == 3 else None
    return other or _names().get(_key(text))


def country_named(text: str) -> str | None:
    """The code of the country of that name, written exactly so but for case and accents."""
    return _names().get(_key(text)) if text == text.strip(EMPTY_CHARACTERS) else None


def divisions_named(text: str) -> frozenset[str]:
    """ISO 3166-2 codes of the first-level divisions of that name, compared without case and accents."""
    return _divisions().get(_key(text), frozenset())


def _divisions_as_written(text: str, asked: Asked) -> frozenset[str]:
    """Codes of the divisions of that name; of those that only the shapes know by it, the country and the name."""
    if text != text.strip(EMPTY_CHARACTERS):
        return frozenset()
    mapped = asked.shapes.divisions_named(text) if asked.shapes else ()
    return divisions_named(text) or frozenset(f"{country}-{_key(text)}" for country in mapped)


def _country(*, alpha_2: str | None = None, alpha_3: str | None = None) -> str | None:
    found = pycountry.countries.get(alpha_2=alpha_2) if alpha_2 else pycountry.countries.get(alpha_3=alpha_3)
    return found.alpha_2 if found else None


@cache
def _names() -> Mapping[str, str]:
    """Codes by name; of names that several countries have, none."""
    meant: dict[str, set[str]] = {}
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            meant.setdefault(_key(getattr(country, field, None) or country.name), set()).add(country.alpha_2)
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if _country(alpha_2=code):
                meant.setdefault(_key(name), set()).add(code)
    names = {name: codes.pop() for name, codes in meant.items() if len(codes) == 1}
    return names | {_key(name): code for name, code in OTHER_NAMES.items()}


@cache
def _divisions() -> Mapping[str, frozenset[str]]:
    """First-level divisions by name, with and without the word for their kind that ISO writes in brackets."""
    found: dict[str, set[str]] = {}
    for division in pycountry.subdivisions:
        if division.parent_code is None:
            for name in {division.name, division.name.split(" [")[0], division.name.split(" (")[0]}:
                found.setdefault(_key(name), set()).add(division.code)
    for code, name in _chinese_divisions():
        for written in {name, name.rstrip(KINDS_OF_DIVISION)}:
            found.setdefault(_key(written), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _chinese_divisions() -> list[list[str]]:
    """The province-level divisions of China by their Chinese names (GB/T 2260), which ISO gives in Latin letters."""
    text = resources.files("quality.bdq").joinpath("chinese_divisions.csv").read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines()]


def _key(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


TESTS: Mapping[str, BdqFunction] = {
    "VALIDATION_COUNTRYCODE_STANDARD": country_code_standard,
    "AMENDMENT_COUNTRYCODE_STANDARDIZED": country_code_standardized,
    "VALIDATION_COUNTRY_FOUND": country_found,
    "VALIDATION_COUNTRYCOUNTRYCODE_CONSISTENT": country_matches_code,
    "VALIDATION_STATEPROVINCE_FOUND": state_province_found,
    "VALIDATION_COUNTRYSTATEPROVINCE_UNAMBIGUOUS": country_and_province_unambiguous,
}
