# Portico: every target in one line each, by `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DISTRIBUTIONS := services/chassis services/identity services/shop services/licensing services/notifications gateway
SERVICES := identity shop licensing notifications gateway
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run reset test lint format contracts docs lock bench clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*?## "}; {printf "  make %-11s %s\n", $$1, $$2}'

$(STAMP): requirements.lock services/chassis/pyproject.toml services/identity/pyproject.toml services/shop/pyproject.toml services/licensing/pyproject.toml services/notifications/pyproject.toml gateway/pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked requirements …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(DISTRIBUTIONS))
	@touch $(STAMP)

setup: $(STAMP) ## Create .venv from the hashed lock file

run: setup ## Start the whole platform with its demo; Ctrl-C stops it
	@$(BIN)/python -m deploy.dev.up

reset: ## Forget the data of the local platform
	@rm -rf $${DATA_DIR:-var}

test: setup ## Run every test on real PostgreSQL, NATS, SMTP and Chromium
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

lint: setup ## Check style and import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

format: setup ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

contracts: setup ## Write the OpenAPI documents and event schemas
	@for service in $(SERVICES); do PYTHONPATH=. $(BIN)/python -m deploy.contracts $$service; done

docs: setup ## Write docs/settings.md and the table of events in ARCHITECTURE.md
	@PYTHONPATH=. $(BIN)/python -m deploy.docs

lock: ## Pin every requirement with hashes (needs uv)
	@uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements.in -o requirements.lock

bench: setup ## Measure; prints tables, asserts nothing
	@for bench in $(sort $(basename $(notdir $(wildcard tests/benchmarks/bench_*.py)))); do echo "== $$bench"; $(BIN)/python -m tests.benchmarks.$$bench || exit 1; done

clean: ## Remove the environment and caches, keep the data
	@rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis
