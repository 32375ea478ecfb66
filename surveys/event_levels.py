"""Event levels: how fine a part of the survey a header names (样地 > 样方 > 小样方), and whether it names an end."""

from __future__ import annotations

import re

from surveys.headers import normalised

# From the finest to the coarsest; the first word found in a header decides. Reference formats, section 2.
LEVELS = (
    (4, ("小样方", "subplot", "subquadrat", "subsample")),
    (3, ("样方", "quadrat", "quadrant", "相机", "camera", "样段", "segment", "样点", "releve", "trap")),
    (
        2,
        (
            "样地",
            "样线",
            "样带",
            "样区",
            "点位",
            "plot",
            "transect",
            "line",
            "路线",
            "线路",
            "route",
            "point",
            "station",
        ),
    ),
    (1, ("调查", "活动", "survey", "visit", "event", "checklist", "sample")),
)
UNNAMED_LEVEL = 2
SAYS_END = re.compile(r"结束|终止|离开|截止|end|finish|stop", re.IGNORECASE)


def event_level(header: str) -> int:
    """How fine the part of the survey is that a header numbers, 1 the coarsest."""
    tidy = normalised(header)
    return next((level for level, words in LEVELS if any(word in tidy for word in words)), UNNAMED_LEVEL)


def says_end(header: str) -> bool:
    return bool(SAYS_END.search(header))
