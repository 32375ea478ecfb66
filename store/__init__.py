"""Where bytes and tables are kept: archive, warehouse, generations, and the region's own configuration.

Domain rules (what a valid date is, what a warning is) do not belong here; they live in the packages above.
"""
