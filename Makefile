# One command per job; people, hooks and .ci/run call the same ones.
.DEFAULT_GOAL := help
.PHONY: help env demo demo-azure test prove bench bench-speech check format docs parts lock audit sbom dist clean

PY := .venv/bin/python
HOTKEY ?=
MODEL ?=
RECORDINGS ?= $(wildcard ../shared/data/speech)
CLIPS ?= 7
BENCH_ARGS ?=
PYTEST_ARGS ?=
JOBS ?= 2

help: ## show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## build .venv from the locks (HOTKEY=1 adds pynput); a moment when nothing changed
	@HOTKEY='$(HOTKEY)' requirements/install.sh

demo: env ## a spoken recording through the real daemon: partials, raw and clean text, times
	@$(PY) -m parleqd._tools.demo

demo-azure: env ## the same, polished by a real model at an Azure-shaped URL, no account (MODEL=FILE: one of yours)
	@tests/peers/install.sh local-model
	@$(PY) -m parleqd._tools.demo_azure $(if $(MODEL),'$(MODEL)')

test: env ## every test, two at a time (JOBS=N); what needs a missing system part is skipped, the package named
	@$(PY) -m pytest -n $(JOBS) --dist worksteal -m 'not alone' $(PYTEST_ARGS) || [ $$? -eq 5 ]
	@$(PY) -m pytest -m alone $(PYTEST_ARGS) || [ $$? -eq 5 ]

prove: env ## the torture tests at full counts, randomly seeded (the seed is printed)
	@PARLEQ_PROVE=1 $(PY) -m pytest $(PYTEST_ARGS)

bench: env ## every budget of ARCHITECTURE.md beside its figure on this machine
	@$(PY) -m parleqd._tools.bench

bench-speech: env ## from release to text by length, beside faster-whisper: tables, a plot (CLIPS=7 of each, MODEL=NAME)
	@$(PY) -m parleqd._tools.bench.speech $(if $(RECORDINGS),--recordings '$(RECORDINGS)') --clips $(CLIPS) \
	  $(if $(MODEL),--model '$(MODEL)',$(if $(filter --simulated,$(BENCH_ARGS)),,--plot docs/latency.svg)) $(BENCH_ARGS)

check: env ## lint, format, types, import contracts, generated pages
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo
	@$(PY) -m parleqd._tools.docgen --check

format: env ## put the code into shape and mend what ruff can
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

docs: env ## write the generated pages anew
	@$(PY) -m parleqd._tools.docgen

parts: env ## fetch the independent peers (tests/peers/) that some tests drive, into .parts/
	@tests/peers/install.sh

lock: env ## compile the locks anew (UPGRADE=1: to the newest versions)
	@UPGRADE='$(UPGRADE)' requirements/lock.sh

dist: env ## the sdist and the wheel into dist/, with their checksums: the same bytes wherever they are built
	@$(PY) -m parleqd._tools.dist

audit: env ## ask for known faults in the pinned packages (3: could not ask about all)
	@tests/peers/install.sh audit
	@$(PY) -m parleqd._tools.audit

sbom: env ## list what parleqd needs of the environment: dist/sbom.json (CycloneDX)
	@tests/peers/install.sh audit
	@$(PY) -m parleqd._tools.sbom

clean: ## remove the environment, fetched parts and caches
	rm -rf .venv .parts .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find parleqd clients tests -name __pycache__ -type d -prune -exec rm -rf {} +
