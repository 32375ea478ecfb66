"""What the giver of a file says about it on the command line: profile, mapping, protocol, datum."""

from __future__ import annotations

from pathlib import Path

from pipelines.settings import Settings


def reading_of(
    settings: Settings, mapping: Path | None, profile: str | None, protocol: str | None, datum: str | None
) -> dict[str, object] | None:
    """What the giver says about a file: a profile, a mapping, the protocol, and the datum where no column names it."""
    if mapping is None and profile is None and protocol is None and datum is None:
        return None
    from surveys.columns import Mapping
    from surveys.profiles import find_profile, read_profile
    from surveys.protocols.recognition import asked_protocol

    said = find_profile(settings.home, profile).mapping if profile else Mapping()
    added = read_profile(mapping).mapping if mapping else Mapping()
    constants = said.constants | added.constants | ({"verbatimSRS": datum} if datum else {})
    return Mapping(
        said.columns | added.columns,
        constants,
        said.profile or added.profile,
        asked_protocol(protocol).id if protocol else said.protocol or added.protocol,
    ).as_reading()
