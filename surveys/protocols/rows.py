"""Rows: what the protocol of a survey row makes of it: its visit, its layer, what it leaves empty, planted or wild.

What a visit says about its effort belongs to `effort`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ibis

from surveys.protocols.catalogue import Protocol, protocols
from surveys.protocols.choices import read_choice
from surveys.protocols.lookups import Lookup, distinct_texts, look_up, raw_column, with_read
from surveys.protocols.recognition import protocol_of
from surveys.values.establishment import read_establishment

SEPARATOR = "\x1f"
PLANTED = ("cultivated", "captive")


def read_words(engine: Any) -> tuple[tuple[str, Lookup], ...]:
    """What the words for protocol, layer, establishment and its degree mean, with the term of each."""
    return tuple(
        (term, look_up(engine, name, {text: read(text) for text in texts}, "string"))
        for term, readings in WORDS.items()
        for texts in [distinct_texts(engine, raw_column, term)]
        for name, read in readings.items()
    )


def with_protocol(engine: Any, rows: Any, words: Iterable[tuple[str, Lookup]]) -> Any:
    """Adds the columns of WORDS, protocol and missingTerms to survey rows, which know the header of their table."""
    rows = with_read(engine, rows, [(rows[term], lookup) for term, lookup in words])
    rows = rows.mutate(protocol=ibis.coalesce(rows.statedProtocol, rows.protocolRead, rows.namedProtocol))
    says_nothing = rows.degreeOfEstablishment.isnull() & rows.degreeSaid.isnull()
    is_planted = says_nothing & rows.protocol.isin(_where(_is_of_plantings))
    rows = rows.mutate(degreeRead=is_planted.ifelse("cultivated", rows.degreeRead))
    return _with_missing_terms(rows)


def visit_of(rows: Any) -> Any:
    """The text by which the rows of one visit are known: its number, with the place and the date where they count."""
    place = rows.locality.fill_null(rows.locationID)
    numbered = rows.eventID.notnull()
    whole_route = numbered & rows.protocol.isin(
        _where(lambda protocol: "place" not in protocol.visit)
    ).fill_null(False)
    deployment = numbered & rows.protocol.isin(_where(lambda p: "deployment" in p.visit)).fill_null(False)
    parts = (
        rows.submissionId,
        rows.parentEventID,
        rows.eventID,
        whole_route.ifelse(ibis.null("string"), place),
        deployment.ifelse(rows.deploymentStart, rows.dateText),
        rows.samplingProtocol,
    )
    return ibis.literal(SEPARATOR).join([part.fill_null("") for part in parts])


def basis_of(rows: Any) -> Any:
    """basisOfRecord as written, else that of the protocol; a tree that came by itself is an observation."""
    planted = rows.degreeRead.isin(PLANTED).fill_null(False)
    by_protocol = ibis.cases(
        *(
            (rows.protocol == protocol.id, protocol.basisOfRecord)
            for protocol in protocols().values()
            if protocol.basisOfRecord != "HumanObservation"
        ),
        else_="HumanObservation",
    )
    usual = (by_protocol == "LivingSpecimen").ifelse(
        planted.ifelse("LivingSpecimen", "HumanObservation"), by_protocol
    )
    return rows.basisOfRecord.fill_null(usual)


def _is_of_plantings(protocol: Protocol) -> bool:
    return protocol.basisOfRecord == "LivingSpecimen"


def _where(condition: Callable[[Protocol], bool]) -> list[str]:
    return [protocol.id for protocol in protocols().values() if condition(protocol)]


def _known(list_name: str) -> Callable[[str], str]:
    """The value of the list, or the text itself where it is none: a test tells its author."""
    return lambda text: read_choice(list_name, text) or text


def _degree(text: str) -> str | None:
    """wild, a value of Darwin Core, or the text itself where it is no word for either."""
    if choice := read_choice("degreeOfEstablishment", text):
        return choice
    known = read_establishment(text)
    return known.degreeOfEstablishment if known else text


def _means(text: str) -> str | None:
    """The text itself where no word is known."""
    known = read_establishment(text)
    return known.establishmentMeans if known else text


def _degree_said(text: str) -> str | None:
    """What a word for establishmentMeans says of planting."""
    known = read_establishment(text)
    return known.degreeOfEstablishment if known else None


# Term: the columns read from it, and how.
WORDS: Mapping[str, Mapping[str, Callable[[str], str | None]]] = {
    "establishmentMeans": {"meansRead": _means, "degreeSaid": _degree_said},
    "samplingProtocol": {"protocolRead": protocol_of},
    "vegetationLayer": {"layerRead": _known("vegetationLayer")},
    "degreeOfEstablishment": {"degreeRead": _degree},
}


def _with_missing_terms(rows: Any) -> Any:
    """The first term of each required group of which the table has a column and the row no value."""
    groups = sorted({group for protocol in protocols().values() for group in protocol.required})
    found = []
    for group in groups:
        asking = rows.protocol.isin([p.id for p in protocols().values() if group in p.required])
        empty = ibis.and_(*(rows[term].isnull() for term in group))
        first = ibis.cases(*((rows.columnTerms.contains(term), term) for term in group))
        found.append((asking & empty).ifelse(first, ibis.null("string")))
    missing = ibis.array(found).filter(lambda term: term.notnull())
    return rows.mutate(missingTerms=(missing.length() > 0).ifelse(missing, ibis.null("array<string>")))
