"""Angles: one longitude or latitude as people write it, and two of them in one cell. Degrees."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NUMBER = r"\d{1,3}(?:\.\d+)?"
DEGREES = re.compile(
    rf"^(?P<before>[NSEW]|东经|西经|北纬|南纬)?\s*[:=]?\s*(?P<sign>[-+])?(?P<d>{NUMBER})\s*(?:°|度|D)?"
    rf"(?:(?<=[\d°度D])(?:\s+|(?<=[°度D]))(?P<m>{NUMBER})\s*(?:'|分|M)?"
    rf"(?:(?:\s+|(?<=['分M]))(?P<s>{NUMBER})\s*(?:\"|秒|S(?!$))?)?)?\s*(?P<after>[NSEW])?$"
)
# 11318.00 and 4004.602: degrees and minutes without a sign between them, as many GPS units write them.
PACKED_MINUTES = re.compile(r"^(?P<before>[NSEW])?\s*(?P<d>\d{2,3})(?P<m>[0-5]\d\.\d+)\s*(?P<after>[NSEW])?$")
DECIMAL_COMMA = re.compile(r"^([-+]?\d{1,3}),(\d{3,})$")
SIGNS = {"º": "°", "˚": "°", "′": "'", "’": "'", "ʹ": "'", "‘": "'", "´": "'", "`": "'",
         "″": '"', "”": '"', "ʺ": '"', "“": '"'}  # fmt: skip
HEMISPHERES = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S"}
AXES = {"E": "longitude", "W": "longitude", "N": "latitude", "S": "latitude"}
PAIR_SEPARATORS = (
    re.compile(r"(?<=[^\s,，;；])\s*[,，;；]?\s*(?=[NSEW东西南北])"),
    re.compile(r"\s*[;；/、|]\s*"),
    re.compile(r"\s*[,，]\s*"),
    re.compile(r"\s+(?=[+\-\d])"),
)


@dataclass(frozen=True)
class Angle:
    """Decimal degrees and the axis the text itself names (longitude, latitude or None)."""

    degrees: float
    axis: str | None


def read_angle(text: str) -> Angle | None:
    """One longitude or latitude: 113.3, 113°18′0″E, 东经113度18分, 113 18 00, 11318.00; None where it is none."""
    tidy = _tidied(text)
    found = PACKED_MINUTES.match(tidy) or DEGREES.match(tidy)
    if not found:
        return None
    parts = found.groupdict()
    minutes, seconds = float(parts["m"] or 0), float(parts.get("s") or 0)
    if minutes >= 60 or seconds >= 60 or (parts["m"] and "." in parts["d"]):
        return None
    letter = parts["before"] or parts["after"] or ""
    letter = HEMISPHERES.get(letter, letter)
    degrees = float(parts["d"]) + minutes / 60 + seconds / 3600
    if parts.get("sign") == "-" or letter in ("S", "W"):
        degrees = -degrees
    return Angle(degrees, AXES.get(letter))


def read_pair(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of one cell holding both, in either order; None where the order is open."""
    angles = _two_angles(text.strip().strip("()（）[]"))
    if angles is None:
        return None
    first, second = angles
    if (
        first.axis == "latitude"
        or second.axis == "longitude"
        or abs(second.degrees) > 90 >= abs(first.degrees)
    ):
        first, second = second, first
    elif first.axis is None and second.axis is None and abs(first.degrees) <= 90:
        return None
    return first.degrees, second.degrees


def _two_angles(text: str) -> tuple[Angle, Angle] | None:
    for separator in PAIR_SEPARATORS:
        parts = [part for part in separator.split(text) if part]
        if len(parts) == 2:
            first, second = read_angle(parts[0]), read_angle(parts[1])
            if first and second:
                return first, second
    return None


def _tidied(text: str) -> str:
    for written, sign in SIGNS.items():  # first: NFKC would turn º into the letter o
        text = text.replace(written, sign)
    tidy = unicodedata.normalize("NFKC", text).strip().upper().replace("''", '"')
    tidy = DECIMAL_COMMA.sub(r"\1.\2", tidy)
    return re.sub(r"(?<=\d)[-:](?=\d)", " ", tidy)
