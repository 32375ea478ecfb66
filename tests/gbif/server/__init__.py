"""A server on this machine in GBIF's place: real HTTP, and whatever goes wrong with it.

`speaking` is the wire; `loopback` what GBIF says; `faults` what it should not say; `cassettes` what it once said.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.gbif.server.speaking import JSON, Asked, Said, speaking

__all__ = ["JSON", "Asked", "Said", "serving", "speaking"]


def serving(answer: Callable[[str, dict[str, list[str]]], Said]) -> AbstractContextManager[str]:
    """The address of a server that answers a path and its query with status, headers and body."""
    return speaking(lambda asked: answer(asked.path, asked.query))
