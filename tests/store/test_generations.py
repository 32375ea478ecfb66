"""A generation is published whole or not at all, and readers always find one."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from store import generations
from store.errors import StoreError
from store.generations import current_generation, open_generation, publish, read_manifest
from store.home import Home
from store.warehouse import count_rows, open_warehouse, table_names

A_SITE = """INSERT INTO core_site VALUES
    (?, 'site', 'park', '公园', 'Park', NULL, true, 1.0, 'POLYGON EMPTY')"""

PUBLISH_FOR_EVER = """
import sys
from pathlib import Path
from store.generations import publish
from store.home import Home
from store.warehouse import open_warehouse
home = Home(Path(sys.argv[1]))
print("going", flush=True)
while True:
    with open_warehouse(home) as connection:
        publish(home, connection, inputs={})
"""


def publish_with_sites(home: Home, *names: str) -> Path:
    with open_warehouse(home) as connection:
        for name in names:
            connection.execute(A_SITE, [name])
        return publish(home, connection, inputs={"code": "test"})


def test_readers_see_the_published_tables_and_the_manifest(home: Home) -> None:
    folder = publish_with_sites(home, "a", "b")
    assert current_generation(home) == folder.resolve()
    with open_generation(folder) as connection:
        assert count_rows(connection, "core_site") == 2
    manifest = read_manifest(folder)
    assert manifest["tables"]["core_site"] == 2
    assert manifest["inputs"] == {"code": "test"}


def test_raw_tables_with_peoples_names_stay_behind(home: Home) -> None:
    folder = publish_with_sites(home)
    with open_generation(folder) as connection:
        assert table_names(connection, "raw_") == []


def test_a_reader_can_neither_write_nor_reach_files(home: Home) -> None:
    folder = publish_with_sites(home, "a")
    with open_generation(folder) as connection:
        for statement in ("DELETE FROM core_site", "SELECT * FROM read_text('/etc/hostname')",
                          "SET enable_external_access = true"):  # fmt: skip
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


def test_the_last_three_generations_are_kept(home: Home) -> None:
    folders = [publish_with_sites(home, f"s{number}") for number in range(5)]
    assert len(generations.generations(home)) == 3
    assert current_generation(home) == folders[-1].resolve()


def test_reports_travel_with_their_tables(home: Home, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text("月报", encoding="utf-8")
    with open_warehouse(home) as connection:
        folder = publish(home, connection, inputs={}, files=[report])
    assert (folder / "report.html").read_text(encoding="utf-8") == "月报"


def test_nothing_published_yet_is_said_clearly(home: Home) -> None:
    with pytest.raises(StoreError) as caught:
        current_generation(home)
    assert caught.value.rule == "error-no-generation"


def test_a_full_disk_keeps_the_old_generation_and_says_so(home: Home) -> None:
    before = publish_with_sites(home, "a")
    script = (
        "import resource, signal, sys; from pathlib import Path; from store.home import Home;"
        "from store.warehouse import open_warehouse; from store.generations import publish;"
        "home = Home(Path(sys.argv[1]));\n"
        "with open_warehouse(home) as connection:\n"
        "    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "    publish(home, connection, inputs={})\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home.path)], capture_output=True, text=True)
    assert done.returncode != 0
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert current_generation(home) == before.resolve()
    assert list(home.generations.glob(".building-*")) == []


def test_too_little_room_is_found_before_anything_is_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish_with_sites(home, "a")
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(generations.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(StoreError) as caught:
        publish_with_sites(home, "b")
    assert caught.value.rule == "error-disk-full"
    assert "上一版" in caught.value.remedy.zh
    assert current_generation(home) == before.resolve()


def test_publishing_killed_at_any_moment_leaves_a_whole_generation(home: Home) -> None:
    publish_with_sites(home, "a")
    for round_number in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", PUBLISH_FOR_EVER, str(home.path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.15 + 0.11 * round_number)
        process.kill()
        process.wait()
        with open_generation(current_generation(home)) as connection:
            assert count_rows(connection, "core_site") == 1
    assert publish_with_sites(home, "b") == current_generation(home)
    assert list(home.generations.glob(".building-*")) == []


def test_a_generation_may_be_open_twice_and_stays_locked(home: Home) -> None:
    with open_warehouse(home) as connection:
        publish(home, connection, inputs={})
    with (
        open_generation(current_generation(home)) as first,
        open_generation(current_generation(home)) as second,
    ):
        assert first.execute("SELECT count(*) FROM core_site").fetchone() == (0,)
        with pytest.raises(duckdb.Error, match="locked"):
            second.execute("SET enable_external_access = true")
