"""Verdicts: which of the candidates a written name means, how sure that is, and why.

Finding candidates belongs to `lookups`. The reasons are rules of species/messages.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from species.matching.lookups import Candidate
from species.written.authorship import MISAPPLIED, agreement
from species.written.scientific_names import ScientificName

# Confidence by how the match came about; docs/names.md says how to read it.
BY_AUTHORSHIP, BY_NAME, BY_CHINESE_NAME, AGAINST_AUTHORSHIP = 100, 97, 95, 85
BY_SPELLING, BY_LETTERS, LOST_BY_LETTER, BY_HIGHER_RANK = 90, 90, 10, 60
BY_DECISION = 100
AGREES, AGREES_CLEARLY = 0.5, 0.15
NEGATING = ("a", "e")


@dataclass(frozen=True)
class Verdict:
    """How a pair of names was matched, as a row of core_name_match says it."""

    matchType: str
    confidence: int = 0
    taxonID: str | None = None
    matchedName: str | None = None
    nameSource: str | None = None
    proposedTaxonID: str | None = None
    waitsForPerson: bool = False
    reasons: tuple[str, ...] = ()
    decisionId: str | None = None

    def because(self, *reasons: str) -> Verdict:
        return replace(self, reasons=(*self.reasons, *reasons))


def nothing(*reasons: str) -> Verdict:
    return Verdict("NONE", reasons=reasons)


def taxa_of(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """One candidate a taxon: an accepted name before a synonym, then by alphabet."""
    ordered = sorted(candidates, key=lambda c: (c.way, c.nameKind != "accepted", c.name, c.taxonID))
    taxa: dict[str, Candidate] = {}
    for candidate in ordered:
        taxa.setdefault(candidate.taxonID, candidate)
    return taxa


def exactly(
    written: ScientificName, candidates: Sequence[Candidate]
) -> tuple[list[Candidate], int, tuple[str, ...]]:
    """The candidates of equal spelling that are left after rank and authorship, with confidence and reasons.

    Authorship settles which of two homonyms is meant; by itself it rejects none. Without one, a name that others
    misapplied (auct., sensu) is not meant.
    """
    same_rank = [c for c in candidates if c.nameRank == written.rank]
    left = same_rank if written.rank != "subspecies" and same_rank else list(candidates)
    if written.authorship:
        agreements = [(agreement(written.authorship, c.authorship), c) for c in left]
        said = [(score, c) for score, c in agreements if score is not None]
        best = max((score for score, _ in said), default=None)
        if best is not None and best >= AGREES:
            close = [c for score, c in said if score >= best - AGREES_CLEARLY]
            return _narrowed(close, written, said), BY_AUTHORSHIP, ("match-authorship",)
        if best is not None:
            return _rightly_applied(left), AGAINST_AUTHORSHIP, ("match-authorship-differs",)
    return _rightly_applied(left), BY_NAME, ("match-name",)


def _rightly_applied(candidates: list[Candidate]) -> list[Candidate]:
    return [c for c in candidates if not MISAPPLIED.search(c.authorship or "")] or candidates


def _narrowed(
    close: list[Candidate], written: ScientificName, said: Sequence[tuple[float, Candidate]]
) -> list[Candidate]:
    """Of several that agree well, those that agree best."""
    if len({c.taxonID for c in close}) == 1:
        return close
    best = max(score for score, _ in said)
    return [c for score, c in said if score == best]


def one_of(
    candidates: Iterable[Candidate], match_type: str, confidence: int, reasons: tuple[str, ...]
) -> Verdict | None:
    """The verdict on candidates: the one taxon, AMBIGUOUS where there are several, None where there is none."""
    taxa = taxa_of(candidates)
    if not taxa:
        return None
    if len(taxa) > 1:
        return ambiguous(taxa.values(), *reasons, "match-several")
    (taxon,) = taxa.values()
    synonym = ("match-synonym",) if taxon.nameKind == "synonym" else ()
    return Verdict(
        match_type, confidence, taxon.taxonID, taxon.name, taxon.nameSource, reasons=(*reasons, *synonym)
    )


def ambiguous(candidates: Iterable[Candidate], *reasons: str) -> Verdict:
    names = sorted({candidate.name for candidate in candidates})
    return Verdict("AMBIGUOUS", matchedName=" | ".join(names), reasons=reasons)


def fuzzily(written: ScientificName, candidates: Sequence[Candidate], reason: str) -> Verdict | None:
    """The nearest of misspelt candidates. One that concerns a listed or protected taxon waits for a person.

    One letter may be wrong, unless the author is another; two only where the author is the same: Acer saccharum is
    no slip for Acer saccharinum.
    """
    candidates = [c for c in candidates if _may_be_a_slip(written, c)]
    if not candidates:
        return None
    if opposites := [
        c for c in candidates if _negates(written.canonicalName.split()[-1], c.name.split()[-1])
    ]:
        return waiting(next(iter(taxa_of(opposites).values())), reason, "match-waits-opposite")
    least = min(candidate.way for candidate in candidates)
    nearest = taxa_of(c for c in candidates if c.way == least)
    guarded = taxa_of(c for c in candidates if c.isGuarded)
    if guarded:
        proposed = next(iter(guarded.values())) if len(nearest) > 1 else next(iter(nearest.values()))
        return waiting(proposed, reason, "match-waits-listed")
    found = one_of(nearest.values(), "FUZZY", BY_LETTERS - LOST_BY_LETTER * least, (reason,))
    return found if found is None or found.taxonID else found.because("match-fuzzy-several")


def _may_be_a_slip(written: ScientificName, candidate: Candidate) -> bool:
    agreed = agreement(written.authorship, candidate.authorship)
    if candidate.way > 1:
        return agreed is not None and agreed >= AGREES
    return agreed != 0.0


def _negates(one: str, other: str) -> bool:
    """emarginata is no misspelt marginata: a- and e- before a word deny it."""
    short, long = sorted((one, other), key=len)
    return long[1:] == short and long[0] in NEGATING


def waiting(proposed: Candidate, *reasons: str) -> Verdict:
    """Nothing is matched until a person decides."""
    return Verdict(
        "FUZZY", 0, matchedName=proposed.name, nameSource=proposed.nameSource, proposedTaxonID=proposed.taxonID,
        waitsForPerson=True, reasons=reasons,
    )  # fmt: skip


def together(
    science: Sequence[Candidate], vernacular: Sequence[Candidate]
) -> tuple[Sequence[Candidate], tuple[str, ...]] | None:
    """What both names of a record mean together; None where they contradict each other.

    One may be narrower than the other: a variety and its species, a species and its genus.
    """
    if not science or not vernacular:
        return science or vernacular, ()
    agreed = {c.taxonID for c in science} & {c.taxonID for c in vernacular}
    if agreed:
        return [c for c in (*science, *vernacular) if c.taxonID in agreed], ("match-both-names",)
    narrower = [c for c in science if any(_holds(v, c) for v in vernacular)]
    narrower += [v for v in vernacular if any(_holds(c, v) for c in science)]
    return (narrower, ("match-narrower-name",)) if narrower else None


def _holds(wider: Candidate, narrower: Candidate) -> bool:
    """Whether one taxon is the genus or the species of the other."""
    if wider.taxonRank == "genus":
        return narrower.taxonRank != "genus" and wider.genus == narrower.genus
    same_species = wider.speciesName is not None and wider.speciesName == narrower.speciesName
    return same_species and wider.taxonRank == "species" != narrower.taxonRank
