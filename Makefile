# `make` alone lists the targets. Both `make demo` and `make test` install first, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help install demo test check serve ui bench bench-market bench-detection bench-coordination bench-watch clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

install: $(STAMP) ## .venv with everything, once

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV): some minutes the first time"
	@$(BIN)/python -m pip install --quiet -c constraints.txt 'torch==2.13.0'
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m pip check
	@touch $(STAMP)

demo: install ## the whole path on a planted market, then the page (DEMO_ARGS=--no-serve: print and end)
	@$(BIN)/sentinelmarket demo $(DEMO_ARGS)

test: install ## the tests (TEST_ARGS for pytest)
	@$(BIN)/python -m pytest $(TEST_ARGS)

check: install ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

serve: install ## page and GraphQL on what was ingested
	@$(BIN)/sentinelmarket serve $(SERVE_ARGS)

ui: ## rebuild the committed page (needs Node 20)
	@cd ui && npm ci --no-audit --no-fund && npm run build

bench: bench-detection bench-market bench-coordination bench-watch ## the figures

bench-detection: install ## accounts found and wrongly found on planted markets never used in building
	@$(BIN)/python -m tests.bench.bench_detection $(BENCH_ARGS)

bench-coordination: install ## ties: speed beside the toolkit, calibration, rings, activity, communities
	@$(BIN)/python -m tests.bench.coordination.speed $(BENCH_ARGS)
	@$(BIN)/python -m tests.bench.coordination.calibration
	@$(BIN)/python -m tests.bench.coordination.quality
	@$(BIN)/python -m tests.bench.coordination.activity
	@$(BIN)/python -m tests.bench.coordination.communities

PRICES ?= ../shared/data/stocknet_prices_daily.csv.gz
POSTS ?= ../shared/data/stocknet_tweets_v11.jsonl.gz
bench-market: install ## bars stored and read, event study, alert budget, planted pumps, shapes, all detectors
	@$(BIN)/python -m tests.bench.bench_bars $(BARS_ARGS)
	@$(BIN)/python -m tests.bench.bench_market $(PRICES)
	@$(BIN)/python -m tests.bench.market_budget $(PRICES) $(POSTS)
	@$(BIN)/python -m tests.bench.market_shapes $(PRICES)
	@$(BIN)/python -m tests.bench.bench_detectors

bench-watch: install ## from a post's arrival to what it makes known
	@$(BIN)/python -m tests.bench.bench_watch

clean: ## remove what was built, not .venv
	@rm -rf build .mypy_cache .ruff_cache .pytest_cache
