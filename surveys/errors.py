"""What can be so wrong with a survey file that none of its rows can be read."""

from __future__ import annotations

from typing import ClassVar

from store.errors import ParkwatchError


class UnreadableFile(ParkwatchError):
    """The file is refused whole; archive and tables stay as they were."""

    package: ClassVar[str] = "surveys"
    exit_code: ClassVar[int] = 2
