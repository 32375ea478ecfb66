"""The package: the zip of a workbook, its relations and content types, written anew with some parts changed.

What the parts mean belongs to `edited`; every part that is not named in a change is copied byte for byte.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from reports.problems.workbook.splicing import Edit, NotEditable, appended, outline, spliced, with_attribute
from surveys.files.guards import GuardedZip

TYPES = "[Content_Types].xml"
NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
Rewriting = Callable[[Iterable[bytes]], Iterator[bytes]]


@dataclass(frozen=True)
class Relation:
    """One relation of a part; `kind` is the end of its type, `target` the name of a part (or an outer address)."""

    id: str
    kind: str
    target: str


def relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


class Package:
    """The user's package and what is to be changed in it.

    `rewritten` parts stream through a function, `replaced` and new ones are bytes, `late` ones are asked for last.
    """

    def __init__(self, content: bytes, file_name: str) -> None:
        self._content, self._file_name = content, file_name
        self._looked_at = GuardedZip(content, file_name)
        self._members = {member.filename: member for member in self._looked_at.members}
        self._known: dict[str, bytes] = {}
        self.names = set(self._members)
        self.replaced: dict[str, bytes] = {}
        self.rewritten: dict[str, Rewriting] = {}
        self.late: dict[str, Callable[[], Iterable[bytes]]] = {}
        self.dropped: set[str] = set()
        self.overrides: dict[str, str] = {}
        self.defaults: dict[str, str] = {}

    def content_of(self, part: str) -> bytes:
        """A part as it is now, changed or not."""
        if part in self.replaced:
            return self.replaced[part]
        if part not in self._members:
            raise NotEditable(f"no {part}")
        if part not in self._known:
            self._known[part] = b"".join(self.chunks_of(part))
        return self._known[part]

    def chunks_of(self, part: str) -> Iterator[bytes]:
        if part not in self._members:
            raise NotEditable(f"no {part}")
        return self._looked_at.chunks(self._members[part])

    def relations(self, part: str) -> list[Relation]:
        name = relations_part(part)
        if name not in self.names:
            return []
        folder = posixpath.dirname(part)
        return [
            Relation(
                node.attributes.get("Id", ""),
                node.attributes.get("Type", "").rpartition("/")[2],
                _resolved(folder, node.attributes),
            )
            for node in outline(self.content_of(name)).named("Relationship")
        ]

    def relate(self, part: str, type_address: str, target: str) -> str:
        """Add a relation to a part; returns its id."""
        name = relations_part(part)
        content = self.content_of(name) if name in self.names else NO_RELATIONS
        root = outline(content)
        taken = {node.attributes.get("Id") for node in root.children}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        new = (
            f'<{root.prefix}Relationship Id="rId{number}" Type={quoteattr(type_address)} '
            f"Target={quoteattr('/' + target)}/>"
        )
        self.replace(name, spliced(content, appended(content, root, new.encode())))
        return f"rId{number}"

    def unrelate(self, part: str, kinds: set[str]) -> None:
        """Drop relations of these kinds; the parts they lead to are dropped by name."""
        name = relations_part(part)
        if name not in self.names:
            return
        content = self.content_of(name)
        edits: list[Edit] = [
            (node.start, node.end, b"")
            for node in outline(content).children
            if node.attributes.get("Type", "").rpartition("/")[2] in kinds
        ]
        if edits:
            self.replace(name, spliced(content, edits))

    def replace(self, part: str, content: bytes) -> None:
        self.replaced[part] = content
        self.names.add(part)

    def new_name(self, pattern: str) -> str:
        """The first name of a pattern with {} for a number that no part has, whatever its case."""
        taken = {name.lower() for name in self.names}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def write(self, target: Path) -> None:
        self.replace(TYPES, self._content_types())
        source = GuardedZip(self._content, self._file_name)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
            for member in source.members:
                name = member.filename
                if name in self.dropped or name in self.late:
                    continue
                pieces: Iterable[bytes]
                if name in self.replaced:
                    pieces = [self.replaced[name]]
                elif name in self.rewritten:
                    pieces = self.rewritten[name](source.chunks(member))
                else:
                    pieces = source.chunks(member)
                _write(copy, name, member.date_time, pieces)
            new_ones = {
                name: [content] for name, content in self.replaced.items() if name not in self._members
            }
            for name, content in new_ones.items():
                _write(copy, name, None, content)
            for name, ask in self.late.items():
                _write(copy, name, None, ask())

    def _content_types(self) -> bytes:
        content = self.content_of(TYPES)
        root = outline(content)
        edits: list[Edit] = []
        said = set()
        for node in root.named("Override"):
            name = node.attributes.get("PartName", "").lstrip("/")
            said.add(name)
            if name in self.dropped:
                edits.append((node.start, node.end, b""))
            elif name in self.overrides:
                tag = content[node.start : node.inner_start]
                changed = with_attribute(tag, "ContentType", self.overrides[name])
                edits.append((node.start, node.inner_start, changed))
        endings = {node.attributes.get("Extension", "").lower() for node in root.named("Default")}
        new = [
            f'<{root.prefix}Default Extension="{ending}" ContentType="{kind}"/>'
            for ending, kind in self.defaults.items()
            if ending not in endings
        ]
        new += [
            f'<{root.prefix}Override PartName={quoteattr("/" + name)} ContentType="{kind}"/>'
            for name, kind in self.overrides.items()
            if name not in said
        ]
        return spliced(content, edits + appended(content, root, "".join(new).encode()))


def _resolved(folder: str, attributes: dict[str, str]) -> str:
    target = attributes.get("Target", "")
    if attributes.get("TargetMode") == "External":
        return target
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")


def _write(
    copy: zipfile.ZipFile,
    name: str,
    date: tuple[int, int, int, int, int, int] | None,
    pieces: Iterable[bytes],
) -> None:
    info = zipfile.ZipInfo(name, date or (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with copy.open(info, "w") as stream:
        for piece in pieces:
            stream.write(piece)
