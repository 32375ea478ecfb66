"""The problem report of a survey file as other programs and spreadsheets take it. What a problem is: `monitoring`."""
