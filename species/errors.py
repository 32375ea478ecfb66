"""What can be wrong with a species list."""

from __future__ import annotations

from typing import ClassVar

from store.errors import ParkwatchError


class ListError(ParkwatchError):
    """A species list of the region cannot be read."""

    package: ClassVar[str] = "species"
    exit_code: ClassVar[int] = 2


class StatusError(ParkwatchError):
    """What was asked or decided about a status cannot be."""

    package: ClassVar[str] = "species"
    exit_code: ClassVar[int] = 2


class NameSourceError(ParkwatchError):
    """A file of names, or the profile to read it by, cannot be used."""

    package: ClassVar[str] = "species"
    exit_code: ClassVar[int] = 2
