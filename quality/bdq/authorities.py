"""Authorities: what the BDQ tests look up that is not a short list: names of taxa, and the shapes of countries.

The tests only know these protocols; what stands behind them is `names_in_index` and `shapes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class KnownTaxon:
    """A taxon as an authority knows it: its id there, rank, name with and without authorship, and classification."""

    taxonID: str
    taxonRank: str
    scientificName: str
    scientificNameAuthorship: str
    classification: Mapping[str, str]  # by rank: kingdom, phylum, class, order, family, genus


class NameAuthority(Protocol):
    """A list of taxon names."""

    def has_name_at_rank(self, name: str, rank: str) -> bool: ...

    def taxa_named(self, name: str) -> Sequence[KnownTaxon]: ...

    def taxa_with_id(self, identifier: str) -> Sequence[KnownTaxon]: ...


class Shapes(Protocol):
    """Outlines of countries and their first-level divisions; distances in metres, 0 inside."""

    def distance_to_country(self, latitude: float, longitude: float, country_code: str) -> float | None: ...

    def distances_to_division(self, latitude: float, longitude: float, name: str) -> Sequence[float]: ...

    def countries_at(self, latitude: float, longitude: float) -> Sequence[str]: ...

    def nearest_country(self, latitude: float, longitude: float) -> tuple[str, float]: ...

    def area_of_country(self, country_code: str) -> float | None: ...

    def centres_of_country(self, country_code: str) -> Sequence[tuple[float, float]]: ...

    def divisions_named(self, name: str) -> Sequence[str]: ...
