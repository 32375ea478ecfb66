"""Recognition: which export the sheets of a file are, told by their columns and by the package's own description.

File names decide nothing. Sheets that belong to no export are left to the ordinary way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.errors import UnreadableFile
from surveys.files.sheet import Sheet
from surveys.readers.birdreport import is_birdreport, read_birdreport
from surveys.readers.camtrap_dp import is_observations, read_camtrap, sheets_meant
from surveys.readers.data_package import DataPackage, is_descriptor, read_package
from surveys.readers.export import Export, TermOf, source_sheet
from surveys.readers.forms import is_form, read_forms
from surveys.readers.inaturalist import is_inaturalist, read_inaturalist


@dataclass(frozen=True)
class Recognised:
    """The exports of a file, and the sheets that belong to none of them."""

    exports: list[Export]
    others: list[Sheet]


def recognise(sheets: Sequence[Sheet], term_of: TermOf, file_name: str) -> Recognised:
    """The exports among the sheets of a file; a data package is refused where what it names is not there."""
    packages = {id(sheet): read_package(sheet, file_name) for sheet in sheets if is_descriptor(sheet)}
    package = next((package for package in packages.values() if package), None)
    if package and len(sheets) == 1:
        raise UnreadableFile("error-package-alone", file=file_name)
    tables = [sheet for sheet in sheets if id(sheet) not in packages]
    sources = [source for sheet in tables if (source := source_sheet(sheet))]
    exports = [read_birdreport(source) for source in sources if is_birdreport(source)]
    exports += [read_inaturalist(source) for source in sources if is_inaturalist(source)]
    used = {source.name for source in sources if is_birdreport(source) or is_inaturalist(source)}
    if any(is_observations(source) for source in sources) or _is_of_camera_traps(package):
        used |= {sheet.name for sheet in sheets_meant(sources, package, file_name)}
        exports += read_camtrap(sources, package)
    if forms := [source for source in sources if is_form(source) and source.name not in used]:
        used |= {source.name for source in forms}
        exports += read_forms(forms, term_of)
    return Recognised(exports, [sheet for sheet in tables if sheet.name not in used])


def _is_of_camera_traps(package: DataPackage | None) -> bool:
    return package is not None and {"deployments", "observations"} <= set(package.paths)
