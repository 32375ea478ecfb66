"""What one cell says: dates, counts, coordinates, datums. Which column it stands in belongs to `surveys.columns`."""
