"""Dagster as operators use it: the graph, the inbox, `parkwatch up`, and a run launched from the UI."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.workspace import run_lock
from pipelines import definitions
from pipelines.running import open_instance, prepare_home
from pipelines.sensors import inbox, note_failure, take_inbox
from pipelines.settings import Settings
from store.archive import receipts
from store.generations import current_generation
from store.home import Home
from tests.conftest import ROOT
from tests.running import settings_for

STAGES = ("received", "species", "places", "records", "quality", "monitoring", "alerts", "published")
WANTED = {
    "raw_survey", "raw_gbif", "core_taxon", "core_event", "core_occurrence", "core_flag", "core_quarantine",
    "out_species_status", "out_cube", "out_site_indicator", "out_warning", "out_report", "publish",
}  # fmt: skip


@pytest.fixture
def settings(home: Home) -> Settings:
    return settings_for(home, ROOT / "regions" / "datong")


def test_every_stage_is_an_asset_with_description_owner_group_and_kind(settings: Settings) -> None:
    graph = definitions.build(settings).resolve_asset_graph()
    nodes = {key.to_user_string(): graph.get(key) for key in graph.get_all_asset_keys()}
    assert set(nodes) >= WANTED
    for name, node in nodes.items():
        assert node.description, name
        assert node.owners, name
        assert node.kinds, name
        assert node.group_name in STAGES, name


def test_the_graph_reads_from_left_to_right(settings: Settings) -> None:
    """A table is only made from its own layer or one to the left: raw_, core_, out_, publish."""
    layers = ("raw", "core", "out", "publish")
    graph = definitions.build(settings).resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        own = layers.index(key.to_user_string().split("_")[0])
        for parent in graph.get(key).parent_keys:
            assert layers.index(parent.to_user_string().split("_")[0]) <= own, (key, parent)


def test_blocking_checks_stand_before_publishing(settings: Settings) -> None:
    graph = definitions.build(settings).resolve_asset_graph()
    checks = [graph.get(key) for key in graph.asset_check_keys]
    assert len([check for check in checks if check.blocking]) >= 2


def test_the_schedules_run_in_the_citys_own_time(settings: Settings) -> None:
    schedules = {schedule.name: schedule for schedule in definitions.build(settings).schedules or []}
    assert set(schedules) == {"monthly_report", "daily_gbif"}
    for schedule in schedules.values():
        assert schedule.execution_timezone == "Asia/Shanghai"


def old(path: Path) -> None:
    os.utime(path, (time.time() - 60, time.time() - 60))


def test_the_inbox_takes_files_in_once_and_sets_unreadable_ones_aside(settings: Settings) -> None:
    home = settings.home
    good, bad, fresh = home.inbox / "a.csv", home.inbox / "b.csv", home.inbox / "c.csv"
    good.write_text("日期,物种名称\n2025-06-03,榆树\n", encoding="utf-8")
    bad.write_text("no,thing\n1,2\n", encoding="utf-8")
    fresh.write_text("still being", encoding="utf-8")
    old(good)
    old(bad)
    resources = definitions.build(settings).resources or {}
    with (
        open_instance(settings) as instance,
        run_lock(home, 1.0),  # a run going on does not keep the inbox waiting
        dg.build_sensor_context(instance=instance, resources=resources, sensor_name="inbox") as context,
    ):
        result: Any = inbox(context)
    (submission,) = [receipt.submissionId for receipt in receipts(home)]
    assert [(request.job_name, request.partition_key) for request in result.run_requests] == [
        ("survey_intake", submission), ("monitoring_run", None),
    ]  # fmt: skip
    assert not good.exists()
    assert fresh.exists()
    (note,) = home.refused.glob("*.txt")
    assert "找不到表头" in note.read_text(encoding="utf-8")
    assert next(home.refused.glob("*b.csv")).read_text(encoding="utf-8").startswith("no,thing")
    assert list(take_inbox(home)) == []


def test_a_failed_run_is_written_down(home: Home) -> None:
    note_failure(home, job="monitoring_run", run="abc", cause="没有磁盘空间")
    entry = json.loads(home.failed_runs.read_text(encoding="utf-8"))
    assert (entry["job"], entry["cause"]) == ("monitoring_run", "没有磁盘空间")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(port: int, query: str, **variables: object) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        document: dict[str, Any] = json.load(answer)
    assert "errors" not in document, document
    data: dict[str, Any] = document["data"]
    return data


def wait_until(condition: Any, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = condition()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture
def served(home: Home) -> Iterator[tuple[Home, int, int]]:
    """`parkwatch up` in a process of its own: the home, the port, the process id."""
    prepare_home(home)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli.main import main; main()", "--home", str(home.path),
         "--region", str(ROOT / "regions" / "datong"), "up", "--port", str(port)],
        cwd=ROOT,
    )  # fmt: skip
    yield home, port, process.pid
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the webserver still answers"


def children_of(pid: int, word: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, IndexError):
            continue
        if parent == pid and word in command:
            found.append(int(folder.name))
    return found


LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""
LOADED = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"
STATUS = "query Status($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


@pytest.mark.slow
def test_a_run_launched_from_the_ui_publishes_and_a_dead_webserver_comes_back(
    served: tuple[Home, int, int],
) -> None:
    home, port, pid = served
    wait_until(lambda: ask(port, LOADED)["repositoriesOrError"].get("nodes"), 120)
    params = {
        "selector": {
            "repositoryLocationName": "parkwatch", "repositoryName": "__repository__", "jobName": "monitoring_run"
        },
        "mode": "default",
    }  # fmt: skip
    launched = ask(port, LAUNCH, params=params)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run = launched["run"]["runId"]

    def ended() -> str | None:
        status: str = ask(port, STATUS, id=run)["runOrError"]["status"]
        return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None

    assert wait_until(ended, 180) == "SUCCESS"
    assert next(current_generation(home).glob("*.html")).is_file()
    (webserver,) = children_of(pid, "dagster_webserver")
    os.kill(webserver, signal.SIGKILL)
    wait_until(lambda: [child for child in children_of(pid, "dagster_webserver") if child != webserver], 30)
    wait_until(lambda: ask(port, "{ version }"), 90)
