"""Names at real size: an invented checklist imported, indexed, and asked for messy names: `make bench-names`.

The names are drawn by a seed from Latin syllables; none is a plant's. Seconds depend on the machine; of the ratios the
one to reading the same rows bare is printed.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.invented import REGION
from species.decisions import name_text
from species.index.build import build_index
from species.matching.names import match_pairs
from species.sources.importing import import_names
from store.home import Home
from store.region import read_region
from store.warehouse import open_in_memory

SEED = 20_261_125
NAMES, ASKED = 118_000, 100_000
GENERA = 6_000
SYLLABLES = (
    "al", "ba", "ci", "do", "el", "fu", "gra", "hi", "lo", "ma", "ne", "pho", "qui", "ro", "sti", "tri", "vel", "xan",
)  # fmt: skip
ENDINGS = ("us", "a", "um", "is", "ensis", "oides", "ii")
AUTHORS = ("L.", "Mill.", "Maxim.", "(L.) Moench", "Franch.", "Hand.-Mazz.", "C. Y. Wu", "Bunge")


def word(draw: random.Random, syllables: int) -> str:
    return "".join(draw.choice(SYLLABLES) for _ in range(syllables))


def write_checklist(path: Path, draw: random.Random) -> list[str]:
    """A checklist of accepted names and synonyms; returns the names."""
    genera = sorted({word(draw, 3).capitalize() + "ia" for _ in range(GENERA)})
    names = sorted({f"{draw.choice(genera)} {word(draw, 3)}{draw.choice(ENDINGS)}" for _ in range(NAMES * 2)})
    names = draw.sample(names, NAMES)
    with path.open("w", encoding="utf-8") as file:
        file.write("taxonID,scientificName,scientificNameAuthorship,acceptedNameUsageID,kingdom,family\n")
        for number, name in enumerate(names):
            accepted = "" if number < NAMES // 3 else str(draw.randrange(NAMES // 3))
            file.write(f'{number},{name},"{draw.choice(AUTHORS)}",{accepted},Plantae,Testaceae\n')
    return names


def messy(name: str, draw: random.Random) -> str:
    """A name as it comes from the field."""
    kind, place = draw.randrange(8), draw.randrange(1, len(name) - 1)
    return {
        0: name.upper(), 1: f"{name} {draw.choice(AUTHORS)}", 2: f"{name} '{word(draw, 2).title()}'",
        3: name[:place] + name[place + 1 :], 4: name[:place] + draw.choice("aeioust") + name[place:],
        5: name.replace(" ", " cf. ", 1), 6: f"  {name.lower()} ", 7: word(draw, 4),
    }[kind]  # fmt: skip


def main() -> None:
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as folder, open_in_memory() as connection:
        path, home = Path(folder) / "names.csv", Home(Path(folder) / "home").create()
        names = write_checklist(path, draw)
        bare = _seconds(lambda: duckdb.sql(f"CREATE TABLE bare AS SELECT * FROM read_csv('{path}')"))
        imported = _seconds(lambda: import_names(home, [path], "bench"))
        built = _seconds(lambda: build_index(connection, read_region(REGION), home))
        again = _seconds(lambda: build_index(connection, read_region(REGION), home))
        asked: set[str] = set()
        while len(asked) < ASKED:
            asked.add(messy(draw.choice(names), draw))
        pairs = [(name_text(text, None), text, None) for text in sorted(asked)]
        matched = _seconds(lambda: list(match_pairs(connection, pairs, {})))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"bare load of {NAMES:,} names {bare:6.2f} s")
    for step, seconds in (("import", imported), ("index", built), ("index, unchanged", again)):
        print(f"{step:<28} {seconds:6.2f} s | ratio {seconds / bare:6.1f}")
    print(f"match of {ASKED:,} messy names {matched:6.2f} s | ratio {matched / bare:6.1f} | peak {peak:,} MB")


def _seconds(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
