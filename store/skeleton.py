"""The skeleton of a new region: a folder that reads without error and says what to change.

What the keys mean is decided by `store.region`.
"""

from __future__ import annotations

import json
from pathlib import Path

from store.errors import RegionError

REGION_TOML = """\
# 区域配置。请改写下面的名称与范围。  A region. Put the city's own names and extent here.
# 长度用千米，时间用月、天或年，如键名所示。  Distances in kilometres; times as the key says.

id = "new-city"
name = { zh = "新城市", en = "New city" }
country = "CN"
# province = "CN-SX"                # ISO 3166-2；写明后全省的名录也有效  lists of the province then hold too
timeZone = "Asia/Shanghai"
languages = ["zh", "en"]
extent = { west = 113.0, south = 40.0, east = 113.4, north = 40.2 }

# 区划轮廓可以没有；没有时用 extent。  Divisions may be left out; the extent then serves.
# divisions = "divisions.geojson"
sites = "sites.geojson"

# [gbif]                            # 只要 GBIF 的一部分时写明  to ask for a part of GBIF only
# taxonKeys = [6]                   # GBIF 分类编号  keys of GBIF's backbone
# firstDay = 2000-01-01
# licenses = ["CC0_1_0", "CC_BY_4_0"]

[[recipients]]
role = "gardening-centre"
nameZh = "园林绿化中心"
nameEn = "Gardening centre"

[[lists]]
id = "local-aliens"
kind = "alien"                      # alien | native | protected
path = "lists/aliens.csv"
title_zh = "本地外来物种名录"
title_en = "Local list of alien species"
version = "1"
citation = "请填写来源  state the source"
license = "请填写许可  state the licence"
official = true                     # 官方名录才会触发预警  official lists raise warnings
"""

LIST_HEADER = (
    "scientificName,canonicalName,acceptedName,synonyms,taxonRank,kingdom,taxonGroup,family,vernacularNameZh,"
    "vernacularNameEn,aliases,code,value,sensitivityClass,listDate,listOrder,localRelevance,note,sureness,source"
)

EXAMPLE_SITE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {
                "placeID": "example-park",
                "nameZh": "示例公园",
                "nameEn": "Example Park",
                "kind": "park",
                "approximate": True,
            },
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[113.2, 40.1], [113.21, 40.1], [113.21, 40.11], [113.2, 40.11], [113.2, 40.1]]
                ],
            },
        }
    ],
}


def write_skeleton(folder: Path) -> None:
    """Write a working region into a new or empty folder; RegionError where the folder holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RegionError("error-region-folder-not-empty", path=folder)
    (folder / "lists").mkdir(parents=True)
    (folder / "region.toml").write_text(REGION_TOML, encoding="utf-8")
    sites = json.dumps(EXAMPLE_SITE, ensure_ascii=False, indent=1)
    (folder / "sites.geojson").write_text(sites, encoding="utf-8")
    # utf-8-sig: people open this list in Excel, which otherwise garbles the Chinese.
    (folder / "lists" / "aliens.csv").write_text(LIST_HEADER + "\n", encoding="utf-8-sig")
