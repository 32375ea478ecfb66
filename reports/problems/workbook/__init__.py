"""The annotated copy of a workbook, as an edit of the user's own package.

Each module changes one kind of part; `edited` puts them together, `rebuilt` is the way for what cannot be edited.
"""
