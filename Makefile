# A convenience: every target is one command of the README or of CONTRIBUTING.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench walk shots faults

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "%-8s %s\n", $$1, $$2 }'

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
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

bench: .venv ## every goal of speed as ratios within one run; none fails for being slow
	$(BIN)/python -m benchmarks

walk: .venv ## a new user's way from a clone to the first alert, with the time of each step
	$(BIN)/python -m benchmarks.walk

faults: .venv ## the fault laboratory, whole: every fault, kill and soak, and docs/faults.md
	$(BIN)/python -m tests.laboratory --page docs/faults.md

shots: .venv ## the pictures of docs/
	$(BIN)/python docs/shots.py
