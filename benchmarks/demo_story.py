"""The demo's story: who arrives where and when, which errors are planted, in which files it is handed in.

    python -m benchmarks.demo_story [FOLDER]    writes regions/datong/demo (or FOLDER) anew, the same every time

All of it is invented. `truth.json` says what a reader of the data should find.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from benchmarks.demo_files import (
    NOTICE,
    Row,
    SurveyFile,
    darwin_core_archive,
    degrees_minutes_seconds,
    gbif_row,
    in_gcj02,
    simple_csv_zip,
    write,
)
from benchmarks.invented import REGION, Nature, Sighting, Species

SEED = 20260630
REPORT_DAY = date(2026, 6, 30)
SITES = (
    "wenying-lake", "datong-park", "yuhe-park", "shilihe-park", "yungang-grottoes", "yuhe-corridor",
    "cetian-reservoir", "sanggan-wetland", "hengshan", "cailiang-shan", "huliu-wetland", "shenxi-wetland",
)  # fmt: skip
Say = Callable[[Sighting, int], str]
Truth = dict[str, list[dict[str, object]]]


def site_name(s: Sighting, _: int) -> str:
    return s.site.nameZh if s.site else ""


def person(_: Sighting, number: int) -> str:
    return ("甲某", "乙某", "丙某")[number % 3]


def numbered(prefix: str) -> Say:
    return lambda _, number: f"{prefix}-{number:05d}"


def longitude(s: Sighting, _: int) -> str:
    return f"{s.longitude:.6f}"


def latitude(s: Sighting, _: int) -> str:
    return f"{s.latitude:.6f}"


def vernacular(s: Sighting, _: int) -> str:
    return s.species.vernacularNameZh


def scientific(s: Sighting, _: int) -> str:
    return s.species.canonicalName


def dated(pattern: str) -> Say:
    return lambda s, _: pattern.format(y=s.day.year, m=s.day.month, d=s.day.day)


def in_mixed_dates(s: Sighting, number: int) -> str:
    patterns = ("{y}年{m}月{d}日", "{y}.{m}.{d}", "{y}/{m}/{d}", "{y}{m:02d}{d:02d}")
    return patterns[number % 4].format(y=s.day.year, m=s.day.month, d=s.day.day)


def in_mixed_counts(s: Sighting, number: int) -> str:
    words = {3: "若干", 11: f"约{s.count + 10}", 17: "10-20", 23: f"{s.count}丛"}
    wide = str(s.count).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return words.get(number % 41) or (wide + "株" if number % 7 == 0 else str(s.count))


def count(s: Sighting, _: int) -> str:
    return str(s.count)


def survey_files() -> dict[str, SurveyFile]:
    """The files by short name, each in the habits of its team."""
    chinese: dict[str, Say] = {
        "记录编号": numbered("ZW23"), "调查日期": in_mixed_dates, "样方号": lambda _, n: f"Q{n // 25 + 1:03d}",
        "中文名": vernacular, "学名": scientific, "经度": longitude, "纬度": latitude, "株数": in_mixed_counts,
        "调查地点": site_name, "调查人": person, "备注": lambda *_: "",
    }  # fmt: skip
    return {
        "plants23": SurveyFile("surveys/2023夏季植物样方.csv", chinese, "gb18030", newline="\r\n", title_rows=2),
        "birds23": SurveyFile("surveys/bird_survey_2023.tsv", {
            "Record ID": numbered("B23"), "Date": dated("{y}-{m:02d}-{d:02d}"), "Scientific name": scientific,
            "Common name": lambda *_: "", "Count": count, "Longitude": longitude, "Latitude": latitude,
            "Site": lambda s, _: s.site.nameEn if s.site else "", "Observer": person, "Remarks": lambda *_: "",
        }, delimiter="\t"),
        "plants24": SurveyFile("surveys/2024植物样方.csv", {
            "编号": numbered("ZW24"), "日期": dated("{y}/{m}/{d}"), "物种名称": vernacular,
            "数量（株）": in_mixed_counts,
            "东经": lambda s, _: degrees_minutes_seconds(s.longitude, "E"),
            "北纬": lambda s, _: degrees_minutes_seconds(s.latitude, "N"), "地点": site_name, "记录人": person,
        }, "utf-8-sig", newline="\r\n"),
        "birds24": SurveyFile("surveys/2024鸟类样线.csv", {
            "记录编号": numbered("NL24"), "观测日期": dated("{y}年{m}月{d}日"), "鸟种": vernacular,
            "数量(只)": in_mixed_counts, "坐标": lambda s, _: f"{s.longitude:.5f}, {s.latitude:.5f}",
            "观测点": site_name, "观测人": person,
        }, "gb18030", delimiter=";"),
        "corridor25": SurveyFile("surveys/2025御河廊道.csv", {
            "记录编号": numbered("YH25"), "调查日期": dated("{y}-{m:02d}-{d:02d}"), "植物名称": vernacular,
            "拉丁名": scientific, "经度": lambda s, _: f"{in_gcj02(s)[0]:.6f}",
            "纬度": lambda s, _: f"{in_gcj02(s)[1]:.6f}", "坐标系": lambda *_: "GCJ-02（高德）",
            "数量": in_mixed_counts, "地点": site_name, "调查人": person,
        }),
        "plants25": SurveyFile("surveys/dwc_plants_2025.csv", {
            "occurrenceID": numbered("DWC25"), "eventDate": dated("{y}-{m:02d}-{d:02d}"),
            "scientificName": lambda s, _: s.species.scientificName, "decimalLatitude": latitude,
            "decimalLongitude": longitude, "geodeticDatum": lambda *_: "WGS84",
            "coordinateUncertaintyInMeters": lambda *_: "10", "individualCount": count, "locality": site_name,
            "recordedBy": person, "basisOfRecord": lambda *_: "HumanObservation",
        }),
        "birds25": SurveyFile("surveys/2025冬季鸟类.csv", {
            "序号": lambda _, n: str(n), "日期": dated("{y}.{m}.{d}"), "鸟名": vernacular, "只数": count,
            "地点": site_name, "观察人": person,
        }, "gb18030"),
        "spring26": SurveyFile("surveys/2026春季调查.csv", {
            "记录编号": numbered("CJ26"), "调查日期": dated("{y}-{m:02d}-{d:02d}"), "物种名称": vernacular,
            "数量": in_mixed_counts, "经度": longitude, "纬度": latitude, "地点": site_name, "调查人": person,
        }, "utf-8-sig"),
    }  # fmt: skip


class Story:
    """The three years, told in order."""

    def __init__(self) -> None:
        self.nature = Nature(SEED)
        self.files = survey_files()
        self.truth: Truth = {}

    def tell(self, folder: Path) -> None:
        self._write_surveys()
        self._first_arrivals()
        corrected = self._correct("spring26")
        self._plant_errors()
        for file in self.files.values():
            write(folder, file.name, file.content())
        write(folder, "surveys/corrected/2026春季调查.csv", corrected.content())
        rows = self._write_gbif(folder)
        self._write_story(folder)
        self._write_truth(folder, corrected, rows)

    def _write_surveys(self) -> None:
        nature = self.nature
        plan = (
            ("plants23", 2600, nature.plants, date(2023, 7, 1), date(2023, 9, 30)),
            ("birds23", 2000, nature.birds, date(2023, 8, 15), date(2024, 2, 20)),
            ("plants24", 3000, nature.plants, date(2024, 4, 10), date(2024, 10, 20)),
            ("birds24", 2500, nature.birds, date(2024, 3, 1), date(2024, 11, 30)),
            ("corridor25", 1800, nature.plants, date(2025, 5, 1), date(2025, 9, 10)),
            ("plants25", 2500, nature.plants, date(2025, 4, 15), date(2025, 10, 25)),
            ("birds25", 1500, nature.birds, date(2025, 11, 1), date(2026, 2, 25)),
            ("spring26", 2050, [*nature.plants, *nature.birds], date(2026, 3, 10), date(2026, 6, 8)),
        )
        for weed in nature.weeds:  # common from the first season on, in every site
            for site in SITES:
                for month in (7, 8, 9):
                    self._see("plants23", weed, date(2023, month, 5 + SITES.index(site)), site)
        for key, rows, group, first, last in plan:
            sites = ("yuhe-corridor", "yuhe-park") if key == "corridor25" else SITES
            for _ in range(rows - len(self.files[key].rows)):
                self.files[key].add(nature.sighting(group, first, last, sites))

    def _see(self, key: str, species: Species, day: date, site: str, number: int = 3) -> int:
        place = self.nature.sites[site]
        x, y = self.nature.point_in(place.geometry)
        return self.files[key].add(Sighting(species, day, x, y, place, number))

    def _first_arrivals(self) -> None:
        """黄花刺茄 comes to the corridor, then to two parks and downstream to the next district."""
        arriving = self.nature.species["黄花刺茄"]
        pingcheng = next(d for d in self.nature.region.divisions if d.placeID == "140213")
        corridor = self.nature.sites["yuhe-corridor"]
        reach = corridor.geometry.intersection(pingcheng.geometry).difference(
            self.nature.sites["yuhe-park"].geometry
        )
        for day in (date(2025, 8, 12), date(2025, 8, 20), date(2025, 8, 29), date(2025, 9, 6)):
            x, y = self.nature.point_in(reach)
            self.files["corridor25"].add(Sighting(arriving, day, x, y, corridor, 4))
        self._see("spring26", arriving, date(2026, 5, 18), "datong-park", 2)
        self._see("spring26", arriving, date(2026, 5, 25), "wenying-lake", 6)
        self._see("spring26", arriving, date(2026, 6, 2), "sanggan-wetland", 9)

    def _correct(self, key: str) -> SurveyFile:
        """The same file without its errors, as handed in again two weeks later."""
        file = self.files[key]
        copies = [dict(row) if row else None for row in file.rows]
        return dataclasses.replace(file, name="surveys/corrected/2026春季调查.csv", rows=copies)

    def _plant(self, key: str, kind: str, place: int, changes: dict[str, str]) -> None:
        file = self.files[key]
        row = file.rows[place]
        if row is None or not set(changes) <= set(row):
            raise ValueError(f"{kind} cannot be planted in {key}")
        row.update(changes)
        self._note(file, kind, file.line_of(place))

    def _note(self, file: SurveyFile, kind: str, line: int) -> None:
        self.truth.setdefault(kind, []).append({"file": file.name, "line": line})

    def _plant_errors(self) -> None:
        """At least one of every kind in the files; those of the spring file are mended in the corrected one."""
        planted: Sequence[tuple[str, str, dict[str, str]]] = (
            ("spring26", "name empty", {"物种名称": ""}),
            ("spring26", "name unknown", {"物种名称": "张三草"}),
            ("spring26", "date unreadable", {"调查日期": "去年夏天"}),
            ("spring26", "no such day", {"调查日期": "2026-02-30"}),
            ("spring26", "date in the future", {"调查日期": "2062-05-01"}),
            ("spring26", "count negative", {"数量": "-5"}),
            ("spring26", "count improbable", {"数量": "4000000"}),
            ("spring26", "coordinates zero", {"经度": "0", "纬度": "0"}),
            ("spring26", "coordinates swapped", {"经度": "40.0851", "纬度": "113.3035"}),
            ("spring26", "coordinates unreadable", {"经度": "东门外", "纬度": "不详"}),
            ("plants23", "name empty", {"中文名": "", "学名": ""}),
            ("plants23", "name unknown", {"中文名": "张三草", "学名": ""}),
            ("plants23", "date unreadable", {"调查日期": "去年夏天"}),
            ("plants23", "no such day", {"调查日期": "2023-02-30"}),
            ("plants23", "count negative", {"株数": "-5"}),
            ("plants23", "count improbable", {"株数": "4000000"}),
            ("plants23", "coordinates zero", {"经度": "0", "纬度": "0"}),
            ("plants23", "coordinates swapped", {"经度": "40.0851", "纬度": "113.3035"}),
            ("plants23", "coordinates unreadable", {"经度": "东门外", "纬度": "不详"}),
            ("plants23", "date too early", {"调查日期": "1823年7月5日"}),
            ("plants24", "coordinates out of range", {"东经": "213°18′00.0″E"}),
            ("plants24", "date missing", {"日期": ""}),
            ("birds24", "far outside", {"坐标": "121.47000, 31.23000"}),
            ("birds25", "place unknown", {"地点": "老张家后院"}),
            ("plants25", "uncertainty impossible", {"coordinateUncertaintyInMeters": "0"}),
            ("plants25", "datum unknown", {"geodeticDatum": "local grid"}),
        )
        for number, (key, kind, changes) in enumerate(planted):
            for repeat in range(3):
                self._plant(key, kind, 40 + 37 * number + 11 * repeat, changes)
        plants24 = self.files["plants24"]
        for place in (700, 701, 702, 703):
            plants24.rows.append(dict(plants24.rows[place] or {}))
            self._note(plants24, "row duplicated", plants24.line_of(len(plants24.rows) - 1))
        for _ in range(3):
            plants24.rows.append(None)
            self._note(plants24, "row empty", plants24.line_of(len(plants24.rows) - 1))
        winter = self.files["birds25"]
        winter.rows.append(dict.fromkeys(winter.columns, "") | {"日期": "合计", "只数": "7312"})
        self._note(winter, "total row", winter.line_of(len(winter.rows) - 1))

    def _write_gbif(self, folder: Path) -> dict[str, int]:
        """Two snapshots: what GBIF had at the end of 2024, and what it had in June 2026 that was new or changed."""
        nature = self.nature
        first = [self._seen_by_others(number, date(2023, 7, 1), date(2024, 12, 20)) for number in range(7597)]
        ragweed, bur = nature.species["三裂叶豚草"], nature.species["刺果瓜"]
        first += [self._outside(ragweed, date(2024, 9, 3), 95, 90), self._outside(ragweed, date(2024, 9, 9), 97, 92),
                  self._outside(ragweed, date(2024, 9, 20), 96, 88)]  # fmt: skip
        second = [self._seen_by_others(number, date(2025, 1, 5), date(2026, 6, 1)) for number in range(1896)]
        second += [
            self._outside(ragweed, date(2025, 8, 20), 60, 89),
            self._outside(ragweed, date(2026, 5, 30), 30, 91),
        ]
        yanggao = next(d for d in nature.region.divisions if d.placeID == "140221")
        x, y = nature.point_in(yanggao.geometry.buffer(-0.05))
        late = [
            Sighting(bur, date(2024, 9, 12), x, y, None, 5),
            Sighting(bur, date(2024, 9, 14), x, y, None, 2),
        ]
        old = [gbif_row(s, number, "2024-12-21T00:00:00.000Z") for number, s in enumerate(first)]
        again = [
            dict(row, lastInterpreted="2026-06-01T00:00:00.000Z", individualCount="2") for row in old[:500]
        ]
        new = [
            gbif_row(s, 8000 + number, "2026-06-05T00:00:00.000Z")
            for number, s in enumerate([*second, *late])
        ]
        self._plant_gbif_errors(new)
        write(folder, "gbif/gbif-2024-12.zip", simple_csv_zip("0000001-invented", old))
        write(folder, "gbif/gbif-2026-06.zip", darwin_core_archive([*again, *new]))
        return {"gbif/gbif-2024-12.zip": len(old), "gbif/gbif-2026-06.zip": len(again) + len(new)}

    def _seen_by_others(self, number: int, first: date, last: date) -> Sighting:
        """A record of anybody's: mostly in the region, now and then up to 110 km outside it."""
        nature = self.nature
        group = nature.birds if number % 3 else nature.plants if number % 2 else nature.animals
        inside = nature.sighting(group, first, last, SITES)
        if number % 5 == 0:
            x, y = nature.point_outside(nature.random.uniform(2, 90), nature.random.uniform(0, 360))
            return dataclasses.replace(inside, longitude=x, latitude=y, site=None)
        if number % 2:
            x, y = nature.point_in(nature.random.choice(nature.region.divisions).geometry)
            return dataclasses.replace(inside, longitude=x, latitude=y, site=None)
        return inside

    def _outside(self, species: Species, day: date, kilometers: float, bearing: float) -> Sighting:
        x, y = self.nature.point_outside(kilometers, bearing)
        return Sighting(species, day, x, y, None, 7)

    def _plant_gbif_errors(self, rows: list[Row]) -> None:
        planted: Sequence[tuple[str, dict[str, str]]] = (
            ("coordinates missing", {"decimalLatitude": "", "decimalLongitude": ""}),
            ("uncertainty impossible", {"coordinateUncertaintyInMeters": "-1"}),
            ("absence", {"occurrenceStatus": "ABSENT", "individualCount": "0"}),
            ("fossil", {"basisOfRecord": "FOSSIL_SPECIMEN"}),
            ("year only", {"eventDate": "2025", "month": "", "day": ""}),
            ("date missing", {"eventDate": "", "day": "", "month": "", "year": ""}),
        )
        for number, (kind, changes) in enumerate(planted):
            for repeat in range(4):
                place = 20 + 30 * number + 5 * repeat
                rows[place].update(changes)
                self.truth.setdefault(kind, []).append(
                    {"file": "gbif/gbif-2026-06.zip", "gbifID": rows[place]["gbifID"]}
                )

    def _write_story(self, folder: Path) -> None:
        """story.toml: what is handed in when, by whom."""
        known = {
            "plants23": "2023-10-15", "birds23": "2024-03-01", "plants24": "2024-11-15", "birds24": "2024-12-20",
            "corridor25": "2025-09-20", "plants25": "2025-11-10", "birds25": "2026-03-05", "spring26": "2026-06-12",
        }  # fmt: skip
        entries = [(file.name, "survey", known[key], "invented team", "") for key, file in self.files.items()]
        entries += [
            (
                "surveys/corrected/2026春季调查.csv",
                "survey",
                "2026-06-25",
                "invented team",
                "surveys/2026春季调查.csv",
            ),
            ("gbif/gbif-2024-12.zip", "gbif", "2024-12-31", "GBIF (invented)", ""),
            ("gbif/gbif-2026-06.zip", "gbif", "2026-06-10", "GBIF (invented)", ""),
        ]
        lines = [f"# {NOTICE}", f'title = "{NOTICE}"', f"seed = {SEED}", f'reportDate = "{REPORT_DAY}"', ""]
        for name, kind, day, giver, replaces in sorted(entries, key=lambda entry: (entry[2], entry[0])):
            lines += ["[[file]]", f'name = "{name}"', f'kind = "{kind}"', f'knownSince = "{day}T00:00:00+00:00"',
                      f'receivedFrom = "{giver}"', *([f'replaces = "{replaces}"'] if replaces else []), ""]  # fmt: skip
        write(folder, "story.toml", "\n".join(lines).encode())

    def _write_truth(self, folder: Path, corrected: SurveyFile, gbif: dict[str, int]) -> None:
        truth = {
            "notice": NOTICE,
            "rows": {file.name: len(file.rows) for file in [*self.files.values(), corrected]} | gbif,
            "warnings": [
                {"scientificName": "Solanum rostratum", "kind": "new-to-region", "placeID": "datong"},
                {"scientificName": "Solanum rostratum", "kind": "new-to-division", "placeID": "140215"},
                {"scientificName": "Solanum rostratum", "kind": "new-to-site", "placeID": "datong-park"},
                {"scientificName": "Solanum rostratum", "kind": "new-to-site", "placeID": "wenying-lake"},
                {
                    "scientificName": "Sicyos angulatus",
                    "kind": "new-to-region",
                    "placeID": "datong",
                    "late": True,
                },
                {"scientificName": "Ambrosia trifida", "kind": "approaching", "placeID": "datong"},
            ],
            "silent": ["Erigeron canadensis", "Amaranthus retroflexus", "Ipomoea purpurea"],
            "planted": self.truth,
        }
        write(folder, "truth.json", (json.dumps(truth, ensure_ascii=False, indent=1) + "\n").encode())


if __name__ == "__main__":
    Story().tell(Path(sys.argv[1]) if len(sys.argv) > 1 else REGION / "demo")
