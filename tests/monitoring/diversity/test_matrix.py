"""The matrix of counts and the command: any table of samples and species, wide or long, and clear words on what is none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitoring.diversity.matrix import MatrixError, read_matrix
from pipelines.cli.main import build_command
from pipelines.settings import read_settings


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8-sig")
    return path


def diversity(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(
        build_command(read_settings({"PARKWATCH_LANG": language})), ["diversity", *arguments]
    )


def test_a_wide_table_with_and_without_names_of_samples(tmp_path: Path) -> None:
    named = read_matrix(write(tmp_path / "a.csv", "样方,榆,杨\nA,3,\nB,0,2\n"))
    assert (named.samples, named.species, named.counts.tolist()) == (
        ("A", "B"),
        ("榆", "杨"),
        [[3, 0], [0, 2]],
    )
    bare = read_matrix(write(tmp_path / "b.csv", "elm,poplar\n3,0\n1,2\n"))
    assert (bare.samples, bare.species) == (("1", "2"), ("elm", "poplar"))
    numbered = read_matrix(write(tmp_path / "c.csv", "site,elm\n7,3\n9,1\n"))
    assert (numbered.samples, numbered.counts.tolist()) == (("7", "9"), [[3], [1]])


def test_a_long_table_adds_up_rows_of_the_same_sample_and_species(tmp_path: Path) -> None:
    found = read_matrix(
        write(tmp_path / "a.csv", "sample,species,count\nA,elm,2\nB,oak,1\nA,elm,3\n"), long=True
    )
    assert (found.samples, found.species, found.counts.tolist()) == (
        ("A", "B"),
        ("elm", "oak"),
        [[5, 0], [0, 1]],
    )


@pytest.mark.parametrize(
    ("text", "long", "rule", "values"),
    [
        ("a,b\n", False, "error-matrix-empty", {}),
        ("site,a\nA,1,2\n", False, "error-matrix-width", {"line": 2, "found": 3, "expected": 2}),
        ("site,a\nA,1\nB,若干\n", False, "error-matrix-count", {"line": 3, "column": 2, "value": "若干"}),
        ("site,a\nA,-1\n", False, "error-matrix-count", {"line": 2, "column": 2}),
        ("site,a\nA,0.5\n", False, "error-matrix-count", {"value": "0.5"}),
        ("site,a\nA,inf\n", False, "error-matrix-count", {"value": "inf"}),
        ("sample,species,count\nA,elm\n", True, "error-matrix-width", {"line": 2, "found": 2}),
    ],
)
def test_what_is_no_count_is_told_with_its_place(
    tmp_path: Path, text: str, long: bool, rule: str, values: dict[str, object]
) -> None:
    with pytest.raises(MatrixError) as told:
        read_matrix(write(tmp_path / "a.csv", text), long)
    assert told.value.rule == rule
    assert values.items() <= told.value.values.items()


def test_the_command_writes_every_index_of_every_sample_and_of_all_of_them(tmp_path: Path) -> None:
    matrix = write(tmp_path / "a.csv", "site,a,b,c\nA,5,2,1\nB,9,1,1\nC,0,0,0\n")
    result = diversity(str(matrix), "--out", str(tmp_path / "out.csv"), "--replicates", "20")
    assert result.exit_code == 0, result.output
    assert "3 samples" in result.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["sample", "index", "q", "value", "lower", "upper"]
    of_a = {(row["index"], row["q"]): row for row in rows if row["sample"] == "A"}
    assert of_a["hill", "0"]["value"] == "3"
    assert (
        float(of_a["hill", "1"]["lower"])
        < float(of_a["hill", "1"]["value"])
        < float(of_a["hill", "1"]["upper"])
    )
    assert {"shannon", "simpson", "inverseSimpson", "giniSimpson", "pielou", "margalef", "fisherAlpha", "chao1", "ace",
            "coverage", "rarefied"} <= {index for index, _ in of_a}  # fmt: skip
    assert {row["index"] for row in rows if row["sample"] == "(all)"} == {
        "chao2",
        "jackknife1",
        "jackknife2",
        "bootstrap",
    }
    assert [row["index"] for row in rows if row["sample"] == "C"] == ["individuals", "hill"]


def test_the_command_prints_where_no_file_is_named_and_compares_at_the_coverage_asked_for(
    tmp_path: Path,
) -> None:
    matrix = write(tmp_path / "a.csv", "sample,species,count\nA,a,5\nA,b,2\nA,c,1\nA,d,1\n")
    printed = diversity(str(matrix), "--long", "--coverage", "0.5", "--replicates", "0").output
    rows = list(csv.DictReader(printed.splitlines()))
    assert next(row["value"] for row in rows if row["index"] == "rarefied").startswith("1.")
    assert all(not row["lower"] for row in rows if row["index"] == "rarefied")


def test_a_coverage_that_is_none_and_a_cell_that_is_none_are_refused_in_words(tmp_path: Path) -> None:
    matrix = write(tmp_path / "a.csv", "site,a\nA,若干\n")
    assert "between 0 and 1" in diversity(str(matrix), "--coverage", "2").output
    refused = diversity(str(matrix), language="zh")
    assert isinstance(refused.exception, MatrixError)
    assert refused.exception.exit_code == 2
