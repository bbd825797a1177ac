# What people and scripts call. Every target sets up what it needs first.
SHELL := /bin/bash
PYTHON := .venv/bin/python
# Tests and checks take nothing from the caller's environment that names real data.
QUIET_ENV := env -u DATABASE_URL -u DEMO -u SECRET_KEY -u RECORD_KEYS -u EMAIL_URL \
	-u CACHE_URL -u STORAGE_URL -u BASE_URL -u ALLOWED_HOSTS -u LANGUAGES -u TIME_ZONE
CHECK_ENV := $(QUIET_ENV) AMENDS_TESTING=1 VAR_DIR=$(CURDIR)/var/check
TEMPLATES := find . \( -path ./.venv -o -path ./var -o -path ./node_modules \) -prune -o \
	-type f -path '*/templates/*.html' -print0
COMPILE := $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --universal \
	--python-version 3.11 --custom-compile-command "make lock"
UV ?= uv
ARGS ?=
# One for each processor, and two where there is only one.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n > 2 ? n : 2)))

# What make check looks at, the longest first: the others run beside it.
CHECKS := types imports migrations lifecycle style templates messages

.PHONY: help demo test check bench serve lock $(addprefix check-,$(CHECKS))

help:
	@echo "make demo | test | check | bench | serve | lock   (see CONTRIBUTING.md)"

demo:
	@bin/demo

test:
	@bin/setup test
	@mkdir -p var/test
	@$(QUIET_ENV) VAR_DIR=$(CURDIR)/var/test $(PYTHON) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check:
	@bin/setup check
	@mkdir -p var/check
	@$(MAKE) --no-print-directory -j $(WORKERS) -O $(addprefix check-,$(CHECKS))

check-types:
	$(CHECK_ENV) .venv/bin/mypy .

check-imports:
	.venv/bin/lint-imports

check-migrations:
	$(CHECK_ENV) $(PYTHON) manage.py makemigrations --check --dry-run

check-lifecycle:
	$(CHECK_ENV) $(PYTHON) manage.py lifecycle --check

check-style:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

check-templates:
	$(TEMPLATES) | xargs -0 -r .venv/bin/djade --check --target-version 5.2

check-messages:
	bin/messages --check

serve:
	@bin/serve

# SIZE bounds what grows with the data; the draw's pools have sizes of their own.
bench:
	@bin/setup bench
	@mkdir -p var/bench bench/results
	@$(QUIET_ENV) AMENDS_TESTING=1 VAR_DIR=$(CURDIR)/var/bench $(PYTHON) -m bench $(if $(SIZE),--size $(SIZE)) $(ARGS)

# Needs uv (https://docs.astral.sh/uv/). run.lock takes its versions from dev.lock.
lock:
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pipx install uv, or make lock UV=/path/to/uv" >&2; exit 1; }
	$(COMPILE) $(LOCKARGS) requirements/dev.in -o requirements/dev.lock
	$(COMPILE) -c requirements/dev.lock requirements/run.in -o requirements/run.lock
	$(COMPILE) -c requirements/dev.lock $(LOCKARGS) requirements/bench.in -o requirements/bench.lock
