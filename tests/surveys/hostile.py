"""Files made to do harm, each in a line or two; writing them costs little, reading them without care would cost much."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlwt

TABLE = "日期,中文名,数量\n2025-06-03,旱柳,3\n"
MEGABYTE = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"


def workbook() -> bytes:
    """A small honest workbook, to be tampered with."""
    book = openpyxl.Workbook()
    for row in (["日期", "中文名", "数量"], ["2025-06-03", "旱柳", 3]):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def tampered(changes: dict[str, Callable[[str], str]], added: dict[str, str] | None = None) -> bytes:
    """The honest workbook with parts changed and others added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode("utf-8")
            new.writestr(name, changes[name](text) if name in changes else text)
        for name, text in (added or {}).items():
            new.writestr(name, text)
    return target.getvalue()


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _sheet_of(rows: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        begin, end = text.index("<sheetData>"), text.index("</sheetData>")
        return f"{text[:begin]}<sheetData>{rows}{text[end:]}"

    return changed


def _ods(rows: str) -> bytes:
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="a">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped(
        ("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content.encode("utf-8"))
    )


def _old_workbook(far_away: bool = False) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for line in range(2_000):
        sheet.write(line, 0, f"x{line}")
    if far_away:
        sheet.write(65_535, 255, "b")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _with_a_looping_fat() -> bytes:
    content = bytearray(_old_workbook())
    fat = 512 + 512 * struct.unpack_from("<I", content, 76)[0]
    struct.pack_into("<I", content, fat + 4 * 9, 3)  # the chain that passes sector 9 goes back to sector 3
    return bytes(content)


def _link() -> bytes:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((link, b"/etc/passwd"))


def _encrypted() -> bytes:
    content = bytearray(zipped(("a.csv", TABLE.encode())))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    return bytes(content)


def _overlapping() -> bytes:
    """Two members that share one body, as the zip bombs without nesting do."""
    content = bytearray(zipped(("a.csv", TABLE.encode()), ("b.csv", TABLE.encode() * 2)))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)
    return bytes(content)


def _nested(depth: int) -> bytes:
    content = zipped(("a.csv", b"0\n" * MEGABYTE))
    for _ in range(depth):
        content = zipped(*((f"{number}.zip", content) for number in range(16)))
    return content


def _laughing(text: str) -> str:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]>' + text.replace(
        "<sheetData>", "<sheetData><!-- &l9; -->", 1
    )


def _outward(text: str) -> str:
    return '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + text


CELL = '<c r="{0}" t="inlineStr"><is><t>x</t></is></c>'
FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    # name: (the rule of its refusal, how it is made)
    "300,000 columns": ("error-too-many-columns", lambda: b"a," * 300_000 + b"\n" + TABLE.encode()),
    "300,000 columns in quotes": ("error-too-many-columns", lambda: b'"a",' * 250_000 + b"\n"),
    "a 200 MB cell": ("error-line-too-long", lambda: TABLE.encode() + b"x" * (200 * MEGABYTE)),
    "a 200 MB cell in quotes": (
        "error-line-too-long", lambda: TABLE.encode() + b'2025-06-03,"' + b"x" * (200 * MEGABYTE) + b'",3\n',
    ),
    "a 60 MB cell of many lines": (
        "error-quote-unclosed", lambda: TABLE.encode() + b'2025-06-03,"' + (b"x" * 99 + b"\n") * 500_000 + b'",3\n',
    ),
    "a quote never closed": (
        "error-quote-unclosed", lambda: TABLE.encode() + b'2025-06-03,"a,3\n' + b"2025-06-03,b,3\n" * 900_000,
    ),
    "a quote never closed at the end": (
        "error-quote-unclosed", lambda: TABLE.encode() + b"2025-06-03,b,3\n" * 900_000 + b'2025-06-03,"a,3\n' + b"x,y,z\n" * 99,
    ),
    "four million lines": ("error-too-many-lines", lambda: TABLE.encode() + b"2025-06-03,b,3\n" * 4_000_000),
    "a 100 MB file": (
        "error-text-too-large", lambda: TABLE.encode() + (b"2025-06-03,b," + b"x" * 500 + b"\n") * 200_000,
    ),
    "a 100 MB file with a quote never closed": (
        "error-text-too-large",
        lambda: TABLE.encode() + b'2025-06-03,"a,3\n' + (b"2025-06-03,b," + b"x" * 500 + b"\n") * 200_000,
    ),
    "a NUL byte": ("error-binary", lambda: TABLE.encode() + b"2025-06-03,a\x00b,3\n"),
    "a NUL byte in UTF-16": ("error-binary", lambda: (TABLE + "2025-06-03,a\x00b,3\n").encode("utf-16")),
    "UTF-16 without its mark": ("error-utf16-unmarked", lambda: TABLE.encode("utf-16-le")),
    "a last line in no encoding": (
        "error-encoding-mixed", lambda: TABLE.encode() + "2025-06-03,旱柳,3\n".encode() * 900_000 + b"\xff\xff\n",
    ),
    "old Mac line ends only, 30 MB": ("error-line-too-long", lambda: TABLE.encode().replace(b"\n", b"\r") * 1_000_000),
    "a zip that expands to 300 MB": ("error-text-too-large", lambda: zipped(("a.csv", (b"0" * 9_999 + b"\n") * 30_000))),
    "many members that expand together": (
        "error-zip-bomb", lambda: zipped(*((f"{n}.csv", (b"0" * 99 + b"\n") * 50_000) for n in range(60))),
    ),
    "zips within zips": ("error-zip-nested", lambda: _nested(3)),
    "ten thousand members": ("error-zip-members", lambda: zipped(*((f"{n}.csv", b"a") for n in range(10_000)))),
    "members that overlap": ("error-zip-broken", _overlapping),
    "an encrypted member": ("error-zip-encrypted", _encrypted),
    "a path upwards": ("error-zip-path", lambda: zipped(("../../a.csv", TABLE.encode()))),
    "an absolute path": ("error-zip-path", lambda: zipped(("/etc/a.csv", TABLE.encode()))),
    "a drive": ("error-zip-path", lambda: zipped(("C:\\a.csv", TABLE.encode()))),
    "a network share": ("error-zip-path", lambda: zipped(("\\\\host\\share\\a.csv", TABLE.encode()))),
    "a link": ("error-zip-path", _link),
    "an escape sequence in a name": ("error-zip-path", lambda: zipped(("a\x1b[2J.csv", TABLE.encode()))),
    "half a zip": ("error-zip-broken", lambda: zipped(("a.csv", TABLE.encode()))[:60]),
    "entities that multiply": ("error-workbook-entity", lambda: tampered({SHEET: _laughing})),
    "an entity that points outwards": ("error-workbook-entity", lambda: tampered({SHEET: _outward})),
    "an entity in the shared strings": (
        "error-workbook-entity", lambda: tampered({}, {"xl/sharedStrings.xml": _outward("<sst/>")}),
    ),
    "a cell in the last column": (
        "error-workbook-too-wide", lambda: tampered({SHEET: _sheet_of(f'<row r="1">{CELL.format("XFD1")}</row>')}),
    ),
    "a cell in the last line of column 500": (
        "error-workbook-overgrown",
        lambda: tampered({SHEET: _sheet_of(
            f'<row r="1">{CELL.format("A1")}</row><row r="1048576">{CELL.format("SF1048576")}</row>')}),
    ),
    "a million empty rows of 16,384 columns": (
        "error-workbook-too-wide",
        lambda: tampered({SHEET: _sheet_of("".join(
            f'<row r="{n}" spans="1:16384"><c r="XFD{n}" t="s"></c></row>' for n in range(1, 1_000_000, 7)))}),
    ),
    "400 MB of shared strings": (
        "error-zip-bomb",
        lambda: tampered({}, {"xl/sharedStrings.xml": "<sst>" + "<si><t>x</t></si>" * 20_000_000 + "</sst>"}),
    ),
    "ten million styles": (
        "error-zip-bomb",
        lambda: tampered({"xl/styles.xml": lambda text: text.replace("<cellXfs", '<xf numFmtId="0"/>' * 10_000_000 + "<cellXfs")}),
    ),
    "a shortened workbook": ("error-zip-broken", lambda: workbook()[:-900]),
    "repeated columns in an ODS": (
        "error-workbook-repeats",
        lambda: _ods('<table:table-row><table:table-cell table:number-columns-repeated="1000000" '
                     'office:value-type="float" office:value="1"/></table:table-row>'),
    ),
    "repeated rows in an ODS": (
        "error-workbook-repeats",
        lambda: _ods('<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
                     'office:value-type="float" office:value="1"/></table:table-row>'),
    ),
    "rows and columns repeated a little each": (
        "error-workbook-overgrown",
        lambda: _ods('<table:table-row table:number-rows-repeated="999"><table:table-cell '
                     'table:number-columns-repeated="999" office:value-type="string" office:string-value="x">'
                     "<text:p>x</text:p></table:table-cell></table:table-row>" * 900),
    ),
    "an old workbook that spans all": ("error-workbook-overgrown", lambda: _old_workbook(far_away=True)),
    "an old workbook whose sectors go round in a circle": ("error-workbook-broken", _with_a_looping_fat),
    "half an old workbook": ("error-workbook-broken", lambda: _old_workbook()[:30_000]),
    "deeply nested JSON": (
        "error-no-header", lambda: b"[" * 100_000 + b"]" * 100_000,
    ),
    "a data package of deeply nested JSON": (
        "error-package-broken", lambda: zipped(("datapackage.json", b'{"resources":' * 50_000 + b"1" + b"}" * 50_000)),
    ),
    "a data package of 9 MB": (
        "error-package-too-large", lambda: zipped(("datapackage.json", b'{"a": "' + random.Random(1).randbytes(9_000_000).hex().encode() + b'"}')),
    ),
    "a gzip that expands to 300 MB": (
        "error-text-too-large", lambda: gzip.compress((b"0" * 9_999 + b"\n") * 30_000),
    ),
    "a workbook in a gzip in a zip": ("error-zip-nested", lambda: zipped(("a.gz", gzip.compress(workbook())))),
    "half a gzip": ("error-zip-broken", lambda: gzip.compress(TABLE.encode())[:30]),
}  # fmt: skip


def write(name: str, folder: Path) -> Path:
    _, make = FILES[name]
    path = folder / "hostile.csv"
    path.write_bytes(make())
    return path


def harmless_claims() -> bytes:
    """A workbook that claims to fill its whole sheet and does not."""
    return tampered({SHEET: lambda text: text.replace('ref="A1:C2"', 'ref="A1:XFD1048576"')})
