"""What GBIF should not say: each fault spoils the answers it concerns, as often as it is told to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.gbif.server.loopback import Fault
from tests.gbif.server.speaking import CUT, JSON, SILENCE, Asked, Said

Spoil = Callable[[Asked, Said], Said | None]


def times(count: int, spoil: Spoil, where: Callable[[Asked], bool] = lambda asked: True) -> Fault:
    """A fault that happens to the first `count` requests of its kind."""
    left = [count]

    def fault(asked: Asked, said: Said) -> Said | None:
        if left[0] <= 0 or not where(asked):
            return None
        changed = spoil(asked, said)
        left[0] -= changed is not None
        return changed

    return fault


def a_page(asked: Asked) -> bool:
    """Whether records are asked for, not their number."""
    return asked.path == "/v1/occurrence/search" and asked.query["limit"] != ["0"]


def page_at(offset: int) -> Callable[[Asked], bool]:
    return lambda asked: a_page(asked) and asked.query["offset"] == [str(offset)]


def status(code: int, **headers: str) -> Spoil:
    return lambda asked, said: (code, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


def silence(seconds: float) -> Spoil:
    return lambda asked, said: (said[0], said[1] | {SILENCE: str(seconds)}, said[2])


def cut(share: float = 0.5) -> Spoil:
    """The connection ends in the middle of the body."""
    return lambda asked, said: (said[0], said[1] | {CUT: str(int(len(said[2]) * share))}, said[2])


def shortened(share: float = 0.5) -> Spoil:
    """The body ends early, and its length says so: nobody but the reader of its content can notice."""
    return lambda asked, said: (said[0], said[1], said[2][: int(len(said[2]) * share)])


def html(asked: Asked, said: Said) -> Said:
    return 200, {"Content-Type": "text/html"}, b"<html><body>log in first</body></html>"


def changed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Spoil:
    """The same answer with something else in its JSON."""
    return lambda asked, said: (said[0], JSON, json.dumps(change(json.loads(said[2]))).encode())


def other_count(by: int) -> Spoil:
    return changed(lambda page: page | {"count": page["count"] + by})


def no_records(asked: Asked, said: Said) -> Said:
    return 200, JSON, json.dumps(json.loads(said[2]) | {"results": []}).encode()


def like_the_first(records: list[dict[str, Any]]) -> Spoil:
    """A later page holds the records of the first one."""
    return changed(lambda page: page | {"results": records[: len(page["results"])]})


def renamed_terms(asked: Asked, said: Said) -> Said:
    return 200, JSON, said[2].replace(b'"decimalLatitude"', b'"latitude"')
