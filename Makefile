# Nine verbs. Each brings its own `uv` into .tools/uv, so Python, make and a package index are all a machine needs.
# The index is whatever pip and uv are configured for; nothing here names one.

PYTHON ?= python3
BENCH ?= flows ingest points structure backtest detect
WORKERS ?= 2
EXTRAS ?=
TESTS ?=

UV_LEAST := 0.9
UV := .tools/uv/bin/uv
RUN := $(UV) run --quiet --no-sync
SYNC := $(UV) sync --quiet --locked --inexact --extra floor --extra postgres $(EXTRAS)

export UV_PYTHON := $(PYTHON)
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= copy
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: run test check fmt docs bench wheel clean help
.SILENT:

run: $(UV) ## 첫 현황을 보여 준다 | show the first watch, from the packaged sample lake
	$(UV) sync --quiet --locked --inexact $(EXTRAS) --no-dev
	$(RUN) bongsu tour

test: $(UV) ## 모든 시험(TESTS="tests/web"로 고른다) | run every test, or TESTS="tests/web" (CI=true: nothing may be skipped, and 90 % of lines covered)
	$(SYNC)
	if [ "$$CI" = true ] && [ -z "$(TESTS)" ]; then \
	  rm -f .coverage .coverage.*; \
	  $(RUN) coverage run -m pytest -q -n $(WORKERS) --dist worksteal || exit 1; \
	  $(RUN) coverage combine --quiet && $(RUN) coverage report --fail-under=90; \
	else $(RUN) pytest -q -n $(WORKERS) --dist worksteal $(TESTS); fi

check: $(UV) ## 양식·형·구조·면허 점검 | style, types, import rules, licences, lock: all that must hold before a merge
	$(SYNC)
	$(UV) lock --quiet --check
	$(RUN) ruff check --quiet --output-format concise
	$(RUN) ruff format --quiet --check
	$(RUN) mypy --no-error-summary
	$(RUN) lint-imports
	$(RUN) pytest -q -p no:randomly tests/contracts/test_licences.py

fmt: $(UV) ## 양식 맞추기 | put the code into the house style
	$(SYNC)
	$(RUN) ruff check --quiet --fix --exit-zero
	$(RUN) ruff format

docs: $(UV) ## 문서를 site/에 만든다 | build the documentation into site/, strictly
	$(SYNC) --group docs
	NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build --quiet --strict
	echo site/index.html

bench: $(UV) ## 성능 측정(BENCH="flows ingest points structure backtest detect") | measure: ratio, seconds, peak_mb, each against its own yardstick
	$(SYNC) --group bench
	for name in $(BENCH); do $(RUN) bongsu bench $$name --json || exit 1; done

wheel: $(UV) ## 휠과 잠긴 의존 목록을 dist/에 만든다 | build the wheel, and the locked list of what it needs, into dist/
	$(UV) build --quiet --wheel --out-dir dist
	$(UV) export --quiet --locked --no-dev --no-emit-project --output-file dist/requirements.txt > /dev/null
	$(UV) export --quiet --locked --no-dev --no-emit-project --extra floor --extra postgres --output-file dist/requirements-floor.txt > /dev/null
	ls dist/*.whl dist/requirements.txt

clean: ## 만들어진 것을 모두 지운다 | remove all that was made; what you fetched or wrote stays
	rm -rf .venv .tools dist build site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f .coverage .coverage.* coverage.xml

help: ## 이 목록 | this list
	awk -F ':.*## ' '/^[a-z]+:.*## / { split($$2, said, " [|] "); printf "make %-6s %s\n            %s\n", $$1, said[1], said[2] }' Makefile

$(UV): Makefile
	command -v "$(PYTHON)" > /dev/null || { \
	  echo "'$(PYTHON)'이(가) 없습니다. 파이썬 3.11 이상을 설치하거나 make PYTHON=경로 로 알려 주십시오."; \
	  echo "There is no '$(PYTHON)'. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.12"; exit 1; } >&2
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "파이썬 3.11 이상이 필요합니다. 지금은 $$("$(PYTHON)" --version 2>&1)입니다. make PYTHON=python3.12 처럼 다른 파이썬을 알려 주십시오."; \
	  echo "Python 3.11 or newer is needed; this is $$("$(PYTHON)" --version 2>&1). Name another one: make PYTHON=python3.12"; exit 1; } >&2
	"$(PYTHON)" -m venv .tools/uv || { rm -rf .tools/uv; \
	  echo "가상환경을 만들 수 없습니다. 데비안·우분투에서는 python3-venv 꾸러미를 설치하십시오."; \
	  echo "No virtual environment can be made here. On Debian and Ubuntu install the package python3-venv."; exit 1; } >&2
	.tools/uv/bin/python -m pip install -qq --disable-pip-version-check 'uv>=$(UV_LEAST)' || { rm -rf .tools/uv; \
	  echo "uv를 받지 못했습니다. 패키지 인덱스에 닿는지, pip 설정(프록시·인증서·인덱스)이 맞는지 확인하십시오."; \
	  echo "uv could not be fetched. Is the package index within reach, and is pip set up for it (proxy, certificate, index)?"; exit 1; } >&2
	touch $(UV)
