# A convenience: every target is one command of the README or of CONTRIBUTING.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench walk shots faults elsewhere

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "%-9s %s\n", $$1, $$2 }'

.venv: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -c constraints.txt -e '.[dev]'
	@touch .venv

run: .venv ## the live monitor
	$(BIN)/tapewatch

demo: .venv ## the monitor on the sample market, no network
	$(BIN)/tapewatch demo

test: .venv ## the tests
	$(BIN)/pytest -n auto

check: .venv ## format, lint, types, import contracts, tests, build
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

bench: .venv ## every goal of speed as ratios within one run; none fails for being slow
	$(BIN)/python -m benchmarks

elsewhere: .venv ## sdist and wheel, installed in an environment elsewhere, and the tests run against that
	$(BIN)/python -m tests.packaging.elsewhere

walk: .venv ## a new user's way from a clone to the first alert, with the time of each step
	$(BIN)/python -m benchmarks.walk

faults: .venv ## the fault laboratory, whole: every fault, kill and soak, and docs/faults.md
	$(BIN)/python -m tests.laboratory --page docs/faults.md

shots: .venv ## the pictures of docs/
	$(BIN)/python docs/shots.py
	$(BIN)/python docs/web_shot.py
