# Every command sets up what it needs; a fresh clone needs Python ≥ 3.11, pip and make.
# All paths are relative, so that a folder with spaces in its name will do.

PYTHON ?= python3
PORT ?= 8000
LAST_PORT ?= 8019
PY := .venv/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-compile --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test check bench
.SUFFIXES:

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' Makefile

run: .venv/runs ## Start mobilise here; on an empty folder with a demonstration petition
	@port=$$($(PY) -m mobilise.ports $(PORT) $(LAST_PORT)) && \
	exec $(PY) -m mobilise serve --demo --port "$$port"

test: .venv/tests ## Run the tests
	@$(PY) -m pytest

check: .venv/tests ## Check style, types and who may import whom
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy --strict mobilise
	@$(PY) -c 'import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())'

bench: .venv/tests ## Measure speed, each figure beside its floor
	@$(PY) -m benchmarks

# --- set-up -----------------------------------------------------------------------

.venv/runs: requirements.lock
	@$(find_python); "$$python" -c "$$LOOK"; \
	echo "Setting up, which takes about a minute …"; \
	$(PY) -c "$$USABLE" 2>/dev/null || "$$python" -m venv --clear .venv; \
	$(PIP) -r requirements.lock
	@touch $@

.venv/tests: tests/requirements.lock .venv/runs
	@echo "Adding what the tests need …"
	@$(PIP) -r tests/requirements.lock
	@touch $@

# The first Python that is new enough: the one that was asked for, else any we know of.
define find_python
set -eu; python=; \
for name in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11; do \
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
  then python=$$name; break; fi; \
done; \
test -n "$$python" || { \
  echo "Install Python 3.11 or newer, then try again; PYTHON=… says where it is." >&2; exit 1; }
endef

define LOOK
import importlib.util, shutil, sys
if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
    name = "python%d.%d-venv" % sys.version_info[:2]
    sys.exit("Install the package %s (Debian, Ubuntu: apt install %s), then try again." % (name, name))
if shutil.disk_usage(".").free < 1 << 30:
    sys.exit("Free 1 GB on the disk of this folder, then try again.")
endef
export LOOK

define USABLE
import pip, sys
sys.exit(sys.version_info < (3, 11))
endef
export USABLE
