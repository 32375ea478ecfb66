"""The protocols as data, and the words by which they are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.columns import READ_AS, TERMS, Mapping, assign_terms
from surveys.errors import UnreadableFile
from surveys.headers import unit_of
from surveys.protocols.catalogue import Protocol, protocols
from surveys.protocols.choices import choices, read_choice
from surveys.protocols.forms import example_rows, stated_protocols
from surveys.protocols.recognition import (
    aid_of,
    asked_protocol,
    form_mark,
    form_of,
    protocol_named,
    protocol_of,
)
from surveys.terms import label_of

ALL = list(protocols().values())
LISTS = sorted({column.list for protocol in ALL for column in protocol.columns if column.list})


def named(protocol: Protocol) -> str:
    return protocol.id


def test_there_are_the_seven_protocols() -> None:
    assert list(protocols()) == [
        "lineTransect", "patrol", "quadrat", "pointCount", "cameraTrap", "treeInventory", "casual",
    ]  # fmt: skip


@pytest.mark.parametrize("protocol", ALL, ids=named)
def test_every_header_of_a_form_is_read_as_its_term_and_unit_without_a_mapping(protocol: Protocol) -> None:
    columns = assign_terms([column.header for column in protocol.columns], Mapping(), [])
    read = [(column.header, column.term, column.unit) for column in columns]
    meant = [
        (column.header, READ_AS.get(column.term, column.term), column.unit) for column in protocol.columns
    ]
    assert read == meant
    assert all(label_of(column.term or "") for column in columns)


@pytest.mark.parametrize("protocol", ALL, ids=named)
def test_a_protocol_asks_only_for_what_a_table_can_hold(protocol: Protocol) -> None:
    asked = {term for group in (*protocol.effort, *protocol.required) for term in group}
    assert asked <= set(TERMS)
    terms = [column.term for column in protocol.columns]
    assert len(terms) == len(set(terms))
    assert all(protocol.effort)
    assert all(protocol.required)
    assert protocol.source
    assert protocol.sureness in ("high", "unconfirmed")


@pytest.mark.parametrize("protocol", ALL, ids=named)
def test_the_examples_fill_what_is_required_and_show_an_absence_or_an_unknown_day(protocol: Protocol) -> None:
    for row in protocol.examples:
        assert set(row) <= {column.id for column in protocol.columns}
    filled = {column for row in protocol.examples for column in row}
    for column in protocol.required_columns:
        assert column.id in filled, column.id
    shows_absence = any(row.get("count") == "0" for row in protocol.examples)
    assert shows_absence or any(len(row["date"]) == 7 for row in protocol.examples)
    assert len(example_rows(protocol)) == len(protocol.examples)


@pytest.mark.parametrize("list_name", LISTS)
def test_a_choice_is_read_in_either_language_and_as_offered(list_name: str) -> None:
    for choice in choices(list_name):
        for written in (
            choice.offered,
            choice.name.zh,
            choice.name.en,
            choice.value,
            f" {choice.offered.upper()} ",
        ):
            assert read_choice(list_name, written) == choice.value, written
    assert read_choice(list_name, "没有这个词") is None
    assert read_choice(list_name, None) is None


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("固定样线法", "lineTransect"), ("Line transects", "lineTransect"), ("2 km line transect", "lineTransect"),
        ("样线踏查", "patrol"), ("日常巡护", "patrol"), ("全面踏查", "patrol"),
        ("植物样方调查", "quadrat"), ("plots_2024.csv", "quadrat"), ("plotless", None),
        ("样点法", "pointCount"), ("Point-count", "pointCount"), ("红外相机陷阱法", "cameraTrap"),
        ("street_trees_2019.csv", "treeInventory"), ("古树名木普查", "treeInventory"),
        ("随手拍", "casual"), ("opportunistic", "casual"), ("大同公园鸟类", None), ("", None),
    ],
)  # fmt: skip
def test_a_protocol_is_known_by_the_words_people_use(text: str, protocol: str | None) -> None:
    assert protocol_of(text) == protocol


@given(st.text(max_size=400))
def test_any_text_names_a_protocol_or_none(text: str) -> None:
    assert protocol_of(text) in (None, *protocols())
    assert form_of(text) in (None, *protocols())


def test_a_protocol_may_be_asked_for_by_id_or_by_name() -> None:
    assert protocol_named("LINETRANSECT") == protocol_named("样线法") == protocol_named("line transect")
    assert asked_protocol("样方").id == "quadrat"
    with pytest.raises(UnreadableFile) as refused:
        asked_protocol("钓鱼")
    assert refused.value.rule == "error-protocol-unknown"
    assert "quadrat" in refused.value.remedy.en


@pytest.mark.parametrize("protocol", ALL, ids=named)
def test_a_form_is_known_by_its_mark(protocol: Protocol) -> None:
    assert (form_of(form_mark(protocol)), aid_of(form_mark(protocol))) == (protocol.id, None)
    for aid in ("example", "notes", "options"):
        assert aid_of(f"示例 {form_mark(protocol, aid)}") == aid


def test_what_a_person_says_comes_before_the_form_and_the_form_before_names() -> None:
    mark = form_mark(protocols()["quadrat"])
    assert stated_protocols("样点", mark, "", "") == {"statedProtocol": "pointCount"}
    assert stated_protocols(None, mark, "样线", "样线.csv") == {"statedProtocol": "quadrat"}
    assert stated_protocols(None, "", "样线", "样方.csv") == {"namedProtocol": "lineTransect"}
    assert stated_protocols(None, "", "Sheet1", "a.csv") == {}


def test_units_of_headers_are_those_of_the_columns() -> None:
    units = {column.id: unit_of(column.header) for protocol in ALL for column in protocol.columns}
    assert (units["diameter"], units["height"], units["quadratArea"], units["duration"]) == (
        "cm",
        "m",
        "m2",
        "min",
    )
