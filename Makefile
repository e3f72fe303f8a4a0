# The two commands are `make run` and `make test`; each makes its own .venv first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test check fuzz lock bench drill sbom clean

run: $(READY)
	@$(BIN)/python -m bot

test: $(READY)
	@$(BIN)/python -m pytest -n 3 --dist loadgroup

# What must hold of every commit, beside the tests.
check: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m knowledge

# Any bytes as a file, for a minute, led by what they reach in the code. FUZZ="--seconds 20"
fuzz: $(READY)
	@$(BIN)/python -m tests.fuzz_inspect $(or $(FUZZ),--seconds 60)

# Three processes, killed, cut and repeated at random for a minute. DRILL="--seed 7 --seconds 15"
drill: $(READY)
	@$(BIN)/python -m tests.drill $(DRILL)

# What a server installs, as CycloneDX, with hashes and licences; a licence that is not fit ends it.
sbom: $(READY)
	@$(BIN)/python -m tests.bill_of_materials sbom.json
	@echo sbom.json

bench: $(READY)
	@$(BIN)/python -m tests.bench

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 " + " ".join(sys.argv[1:]))' $(MAKECMDGOALS)
	@$(PYTHON) -m venv --clear .venv
	@echo "Installing what requirements-dev.txt locks (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $(READY)

LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml

# A file that stays the same keeps its date, or everything would be installed anew.
define locked
	@cp $(1) $(1).new; $(LOCK) $(UPGRADE) $(2) --output-file $(1).new
	@if cmp -s $(1).new $(1); then rm $(1).new; else mv $(1).new $(1); fi
endef

# Add UPGRADE=--upgrade to take newer versions.
lock: $(READY)
	$(call locked,requirements.txt,)
	$(call locked,requirements-ocr.txt,--extra ocr)
	$(call locked,requirements-dev.txt,--all-extras --group dev)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
