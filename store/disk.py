"""The disk: a full one is told as what it is, and never blamed on the file or the server at hand."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import DiskFull


def tell_full_disk(cause: BaseException, folder: Path, needed_in_bytes: int) -> None:
    """Raise DiskFull where that is what went wrong."""
    if getattr(cause, "errno", None) == errno.ENOSPC:
        free = shutil.disk_usage(folder).free >> 20
        raise DiskFull("error-disk-full", path=folder, needed=needed_in_bytes >> 20, free=free) from cause


@contextmanager
def writing_to(folder: Path, needed_in_bytes: int) -> Iterator[None]:
    """A block that writes about so many bytes to a folder."""
    try:
        yield
    except OSError as cause:
        tell_full_disk(cause, folder, needed_in_bytes)
        raise
