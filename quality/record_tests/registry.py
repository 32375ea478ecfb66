"""All record tests, in the order in which a person reads about them."""

from __future__ import annotations

from quality.record_tests.cells import CELLS
from quality.record_tests.coordinates import COORDINATES
from quality.record_tests.dates import DATES
from quality.record_tests.names import NAMES
from quality.record_tests.occurrences import OCCURRENCE
from quality.record_tests.places import PLACES
from quality.record_tests.protocols import PROTOCOLS
from quality.record_tests.record_test import RecordTest
from quality.record_tests.rows import JOINED, ROW_FAULTS

TEST_VERSION = "1"
RECORD_TESTS: tuple[RecordTest, ...] = (
    *ROW_FAULTS, *JOINED, *NAMES, *DATES, *COORDINATES, *PLACES, *OCCURRENCE, *PROTOCOLS, *CELLS,
)  # fmt: skip
