"""Distribution texts of Chinese checklists, read into statements per province.

栽培：北京、山西 is planted there, 逸生：台湾 escaped, 台湾归化 established. A bare list of provinces says that the
taxon occurs there: presence is not nativeness. Provinces are ISO 3166-2:CN codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from species.sources.usages import SourceStatement

# ISO 3166-2:CN (2017 letters); Taiwan, Hong Kong and Macao as its subdivisions of CN.
PROVINCES = {
    "北京": "CN-BJ", "天津": "CN-TJ", "河北": "CN-HE", "山西": "CN-SX", "内蒙古": "CN-NM", "辽宁": "CN-LN",
    "吉林": "CN-JL", "黑龙江": "CN-HL", "上海": "CN-SH", "江苏": "CN-JS", "浙江": "CN-ZJ", "安徽": "CN-AH",
    "福建": "CN-FJ", "江西": "CN-JX", "山东": "CN-SD", "河南": "CN-HA", "湖北": "CN-HB", "湖南": "CN-HN",
    "广东": "CN-GD", "广西": "CN-GX", "海南": "CN-HI", "重庆": "CN-CQ", "四川": "CN-SC", "贵州": "CN-GZ",
    "云南": "CN-YN", "西藏": "CN-XZ", "陕西": "CN-SN", "甘肃": "CN-GS", "青海": "CN-QH", "宁夏": "CN-NX",
    "新疆": "CN-XJ", "台湾": "CN-TW", "香港": "CN-HK", "澳门": "CN-MO",
}  # fmt: skip
WHOLE_COUNTRY = re.compile(r"全中国|中国|全国|各地|各省|南北各")
PROVINCE = re.compile("|".join(sorted(PROVINCES, key=len, reverse=True)))
# What a clause says of the provinces in it: establishmentMeans, degreeOfEstablishment.
SAID = (
    (re.compile(r"归化|帰化"), ("introduced", "established")),
    (re.compile(r"入侵"), ("introduced", "invasive")),
    (re.compile(r"逸生|逸为野生|逸出|逃逸"), ("introduced", "casual")),
    (re.compile(r"栽培|引种|引入|种植|庭园|园艺"), ("introduced", "cultivated")),
    (re.compile(r"特有"), ("nativeEndemic", None)),
)  # fmt: skip
CLAUSE = re.compile(r"[；;。\n]+")
# 北京、河北；栽培：山西: a heading holds until the next one or the end of its clause.
HEADING = re.compile(r"(栽培|逸生|归化|入侵|野生|分布|引种)\s*[:：]")


def statements_of(usage_id: str, text: str) -> Iterator[SourceStatement]:
    """What a 分布 text says, one statement per question and place."""
    for clause in CLAUSE.split(text):
        parts = HEADING.split(clause)
        yield from _of_part(usage_id, "", parts[0])
        for heading, part in zip(parts[1::2], parts[2::2], strict=True):
            yield from _of_part(usage_id, heading, part)


def _of_part(usage_id: str, heading: str, part: str) -> Iterator[SourceStatement]:
    places = [PROVINCES[name] for name in PROVINCE.findall(part)]
    if not places and WHOLE_COUNTRY.search(part):
        places = ["CN"]
    verbatim = f"{heading}：{part}".strip("： ")
    means, degree = next((said for pattern, said in SAID if pattern.search(heading or part)), (None, None))
    for place in dict.fromkeys(places):
        if means:
            yield SourceStatement(usage_id, "establishmentMeans", means, place, verbatim)
        else:
            yield SourceStatement(usage_id, "occurrenceStatus", "present", place, verbatim)
        if degree:
            yield SourceStatement(usage_id, "degreeOfEstablishment", degree, place, verbatim)
