# What a person does here; `make` alone lists it. Works with GNU make 3.81, as on macOS.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
# The first of these that is new enough; an older python3 on the machine is no obstacle.
PYTHONS := python3 python3.11 python3.12 python3.13 python3.14
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'

.DEFAULT_GOAL := help
.PHONY: help run test test-hosts bench lint format check build release clean

help:  ## List the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /@/' | awk -F@ '{printf "make %-10s %s\n", $$1, $$2}'

run: $(INSTALLED)  ## Start the service, a demo news site and the central platform's end
	@exec $(BIN)/isoloir demo

test: $(INSTALLED)  ## Run every test, those in a real browser too
	@.ci/chromium
	$(BIN)/pytest --numprocesses 3 --dist loadfile

test-hosts: $(INSTALLED)  ## Run the tests that need Firefox, WebKit or PostgreSQL
	@.ci/postgresql
	@.ci/browsers
	$(BIN)/pytest tests/hosts

bench: $(INSTALLED)  ## Measure; one alone: make bench only=vote
	$(BIN)/python -m tests.bench $(only)

lint: $(INSTALLED)  ## Look for faults without running anything
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(INSTALLED)  ## Lay the code out
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: lint  ## Lint, and look up known weaknesses of the libraries
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

build: $(INSTALLED)  ## Build the wheel into dist/
	rm -rf build dist widget/built
	$(BIN)/python -m server.web.assets widget/built
	$(BIN)/python -m build --wheel; built=$$?; rm -rf widget/built; exit $$built

release: $(INSTALLED)  ## Keep today's loader for good, as that of this version
	$(BIN)/python -m embed.release

clean:  ## Remove what can be made again; the data in var/ stays
	rm -rf $(VENV) build dist *.egg-info widget/built .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Installs again only when what is to be installed has changed.
$(INSTALLED): setup.cfg pyproject.toml constraints.txt
	@python=; for p in $(PYTHONS); do \
	  if $$p $(NEW_ENOUGH) 2>/dev/null; then python=$$p; break; fi; done; \
	if [ -z "$$python" ]; then echo "Isoloir needs Python 3.11 or newer on PATH." >&2; exit 1; fi; \
	if ! $(BIN)/python $(NEW_ENOUGH) 2>/dev/null; then \
	  rm -rf $(VENV); $$python -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "No venv module. On Debian: apt install python3-venv" >&2; exit 1; }; fi
	@echo "Installing into $(VENV)"
	@$(BIN)/pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[dev]'
	@touch $@
