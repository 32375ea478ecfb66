"""Sources of names: checklists in whatever form they come, read into one form, and kept in versions.

`importing` takes files into the archive; `darwin_core`, `coldp` and `tables` read them; `region_lists` reads the lists
of the region. What the sources together say is worked out in `species.index`.
"""
