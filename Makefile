# Everything a fresh machine needs: Python 3.11 to 3.13, pip, make, git.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
export OMP_WAIT_POLICY = passive

.PHONY: demo test check fix bench docs lock clean

demo: $(VENV)/.local  ## benchmark the embedded model and write a report
	$(BIN)/primum eval --config configs/demo.toml --out runs/demo

test: $(VENV)/.dev  ## all tests
	$(BIN)/pytest

check: $(VENV)/.dev  ## style, types, layers, limits, docs that went stale
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python benchmarks/limits.py
	$(BIN)/python docs/make_reference.py --check

fix: $(VENV)/.dev  ## mend what can be mended by machine
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## ratios against peers, in one run
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/engines.py
	$(BIN)/python benchmarks/bootstrap.py
	$(BIN)/python benchmarks/embedded_judge.py
	$(BIN)/python benchmarks/training.py

docs: $(VENV)/.dev  ## regenerate the reference pages
	$(BIN)/python docs/make_reference.py

# CUDA's packages are left out: which of them a machine needs is torch's own business.
lock:  ## renew constraints.txt from a clean environment
	rm -rf .lock && $(PYTHON) -m venv .lock
	.lock/bin/python -m pip install -q '.[local,dev,data,train]'
	echo '# Every package of the extras local, dev, data and train, pinned. Renewed by: make lock' > constraints.txt
	.lock/bin/python -m pip freeze --exclude primum | grep -vE '^(nvidia-|cuda-|triton)' >> constraints.txt
	rm -rf .lock

clean:  ## remove the environment and caches, keep runs
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] < (3, 14); sys.exit(0 if ok else "Primum needs Python 3.11 to 3.13, found " + sys.version.split()[0] + ". Say: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.local: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[local]'
	@touch $@

$(VENV)/.dev: $(VENV)/.local
	$(PIP) install -c constraints.txt -e '.[local,dev,train]'
	@touch $@
