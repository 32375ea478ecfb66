"""Read tables: what every table of a survey file is once it is opened, however its columns came to be understood.

Taking a file apart into them belongs to `opening`, writing their rows into the warehouse to `loading`.
"""

from __future__ import annotations

from dataclasses import dataclass

from surveys.columns import Column
from surveys.layout.survey_table import SurveyTable


@dataclass(frozen=True)
class ReadTable:
    """One table of a survey file, what its columns are read as, and the year its dates may leave out.

    `stated` holds what is said of all rows: by term, or where raw_survey has no column for it, by its label.
    """

    table: SurveyTable
    columns: list[Column]
    stated: dict[str, str]
    stated_year: int | None

    @property
    def sheet(self) -> str:
        return self.table.sheet.name
