"""The command speaks the user's language, teaches, and ends with the documented exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from store.region import read_region


def parkwatch(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "from pipelines.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", **environment},
    )


def test_help_teaches_in_both_languages() -> None:
    assert "退出码" in parkwatch("--lang", "zh", "--help").stdout
    assert "Exit codes" in parkwatch("--lang", "en", "--help").stdout


def test_the_locale_decides_the_language() -> None:
    assert "早期预警" in parkwatch("--help", LANG="zh_CN.UTF-8").stdout
    assert "early warning" in parkwatch("--help", LANG="en_GB.UTF-8").stdout


def test_init_makes_a_home_that_doctor_finds_well(tmp_path: Path) -> None:
    assert parkwatch("--home", tmp_path / "home", "init").returncode == 0
    done = parkwatch("--home", tmp_path / "home", "--lang", "en", "doctor")
    assert f"✓ Home {tmp_path / 'home'}" in done.stdout
    assert "✓ DuckDB's spatial extension" in done.stdout


def test_doctor_tells_how_to_make_a_missing_home(tmp_path: Path) -> None:
    done = parkwatch("--home", tmp_path / "none", "--lang", "zh", "doctor")
    assert done.returncode == 3
    assert "parkwatch init" in done.stdout


def test_a_new_region_reads_at_once(tmp_path: Path) -> None:
    assert parkwatch("region", "new", tmp_path / "city").returncode == 0
    assert [site.placeID for site in read_region(tmp_path / "city").sites] == ["example-park"]
    assert parkwatch("--region", tmp_path / "city", "region", "check").returncode == 0


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    done = parkwatch("--lang", "en", "region", "new", tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_datong_is_the_region_unless_told_otherwise() -> None:
    done = parkwatch("--lang", "zh", "region", "check")
    assert done.stdout.startswith("大同市：10 个区划，18 个地点，13 份名录")
