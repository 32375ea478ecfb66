# Each target does all its own set-up: a virtual environment with pinned, hash-checked packages.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types layers definitions bench bench-occurrences bench-run bench-intake bench-names bench-bdq bench-gates pins clean

# The main job on invented data, with no network once installed: a report and the warnings.
demo: $(VENV)/.dev
	$(BIN)/parkwatch demo

test: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist loadfile

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

definitions: $(VENV)/.dev
	mkdir -p $(VENV)/dagster && cp deploy/dagster.yaml $(VENV)/dagster/
	PATH="$(BIN):$$PATH" DAGSTER_HOME="$(CURDIR)/$(VENV)/dagster" $(BIN)/dg check defs

# Figures for docs/performance.md; read the ratios, not the seconds.
bench: bench-occurrences bench-run

# Ten million GBIF records through the occurrence path, then a snapshot of which 1 % differs; and row by row, for contrast.
bench-occurrences: $(VENV)/.dev
	$(BIN)/python -m benchmarks.occurrence_path
	$(BIN)/python -m benchmarks.row_by_row

# The whole job, from files to the published report.
bench-run: $(VENV)/.dev
	$(BIN)/python -m benchmarks.whole_run

# Errors of 55 kinds put into clean files at random: are all found, at their line and column, and nothing else?
bench-intake: $(VENV)/.dev
	$(BIN)/python -m benchmarks.intake

# 100,000 distinct messy names against an index of 100,000 invented ones.
bench-names: $(VENV)/.dev
	$(BIN)/python -m benchmarks.name_matching

# All tests of BDQ Core that need neither names nor shapes over five million rows.
bench-bdq: $(VENV)/.dev
	$(BIN)/python -m benchmarks.bdq_tests

# All gates, scorecards and comparisons over the tables of five million rows.
bench-gates: $(VENV)/.dev
	$(BIN)/python -m benchmarks.table_gates

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11-3.13 is needed; try: make PYTHON=python3.12 test")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Needs uv; run it when a dependency changes.
pins:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml requirements/dev.in -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml -c requirements/dev.txt -o requirements/run.txt

clean:
	rm -rf $(VENV) data
