"""The index: what all sources of names together know, as core_taxon, core_name, core_listing and core_statement.

`merging` brings the sources under one set of accepted taxa, `gbif_taxa` adds what only GBIF names, `build` fills the
tables and knows when nothing has changed. Reading a source belongs to `species.sources`.
"""
