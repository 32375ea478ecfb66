"""The command that writes empty forms: template."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.talk import say
from pipelines.settings import Settings


@click.pass_obj
def template(settings: Settings, protocol: str | None, out: Path | None) -> None:
    """Write the empty workbook of a protocol; without one, list the protocols."""
    from surveys.protocols.catalogue import protocols
    from surveys.protocols.recognition import asked_protocol
    from surveys.templates import write_form

    if protocol is None:
        for known in protocols().values():
            say(
                settings, "template-protocol", id=known.id, zh_name=known.name.zh, en_name=known.name.en,
                zh_description=known.description.zh, en_description=known.description.en,
            )  # fmt: skip
        say(settings, "template-next")
        return
    asked = asked_protocol(protocol)
    path = _with_suffix(out or Path(f"{asked.name.zh}_{asked.id}.xlsx"))
    write_form(asked, path)
    say(settings, "template-written", path=path, zh_name=asked.name.zh, en_name=asked.name.en)


def _with_suffix(path: Path) -> Path:
    return path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
