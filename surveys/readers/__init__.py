"""Readers: exports of well-known systems, told by their columns and members, as tables like any other.

What a reader says of a column is what the system itself documents; everything after that (values, loading, tests) is
the same as for a table typed by hand.
"""
