"""Explanation: how the status of one name at a place on a day comes about, line by line, in both languages.

The answers themselves are reached in `answers`; here is told who says so, what was overruled and why, what misleads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from species.decisions import NameDecision
from species.matching.names import match_names
from species.status.answers import DECISION, LINEAGE, answers, gather
from species.status.places import place_name, places_above
from species.status.vocabularies import NONE, QUESTIONS
from store.catalogue import BilingualText, catalogue, text
from store.region import Region

SAID = """
SELECT question, answer, place, standing, distance, placeRank, validFrom, condition, sureness, verbatim, said.source,
    said.sourceID, said.official, said.listKind, about.canonicalName AS about,
    coalesce(source.titleZh, said.sourceID) AS titleZh, coalesce(source.titleEn, said.sourceID) AS titleEn,
    source.version, source.citation, source.license
FROM tmp_said AS said JOIN core_taxon AS about ON about.taxonID = said.saidOf
LEFT JOIN core_name_source AS source ON source.sourceID = said.sourceID
ORDER BY question, standing
"""
TAXON = """
SELECT taxonID, scientificName, canonicalName, taxonRank, family, kingdom FROM core_taxon WHERE taxonID = $taxon
"""
NAMES = """
SELECT name, nameKind FROM core_name WHERE taxonID = $taxon AND nameKind <> 'code'
GROUP BY ALL ORDER BY nameKind, name
"""
CANDIDATES = """
SELECT DISTINCT taxon.taxonID, taxon.scientificName, taxon.vernacularNameZh
FROM (SELECT unnest(string_split($names, ' | ')) AS name) JOIN core_name USING (name)
JOIN core_taxon AS taxon USING (taxonID)
ORDER BY taxon.scientificName
"""
MATCH = """
SELECT matchType, confidence, taxonID, matchedName, proposedTaxonID, waitsForPerson, reasons
FROM core_name_match WHERE nameText IN ($scientific || chr(31), chr(31) || $scientific)
"""


@dataclass(frozen=True)
class Explained:
    """What is known of a name: `lines` for people, `facts` for programs. `isAnswered`: the name means one taxon."""

    lines: Sequence[BilingualText]
    facts: dict[str, Any]
    isAnswered: bool


def explain(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    name: str,
    place: str,
    day: date,
    decided: Sequence[NameDecision] = (),
) -> Explained:
    """Explain the status of a name at a place of the region or one that holds it, on a day."""
    pair = (name, None) if name.isascii() or "×" in name else (None, name)
    match_names(connection, [pair], decided)
    match = _row(connection, MATCH, {"scientific": name})
    lines = [
        _line("status-matched", name=name, match_type=match["matchType"], confidence=match["confidence"])
    ]
    lines += [text("species", rule) for rule in match["reasons"]]
    facts: dict[str, Any] = {
        "name": name, "place": place, "date": day.isoformat(),
        "match": {key: match[key] for key in ("matchType", "confidence", "taxonID", "waitsForPerson")},
    }  # fmt: skip
    taxonID = match["taxonID"] or (match["proposedTaxonID"] if match["waitsForPerson"] else None)
    if taxonID is None:
        candidates = _rows(connection, CANDIDATES, {"names": match["matchedName"] or ""})
        lines.append(_line("status-may-be" if candidates else "status-no-name"))
        lines += [
            _line(
                "status-candidate",
                id=one["taxonID"],
                name=one["scientificName"],
                zh=one["vernacularNameZh"] or "",
            )
            for one in candidates
        ]
        return Explained(lines, facts | {"candidates": candidates}, False)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE tmp_subject AS SELECT $taxon AS taxonID", {"taxon": taxonID}
    )
    connection.execute(LINEAGE)
    gather(connection, places_above(place, region), day)
    answer = _row(connection, answers(), {})
    said = _rows(connection, SAID, {})
    facts |= {"taxon": _taxon(connection, taxonID, lines), "answer": answer, "said": said}
    place_zh, place_en = place_name(place, region)
    lines.append(_line("status-where", place_zh=place_zh, place_en=place_en, day=day))
    lines.append(_line(f"status-is-{answer['status']}"))
    for question in QUESTIONS:
        lines += _told(question, [row for row in said if row["question"] == question], region)
    lines += _warned_of(answer, said, region)
    lines += _sources(said)
    return Explained(lines, facts, match["taxonID"] is not None)


def _taxon(connection: duckdb.DuckDBPyConnection, taxonID: str, lines: list[BilingualText]) -> dict[str, Any]:
    taxon = _row(connection, TAXON, {"taxon": taxonID})
    names = _rows(connection, NAMES, {"taxon": taxonID})
    vernacular = [row["name"] for row in names if row["nameKind"] == "vernacular"]
    synonyms = [row["name"] for row in names if row["nameKind"] == "synonym"]
    lines.append(
        _line(
            "status-taxon",
            name=taxon["scientificName"],
            rank=taxon["taxonRank"],
            family=taxon["family"] or "—",
        )
    )
    if vernacular:
        lines.append(
            _line("status-vernacular", names_zh="、".join(vernacular), names_en=", ".join(vernacular))
        )
    if synonyms:
        lines.append(_line("status-synonyms", names="; ".join(synonyms)))
    return taxon | {"vernacularNames": vernacular, "synonyms": synonyms}


def _told(question: str, said: Sequence[dict[str, Any]], region: Region) -> Iterator[BilingualText]:
    """The answer to a question, then what else is said and why it does not count. Every listing counts."""
    asked = text("species", f"question-{question}")
    if not said:
        yield _line("status-not-said", question_zh=asked.zh, question_en=asked.en)
        return
    first = said[0]
    for row in said:
        counts = row["standing"] == 1 or question == "listing"
        rule = "status-answer" if counts else "status-also"
        yield _line(rule if row["validFrom"] else f"{rule}-undated", **_values(asked, row, region))
        if row["condition"] == "wild" and counts:
            yield _line("status-wild-only")
        if row["verbatim"] and row["sourceID"] != DECISION and counts:
            yield _line("status-under-name" if row["listKind"] else "status-written", name=row["verbatim"])
        if row["distance"] and counts:
            yield _line("status-of-wider", name=row["about"])
        if not counts:
            yield _line(f"status-overruled-{_why_overruled(first, row)}")


def _values(asked: BilingualText, row: dict[str, Any], region: Region) -> dict[str, Any]:
    place_zh, place_en = place_name(row["place"], region)
    sureness = text("species", f"sureness-{row['sureness']}")
    answer = in_words(row["answer"])
    return {
        "question_zh": asked.zh, "question_en": asked.en, "answer_zh": answer.zh, "answer_en": answer.en,
        "place_zh": place_zh, "place_en": place_en, "title_zh": row["titleZh"], "title_en": row["titleEn"],
        "version": row["version"] or "—", "since": row["validFrom"], "sureness_zh": sureness.zh,
        "sureness_en": sureness.en, "source": row["source"],
    }  # fmt: skip


def in_words(answer: str) -> BilingualText:
    """A value of a vocabulary in words, with the value itself; any other answer as it is."""
    if f"answer-{answer}" not in catalogue("species"):
        return BilingualText(answer, answer)
    said = text("species", f"answer-{answer}")
    return BilingualText(f"{said.zh} {answer}", said.en if said.en == answer else f"{said.en} ({answer})")


def _why_overruled(first: dict[str, Any], row: dict[str, Any]) -> str:
    """By what the weightier statement outweighs another."""
    if row["answer"] == first["answer"]:
        return "agrees"
    if first["sourceID"] == DECISION:
        return "decision"
    if row["distance"] > first["distance"]:
        return "taxon"
    if row["placeRank"] > first["placeRank"]:
        return "place"
    if first["validFrom"] != row["validFrom"]:
        return "newer"
    return "conflict"


def _warned_of(
    answer: dict[str, Any], said: Sequence[dict[str, Any]], region: Region
) -> Iterator[BilingualText]:
    """What is easily mistaken."""
    if answer["isPlantedOnly"]:
        yield _line("status-planted-only")
    elif answer["protectionLevel"] and answer["protectionCondition"] == "wild":
        yield _line("status-planted-not-protected")
    levels = [row for row in said if row["question"] == "protectionLevel"]
    if levels and levels[0]["answer"] == NONE and any(row["distance"] == 2 for row in levels):
        yield _line("status-excepted-from-genus")
    means = [row for row in said if row["question"] == "establishmentMeans"]
    wider = [row for row in means if row["place"] == region.countryCode]
    if (
        means
        and means[0]["answer"] == "introduced"
        and any(row["answer"].startswith("native") for row in wider)
    ):
        yield _line("status-native-elsewhere")
    if answer["officiallyListed"] and answer["knownEstablished"]:
        yield _line("status-listed-but-common")
    if answer["localPlant"]:
        yield _line(f"status-local-{answer['localPlant']}")


def _sources(said: Sequence[dict[str, Any]]) -> Iterator[BilingualText]:
    """Citation and licence of every source whose facts were used, once."""
    for citation, license in dict.fromkeys(
        (row["citation"], row["license"]) for row in said if row["citation"]
    ):
        yield _line("status-citation", citation=citation, license=license or "—")


def _line(rule: str, **values: object) -> BilingualText:
    return text("species", rule, **values)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    result = connection.execute(sql, values) if values else connection.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _row(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> dict[str, Any]:
    (row,) = _rows(connection, sql, values)
    return row
