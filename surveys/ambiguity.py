"""Ambiguity: headers that mean one of several things (时间, 编号, 名称, X), decided by the values beneath them.

Which headers are ambiguous, and by which of these rules they are decided, stands in `headers.csv`. Without values, and
where the values fit nothing, a header keeps its usual meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from surveys.evidence import (
    Evidence,
    is_binomial,
    is_chinese_latitude,
    is_chinese_longitude,
    is_chinese_name,
    is_clock,
    is_coordinate_pair,
    is_day,
    is_easting,
    is_epithet,
    is_northing,
    is_number,
    is_percentage,
    is_place,
    is_whole_number,
    is_yes_or_no,
)
from surveys.headers import unit_of
from surveys.values.scales import drude_code, scale_of

MOST = 0.5
NEARLY_ALL = 0.9
NAME_TERMS = ("scientificName", "vernacularName")
# No tree is higher: above this a height in metres is an elevation (a herb's height in cm states its unit).
TALLEST_IN_METERS = 150.0

NATIONAL_LEVEL = re.compile(r"国家|省|重点|三有|国[一二三ⅠⅡ]|class|national", re.IGNORECASE)
TREE_GRADE = re.compile(r"古树|名木|三级|3级|Ⅲ|III|特级|后备")
OTHER_UNIT = re.compile(
    r"^\d+(?:\.\d+)?\s*(?:㎡|m2|m²|平方米|亩|公顷|hm2|ha|kg|g|克|千克|丛|簇)$", re.IGNORECASE
)
NATIVE_OR_NOT = re.compile(
    r"^(?:乡土|本土|本地|土著|原生|外来|引种|引入|入侵|归化|国产|非本地|野生乡土|native|introduced|alien|exotic|non-?native)",
    re.IGNORECASE,
)
WILD_OR_NOT = re.compile(
    r"^(?:栽培|野生|人工|种植|自生|逸生|半野生|绿化|wild|cultivated|planted|captive)", re.IGNORECASE
)
PUBLISHED = re.compile(
    r"文献|资料|志$|志》|数据|名录|标本|论文|报告|访谈|调查|https?:|gbif|inaturalist|ebird|et al",
    re.IGNORECASE,
)
ALIVE_OR_DEAD = re.compile(r"^(?:活|死|存活|死亡|枯死|成活|alive|dead|dying|living)", re.IGNORECASE)
THREAT = re.compile(r"^(?:LC|NT|VU|EN|CR|DD|EX|EW|NE)$|无危|近危|易危|濒危|极危")


@dataclass(frozen=True)
class Question:
    """An ambiguous header with its usual term, its values, and the values of the other columns by their usual term."""

    header: str
    usual: str
    values: Evidence
    beside: Mapping[str, Evidence]


def decide(rule: str, question: Question) -> str:
    """The term that an ambiguous header has in this table."""
    if rule not in RULES or not question.values.filled:
        return question.usual
    return RULES[rule](question)


def _date_or_clock(question: Question) -> str:
    """时间: a date, or what the clock showed."""
    days, clocks = question.values.share(is_day), question.values.share(is_clock)
    if max(days, clocks) < MOST:
        return question.usual
    return "eventTime" if clocks > days else "eventDate"


def _number_of_what(question: Question) -> str:
    """编号: of the record, of the plot, of the species, or of the single plant within its plot."""
    values = question.values
    if values.are_running or values.are_unique or len(values.counted) * 2 > len(values.filled):
        return "occurrenceID"
    if any(
        _name_one_another(values, question.beside[term]) for term in NAME_TERMS if term in question.beside
    ):
        return "taxonID"
    return "organismID" if "eventID" in question.beside else "eventID"


def _name_one_another(codes: Evidence, names: Evidence) -> bool:
    """Whether every code stands for one name and every name has one code, with more than one of each."""
    pairs = {pair for pair in zip(codes.cells, names.cells, strict=False) if all(pair)}
    return len(pairs) > 1 and len({code for code, _ in pairs}) == len(pairs) == len(
        {name for _, name in pairs}
    )


def _axis(question: Question) -> str:
    """X, Y: degrees or metres; in Chinese surveying X points north, elsewhere east."""
    values = question.values
    for latitude, longitude in (
        (is_northing, is_easting),
        (is_chinese_latitude, is_chinese_longitude),
    ):
        if values.share(latitude) >= NEARLY_ALL:
            return "decimalLatitude"
        if values.share(longitude) >= NEARLY_ALL:
            return "decimalLongitude"
    return question.usual


def _axis_or_count(question: Question) -> str:
    """N: north, or how many."""
    no_east = "decimalLongitude" not in question.beside
    if no_east and question.values.share(is_whole_number) >= NEARLY_ALL:
        return "individualCount"
    return _axis(question)


def _protection(question: Question) -> str:
    """保护级别: of the species by law, or of the ancient tree."""
    if question.values.share(lambda text: bool(NATIONAL_LEVEL.search(text))) > 0:
        return "derived:nationalProtectionLevel"
    of_trees = question.values.share(lambda text: bool(TREE_GRADE.search(text))) > 0 or any(
        term.startswith("ancientTree:") or term.endswith("AtBreastHeight") for term in question.beside
    )
    return "ancientTree:protectionGrade" if of_trees else "derived:nationalProtectionLevel"


def _height_of_what(question: Question) -> str:
    """高度: of the plant, or above the sea."""
    numbers = question.values.numbers
    is_open = "minimumElevationInMeters" not in question.beside and unit_of(question.header) in (None, "m")
    if numbers and is_open and median(numbers) > TALLEST_IN_METERS:
        return "minimumElevationInMeters"
    return question.usual


def _count_or_quantity(question: Question) -> str:
    """数量: how many, or how much."""
    values = question.values
    if (
        values.share(is_percentage) >= MOST
        or values.share(lambda text: drude_code(text) is not None) >= MOST
        or values.share(lambda text: bool(OTHER_UNIT.match(text))) >= MOST
        or scale_of(values.filled)
    ):
        return "organismQuantity"
    if "organismQuantityType" not in question.beside and values.share(is_whole_number) >= NEARLY_ALL:
        return "individualCount"
    return question.usual


def _count_or_number(question: Question) -> str:
    """number: how many, or which one."""
    return "occurrenceID" if question.values.are_running and question.values.are_unique else question.usual


def _establishment(question: Question) -> str:
    """来源, 性质, 原产地: native or not, planted or wild, where from, or who says so."""
    values = question.values
    if values.share(lambda text: bool(NATIVE_OR_NOT.match(text))) > 0:
        return "establishmentMeans"
    if values.share(lambda text: bool(WILD_OR_NOT.match(text))) >= MOST:
        return "degreeOfEstablishment"
    if values.share(lambda text: bool(PUBLISHED.search(text))) >= MOST:
        return "references"
    return "derived:nativeRange" if values.share(is_chinese_name) >= MOST else question.usual


def _status(question: Question) -> str:
    """status: detected or not, alive or dead, native or not, threatened or not."""
    values = question.values
    for term, looks_right in (
        ("occurrenceStatus", is_yes_or_no),
        ("vitality", lambda text: bool(ALIVE_OR_DEAD.match(text))),
        ("establishmentMeans", lambda text: bool(NATIVE_OR_NOT.match(text))),
        ("degreeOfEstablishment", lambda text: bool(WILD_OR_NOT.match(text))),
        ("derived:iucnCategory", lambda text: bool(THREAT.search(text))),
    ):
        if values.share(looks_right) >= MOST:
            return term
    return question.usual


def _area_of_what(question: Question) -> str:
    """面积: of the plot, which is the same in every row, or what a species covers."""
    return "sampleSizeValue" if question.values.are_one_value else question.usual


def _effort_or_habit(question: Question) -> str:
    """duration: of the survey, or of the plant's life (annual, perennial)."""
    has_number = question.values.share(lambda text: any(character.isdigit() for character in text))
    return question.usual if has_number > 0 else "measurement:growthForm"


def _place_or_point(question: Question) -> str:
    """位置: a place by its name, or its coordinates."""
    return "verbatimCoordinates" if question.values.share(is_coordinate_pair) >= MOST else question.usual


def _name(question: Question) -> str:
    """物种, 学名: in Latin or Chinese; beside a genus, the epithet alone."""
    values = question.values
    if values.share(is_binomial) >= MOST:
        return "scientificName"
    if values.share(is_chinese_name) >= MOST:
        return "vernacularName"
    if "genus" in question.beside and values.share(is_epithet) >= MOST:
        return "specificEpithet"
    return question.usual


def _name_of_what(question: Question) -> str:
    """名称: of the species, or beside another name column that of the place."""
    is_of_a_place = question.values.share(is_place) >= MOST
    if is_of_a_place and any(term in question.beside for term in NAME_TERMS):
        return "locality"
    return _name(question)


RULES: dict[str, Callable[[Question], str]] = {
    "dateOrClock": _date_or_clock,
    "numberOfWhat": _number_of_what,
    "axis": _axis,
    "axisOrCount": _axis_or_count,
    "protection": _protection,
    "heightOfWhat": _height_of_what,
    "countOrQuantity": _count_or_quantity,
    "countOrNumber": _count_or_number,
    "establishment": _establishment,
    "status": _status,
    "areaOfWhat": _area_of_what,
    "effortOrHabit": _effort_or_habit,
    "placeOrPoint": _place_or_point,
    "name": _name,
    "nameOfWhat": _name_of_what,
}

# How the values of a column must look to fit a term: by this the better of two columns of one meaning is found.
FITTING: dict[str, Callable[[str], bool]] = {
    "scientificName": is_binomial,
    "eventDate": is_day,
    "eventTime": is_clock,
    "individualCount": lambda text: any(character.isdigit() for character in text),
    "decimalLongitude": lambda text: is_number(text) or is_chinese_longitude(text),
    "decimalLatitude": lambda text: is_number(text) or is_chinese_latitude(text),
    "verbatimCoordinates": is_coordinate_pair,
}


def fitness(term: str, values: Evidence) -> float:
    """How far a column is filled with what the term wants, 0 to 1."""
    fits = FITTING.get(term)
    return values.filled_share * (values.share(fits) if fits else 1.0)
