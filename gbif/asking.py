"""Asking GBIF: one question at a time, at a pace the whole installation keeps, again where GBIF is busy.

Questions go through pygbif, which knows neither timeouts nor another address than GBIF's own; it is given both here.
What is asked belongs to `searching`, `downloads` and `datasets` (occurrences) and `backbone` (names).
"""

from __future__ import annotations

import fcntl
import functools
import importlib
import logging
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from gbif.errors import GbifError, GbifNotFound, GbifUnreachable

Answer = TypeVar("Answer")
GBIF_API = "https://api.gbif.org"
TIMEOUT_IN_SECONDS = (10, 60)  # to connect, and to wait for the next bytes
PAUSE_IN_SECONDS = 1.0
LONGEST_WAIT_IN_SECONDS = 600.0
TRIES = 5
TRIES_WITHOUT_A_NETWORK = 3
GBIF_BACKBONE = None  # pygbif 0.7 asks for the Catalogue of Life unless told otherwise
PYGBIFS_ADDRESS = re.compile(r"https?://api\.gbif\.org(?=/)")


@dataclass(frozen=True)
class Gbif:
    """Where GBIF is asked, and by whom.

    `turns` is a file that says when the next question may be put; all processes that share it take turns.
    """

    turns: Path
    api: str = GBIF_API
    contact: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    pause: Callable[[float], None] = time.sleep

    def ask(
        self,
        question: Callable[..., Any],
        expected: Callable[[Any], Answer] = lambda answer: answer,
        *,
        is_repeatable: bool = True,
        as_user: bool = False,
    ) -> Answer:
        """Put one question; it is called with the `timeout` and `auth` that requests is to be given.

        `expected` takes the answer apart and raises GbifError where it is none. A question that is not repeatable
        (it makes something new) is put again only where GBIF said that it did nothing.
        """
        import requests  # takes longer to load than most commands that never ask

        for attempt in range(1, TRIES + 1):
            self._wait_for_turn()
            try:
                return expected(question(timeout=TIMEOUT_IN_SECONDS, auth=self._way(as_user)))
            except (
                pygbif().gbifutils.NoResultException,
                KeyError,
            ) as cause:  # what pygbif says of an answer that is no JSON
                raise GbifError("error-api", cause="an answer that is no JSON") from cause
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as cause:
                raise GbifUnreachable("error-offline", cause=cause) from cause
            except requests.ConnectionError as cause:
                if not is_repeatable or attempt >= TRIES_WITHOUT_A_NETWORK:
                    raise GbifUnreachable("error-offline", cause=_in_short(cause)) from cause
                self._hold_back(_backoff(attempt))
            except (requests.RequestException, ValueError) as cause:
                if as_user and _status(cause) in (401, 403):
                    raise GbifError("error-account-refused") from cause
                if _status(cause) in (404, 410):
                    raise GbifNotFound("error-api-not-found", cause=_in_short(cause)) from cause
                wait = _wait_for(cause, attempt, is_repeatable)
                if wait is None or attempt == TRIES:
                    raise GbifError("error-api", cause=_in_short(cause)) from cause
                self._hold_back(wait)
        raise AssertionError("unreachable")

    def url(self, path: str) -> str:
        return f"{self.api.rstrip('/')}/{path}"

    def _way(self, as_user: bool) -> Callable[[Any], Any]:
        """What requests calls to sign a request: here it also gets its address and says who asks."""
        contact = re.sub(r"[^\x20-\x7e]", "", self.contact)
        agent = f"Parkwatch/{version('parkwatch')} ({contact or 'no contact given'})"

        def prepared(request: Any) -> Any:
            request.url = PYGBIFS_ADDRESS.sub(self.api.rstrip("/"), request.url, count=1)
            request.headers["User-Agent"] = agent
            if as_user:
                from requests.auth import HTTPBasicAuth

                request = HTTPBasicAuth(self.user, self.password)(request)
            return request

        return prepared

    def _wait_for_turn(self) -> None:
        """Wait until a question may be put, and let the next one wait a second after it."""
        self.turns.parent.mkdir(parents=True, exist_ok=True)
        with self.turns.open("a+", encoding="ascii", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # whoever waits in here is next; the others queue behind
            wait = _not_before(file) - time.time()
            if wait > 0:
                self.pause(min(wait, LONGEST_WAIT_IN_SECONDS))  # a clock that was set back must not stop us
            _note(file, time.time() + PAUSE_IN_SECONDS)

    def _hold_back(self, seconds: float) -> None:
        """GBIF is busy: no process of this home asks before so many seconds have gone by."""
        with self.turns.open("a+", encoding="ascii", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _note(file, max(time.time() + seconds, _not_before(file)))


@functools.cache
def pygbif() -> Any:
    """pygbif, loaded late and without what it does to everybody's logging when it is."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    module = importlib.import_module("pygbif")
    root.handlers[:] = handlers
    root.setLevel(level)
    return module


def _not_before(file: Any) -> float:
    file.seek(0)
    try:
        return float(file.read(40))
    except ValueError:  # new, or cut off by a kill
        return 0.0


def _note(file: Any, moment: float) -> None:
    file.truncate(0)
    file.write(f"{moment:.3f}")
    file.flush()


def _wait_for(cause: Exception, attempt: int, is_repeatable: bool) -> float | None:
    """Seconds to wait before the next try; None where another try cannot help or might do harm."""
    answer = getattr(cause, "response", None)
    if answer is None:
        return _backoff(attempt) if is_repeatable else None
    if answer.status_code not in (429, 503) and (answer.status_code < 500 or not is_repeatable):
        return None
    asked = _seconds(answer.headers.get("Retry-After", ""))
    wait = _backoff(attempt) if asked is None else asked
    return wait if wait <= LONGEST_WAIT_IN_SECONDS else None


def _status(cause: Exception) -> int | None:
    answer = getattr(cause, "response", None)
    return None if answer is None else int(answer.status_code)


def _backoff(attempt: int) -> float:
    """Growing waits, each a little different: many that were refused together must not come back together."""
    return 2.0**attempt * random.uniform(0.75, 1.25)  # noqa: S311


def _seconds(retry_after: str) -> float | None:
    """Retry-After is a number of seconds or the moment itself."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0.0)


def _in_short(cause: Exception) -> str:
    """What requests says, without credentials or the whole address."""
    return str(cause).split("\n", 1)[0][:300]
