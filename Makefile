# shop360. Needs make and Python 3.11 or newer, nothing else; `make help` lists the commands.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))) python3)
BIN := .venv/bin
READY := .venv/.ready
SPARK := .venv/.spark
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# uv installs in seconds what takes pip minutes, but knows nothing of pip's own settings, such as an index.
# Compiled once, also where Python is told to write no bytecode: each run would compile 30 CPU seconds of modules.
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
LOCKED = --require-hashes --requirement $(1)
RESOLVE := pip compile --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-annotate --no-header --quiet
.DEFAULT_GOAL := help
.PHONY: help run test thorough dev check hook release fix book docs charts bench spark parity lock clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: $(READY) ## land, check, build and release; writes the demo shop first if the inbox is empty
	@$(BIN)/shop360 run --demo

test: $(READY) ## everything that guards the project
	@$(MAKE) --no-print-directory --jobs 2 check $(SPARK)
	@$(BIN)/pytest

thorough: $(SPARK) ## the long tests that `make test` leaves out: killed runs, DuckLake on PostgreSQL, a month of days
	@$(BIN)/pytest -m thorough

dev: $(READY) ## the Dagster UI: assets, checks, schedule, sensor
	@$(BIN)/shop360 dev

check: $(READY) ## lint, format, types, spelling, SQL and dbt conventions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/ty check orchestration
	@$(BIN)/typos
	@$(BIN)/sqlfluff lint --processes 0 --disable-progress-bar models questions tests/data
	@$(BIN)/dbt parse --quiet --profiles-dir . --target-path target --log-path logs
	@$(BIN)/dbt-bouncer --config-file pyproject.toml

hook: ## run `make check` before each commit of this checkout
	@printf '#!/bin/sh\nexec make --no-print-directory check\n' > "$$(git rev-parse --git-path hooks)/pre-commit"
	@chmod +x "$$(git rev-parse --git-path hooks)/pre-commit"

release: $(READY) ## VERSION=1.2.0: date the changelog, set the version, commit and tag
	@$(BIN)/python -m tools.cut_release $(VERSION)

fix: $(READY) ## repair what the linters can repair
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --disable-progress-bar models questions tests/data

book: $(READY) ## write what follows from seeds and contract: KPI book, wide KPI tables, columns of feeds and lists
	@$(BIN)/python -m orchestration.reports.kpi_book
	@$(BIN)/python -m tools.wide_kpis
	@$(BIN)/python -m tools.wide_tags
	@$(BIN)/python -m tools.reference_pages

docs: $(READY) ## the pages about tables and models, with a start page in <home>/private
	@$(BIN)/shop360 docs

charts: ## build the charts of the report page again, after a change in tools/echarts (needs npm)
	@cd tools/echarts && npm ci --silent && npm run --silent build

bench: $(READY) ## side-by-side figures, written to bench/
	@$(BIN)/python -m bench

spark: $(SPARK) ## add Spark (0.5 GB, needs Java 17) and DuckLake to .venv

parity: $(SPARK) ## build the demo shop on both engines and compare every mart, row by row
	@$(BIN)/python -m bench.parity

lock: $(READY) ## resolve the dependencies anew into requirements.lock
	@$(BIN)/uv $(RESOLVE) --group dev --extra semantic --extra sources --output-file requirements.lock pyproject.toml
	@$(BIN)/uv $(RESOLVE) --extra spark-server --extra ducklake --constraints requirements.lock --output-file requirements-engines.lock pyproject.toml

clean: ## remove the environment and all state of the default shop
	chmod -R u+w data 2>/dev/null; rm -rf .venv data *.egg-info .pytest_cache .ruff_cache

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv with $(PYTHON) (once, a minute) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "shop360 needs Python 3.11 or newer; set PYTHON=/path/to/python")'
	@$(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@$(PIP) $(call LOCKED,.venv/uv.lock)
	@$(UV) $(call LOCKED,requirements.lock) || $(PIP) $(call LOCKED,requirements.lock)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(SPARK): $(READY) requirements-engines.lock
	@echo "Adding Spark and DuckLake to .venv (once, a minute) …"
	@$(UV) $(call LOCKED,requirements-engines.lock) || $(PIP) $(call LOCKED,requirements-engines.lock)
	@touch $@
