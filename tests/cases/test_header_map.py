"""The 428 header variants of the reference map are understood, as they stand and as people write them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from opencc import OpenCC

from surveys.headers import term_of, unit_of
from tests.conftest import ROOT

MAP = ROOT.parent / "shared" / "reference" / "header_map.csv"
# The targets that are no Darwin Core terms, and the terms of ours that stand for them.
OUR_TERMS = {
    "measurement/assertion:slope gradient (degree)": {"measurement:slopeGradient"},
    "measurement/assertion:slope aspect": {"measurement:slopeAspect"},
    "measurement/assertion:slope position": {"measurement:slopePosition"},
    "measurement/assertion:soil type": {"measurement:soilType"},
    "measurement/assertion:plant height (m or cm)": {"measurement:plantHeight"},
    "measurement/assertion:diameter at breast height (cm)": {"measurement:diameterAtBreastHeight"},
    "measurement/assertion:girth at breast height (cm)": {"measurement:girthAtBreastHeight"},
    "measurement/assertion:ground diameter (cm)": {"measurement:groundDiameter"},
    "measurement/assertion:crown width E-W / N-S (m)": {
        "measurement:crownWidth", "measurement:crownWidthEastWest", "measurement:crownWidthNorthSouth",
    },
    "measurement/assertion:height under branch (m)": {"measurement:heightUnderBranch"},
    "measurement/assertion:canopy closure": {"measurement:canopyClosure"},
    "measurement/assertion:total cover (%)": {"measurement:totalCover"},
    "measurement/assertion:growth vigour": {"measurement:growthVigour"},
    "ancient-tree record:tree code": {"ancientTree:treeCode"},
    "ancient-tree record:age (years)": {"ancientTree:age"},
    "ancient-tree record:protection grade": {"ancientTree:protectionGrade"},
    "ancient-tree record:ownership": {"ancientTree:ownership"},
    "ancient-tree record:management unit": {"ancientTree:managementUnit"},
    "ancient-tree record:history and legend": {"ancientTree:history"},
    "derived/redundant:national protection level (recompute, do not trust)": {"derived:nationalProtectionLevel"},
    "derived/redundant:IUCN category": {"derived:iucnCategory"},
    "derived/redundant:CITES appendix": {"derived:citesAppendix"},
    "derived/redundant:China red list category": {"derived:chinaRedListCategory"},
    "derived/redundant:relative abundance index": {"derived:relativeAbundanceIndex"},
    "derived/redundant:independent events": {"derived:independentEvents"},
    "derived/redundant:importance value": {"derived:importanceValue"},
}  # fmt: skip
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TO_TRADITIONAL = OpenCC("s2t")
FORMS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "full width": lambda header: header.translate(FULL_WIDTH),
    "blanks inside": lambda header: " ".join(header),
    "ideographic blanks around": lambda header: f"\u3000{header}\u00a0",
    "unit in brackets": lambda header: f"{header}（cm）",
    "starred": lambda header: f"*{header}",
    "required": lambda header: f"{header}（必填）",
    "numbered": lambda header: f"3、{header}",
    "numbered with a dot": lambda header: f"12. {header}",
    "byte order mark": lambda header: f"\ufeff{header}",
    "zero width": lambda header: "\u200b".join(header),
    "traditional": lambda header: str(TO_TRADITIONAL.convert(header)),
    "colon": lambda header: f"{header}：",
    "line break": lambda header: f"{header[:1]}\n{header[1:]}",
    "lower case": str.lower,
}


@pytest.fixture(scope="module")
def variants() -> list[tuple[str, set[str]]]:
    if not MAP.is_file():
        pytest.skip(f"the header map is not at {MAP}")
    with MAP.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        (row["headerVariant_zh"], OUR_TERMS.get(row["target"], {row["target"].partition(":")[2]}))
        for row in rows
    ]


def test_the_map_has_428_variants(variants: list[tuple[str, set[str]]]) -> None:
    assert len(variants) == 428


@pytest.mark.parametrize("form", FORMS)
def test_every_variant_has_its_term_however_it_is_written(
    variants: list[tuple[str, set[str]]], form: str
) -> None:
    written = [(FORMS[form](header), terms) for header, terms in variants]
    wrong = {header: term_of(header) for header, terms in written if term_of(header) not in terms}
    assert wrong == {}


def test_a_unit_in_brackets_is_split_off_and_kept(variants: list[tuple[str, set[str]]]) -> None:
    assert {unit_of(f"{header}（㎡）") for header, _ in variants if not unit_of(header)} == {"m2"}


def test_the_map_is_where_the_cases_are(cases: Path) -> None:
    assert (cases.parent / "reference" / "header_map.csv").is_file()
