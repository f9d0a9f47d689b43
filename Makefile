# Paperlab's commands. The first use of most brings what they need into the cache folder: see setup.sh.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup shell build run study lab test race test-gpu soak bench lint clean

# Every recipe below `setup` runs with the variables that `make shell` gives.
env := . .build/env.sh;

help: ## list these commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

setup: ## bring libtorch, FAISS, MiniLM and Jupyter (LIBTORCH=DIR: your own libtorch 2.1.2)
	@./setup.sh

shell: setup ## open a shell in which go build, go test and gopls work
	@$(env) exec $${SHELL:-/bin/bash}

# The light executable hands the verbs that compute to the native one, which finds its libraries from where it lies.
build: setup ## build .build/bin/paperlab and paperlab-native
	@$(env) go build -o .build/bin/paperlab .
	@$(env) go build -tags native -o .build/bin/paperlab-native \
	    -ldflags '-extldflags "-Wl,-rpath,$$ORIGIN/../libtorch/lib:$$ORIGIN/../faiss/lib"' .

run: build ## train, evaluate, search and plot on a small example (DATA=DIR: on real papers)
	@$(env) DATA='$(DATA)' lib/cli/run.sh

EPOCHS ?= 20
study: build ## train flan-t5-small's architecture at full size on SciSummNet (DATA=DIR, EPOCHS=20)
	@$(env) DATA='$(DATA)' EPOCHS='$(EPOCHS)' lib/cli/study.sh

# Jupyter refuses root without a flag; in a container everybody is root.
lab: build ## open JupyterLab in notebooks/ with the Go kernel (LAB_FLAGS='--no-browser --port 8899')
	@$(env) paperlab kernel install --prefix .build
	@$(env) cd notebooks && exec jupyter lab $$( ((EUID)) || echo --allow-root) $(LAB_FLAGS)

test: build ## run every test
	@$(env) go test -timeout 20m ./...
	@$(env) go test -tags native ./kernel/interp/symbols/bindings

# Without the real papers and Go's own test programs, which are many and teach the race detector nothing; and without cells that are
# left behind in a lock, whose variables later cells read: nothing orders the two.
race: setup ## run what is concurrent under the race detector
	@$(env) unset PAPERLAB_DATA; go test -race -timeout 20m ./lib/console ./lib/corpus/godoc ./lib/dist/... ./lib/hub ./lib/npy ./lib/rouge ./lib/tensor/... ./lib/tokenize/... \
	    ./lib/train ./lib/vector/... ./plots ./tracker/...
	@$(env) go test -race -short -skip '/(a_locked_mutex|a_wait_group)' -timeout 20m ./kernel/capture ./kernel/display ./kernel/headless \
	    ./kernel/interp ./kernel/interp/exec ./kernel/live ./kernel/session ./kernel/wire

test-gpu: setup ## run what needs an NVIDIA GPU (tests named ...GPU...)
	@if [[ -e /dev/nvidiactl ]] || nvidia-smi -L 2>/dev/null; then \
	    $(env) go test -v -count=1 -timeout 60m -run GPU ./lib/... ./tracker/... | grep -vE '^(=== |PASS|\?)|no tests to run'; \
	else echo "make test-gpu: NO NVIDIA GPU HERE: nothing was tested"; fi

# Kill tests and the like read PAPERLAB_SOAK and run their full counts.
FUZZTIME ?= 5m
soak: setup ## run the long tests in full, then each fuzz target for FUZZTIME (5m)
	@$(env) PAPERLAB_SOAK=1 go test -count=1 -timeout 6h ./...
	@$(env) .ci/fuzz $(FUZZTIME)

bench: build ## measure against the Python peers: prints a table, writes .build/bench.json
	@./setup.sh bench
	@$(env) lib/bench/run.sh

lint: setup ## golangci-lint with the rules of .ci/.golangci.yml, go vet, go mod tidy
	@$(env) cd .ci && go build -o ../.build/bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@$(env) .build/bin/golangci-lint run --config .ci/.golangci.yml ./...
	@$(env) go vet ./...
	@$(env) go vet -tags native .
	@$(env) go mod tidy -diff

clean: ## remove .build; the cache folder stays
	rm -rf .build
