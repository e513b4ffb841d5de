# Everything needs only Python 3.11 or newer and make: the rest is installed into .venv from the lock file.

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
UV_VERSION := 0.13.9
UV_HOME := $(VENV)/.uv-$(UV_VERSION)
STAMP := $(VENV)/.synced

EXIT ?=
BUNDLE ?=
PORT ?=
ARGS ?=
WORKERS ?= auto

# A virtual environment whose Python is gone is made anew.
ifneq ($(shell test -d $(VENV) && ! $(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo broken),)
$(shell rm -rf $(VENV))
endif

# The tests get a new empty database and broker for each run, thrown away after it.
SCRATCH = YEARTURN_DATA="$(CURDIR)/.data/test" DJANGO_SETTINGS_MODULE=config.settings.test \
	$(PY) -m config.embedded run --scratch --

# Throw-away values with which the production settings are checked.
CHECK_ENV = SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	TRANSFER_CODE_SECRET=check-check-check-check-check-check SEALING_KEYS=check-check-check-check-check-check SIGNING_KEY=Y2hlY2stY2hlY2stY2hlY2stY2hlY2stY2hlY2stISE= LEDGER_DIR=/nowhere/ledger \
	YEARTURN_HOST=yearturn.example EMAIL_HOST=mail.example EMAIL_FROM=yearturn@mail.example DATABASE_URL=postgres://check:check@127.0.0.1:1/check REDIS_URL=redis://127.0.0.1:1/0

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The first Python >= 3.11 among the usual names makes .venv, and in it a second one that holds only uv.
$(UV_HOME)/ready:
	@works='import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'; found=; \
	for name in $(PYTHON) python3 python python3.14 python3.13 python3.12 python3.11; do \
	    if command -v "$$name" >/dev/null && "$$name" -c "$$works" >/dev/null 2>&1; then found="$$name"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Yearturn needs Python 3.11 or newer with the venv module (on Debian: apt install python3-venv)." >&2; \
	    echo "If it goes by another name: make PYTHON=/path/to/python3.12 ..." >&2; \
	    exit 1; \
	fi; \
	set -e; \
	if [ ! -x $(PY) ]; then echo "Making $(VENV) with $$("$$found" --version)"; "$$found" -m venv --without-pip $(VENV); fi; \
	rm -rf $(VENV)/.uv-*; \
	"$$found" -m venv $(UV_HOME); \
	$(UV_HOME)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore \
	    "uv==$(UV_VERSION)"; \
	touch $@

$(STAMP): pyproject.toml uv.lock $(UV_HOME)/ready
	@echo "Installing from uv.lock"; \
	UV_PROJECT_ENVIRONMENT="$(CURDIR)/$(VENV)" UV_PYTHON_DOWNLOADS=never \
	    $(UV_HOME)/bin/python -m uv sync --frozen --quiet --python $(PY) && touch $@

.PHONY: install
install: $(STAMP) ## Make .venv from the lock file

.PHONY: demo
demo: $(STAMP) ## Three districts' year's end [EXIT=1] [BUNDLE=roster.zip] [PORT=8000]
	@exec $(PY) manage.py demo --settings=config.settings.demo \
	    $(if $(filter-out 0,$(EXIT)),--exit) $(if $(BUNDLE),--bundle "$(BUNDLE)") $(if $(PORT),--port "$(PORT)")

.PHONY: run
run: $(STAMP) ## Serve the site with a worker and beat, until Ctrl-C [PORT=8000]
	@exec $(PY) manage.py serve $(if $(PORT),--port "$(PORT)")

.PHONY: test
test: $(STAMP) ## The one gate: style, types, contracts, migrations, settings, tests [ARGS=...]
	@$(SCRATCH) $(MAKE) gate

.PHONY: gate
gate: lint
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check
	@$(CHECK_ENV) $(PY) manage.py check --deploy --fail-level WARNING --settings=config.settings.prod
	@workers=$(WORKERS); \
	if [ "$$workers" = auto ]; then workers=$$($(PY) -c 'import os; print(max(2, os.cpu_count() or 2))'); fi; \
	exec $(PY) -m pytest -n "$$workers" $(ARGS)

.PHONY: lint
lint: $(STAMP) ## Style, types and import contracts
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

.PHONY: format
format: $(STAMP) ## Put the code into the one style
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

.PHONY: test-scale
test-scale: $(STAMP) ## The tests with large data and the long ones: minutes
	@$(SCRATCH) $(PY) -m pytest -m "scale or soak" $(ARGS)

.PHONY: bench
bench: $(STAMP) ## The benchmarks of docs/performance.md [ARGS=...]
	@YEARTURN_DATA="$(CURDIR)/.data/bench" DJANGO_SETTINGS_MODULE=config.settings.bench \
	    $(PY) -m config.embedded run -- $(PY) -m benchmarks $(ARGS)

.PHONY: pictures
pictures: $(STAMP) ## The pictures of docs/images, from a site of its own (needs a Chromium)
	@exec $(PY) docs/pictures.py

.PHONY: clean
clean: ## Stop the services and delete .data (all local data) and .venv
	@if [ -x $(PY) ]; then \
	    for data in .data/test/run-* .data/test .data/bench .data; do \
	        if [ -d "$$data" ]; then YEARTURN_DATA="$(CURDIR)/$$data" $(PY) -m config.embedded remove || exit 1; fi; \
	    done; \
	fi
	@rm -rf .data .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
