"""Names as people write them, taken apart and brought to the keys that are compared.

Which taxon a written name means belongs to `species.matching`.
"""
