# Everything that is checked, by name. .ci/run runs all of it on a bare machine.

GO       ?= go
FUZZTIME ?= 60s
STATICCHECK = $(GO) tool -modfile=tools/go.mod staticcheck

.PHONY: build test race lint fmt vet staticcheck tidy e2e e2e-clients chaos bench microbench outage-memory benchstat bench-test frameworks-test fuzz clean

build: ## The command, in bin/watchtower.
	$(GO) build ./...
	$(GO) build -o bin/watchtower ./cmd/watchtower

test: ## What needs nothing but Go; no network either.
	$(GO) test ./...

race:
	$(GO) test -race ./...

lint: fmt vet staticcheck tidy ## All silent, or it fails.

fmt:
	@files=$$(git ls-files --cached --others --exclude-standard '*.go') && \
	unformatted=$$(cd tools && $(GO) tool gofumpt -l $$(for f in $$files; do test -e "../$$f" && echo "../$$f"; done)) && \
	if [ -n "$$unformatted" ]; then echo "gofumpt would change:"; echo "$$unformatted"; exit 1; fi

# The tests of real processes stand behind build tags and are checked with them.
vet:
	$(GO) vet -tags e2e,chaos ./...
	GOOS=darwin $(GO) vet -tags e2e,chaos ./...
	GOOS=windows $(GO) vet -tags e2e,chaos ./...
	GOARCH=386 $(GO) vet -tags e2e,chaos ./... # 32 bits

staticcheck:
	$(STATICCHECK) -tags e2e,chaos ./...

tidy:
	$(GO) mod tidy -diff
	cd tools && $(GO) mod tidy -diff
	cd examples/frameworks && $(GO) mod tidy -diff
	cd bench && $(GO) mod tidy -diff

e2e: ## Real binary, real clients; .ci/run says what must be installed.
	$(GO) test -tags e2e -count=1 -v -timeout 25m ./test/...

e2e-clients: ## The JavaScript SDK, as the lock file has it.
	npm ci --prefix test/e2e/js --no-audit --no-fund

KILLS ?= 100
export KILLS SEED

chaos: ## Kill -9, bad networks and full disks; KILLS=1000 by hand, SEED=n replays.
	$(GO) test -tags chaos -count=1 -v -parallel 4 -timeout $$((5 + $(KILLS) / 20))m ./test/chaos

ROUNDS ?= 5
ONLY   ?=
OUT    ?= docs
FRESH  ?=
COMPARE = $(GO) run ./compare -rounds $(ROUNDS) -only '$(ONLY)' $(if $(OUT),-out '$(abspath $(OUT))') $(if $(FRESH),-fresh)

# ONLY='serial|eight' for a part. OUT= prints only; FRESH=1 gives up what another
# machine has measured. What stands against it is said before npm's minutes.
bench: ## Beside the peers, for docs/performance.md; an hour on a quiet machine.
	@cd bench && $(COMPARE) -list >/dev/null
	-npm ci --prefix bench/others/node --no-audit --no-fund
	cd bench && $(COMPARE)

COUNT ?= 1
PKG   ?= ./...

microbench: ## What single calls cost. For benchstat: COUNT=10 PKG=./internal/encode.
	$(GO) test -run '^$$' -bench . -skip '^BenchmarkOutageMemory$$' -benchmem -count $(COUNT) $(PKG)

outage-memory: ## What an outage of a minute takes of memory, for each policy; some minutes.
	$(GO) test -run '^$$' -bench '^BenchmarkOutageMemory$$' -benchtime 1x ./test/delivery

benchstat: ## OLD=old.txt NEW=new.txt, which microbench printed.
	@test -f "$(OLD)" && test -f "$(NEW)" || { echo "make microbench COUNT=10 PKG=... >old.txt, then >new.txt, then make benchstat OLD=old.txt NEW=new.txt"; exit 2; }
	cd bench && $(GO) tool benchstat $(abspath $(OLD)) $(abspath $(NEW))

bench-test: ## The nested module: ./... at the root stops before it.
	cd bench && $(GO) vet ./... && $(GO) test ./...

# The test builds the programs, of which Go's cache of results knows nothing.
frameworks-test: ## So is this one, which has the web frameworks to itself.
	cd examples/frameworks && $(GO) vet ./... && $(GO) test -count=1 ./...

# Go fuzzes one target at a time. The list is made of the sources, so that a
# new target takes part by being there.
fuzz:
	@git grep --untracked -oE '^func Fuzz[A-Za-z0-9_]+' -- '*_test.go' | while IFS=: read -r file func; do \
		echo "== $${func#func } in $$(dirname $$file), $(FUZZTIME)"; \
		$(GO) test -run '^$$' -fuzz "^$${func#func }\$$" -fuzztime $(FUZZTIME) ./$$(dirname $$file) || exit 1; \
	done

clean:
	rm -rf bin dist bench/bin test/e2e/js/node_modules bench/others/node/node_modules
