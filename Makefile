# `make demo` and `make test` set up all they need, then run. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup demo up test test-spark lint soak bench lock clean

PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.installed

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(SETUP) ## make the virtual environment from the lock

demo: setup ## replay a stream and open the pages; SOURCE=rees46 DATA=file, SERVE=0 to end after the batch
	@$(BIN)/meadow demo $(if $(SOURCE),--source $(SOURCE)) $(if $(DATA),--data $(DATA)) $(if $(filter 0,$(SERVE)),--no-serve)

up: setup ## start the daemon, the Dagster UI and the dashboards
	@$(BIN)/meadow up

test: setup packages lint ## lint, then all tests but the long soaks and those of Spark
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

test-spark: setup packages ## every table and word on both engines, and on a cluster of which a part dies
	@$(BIN)/python -m pytest -q -m spark tests/spark

lint: setup ## ruff and mypy
	@$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check . && $(BIN)/mypy

soak: setup ## the long tests: kills at random moments
	@$(BIN)/python -m pytest -q -m soak

bench: setup ## measure ingest beside a bare load
	@$(BIN)/meadow bench ingest

lock: ## pin every dependency with its hashes
	@$(BIN)/pip-compile -q --extra dev --extra spark --generate-hashes --no-strip-extras --allow-unsafe \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	@sed -i 's/^# *pip-compile.*/#    make lock/' requirements.lock

clean: ## remove the virtual environment and all state under var/
	rm -rf .venv var

.PHONY: packages
packages: ## what the tests need of the system: a browser, Chinese fonts, PostgreSQL and Java
	@bash .ci/system-packages chromium:chromium fc-list:fontconfig --font "Noto Sans CJK SC:fonts-noto-cjk" \
	  --file "/usr/lib/postgresql/*/bin/initdb:postgresql" java:openjdk-17-jre-headless

$(SETUP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Meadow needs Python 3.11 or newer: PYTHON=/path/to/python3.11 make setup"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || bash .ci/system-packages --package python3-venv
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
