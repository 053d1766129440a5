# Two commands: `make run` and `make test`. The rest is for those who work on it.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python

# The first Python that is new enough; a plain python3 is often older.
FIND_PYTHON = for p in python3.14 python3.13 python3.12 python3 /usr/bin/python3; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; \
	then echo $$p; break; fi; done

.PHONY: run test check lint types js vendor messages asyncapi faults bench bench-signin clean

run: $(VENV)/runtime
	@exec $(PY) manage.py demo

test: $(VENV)/dev frontend/node_modules/ready
	@$(PY) manage.py catalogues
	$(PY) -m pytest -n 2 --dist loadfile
	@if command -v node >/dev/null 2>&1; then cd frontend && npm test; \
	elif [ "$$CI" = true ]; then echo "node is missing" >&2; exit 1; \
	else echo "Node.js is not installed: the browser modules' tests are skipped."; fi

faults: $(VENV)/dev
	FAULTS=long $(PY) -m pytest tests/faults tests/conversation/test_lost_bells.py

check: $(VENV)/dev frontend/node_modules/ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/deptry . --extend-exclude 'tests|benchmarks|frontend'
	$(VENV)/bin/deptry . --exclude 'frontend|.venv' --optional-dependencies-dev-groups none
	$(VENV)/bin/djlint chat/templates counsellors/templates --lint --quiet
	$(PY) manage.py catalogues --check
	$(PY) manage.py asyncapi --check
	HELPLINE_VAR=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run
	cd frontend && npm run --silent check && npm run --silent asyncapi && npm run --silent vendor -- --check

vendor: frontend/node_modules/ready
	cd frontend && npm run vendor

messages: $(VENV)/dev
	$(PY) manage.py catalogues

asyncapi: $(VENV)/dev
	$(PY) manage.py asyncapi

# `make bench ARGS=--quick` for two minutes, `make bench ARGS=--waiting` for 5,000 waiting sockets only.
bench: $(VENV)/dev
	$(PY) -m benchmarks $(ARGS)

bench-signin: $(VENV)/dev
	$(PY) -m benchmarks --signin

lock:
	$(PY) -m piptools compile -q --allow-unsafe --strip-extras --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.txt pyproject.toml
	$(PY) -m piptools compile -q --allow-unsafe --strip-extras --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

$(VENV)/bin/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "The helpline needs Python 3.12 or newer with venv. On Debian: apt-get install python3 python3-venv" >&2; exit 1; fi; \
	$$python -m venv $(VENV)

$(VENV)/runtime: $(VENV)/bin/python requirements.txt
	@echo "Installing the locked dependencies into $(VENV)/ …"
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev: $(VENV)/bin/python requirements-dev.txt
	@echo "Installing the locked dependencies into $(VENV)/ …"
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/runtime

frontend/node_modules/ready: frontend/package-lock.json
	@if command -v npm >/dev/null 2>&1; then cd frontend && npm ci --silent --no-progress; else mkdir -p frontend/node_modules; fi
	@touch $@

clean:
	rm -rf $(VENV) var frontend/node_modules

pictures: $(VENV)/dev
	HELPLINE_PICTURES=docs/images $(PY) -m pytest tests/browser/test_they_talk.py tests/browser/test_busy_evening.py -q -k "talk and laptop or busy"
