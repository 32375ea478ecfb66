"""Charts: the report's figures as plotly JSON, one per language; colours told apart by the colour-blind too.

What they show is read in `queries`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from reports.queries import Row
from store.catalogue import Language, text

# Okabe and Ito's palette, which the colour-blind can tell apart (Okabe & Ito 2008).
STATUS_COLOURS = {"native": "#009E73", "introduced": "#E69F00", "invasive": "#D55E00", "unknown": "#999999"}
SERIES = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
SPECIES_SHOWN = len(SERIES)


def records_by_month(months: Sequence[Row], periods: Sequence[str], language: Language) -> go.Figure:
    """Records as bars, species as a line on its own axis."""
    by_period = {row["period"]: row for row in months}
    figure = go.Figure()
    figure.add_bar(
        x=periods, y=[by_period.get(period, {}).get("records", 0) for period in periods],
        name=_word("records", language), marker_color="#9ecae1",
    )  # fmt: skip
    figure.add_scatter(
        x=periods, y=[by_period.get(period, {}).get("species", 0) for period in periods],
        name=_word("species", language),
        mode="lines+markers", line={"color": "#0072B2"}, yaxis="y2",
    )  # fmt: skip
    figure.update_layout(
        yaxis={"title": {"text": _word("records", language)}, "rangemode": "tozero"},
        yaxis2={
            "title": {"text": _word("species", language)}, "overlaying": "y", "side": "right",
            "rangemode": "tozero", "showgrid": False,
        },
    )  # fmt: skip
    return _laid_out(figure)


def species_by_site(sites: Sequence[Row], language: Language) -> go.Figure:
    """Species of each site by status, the richest site on top."""
    ordered = list(reversed(sites))
    name = "nameZh" if language == "zh" else "nameEn"
    figure = go.Figure()
    for status, colour in STATUS_COLOURS.items():
        figure.add_bar(
            y=[row[name] for row in ordered], x=[row[f"{status}Species"] for row in ordered], orientation="h",
            name=_word(f"status-{status}", language), marker_color=colour,
        )  # fmt: skip
    figure.update_layout(
        barmode="stack", height=max(320, 70 + 24 * len(ordered)),
        xaxis={"title": {"text": _word("species", language)}}, yaxis={"automargin": True},
    )  # fmt: skip
    return _laid_out(figure)


def invasive_by_month(months: Sequence[Row], periods: Sequence[str], language: Language) -> go.Figure:
    """Records of each invasive species by month; the most recorded ones."""
    totals: dict[str, int] = {}
    for row in months:
        totals[row["speciesName"]] = totals.get(row["speciesName"], 0) + row["records"]
    shown = sorted(totals, key=lambda name: (-totals[name], name))[:SPECIES_SHOWN]
    figure = go.Figure()
    for name, colour in zip(shown, SERIES, strict=False):
        own = [row for row in months if row["speciesName"] == name]
        label = own[0]["vernacularNameZh"] if language == "zh" and own[0]["vernacularNameZh"] else name
        by_period = {row["period"]: row["records"] for row in own}
        figure.add_scatter(
            x=periods, y=[by_period.get(period, 0) for period in periods], name=label,
            mode="lines+markers", line={"color": colour},
        )  # fmt: skip
    figure.update_layout(yaxis={"title": {"text": _word("records", language)}, "rangemode": "tozero"})
    return _laid_out(figure)


def as_json(figure: go.Figure) -> dict[str, Any]:
    """Data and layout alone: plotly's template would add 7 kB to every figure."""
    plain: dict[str, Any] = figure.to_plotly_json()
    return {
        "data": plain["data"],
        "layout": {key: value for key, value in plain["layout"].items() if key != "template"},
    }


def _word(rule: str, language: Language) -> str:
    return text("reports", rule).in_language(language)


def _laid_out(figure: go.Figure) -> go.Figure:
    figure.update_layout(
        margin={"l": 56, "r": 56, "t": 16, "b": 40}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        font={"family": "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif", "size": 13},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    figure.update_xaxes(gridcolor="#e5e5e5", automargin=True)
    if figure.layout.barmode != "stack":
        figure.update_xaxes(type="category", nticks=13)
    figure.update_yaxes(gridcolor="#e5e5e5")
    return figure
