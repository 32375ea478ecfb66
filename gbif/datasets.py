"""Datasets: how the sources of fetched records ask to be cited, from GBIF's registry, asked once and kept in the home.

What a downloaded archive itself says about its sources is read in `citations`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from gbif.asking import Gbif, pygbif
from gbif.citations import Citation
from gbif.errors import GbifError, GbifNotFound
from store.archive import replace_file

KEPT_FOR_DAYS = 90


def dataset_citations(
    gbif: Gbif,
    keys: Iterable[str],
    kept: Path,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> list[Citation]:
    """One citation a dataset; one that GBIF no longer knows is named by its key."""
    wanted = sorted(set(keys))
    found = []
    for number, key in enumerate(wanted):
        progress(number, len(wanted))
        found.append(_citation(gbif, key, kept))
    progress(len(wanted), len(wanted))
    return found


def _citation(gbif: Gbif, key: str, kept: Path) -> Citation:
    try:
        dataset = _registered(
            gbif, kept / f"dataset-{_plain(key)}.json", partial(pygbif().registry.datasets, uuid=key)
        )
    except GbifNotFound:
        return Citation(f"GBIF dataset {key}", key)
    title, said = _text(dataset, "title"), dataset.get("citation")
    return Citation(
        citation=(_text(said, "text") if isinstance(said, dict) else None) or title or f"GBIF dataset {key}",
        datasetKey=key,
        title=title,
        license=_text(dataset, "license"),
        doi=_text(dataset, "doi"),
        publisher=_publisher(gbif, _text(dataset, "publishingOrganizationKey"), kept),
    )


def _publisher(gbif: Gbif, key: str | None, kept: Path) -> str | None:
    if key is None:
        return None
    asked = partial(pygbif().registry.organizations, uuid=key)
    try:
        return _text(_registered(gbif, kept / f"organization-{_plain(key)}.json", asked), "title")
    except GbifNotFound:
        return None


def _registered(gbif: Gbif, path: Path, question: Callable[..., Any]) -> dict[str, Any]:
    """An entry of the registry; titles and citations change seldom."""
    try:
        if time.time() - path.stat().st_mtime < KEPT_FOR_DAYS * 86_400:
            return _entry(json.loads(path.read_bytes()))
    except (OSError, ValueError, GbifError):
        pass  # not kept, or cut off by a kill
    entry = gbif.ask(question, _entry)
    replace_file(path, json.dumps(entry, ensure_ascii=False).encode())
    return entry


def _entry(answer: Any) -> dict[str, Any]:
    if isinstance(answer, dict) and "data" in answer:  # pygbif wraps an organization, and no dataset
        answer = answer["data"]
    if not isinstance(answer, dict) or not isinstance(answer.get("title"), str):
        raise GbifError("error-api-schema", missing="title")
    # contacts name people, and nobody needs them for a citation
    kept = ("key", "title", "doi", "license", "citation", "publishingOrganizationKey")
    return {name: answer[name] for name in kept if name in answer}


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _plain(key: str) -> str:
    return "".join(character for character in key if character.isalnum() or character == "-")[:64]
