# Two commands: `make run` shows the platform with a demo region, `make test` proves it.
# Both need Python 3.11+ and make, nothing else.

PYTHON ?= python3
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test quick check bench bench-web evaluate tour lock clean

run: .venv/run-ready
	@$(BIN)/python -m config.run

test quick: export TESTING = 1
test quick: export LOCAL_DIR = .local/test
test: check
	@$(BIN)/python -m pytest -n 2 --dist worksteal --durations 25

quick: .venv/dev-ready  ## everything that needs no browser and takes no time
	@$(BIN)/python -m pytest -n 2 -m "not slow and not browser" -q

check: .venv/dev-ready
	@$(BIN)/ruff check --no-cache .
	@$(BIN)/ruff format --no-cache --check .
	@$(BIN)/lint-imports --no-logo
	@DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost $(BIN)/mypy  # asks no server

bench: .venv/dev-ready  ## the matcher beside what else one could rank with
	@$(BIN)/python -m tests.bench.engine

bench-web: .venv/dev-ready
	@$(BIN)/python -m tests.bench.web

DATA ?= ../shared/data
evaluate: .venv/dev-ready  ## how well language is understood, in full: DATA is a folder with esco/ and benchmarks/
	@$(BIN)/python manage.py migrate -v 0
	@$(BIN)/python manage.py load_taxonomy --if-changed
	@$(BIN)/python manage.py evaluate_skills
	@$(BIN)/python manage.py import_esco $(DATA)/esco/nl $(DATA)/esco/en
	@$(BIN)/python manage.py evaluate_skills
	@for judged in $(DATA)/benchmarks/*/; do $(BIN)/python manage.py evaluate_titles $$judged || exit 1; done

tour: .venv/dev-ready  ## the README's pictures
	@$(BIN)/python -m tests.tour

lock: .venv/bin/uv
	@$(BIN)/uv pip compile -q --universal --no-emit-index-url --generate-hashes pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --no-emit-index-url --generate-hashes --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .local

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv

.venv/run-ready: .venv/bin/uv requirements.lock
	@test -f .venv/dev-ready || $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

.venv/dev-ready: .venv/bin/uv requirements-dev.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	@touch $@ .venv/run-ready
