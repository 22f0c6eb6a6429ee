# Every command of the project. `make demo` and `make test` need nothing done before.
PYTHON ?= python3
BIN := .venv/bin
HUB_BIN := .venv-local-hub/bin
export DEV ?=
LOCK := requirements/$(if $(DEV),dev,base).lock

.PHONY: install install-local-hub demo test check bench format messages docs lock

install: .venv/.installed-$(if $(DEV),dev,base)

.venv/bin/python:
	$(PYTHON) -m venv .venv

# uv installs in seconds; where it cannot reach what pip can, pip does the same from the same hashes.
.venv/.installed-%: requirements/%.lock | .venv/bin/python
	@$(BIN)/pip install --quiet --require-hashes -r requirements/uv.lock && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $< \
		|| $(BIN)/pip install --quiet --require-hashes -r $<
	@touch $@

# The optional JupyterHub on this machine; once it is there, the demonstration ends in hubs that run.
install-local-hub: .venv-local-hub/.installed

.venv-local-hub/bin/python:
	$(PYTHON) -m venv .venv-local-hub

.venv-local-hub/.installed: requirements/local-hub.lock | .venv-local-hub/bin/python
	@$(HUB_BIN)/pip install --quiet --require-hashes -r requirements/uv.lock && $(HUB_BIN)/uv pip install --quiet --python $(HUB_BIN)/python --require-hashes -r $< \
		|| $(HUB_BIN)/pip install --quiet --require-hashes -r $<
	@touch $@

demo: install
	@$(BIN)/python -m demo $(if $(RESET),--reset) $(if $(PORT),--port $(PORT))

test:
	@$(MAKE) --no-print-directory install DEV=1
	@$(BIN)/python -m tests

check: export DJANGO_SETTINGS_MODULE = tests.settings
check:
	@$(MAKE) --no-print-directory install DEV=1
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py write_docs --check

bench:
	@$(MAKE) --no-print-directory install DEV=1
	@$(BIN)/python -m bench

format:
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages:
	$(BIN)/python manage.py makemessages --all --no-obsolete --no-wrap --add-location file --ignore ".venv*"
	$(BIN)/python manage.py compilemessages

docs:
	$(BIN)/python manage.py write_docs

lock:
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements/base.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group dev -o requirements/dev.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group local-hub -o requirements/local-hub.lock
