"""TDWG BDQ Core: the community's tests of biodiversity data quality, one pure function each, exactly as specified.

`registry` says what every test is, one module a subject says how it answers, `vectorised` answers for whole tables.
What is done with the answers belongs to `quality.flags` and `quality.scorecards`, not here.
"""
