"""The page: one self-contained HTML file, in both languages, that opens with no network.

What it says is gathered in `monthly`. The same content gives the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from store.catalogue import BilingualText, text

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)


def render(template: str, content: dict[str, Any]) -> str:
    """The page with its style inside; every text of the content is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"t": _both_by_rule, "both": both}
    environment.filters |= {"percent": _percent, "number": _number}
    return environment.get_template(template).render(
        policy=CONTENT_SECURITY_POLICY,
        style=inlined("report.css"),
        species_style=inlined("species.css"),
        language_script=inlined("language.js"),
        **content,
    )


def inlined(name: str) -> Markup:
    """A script or style of our own, to stand in the page."""
    return Markup(_file(f"templates/{name}"))  # noqa: S704 - our own files


def charts_and_maps(data: dict[str, Any]) -> dict[str, Markup | str]:
    """What a page with charts and maps carries: the libraries, our script, and the data they show."""
    return maps(data, "report.js") | {"plotly": _packed(_plotly())}


def maps(data: dict[str, Any], script: str) -> dict[str, Markup | str]:
    """What a page with maps and no charts carries."""
    return {
        "script": inlined(script),
        "leaflet_script": Markup(_file("static/leaflet/leaflet.js").replace("</script", "<\\/script")),  # noqa: S704
        "leaflet_style": Markup(_file("static/leaflet/leaflet.css")),  # noqa: S704
        "data": _embedded(data),
    }


def both(zh: object, en: object) -> Markup:
    """A text in both languages, of which the page shows one."""
    return Markup('<span lang="zh">{}</span><span lang="en">{}</span>').format(zh, en)


def _both_by_rule(rule: str, **values: object) -> Markup:
    found: BilingualText = text("reports", rule, **values)
    return both(found.zh, found.en)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


def _number(value: int) -> str:
    return f"{value:,}"


def _file(name: str) -> str:
    return (resources.files("reports") / name).read_text(encoding="utf-8")


def _plotly() -> bytes:
    return Path(str(resources.files("plotly") / "package_data" / "plotly.min.js")).read_bytes()


def _packed(content: bytes) -> str:
    """Compressed to a third, with no clock in it."""
    return base64.b64encode(gzip.compress(content, compresslevel=9, mtime=0)).decode("ascii")


def _embedded(data: dict[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    for character in "<>&\u2028\u2029":
        packed = packed.replace(character, f"\\u{ord(character):04x}")
    return Markup(packed)  # noqa: S704 - escaped just above
