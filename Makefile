# copydesk: two commands on a fresh machine are `make run` and `make test`.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PY := .venv/bin/python
HOME_DIR ?= data
export UV_COMPILE_BYTECODE = 1

.PHONY: run test check fmt wheel-test nightly vulnerabilities sbom docs score-rules train-clean train-unglue bench sanitize clean

run: .venv/installed ## clean the sample articles and load them into data/copydesk.duckdb
	@.venv/bin/copydesk --home $(HOME_DIR) run seeds/articles

test: .venv/installed ## the tests that end in minutes
	$(PY) -m pytest -q -n 2 --dist loadfile -m "not nightly and not wheel"

check: .venv/installed ## what CI runs: format, lint, types, imports, docs, tests
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(PY) docs/generate.py --check
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --strict
	$(MAKE) test

docs: .venv/installed ## write docs/reference again and build the site into build/site
	$(PY) docs/generate.py
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --strict

score-rules: .venv/installed ## each boilerplate rule's precision on ../shared/eval/clean
	$(PY) -m benchmarks.clean --no-peers --no-html

train-clean: .venv/installed ## train the line model on ../shared/eval/clean and print its scores out of fold
	$(PY) -m benchmarks.train_clean

train-unglue: .venv/installed ## fit the repair of glued words on ../shared/eval/clean and print its scores
	$(PY) -m benchmarks.unglue --fit

bench: .venv/installed ## copydesk beside its peers, on ../shared/eval/clean where it is there
	$(UV) sync --locked --quiet --all-extras --group peers
	$(PY) -m benchmarks.clean

fmt: .venv/installed
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

wheel-test: .venv/installed ## build the wheel, install it into empty environments, run it there
	$(PY) -m pytest -q -p no:xdist -m wheel tests/test_wheel.py

nightly: .venv/installed vulnerabilities ## everything, the slow tests too
	HYPOTHESIS_PROFILE=nightly $(PY) -m pytest -q -n 2 --dist loadfile

vulnerabilities: | $(UV) ## known vulnerabilities of the locked dependencies; asks the OSV database over the network
	$(UV) audit --locked --preview-features audit

sbom: | $(UV) ## a software bill of materials (CycloneDX) of what the lock installs for users
	@mkdir -p build
	$(UV) export --locked --quiet --all-extras --no-default-groups --format cyclonedx1.5 --preview-features sbom-export --output-file build/sbom.json

LOOPS := tests/transforms/text/test_hashing.py tests/transforms/text/test_shingles.py tests/transforms/dedupe
sanitize: .venv/installed ## the tests of the compiled loops, with the compiler watching every access and overflow
	CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" $(UV) sync --locked --quiet --all-extras --reinstall-package copydesk
	ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD="$$(cc -print-file-name=libasan.so) $$(cc -print-file-name=libubsan.so)" \
		PYTHONMALLOC=malloc $(PY) -m pytest -q -p no:xdist $(LOOPS); status=$$?; \
		$(UV) sync --locked --quiet --all-extras --reinstall-package copydesk && exit $$status

.venv/installed: pyproject.toml uv.lock $(wildcard transforms/_native/*.p*) | $(UV)
	@command -v cc >/dev/null || { apt-get update -qq && apt-get install -qq -y gcc libc6-dev; } >/dev/null 2>&1 || \
		{ echo "copydesk compiles a few loops while it is installed and needs a C compiler: apt-get install gcc libc6-dev" >&2; exit 1; }
	$(UV) sync --locked --quiet --all-extras
	@$(PY) -c "import ctypes; ctypes.CDLL('libgomp.so.1')" 2>/dev/null || apt-get install -qq -y libgomp1 >/dev/null 2>&1 || \
		echo "The tests and make train-clean need the system library libgomp1 (LightGBM): apt-get install libgomp1" >&2
	@touch $@

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/pip install --quiet uv

clean:
	rm -rf .venv .uv data transforms/_native/*.c transforms/_native/*.so
