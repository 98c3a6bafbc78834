# `make demo` and `make test` are all that a fresh clone needs: both make their own environment first.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# The suite runs in a network namespace of its own: real servers bind to every interface, and nothing may leave.
ISOLATE := ./tests/isolated.sh

.PHONY: demo test unit peers lint types bench prove coverage-of-sampling docs goldens clean

demo: $(STAMP)
	$(BIN)/leadglass demo

test: $(STAMP) lint types unit peers

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

unit: $(STAMP)
	$(ISOLATE) $(BIN)/python -m pytest tests -m "not peers" -n 4

peers: $(STAMP)
	./tests/install_peers.sh
	$(ISOLATE) $(BIN)/python -m pytest tests -m peers -n 4 --dist loadfile

bench: $(STAMP)
	./tests/install_peers.sh
	$(ISOLATE) $(BIN)/python -m bench

prove: $(STAMP)
	$(ISOLATE) $(BIN)/python -m bench.prove

coverage-of-sampling: $(STAMP)
	$(BIN)/python -m bench.sampling
	$(BIN)/python -m bench.sampling.retrievable

docs: $(STAMP)
	$(BIN)/python docs/generate.py

goldens: $(STAMP)
	$(BIN)/python -m pytest tests/report --golden-rewrite

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
