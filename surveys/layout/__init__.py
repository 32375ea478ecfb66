"""Where the tables stand on a sheet: headers, titles, notes, cross-tables. What a column means belongs to `columns`."""
