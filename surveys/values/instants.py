"""Instants: moments written in UTC, as cameras and servers keep them, told by the clock of the city.

A moment with another offset (+08:00) is somebody's local time already and stays as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

IN_UTC = re.compile(
    r"^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(?:Z|UTC|\+00:?00)$", re.IGNORECASE
)


def in_local_time(text: str, zone: tzinfo) -> str:
    """2026-05-17T22:10:00Z in Datong is 2026-05-18T06:10:00+08:00; every other text stays as it is."""
    found = IN_UTC.match(text.strip())
    if not found:
        return text
    try:
        return (
            datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC).astimezone(zone).isoformat()
        )
    except (ValueError, OverflowError):  # a day or hour that does not exist is told as it was written
        return text
