"""Matching: which taxon the names of a record mean, in GBIF's own words, once per distinct pair of names.

`names` matches a set of pairs against core_name in the order of certainty; `lookups` finds candidates set-wise,
`verdicts` decides between them. Nothing is guessed: what leads to two taxa is AMBIGUOUS and leads to none. Taking names
apart belongs to `species.written`, what people decided to `species.decisions`.
"""

from __future__ import annotations

SEPARATOR = "\x1f"
