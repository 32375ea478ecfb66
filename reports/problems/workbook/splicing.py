"""Splicing: changing some bytes of an XML part and leaving every other byte as it was.

Serialising a parsed tree would rename prefixes, drop `mc:Ignorable` namespaces and move white space, so parts are only
located with a parser and edited as bytes. What is edited where belongs to the modules of each part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

START_TAG = re.compile(rb"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
NOT_IN_XML = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd"))
NOT_IN_XML |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
Edit = tuple[int, int, bytes]  # from this offset to that one, these bytes instead


class NotEditable(Exception):
    """The package is odd in a way that an edit could break."""


@dataclass(slots=True)
class Node:
    """One element and where it stands; `inner_end` is where its end tag begins, `end` where the element ends."""

    name: str
    attributes: dict[str, str]
    start: int
    inner_start: int
    inner_end: int = 0
    end: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return self.name.rpartition(":")[0] + ":" if ":" in self.name else ""

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]

    def named(self, local: str) -> Iterator[Node]:
        return (child for child in self.children if child.local == local)

    def first(self, local: str) -> Node | None:
        return next(self.named(local), None)


def careful_parser() -> expat.XMLParserType:
    """A parser that tells byte offsets, and refuses entities and encodings whose bytes cannot be spliced."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _refuse_encoding
    return parser


def _refuse_doctype(*_: object) -> None:
    raise NotEditable("doctype")


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
        raise NotEditable(encoding)


def outline(content: bytes) -> Node:
    """The elements of a whole part."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotEditable("UTF-16")
    parser = careful_parser()
    top = Node("", {}, 0, 0)
    open_ones = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        node = Node(name, attributes, at, at + len(tag_at(content, at)))
        open_ones[-1].children.append(node)
        open_ones.append(node)

    def end(_name: str) -> None:
        node = open_ones.pop()
        node.inner_end = parser.CurrentByteIndex
        is_empty_tag = content[node.inner_start - 2 : node.inner_start] == b"/>"
        node.end = node.inner_start if is_empty_tag else content.index(b">", node.inner_end) + 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as cause:
        raise NotEditable(str(cause)) from cause
    return top.children[0]


def tag_at(content: bytes | bytearray, at: int) -> bytes:
    found = START_TAG.match(content, at)
    if found is None:
        raise NotEditable("no tag")
    return bytes(found[0])


def spliced(content: bytes, edits: list[Edit]) -> bytes:
    pieces, position = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [content[position:start], new]
        position = end
    return b"".join([*pieces, content[position:]])


def appended(content: bytes, node: Node, new: bytes, added: int = 0) -> list[Edit]:
    """Put children behind those of an element, and raise its `count` where it has one."""
    tag = content[node.start : node.inner_start]
    if added and "count" in node.attributes:
        tag = with_attribute(tag, "count", str(len(node.children) + added))
    if node.end == node.inner_start:
        return [(node.start, node.end, opened(tag) + new + f"</{node.name}>".encode())]
    return [(node.start, node.inner_start, tag), (node.inner_end, node.inner_end, new)]


def opened(tag: bytes) -> bytes:
    """A start tag that is no empty element."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with an attribute set; None drops it."""
    said = f" {name}={quoteattr(value)}".encode() if value is not None else b""
    present = re.compile(rb"\s" + re.escape(name.encode()) + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")
    if present.search(tag):
        return present.sub(lambda _: said, tag, count=1)
    cut = -2 if tag.endswith(b"/>") else -1
    return tag[:cut].rstrip() + said + tag[cut:]


def xml_text(text: str) -> str:
    return escape(text.translate(NOT_IN_XML), {"\r": "&#13;"})


def inline_string(prefix: str, reference: str, style: int | str | None, content: str) -> str:
    """A cell that holds a text, whatever it looks like."""
    styled = f' s="{style}"' if style else ""
    return (
        f'<{prefix}c r="{reference}"{styled} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">'
        f"{xml_text(content[:32_767])}</{prefix}t></{prefix}is></{prefix}c>"
    )
