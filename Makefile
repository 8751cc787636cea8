# Hutong 护童. `make` lists what there is; it needs Python 3.11 or newer and make, nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMPS := .build/stamps
# Building needs settings, and settings make keys: these are thrown away.
SCRATCH := HUTONG_DATA=.build/scratch DATABASE_URL=
STATIC_FILES := $(shell find hutong -path '*/static/*' -type f)
MESSAGES := $(shell find hutong -name '*.po')
HUTONG_TODAY ?= 2026-11-24

.PHONY: help build run test check again lint proof mutants bench glossary

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 14

build: $(STAMPS)/static ## install what is locked into .venv and build the assets

run: build ## build, prepare the demonstration once, and serve http://127.0.0.1:8000
	@export HUTONG_TODAY=$(HUTONG_TODAY); \
	$(BIN)/hutong migrate && $(BIN)/hutong demo --if-empty && exec $(BIN)/hutong serve

test: build $(STAMPS)/development ## build and run the tests but the slow and browser ones
	$(BIN)/pytest -n auto --dist worksteal -m "not slow and not browser" --ignore=tests/alone
	$(BIN)/pytest -m "not slow" tests/alone

check: build lint node_modules/axe-core ## what CI runs: lint, types, contracts, all tests, again on PostgreSQL 15
	$(BIN)/pytest -n auto --dist worksteal --ignore=tests/alone --ignore=tests/faults --ignore=tests/browser
	$(BIN)/pytest tests/alone
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder tests/faults tests/browser
	tools/with_postgres15 $(MAKE) again

again: # what asks a database, on the server that DATABASE_URL names
	$(BIN)/pytest -n auto --dist worksteal tests/rooms tests/house/test_database.py
	$(BIN)/pytest tests/alone -m "not embedded"
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder tests/faults -m "not embedded"

lint: build $(STAMPS)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet hutong
	$(BIN)/hutong messages --check

proof: build $(STAMPS)/development ## the long proofs at full length, results under proof/results/
	@mkdir -p proof/results
	$(BIN)/pytest -m slow --junitxml=proof/results/slow.xml
	$(BIN)/pytest tests/rooms/allowances/test_out_of_order.py --calls 100000 --junitxml=proof/results/applications.xml
	$(BIN)/pytest tests/rooms/allowances/test_money_machine.py tests/rooms/allowances/test_money_together.py \
		tests/faults/test_money_kills.py --operations 100000 --junitxml=proof/results/money.xml
	$(MAKE) mutants

mutants: build $(STAMPS)/development ## whether the tests notice small changes of the law: proof/results/mutation.json
	$(BIN)/python tools/mutate.py

glossary: build ## write GLOSSARY.md anew from the docstrings
	$(BIN)/python tools/glossary.py

bench: build $(STAMPS)/bench ## the benchmarks, each one's JSON under bench/results/
	@mkdir -p bench/results
	@for script in bench/bench_*.py; do \
		name=$$(basename $$script .py); echo $$name; \
		$(BIN)/python -m bench.$$name >bench/results/$$name.json || exit 1; \
	done

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Hutong needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "This Python cannot make virtual environments; on Debian: apt install python3.11-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(STAMPS)/product: .venv/pyvenv.cfg requirements.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/development: $(STAMPS)/product requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/bench: $(STAMPS)/development requirements-bench.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

$(STAMPS)/messages: $(STAMPS)/product $(MESSAGES)
	$(SCRATCH) $(BIN)/hutong messages
	@touch $@

# The empty manifest tells the settings to give every file a name with its digest.
$(STAMPS)/static: $(STAMPS)/messages $(STATIC_FILES)
	@rm -rf .build/static && mkdir -p .build/static
	@echo '{"version": "1.1", "paths": {}}' >.build/static/staticfiles.json
	$(SCRATCH) $(BIN)/python -m django collectstatic --noinput --verbosity 0 --settings hutong.settings
	@touch $@

node_modules/axe-core: $(STAMPS)/development package-lock.json
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-audit --no-fund
	@touch $@
