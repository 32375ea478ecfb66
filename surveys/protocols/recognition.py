"""Recognition: which protocol a table follows, by what a person says, by its form, or by the words people use.

Which words mean which protocol is data (`protocols.toml`).
"""

from __future__ import annotations

import functools
import re
import unicodedata

from surveys.errors import UnreadableFile
from surveys.protocols.catalogue import Protocol, protocols

# Stands in the first row of every sheet of a form, so that it is known again after any change of file format.
FORM_MARK = re.compile(r"Parkwatch form (?P<protocol>[A-Za-z]+)(?: (?P<aid>example|notes|options))?\b")
LONGEST_TEXT = 300


def form_mark(protocol: Protocol, aid: str = "") -> str:
    return f"〔Parkwatch form {protocol.id}{' ' + aid if aid else ''}〕"


def form_of(title: str) -> str | None:
    """The protocol of the form whose title this is."""
    found = FORM_MARK.search(title)
    return found["protocol"] if found and found["protocol"] in protocols() else None


def aid_of(title: str) -> str | None:
    """example, notes or options, where this is the title of a sheet of a form that holds no records."""
    found = FORM_MARK.search(title)
    return found["aid"] if found else None


@functools.lru_cache(maxsize=4096)
def protocol_of(text: str) -> str | None:
    """The protocol that a text names: 固定样线法, 红外相机, Point counts …; by the longest word found in it."""
    said = _spaced(text[:LONGEST_TEXT])
    found = [(len(word), protocol) for word, pattern, protocol in _words() if pattern.search(said)]
    if not found:
        return None
    longest = max(length for length, _ in found)
    meant = {protocol for length, protocol in found if length == longest}
    return meant.pop() if len(meant) == 1 else None


def protocol_named(text: str) -> str | None:
    """The protocol that a person asks for by its id or by any of its names."""
    wanted = text.strip().lower()
    by_id = {name.lower(): name for name in protocols()}
    return by_id.get(wanted) or protocol_of(text)


def asked_protocol(text: str) -> Protocol:
    """The protocol that a person asks for; refused with the names of all where it is none."""
    if known := protocol_named(text):
        return protocols()[known]
    names = ", ".join(f"{name} ({protocol.name.zh})" for name, protocol in protocols().items())
    raise UnreadableFile("error-protocol-unknown", protocol=text, known=names)


@functools.cache
def _words() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(
        (word, _pattern(_spaced(word)), protocol.id)
        for protocol in protocols().values()
        for word in (*protocol.words, protocol.name.zh, protocol.name.en)
    )


def _pattern(word: str) -> re.Pattern[str]:
    """A Chinese word stands anywhere, an English one by itself."""
    escaped = re.escape(word).replace(r"\ ", " ?")
    return re.compile(rf"(?<![a-z]){escaped}s?(?![a-z])" if word.isascii() else escaped)


def _spaced(text: str) -> str:
    return re.sub(r"[\s_\-.·]+", " ", unicodedata.normalize("NFKC", text)).lower()
