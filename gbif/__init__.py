"""GBIF: archives and downloads read, cited and brought to the standard record; the API client.

Surveys of our own belong to `surveys`, what names mean to `species`.
"""
