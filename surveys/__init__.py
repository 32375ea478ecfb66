"""What a survey file is: its encoding, sheets, headers, values and coordinates.

Names of species belong to `species`, judging a record to `quality`, placing it to `monitoring`.
"""
