# Every target works on a fresh machine with Python 3.11+ and make.
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
ARGS ?=
BROWSER := var/browser.stamp
STATIC := var/static/staticfiles.json

.PHONY: help run dev test lint bench messages verify lock clean
.DEFAULT_GOAL := help

help: ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

$(VENV)/run.stamp: requirements.txt
	@test -x $(PY) || python3 -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(BROWSER): $(VENV)/dev.stamp
	@mkdir -p var
	@if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null; \
	else $(PY) -m playwright install chromium; fi
	@touch $@

prepare: $(VENV)/run.stamp
	@mkdir -p var
	@$(PY) manage.py messages --compile-only
	@$(PY) manage.py migrate --skip-checks --verbosity 0
	@$(PY) manage.py createcachetable --verbosity 0
	@$(PY) manage.py load_rule_sets --verbosity 0
	@$(PY) manage.py load_score_sheets --verbosity 0
.PHONY: prepare

$(STATIC): $(VENV)/run.stamp $(shell find api config incubation maps parks tenants -path "*/static/*" -type f)
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@

run: prepare $(STATIC) ## install, prepare, fill an empty database with the demonstration, serve
	@DEMO=$${DEMO:-1} $(PY) manage.py serve --port $(PORT)

dev: prepare ## a server that reloads
	@$(PY) manage.py runserver --settings config.settings.dev 127.0.0.1:$(PORT)

lint: $(VENV)/dev.stamp ## formatting, lint, imports, migrations, production settings
	@$(PY) manage.py messages --compile-only
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') ALLOWED_HOSTS=parks.example DEMO=0 \
	  $(PY) manage.py check --deploy --fail-level WARNING --settings config.settings.production

test: $(BROWSER) ## all tests on SQLite, on PostgreSQL and in Chromium (ARGS="tests/parks -k split")
	@$(PY) manage.py messages --compile-only
	@$(PY) -m tests.run $(ARGS)

bench: $(VENV)/dev.stamp ## the benchmarks: a table, and JSON in bench/results/
	@$(PY) manage.py messages --compile-only
	@$(PY) -m tests.bench $(ARGS)

messages: $(VENV)/dev.stamp ## extract the texts to translate and compile them
	$(PY) manage.py messages

lock: $(VENV)/dev.stamp ## pin the newest allowed versions
	$(VENV)/bin/pip-compile -q --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links -o requirements.txt requirements.in
	$(VENV)/bin/pip-compile -q --upgrade --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links -o requirements-dev.txt requirements-dev.in

clean: ## remove what was made here; the database stays
	rm -rf $(VENV) var/static bench/results .pytest_cache .ruff_cache .import_linter_cache
