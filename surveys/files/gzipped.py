"""Gzip: a single text file packed by itself, as Camtrap DP allows for its larger tables, unpacked piece by piece.

How much text is too much is decided by whoever reads the pieces; zips and workbooks have their guards in `guards`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from surveys.errors import UnreadableFile
from surveys.files.scanning import CHUNK_IN_BYTES

GZIP_MAGIC = b"\x1f\x8b"
WITH_GZIP_HEADER = 31


def unpacked(chunks: Iterable[bytes], file_name: str) -> Iterator[bytes]:
    """The bytes a gzip file holds, none of the pieces longer than CHUNK_IN_BYTES."""
    unpacking = zlib.decompressobj(WITH_GZIP_HEADER)
    try:
        for chunk in chunks:
            piece = unpacking.decompress(chunk, CHUNK_IN_BYTES)
            while piece:
                yield piece
                piece = unpacking.decompress(unpacking.unconsumed_tail, CHUNK_IN_BYTES)
    except zlib.error as cause:
        raise UnreadableFile("error-zip-broken", file=file_name) from cause
    if not unpacking.eof:
        raise UnreadableFile("error-zip-broken", file=file_name)
