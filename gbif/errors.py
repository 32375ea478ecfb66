"""What can be so wrong with a GBIF file or answer that none of it is used."""

from __future__ import annotations

from typing import ClassVar

from store.errors import ParkwatchError


class GbifError(ParkwatchError):
    """The file or answer is refused whole; archive and tables stay as they were."""

    package: ClassVar[str] = "gbif"
    exit_code: ClassVar[int] = 2


class GbifUnreachable(GbifError):
    """There is no way to GBIF from here: everything else goes on without it."""

    exit_code: ClassVar[int] = 3


class GbifNotFound(GbifError):
    """GBIF knows no such thing."""
