"""From bytes to sheets of text cells: encodings, delimited text, workbooks, zips.

What a cell means is not known here.
"""
