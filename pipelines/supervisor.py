"""The supervisor behind `parkwatch up`: webserver and daemon together, restarted when one dies, stopped cleanly.

A launched run stays queued until a daemon runs, so neither is ever started alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

from pipelines.running import open_instance, prepare_home
from pipelines.settings import PROJECT, Settings

POLL_IN_SECONDS = 0.5
SLOWEST_RESTART_IN_SECONDS = 60.0
LIVED_WELL_AFTER_SECONDS = 60.0
STOP_WITHIN_SECONDS = 20.0


@dataclass
class Service:
    """One process kept alive; its pause before a restart doubles while it keeps dying at once."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    restarts: int = field(default=0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, env=dict(self.environment), cwd=PROJECT, start_new_session=True
        )
        self.started = time.monotonic()

    @property
    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def restart(self) -> None:
        lived = time.monotonic() - self.started
        self.pause = (
            1.0 if lived > LIVED_WELL_AFTER_SECONDS else min(self.pause * 2, SLOWEST_RESTART_IN_SECONDS)
        )
        time.sleep(self.pause)
        self.restarts += 1
        self.start()

    def stop(self) -> None:
        """Ask the process and its children to end; insist after a while."""
        if self.process is None:
            return
        for sign, patience in ((signal.SIGINT, STOP_WITHIN_SECONDS), (signal.SIGKILL, 5.0)):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(patience)
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue
            return


def services(settings: Settings, port: int) -> list[Service]:
    """Webserver (on this machine only: it has no login) and daemon, on one home."""
    home = prepare_home(settings.home)
    open_instance(settings).dispose()  # webserver and daemon would both make the tables of a new history
    environment = os.environ | {
        "DAGSTER_HOME": str(home.dagster),
        "PARKWATCH_HOME": str(home.path),
        "PARKWATCH_REGION": str(settings.region_folder),
        "PARKWATCH_REPORT_DAY": settings.report_day,
        "PYTHONUNBUFFERED": "1",
    }
    location = ["-w", str(PROJECT / "workspace.yaml")]
    web = ["dagster_webserver", "-h", "127.0.0.1", "-p", str(port), *location]
    return [
        Service("webserver", [sys.executable, "-m", *web], environment),
        Service("daemon", [sys.executable, "-m", "dagster._daemon", "run", *location], environment),
    ]


def keep_running(kept: list[Service], tell: Callable[[str, str], None]) -> None:
    """Start all services and keep them alive until this process is asked to end."""
    stopping = False

    def ask_to_stop(_sign: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    previous = {sign: signal.signal(sign, ask_to_stop) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        for service in kept:
            service.start()
        while not stopping:
            for service in kept:
                if service.is_dead and not stopping:
                    tell("up-restarting", service.name)
                    service.restart()
            time.sleep(POLL_IN_SECONDS)
    finally:
        for service in kept:
            service.stop()
        for sign, handler in previous.items():
            signal.signal(sign, handler)
