"""Protocols: what a kind of survey asks for, how its effort is told and its absences are read.

The seven protocols, their columns and their words are data (`*.toml`). The workbooks made from them are written by
`surveys.templates`; whether a record is plausible is judged in `quality`.
"""
