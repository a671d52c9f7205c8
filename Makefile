# make run    the dashboard on http://localhost:8501, set up on first use
# make test   lint, types, import contracts and every test, set up on first use
# make check  lint, types and import contracts only
# make test-faults  load, approval and migration killed at 50 random moments each
# make bench  every benchmark, printed as ratios
# make demo   the demonstration database, if there is no database yet
# make clean  remove what these made, except the database

# The first Python that is new enough; choose another with `make run PYTHON=python3.12`.
PYTHON ?= $(shell sh .ci/find-python)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
DATABASE := var/vrn.sqlite
UNFINISHED := var/.demo-unfinished
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517

.PHONY: run test test-faults check bench demo clean system
.DEFAULT_GOAL := run

run: demo
	$(BIN)/python -m streamlit run app.py

test: system check
	$(BIN)/python -m pytest -n 2

test-faults: $(DEV)
	VRN_KILLS=50 $(BIN)/python -m pytest -s tests/store/test_kill.py

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: system $(DEV)
	@set -e; for file in benchmarks/[a-z]*.py; do \
		echo "== $$file"; $(BIN)/python -m benchmarks.$$(basename $$file .py); done

# A database named by VRN_DATABASE_URL is somebody's own and is never filled unasked. The mark
# outlives an interrupted build, so that the next one finishes it.
demo: $(RUNTIME)
	@if [ -z "$${VRN_DATABASE_URL:-}" ] && { [ ! -e $(DATABASE) ] || [ -e $(UNFINISHED) ]; }; then \
		mkdir -p $(dir $(DATABASE)) && touch $(UNFINISHED) \
		&& $(BIN)/python -m vrn_metrics demo && rm $(UNFINISHED); fi

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system:
	@sh .ci/install-system-packages browser postgresql

$(BIN)/python:
	@sh .ci/make-environment "$(PYTHON)" $(VENV)

# `pip install` is asked again when a list of requirements changed, and only then.
$(RUNTIME): requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing the requirements; the first time takes a minute or two."
	$(PIP) --requirement requirements.txt
	$(PIP) --no-deps --editable .
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	$(PIP) --requirement requirements-dev.txt
	@touch $@
