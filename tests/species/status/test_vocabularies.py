"""Every value in which status is told is a value of Darwin Core 2026, in both languages, and nothing else gets in."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from species.errors import ListError
from species.index.build import build_index
from species.status.vocabularies import is_value, values_of, vocabularies
from store.catalogue import catalogue
from store.region import Region, read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT


def test_the_vocabularies_have_as_many_values_as_darwin_core() -> None:
    sizes = {
        question: len(set(values_of(question)))
        for question in ("establishmentMeans", "degreeOfEstablishment", "pathway")
    }
    assert sizes == {"establishmentMeans": 7, "degreeOfEstablishment": 11, "pathway": 53}


def test_what_a_list_value_means_is_told_in_values_of_darwin_core() -> None:
    for kind in vocabularies()["value"].values():
        for said in kind.values():
            assert all(is_value(question, answer) for question, answer in said.items()), said


@pytest.mark.parametrize("question", ["establishmentMeans", "degreeOfEstablishment"])
def test_every_value_has_words_in_both_languages(question: str) -> None:
    assert {f"answer-{value}" for value in values_of(question)} <= set(catalogue("species"))


def with_row(folder: Path, kind: str, columns: str, row: str) -> Region:
    region = read_region(ROOT / "regions" / "datong")
    path = folder / "list.csv"
    path.write_text(
        f"scientificName,sureness,source,{columns}\nUlmus pumila,high,x,{row}\n", encoding="utf-8"
    )
    listed = next(one for one in region.lists if one.kind == kind)
    return dataclasses.replace(region, lists=(dataclasses.replace(listed, path=path),))


@pytest.mark.parametrize(
    ("kind", "columns", "row"),
    [
        ("native", "value", "homegrown"), ("alien", "value", "native"), ("protected", "sensitivityClass", "S9"),
        ("native", "value,pathway", "introduced,by sea"), ("native", "value,condition", "native,tame"),
        ("native", "value,validFrom", "native,2023-13-01"), ("native", "value,validTo", "native,soon"),
    ],
)  # fmt: skip
def test_a_value_outside_the_vocabularies_is_refused_with_its_list_and_name(
    tmp_path: Path, kind: str, columns: str, row: str
) -> None:
    with open_in_memory() as connection, pytest.raises(ListError) as refused:
        build_index(connection, with_row(tmp_path, kind, columns, row))
    assert refused.value.rule == "error-list-value"
    assert "Ulmus pumila" in refused.value.message.en and "list.csv" in refused.value.message.en
