# Two commands: `make run` and `make test`. The rest is for those who work on it.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python

# The first Python that is new enough; a plain python3 is often older.
FIND_PYTHON = for p in python3.14 python3.13 python3.12 python3 /usr/bin/python3; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; \
	then echo $$p; break; fi; done

# Says how far it is: silent, it would be for minutes. `failed`, since a pipe has the status of its last command.
INSTALL = all=$$(grep -c == $(1)); echo "Installing $$all locked packages into $(VENV)/ …"; \
	( PYTHONUNBUFFERED=1 $(PY) -m pip install --disable-pip-version-check --progress-bar off --require-hashes -r $(1) \
		|| echo failed ) | { done=0; while read -r word rest; do case $$word in \
		Collecting) done=$$((done + 1)); [ $$((done % 10)) = 0 ] && echo "  $$done of $$all fetched";; \
		Installing) echo "  unpacking them …";; \
		failed) exit 1;; \
	esac; done; exit 0; }

.PHONY: run test test-core test-rest test-long test-all steady check lint types js vendor messages asyncapi faults fuzz drills advice-grid bench bench-signin bench-crowd bench-disk bench-first-load wheel deb release sbom audit soak clean

run: $(VENV)/runtime
	@exec $(PY) manage.py demo

# What a change breaks most often; docs/testing.md says what the long part has. The core's tests run without the
# optional apps. The rest runs beside them, its output follows: alone, neither keeps two cores busy.
PYTEST = MAKEFLAGS= $(PY) -m pytest --dist loadfile --no-loadscope-reorder
REST = .cache/test-rest.log
test: $(VENV)/dev frontend/node_modules/ready
	@mkdir -p .cache; $(MAKE) --no-print-directory -j2 test-core test-rest; status=$$?; cat $(REST); exit $$status

test-core: $(VENV)/dev
	HELPLINE_APPS=none $(PYTEST) -n 3 -m "not long and core"

test-rest: $(VENV)/dev frontend/node_modules/ready
	@{ $(PYTEST) -n 2 -m "not long and not core" && \
	if command -v node >/dev/null 2>&1; then cd frontend && npm test; \
	elif [ "$$CI" = true ]; then echo "node is missing" >&2; exit 1; \
	else echo "Node.js is not installed: the browser modules' tests are skipped."; fi; } >$(REST) 2>&1

# Every browser story, both other engines, faults, floods, and the second stack. Half of their time is waiting, so there
# are more workers than cores; with a fourth one they took no less.
test-long: $(VENV)/dev frontend/node_modules/ready
	TESTS_SEED=$${TESTS_SEED:-$$(git rev-parse HEAD)} $(PYTEST) -n 3 -m long

test-all: test test-long

# Resumable: writes a row of docs/testing.md for each run. `make steady RUNS=2` for so many now.
steady: $(VENV)/dev frontend/node_modules/ready
	@$(PY) -m tests.drills.steady $(if $(RUNS),--runs $(RUNS))

faults: $(VENV)/dev
	FAULTS=long TESTS_SEED=$${TESTS_SEED:-$$(date +%s)} $(PY) -m pytest tests/faults tests/conversation/test_lost_bells.py tests/queue tests/handoff/test_invitation_machine.py \
		tests/retention/test_keeping_machine.py

# A million frames in the process and 20,000 over sockets; TESTS_SEED=… repeats a run.
fuzz: $(VENV)/dev
	FUZZ=long TESTS_SEED=$${TESTS_SEED:-$$(date +%s)} $(PY) -m pytest tests/fuzz -s

# Everything that takes long, one after the other; docs/reliability.md says what, and when it was green last.
drills: $(VENV)/dev
	$(PY) -m tests.drills

# Evening after evening on an installation made by docs/install.md; `make soak HOURS=1.5`. As root: it makes namespaces.
HOURS = 6
soak: $(VENV)/dev
	$(PY) -m tests.drills.soak --hours $(HOURS) --picture docs/images/soak.svg

check: $(VENV)/dev frontend/node_modules/ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/deptry . --extend-exclude 'tests|benchmarks|frontend'
	$(VENV)/bin/deptry . --exclude 'frontend|.venv' --optional-dependencies-dev-groups none
	$(VENV)/bin/djlint chat counsellors --lint --quiet
	$(PY) manage.py asyncapi
	HELPLINE_VAR=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run
	cd frontend && npm run --silent check && npm run --silent asyncapi && npm run --silent vendor -- --check

vendor: frontend/node_modules/ready
	cd frontend && npm run vendor

messages: $(VENV)/dev
	$(PY) manage.py catalogues

# The wire contract as a document, and as the types that an editor wants; neither is committed.
asyncapi: $(VENV)/dev
	$(PY) manage.py asyncapi

# Staffing advice against a simulation of 500 situations: some minutes. Commit what it writes.
advice-grid: $(VENV)/dev
	$(PY) -m tests.planning.grid

# `make bench ARGS=--quick` for two minutes, `make bench ARGS=--waiting` for 5,000 waiting sockets only.
bench: $(VENV)/dev
	$(PY) -m benchmarks $(ARGS)

bench-signin: $(VENV)/dev
	$(PY) -m benchmarks --signin

# 10,000 waiting sockets on two processes for ten minutes; `ARGS="--sockets 1000 --seconds 30"` for a look.
bench-crowd: $(VENV)/dev
	$(PY) -m benchmarks.crowd $(ARGS)

# What a conversation, a year of figures and a step of the audit take on the disk.
bench-disk: $(VENV)/dev
	$(PY) -m benchmarks.disk

# Five visits to a line's first screen on a slow phone, beside a bare page; and Lighthouse.
bench-first-load: $(VENV)/dev frontend/node_modules/ready
	$(PY) -m benchmarks.first_load $(ARGS)

# What is known against what we stand on: asks the advisory services of both registries, and says of what it could not
# ask. Its status is 1 where something is known, 3 where not all could be asked.
audit: $(VENV)/dev frontend/node_modules/ready
	@$(PY) -m tests.drills.advisories

# The bill of materials of a release (CycloneDX): what runs on the server, and what browsers are given. npm adds a number drawn by
# chance and the time, without which the same commit gives the same bytes.
sbom: $(VENV)/dev frontend/node_modules/ready
	@mkdir -p dist
	$(VENV)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o dist/server.cdx.json requirements.txt
	cd frontend && npm sbom --omit dev --sbom-format cyclonedx --package-lock-only > ../dist/browser.json
	$(PY) deploy/debian/bill.py dist/browser.json dist/browser.cdx.json && rm dist/browser.json

# What a server installs: the programs and all that they serve, the same bytes from the same tree.
wheel: $(VENV)/dev
	@$(PY) manage.py catalogues
	@$(PY) manage.py asyncapi
	@rm -rf dist
	$(PY) -m hatchling build -t wheel -d dist
	@cp requirements.txt dist
	@echo "dist/ holds the wheel and requirements.txt"

# One file for apt: the wheel, its dependencies and the units; the same bytes from the same commit.
deb: wheel
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(PY) deploy/debian/build.py dist

# What is given to administrators: the package, the bill of materials, and a manifest that minisign signs with KEY (its secret
# half, which asks for its password). `make release KEY=~/helpline.sec`
release: deb sbom
	@test -n "$(KEY)" || { echo "Name the key: make release KEY=…/helpline.sec (minisign -G makes one)" >&2; exit 1; }
	@manifest=$$($(PY) deploy/debian/manifest.py dist) && \
		minisign -S -s "$(KEY)" -m "$$manifest" -t "$$(head -n 1 "$$manifest" | cut -c3-)" && echo "$$manifest is signed"

lock:
	$(PY) -m piptools compile -q --allow-unsafe --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.txt pyproject.toml
	$(PY) -m piptools compile -q --allow-unsafe --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

$(VENV)/bin/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "The helpline needs Python 3.12 or newer with venv. On Debian: apt-get install python3 python3-venv" >&2; exit 1; fi; \
	echo "Making $(VENV)/ with $$python …"; \
	$$python -m venv $(VENV)

$(VENV)/runtime: $(VENV)/bin/python requirements.txt
	@$(call INSTALL,requirements.txt)
	@touch $@

$(VENV)/dev: $(VENV)/bin/python requirements-dev.txt
	@$(call INSTALL,requirements-dev.txt)
	@touch $@ $(VENV)/runtime

frontend/node_modules/ready: frontend/package-lock.json
	@if command -v npm >/dev/null 2>&1; then cd frontend && npm ci --silent --no-progress; else mkdir -p frontend/node_modules; fi
	@touch $@

clean:
	rm -rf $(VENV) var frontend/node_modules

# Those of README and of the guides; what else the tests show is thrown away.
PICTURED = caller console board-light board-dark board-wall by-keyboard-1280-light going-home-1280-light \
	service-Centr-1280-light flag-on-board-1280-light demo-1280-light acute-1280-light acute-on-board-1280-light \
	care-1280-light rota-desk rota-phone-asked report-desk letter-taken-1280-light case-console-1280-light
pictures: $(VENV)/dev
	folder=$$(mktemp -d) && HELPLINE_PICTURES=$$folder $(PY) -m pytest -q \
		tests/browser/test_they_talk.py tests/browser/test_busy_evening.py tests/browser/test_by_keyboard.py \
		tests/browser/test_going_home.py tests/browser/test_three_at_once.py tests/browser/test_screens.py \
		tests/browser/test_demo.py tests/browser/test_acute.py tests/browser/test_rota.py tests/browser/test_letters.py \
		tests/browser/test_cases.py -m "long or not long" \
		-k "(talk and laptop) or busy or keyboard or signing_out or told_apart or panel or newcomer or steps_stand or \
		two_swap or printed or turns_into_a_chat or links_are_named" && \
	for name in $(PICTURED); do cp $$folder/$$name.png docs/images/; done; rm -rf $$folder
