"""Names matched: every distinct pair of names that records carry, against the index, the surest way first.

What a person decided; the name as written; its variants of spelling; a letter wrong; the genus or family that alone
is sure. Each step is asked only about what the steps before left open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace

import duckdb
import pyarrow as pa

from species.decisions import NameDecision, name_text, resolve
from species.matching import SEPARATOR, lookups
from species.matching.lookups import SCIENTIFIC, Candidate, Candidates
from species.matching.verdicts import (
    BY_CHINESE_NAME,
    BY_DECISION,
    BY_HIGHER_RANK,
    BY_SPELLING,
    Verdict,
    ambiguous,
    exactly,
    fuzzily,
    nothing,
    one_of,
    taxa_of,
    together,
    waiting,
)
from species.written.cells import WrittenNames, read_names
from store.warehouse import note_build, transaction

MATCH_SCHEMA = pa.schema([
    ("nameText", pa.string()), ("verbatimScientificName", pa.string()), ("verbatimVernacularName", pa.string()),
    ("identificationQualifier", pa.string()), ("cultivarEpithet", pa.string()),
    ("matchType", pa.string()), ("confidence", pa.int8()), ("taxonID", pa.string()), ("matchedName", pa.string()),
    ("nameSource", pa.string()), ("proposedTaxonID", pa.string()), ("waitsForPerson", pa.bool_()),
    ("reasons", pa.list_(pa.string())), ("decisionId", pa.string()),
])  # fmt: skip
FORMAT = 1  # to be raised when the same index and names give other matches
PAIRS_AT_A_TIME = 20_000
VERNACULAR = ("vernacular", "code")


@dataclass
class _Batch:
    """Pairs of names being matched; a verdict given is not given again."""

    connection: duckdb.DuckDBPyConnection
    written: Mapping[str, WrittenNames]
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def open(self) -> Iterable[tuple[str, WrittenNames]]:
        return ((text, written) for text, written in self.written.items() if text not in self.verdicts)

    def decide(self, text: str, verdict: Verdict | None) -> None:
        if verdict is not None:
            self.verdicts.setdefault(text, verdict)


def match_names(
    connection: duckdb.DuckDBPyConnection,
    pairs: Iterable[tuple[str | None, str | None]],
    decisions: Sequence[NameDecision] = (),
) -> int:
    """Match pairs of names (scientific, vernacular) against the index into core_name_match; returns its row count.

    Pairs matched before with the same index and decisions are not matched again; pairs no longer asked for go.
    """
    standing, _ = resolve(connection, decisions)
    decided = {each.nameText: (each.taxonID, each.decisionId) for each in standing}
    fingerprint = _fingerprint(connection, decided)
    asked = {name_text(scientific, vernacular): (scientific, vernacular) for scientific, vernacular in pairs}
    known = _matched_before(connection, fingerprint)
    if known == asked.keys():  # a verdict on the table as it stands goes on counting
        return len(asked)
    new = [(text, *asked[text]) for text in sorted(asked.keys() - (known or set()))]
    with transaction(connection):
        _forget(connection, known - asked.keys() if known else None)
        for batch in match_pairs(connection, new, decided):
            connection.register("new_matches", pa.Table.from_batches([batch]))
            connection.execute("INSERT INTO core_name_match BY NAME SELECT * FROM new_matches")
            connection.unregister("new_matches")
        connection.execute("DELETE FROM meta_name_match")
        connection.execute("INSERT INTO meta_name_match VALUES (?)", [fingerprint])
        return note_build(connection, "core_name_match")


def _fingerprint(connection: duckdb.DuckDBPyConnection, decided: Mapping[str, tuple[str | None, str]]) -> str:
    index = connection.execute("SELECT indexFingerprint FROM meta_name_index").fetchone()
    return hashlib.sha256(repr((FORMAT, index, sorted(decided.items()))).encode()).hexdigest()


def _matched_before(connection: duckdb.DuckDBPyConnection, fingerprint: str) -> set[str] | None:
    """The name texts whose matches still hold; None where none do."""
    if connection.execute("SELECT matchFingerprint FROM meta_name_match").fetchone() != (fingerprint,):
        return None
    return {text for (text,) in connection.execute("SELECT nameText FROM core_name_match").fetchall()}


def _forget(connection: duckdb.DuckDBPyConnection, texts: set[str] | None) -> None:
    """Matches of these texts go; None: all of them."""
    if texts is None:
        connection.execute("DELETE FROM core_name_match")
    elif texts:
        connection.execute(
            "DELETE FROM core_name_match WHERE list_contains($texts, nameText)", {"texts": sorted(texts)}
        )


def match_pairs(
    connection: duckdb.DuckDBPyConnection,
    pairs: Sequence[tuple[str, str | None, str | None]],
    decided: Mapping[str, tuple[str | None, str]],
) -> Iterator[pa.RecordBatch]:
    """Match pairs of names (nameText, scientific, vernacular), in batches of MATCH_SCHEMA.

    `decided`: what people decided, nameText to (taxonID or None, decisionId).
    """
    lookups.note_guarded(connection)
    for start in range(0, len(pairs), PAIRS_AT_A_TIME):
        chosen = pairs[start : start + PAIRS_AT_A_TIME]
        written = {text: read_names(scientific, vernacular) for text, scientific, vernacular in chosen}
        verdicts = _match(connection, written, decided)
        rows = [
            (
                text,
                scientific,
                vernacular,
                written[text].qualifier,
                _cultivar(written[text]),
                *astuple(verdicts[text]),
            )
            for text, scientific, vernacular in chosen
        ]
        columns = [
            pa.array(values, kind.type)
            for values, kind in zip(zip(*rows, strict=True), MATCH_SCHEMA, strict=True)
        ]
        yield pa.record_batch(columns, schema=MATCH_SCHEMA)


def _cultivar(written: WrittenNames) -> str | None:
    return written.scientific.cultivarEpithet if written.scientific else None


def _match(
    connection: duckdb.DuckDBPyConnection,
    written: Mapping[str, WrittenNames],
    decided: Mapping[str, tuple[str | None, str]],
) -> dict[str, Verdict]:
    batch = _Batch(connection, written)
    _apply_decisions(batch, decided)
    for text, names in list(batch.open()):
        if names.areSeveral:
            batch.decide(
                text, Verdict("AMBIGUOUS", matchedName=_as_written(text), reasons=("match-several-names",))
            )
    vernacular = _look_up_vernacular(batch)
    _match_exactly(batch, vernacular)
    _match_by_spelling(batch)
    _match_by_letters(batch)
    _match_higher(batch)
    _tell_several(batch)
    _propose(batch)
    return batch.verdicts


def _apply_decisions(batch: _Batch, decided: Mapping[str, tuple[str | None, str]]) -> None:
    names = _names_of(batch.connection, {taxon for taxon, _ in decided.values() if taxon})
    for text, _ in list(batch.open()):
        if text not in decided:
            continue
        taxonID, decision = decided[text]
        name, source = names.get(taxonID or "", (None, None))
        verdict = Verdict("EXACT", BY_DECISION, taxonID, name, source) if taxonID else nothing()
        reason = "match-decided" if taxonID else "match-decided-none"
        batch.decide(text, replace(verdict, reasons=(reason,), decisionId=decision))


def _as_written(text: str) -> str:
    return " | ".join(part for part in text.split(SEPARATOR) if part)


def _names_of(connection: duckdb.DuckDBPyConnection, taxa: set[str]) -> dict[str, tuple[str, str]]:
    found = connection.execute(
        "SELECT taxonID, canonicalName, nameSource FROM core_taxon WHERE list_contains($taxa, taxonID)",
        {"taxa": sorted(taxa)},
    ).fetchall()
    return {taxon: (name, source) for taxon, name, source in found}


def _look_up_vernacular(batch: _Batch) -> Candidates:
    """Candidates by Chinese name, alias, code or English name."""
    asked = []
    for text, written in batch.open():
        keys = (*written.chinese.keys, *written.words) if written.chinese else written.words
        asked += [(text, way, key) for way, key in enumerate(dict.fromkeys(keys))]
    return _likeliest(lookups.by_key(batch.connection, asked, VERNACULAR))


def _likeliest(found: Candidates) -> Candidates:
    """Of each text the candidates of its likeliest reading."""
    return {
        text: [c for c in candidates if c.way == min(other.way for other in candidates)]
        for text, candidates in found.items()
    }


def _match_exactly(batch: _Batch, vernacular: Candidates) -> None:
    asked = [
        (text, way, key)
        for text, written in batch.open()
        if (name := written.scientific)
        for way, key in enumerate(filter(None, (name.cultivar_key, name.name_key)))
    ]
    science = _likeliest(lookups.by_key(batch.connection, asked, SCIENTIFIC))
    for text, written in list(batch.open()):
        batch.decide(text, _exact_verdict(written, science.get(text, ()), vernacular.get(text, ())))


def _exact_verdict(
    written: WrittenNames, science: Sequence[Candidate], vernacular: Sequence[Candidate]
) -> Verdict | None:
    confidence = BY_CHINESE_NAME
    reasons: tuple[str, ...] = ("match-vernacular",)
    if science and written.scientific:
        science, confidence, reasons = exactly(written.scientific, science)
    both = together(science, vernacular)
    if both is None:
        return ambiguous([*science, *vernacular], "match-names-contradict")
    candidates, joint = both
    if written.is_doubtful:
        return _doubtful_verdict(candidates)
    return one_of(candidates, "EXACT", confidence, reasons + joint)


def _doubtful_verdict(candidates: Sequence[Candidate]) -> Verdict | None:
    """cf., 疑似: the species is not sure. A listed or protected one waits for a person, of others the genus counts."""
    species = [c for c in candidates if c.taxonRank not in ("genus", "family")]
    guarded = taxa_of(c for c in species if c.isGuarded)
    if guarded:
        return waiting(next(iter(guarded.values())), "match-doubted", "match-waits-listed")
    return None  # left to the higher rank


def _match_by_spelling(batch: _Batch) -> None:
    asked = [
        (text, written.scientific.stem_key)
        for text, written in batch.open()
        if written.scientific and written.scientific.binomial and not written.is_doubtful
    ]
    for text, candidates in lookups.by_stem(batch.connection, asked).items():
        scientific = batch.written[text].scientific
        if scientific:
            left, _, reasons = exactly(scientific, candidates)
            batch.decide(text, one_of(left, "VARIANT", BY_SPELLING, ("match-spelling", *reasons[1:])))


def _match_by_letters(batch: _Batch) -> None:
    for look_up, reason in (
        (lookups.by_epithet_nearby, "match-epithet-nearby"),
        (lookups.by_genus_nearby, "match-genus-nearby"),
    ):
        asked = [
            (text, written.scientific.name_key)
            for text, written in batch.open()
            if written.scientific and written.scientific.binomial
        ]
        for text, candidates in look_up(batch.connection, asked).items():
            scientific = batch.written[text].scientific
            verdict = fuzzily(scientific, candidates, reason) if scientific else None
            if verdict and batch.written[text].is_doubtful and not verdict.waitsForPerson:
                continue
            batch.decide(text, verdict)


def _match_higher(batch: _Batch) -> None:
    """The genus of a scientific name, the genus or family that a Chinese name says, the genus of a doubted species."""
    science = [(text, 0, w.scientific.genus.lower()) for text, w in batch.open() if w.scientific]
    groups = [(text, 0, w.chinese.group) for text, w in batch.open() if w.chinese and w.chinese.group]
    doubted = [
        (text, way, key)
        for text, w in batch.open()
        if w.chinese and w.is_doubtful
        for way, key in enumerate(w.chinese.keys)
    ]
    genera = lookups.by_key(batch.connection, science, SCIENTIFIC)
    named = lookups.by_key(batch.connection, groups, VERNACULAR)
    species = lookups.by_key(batch.connection, doubted, VERNACULAR)
    above = lookups.by_key(
        batch.connection,
        [(text, 0, c.genus.lower()) for text, found in species.items() for c in found if c.genus],
        SCIENTIFIC,
    )
    for found, reason in ((genera, "match-genus"), (named, "match-group"), (above, "match-genus-of-doubted")):
        for text, candidates in found.items():
            ranked = [c for c in candidates if c.taxonRank in ("genus", "family")]
            verdict = one_of(ranked, "HIGHERRANK", BY_HIGHER_RANK, (reason,))
            batch.decide(text, verdict)


def _tell_several(batch: _Batch) -> None:
    """Chinese names joined in one cell, of which two are known."""
    asked = [
        (text, place, part)
        for text, written in batch.open()
        if written.chinese
        for place, part in enumerate(written.chinese.parts)
    ]
    for text, candidates in lookups.by_key(batch.connection, asked, VERNACULAR).items():
        if len({candidate.way for candidate in candidates}) > 1:
            batch.decide(text, ambiguous(candidates, "match-several-names"))


def _propose(batch: _Batch) -> None:
    """What is left has no match; a Chinese name one character off is proposed, or waits where it is a listed one's."""
    asked = [
        (text, written.chinese.keys[0])
        for text, written in batch.open()
        if written.chinese and written.chinese.keys and not written.scientific
    ]
    for text, candidates in lookups.by_chinese_nearby(batch.connection, asked).items():
        taxa = taxa_of(candidates)
        if len(taxa) == 1:
            (near,) = taxa.values()
            batch.decide(
                text,
                Verdict("NONE", matchedName=near.name, nameSource=near.nameSource, proposedTaxonID=near.taxonID,
                        reasons=("match-character-nearby",)),
            )  # fmt: skip
    for text, written in list(batch.open()):
        unknown = written.chinese is not None and written.chinese.isUnknown
        batch.decide(text, nothing("match-said-unknown" if unknown else "match-nothing"))
