"""What GBIF once said: the answers recorded by pygbif's own tests, read where the reference cases are present."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from tests.gbif.server.loopback import Loopback
from tests.gbif.server.speaking import Said

Recorded = dict[tuple[str, str, str], Said]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def recorded(cases: Path, *names: str) -> Recorded:
    """Recorded answers by method, path and query; of one asked twice the last."""
    found: Recorded = {}
    for name in names:
        path = cases / "gbif" / "pygbif_cassettes" / f"{name}.yaml"
        for interaction in yaml.load(path.read_text(encoding="utf-8"), LOADER)["interactions"]:  # noqa: S506
            asked, said = interaction["request"], interaction["response"]
            url = urlsplit(asked["uri"])
            body = said["body"]["string"]
            content = body.encode() if isinstance(body, str) else body
            kind = said["headers"].get("Content-Type", ["application/json"])[0]
            found[asked["method"], url.path, url.query] = (
                said["status"]["code"],
                {"Content-Type": kind},
                content,
            )
    return found


def query_of(recording: tuple[str, str, str]) -> dict[str, list[str]]:
    return parse_qs(recording[2])


def fill(state: Loopback, cases: Path) -> None:
    """Let the server hold what GBIF once held: 300 occurrences, 100 datasets with an organization, a name."""
    for _, _, body in recorded(cases, "test_search").values():
        state.records = [entry for entry in json.loads(body)["results"] if "decimalLatitude" in entry]
    for (_, path, _), (_, _, body) in recorded(cases, "test_datasets", "test_organizations_uuid").items():
        said = json.loads(body)
        for entry in [said] if path.startswith("/v1/organization/") else said["results"]:
            state.registry[entry["key"]] = entry
    for asked, (_, _, body) in recorded(cases, "test_name_backbone").items():
        state.matches[query_of(asked)["name"][0]] = json.loads(body)
