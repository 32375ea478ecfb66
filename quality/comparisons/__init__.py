"""Comparisons: records asked beside others, beside points nobody records at, and by what GBIF found.

Each is a warning and holds nothing back. What can be asked of one record alone belongs to `record_tests`.
"""
