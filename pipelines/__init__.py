"""Wiring: settings, the `parkwatch` command and, later, the Dagster definitions. No domain logic here."""
