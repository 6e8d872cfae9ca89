# The verbs of the house. `go test ./...` needs Go alone; the others install
# their tools into .cache/bin on first use, in the versions that CI uses.

.PHONY: test lint fmt fuzz bench

export GOBIN := $(CURDIR)/.cache/bin
export PATH := $(GOBIN):$(PATH)

GOLANGCI := v2.15.0
GOFUMPT := v0.12.0
FUZZTIME ?= 10s
BENCH ?= .
PKG ?= ./...

test:
	go test $(PKG)

lint: $(GOBIN)/golangci-lint-$(GOLANGCI)
	go vet ./...
	GOLANGCI_LINT_CACHE=$(CURDIR)/.cache/golangci-lint golangci-lint-$(GOLANGCI) run ./...

fmt: $(GOBIN)/gofumpt-$(GOFUMPT)
	gofumpt-$(GOFUMPT) -w .

# Every fuzz target of the house, one after another.
fuzz:
	bash .ci/fuzz $(FUZZTIME) $(PKG)

# Compare two runs with benchstat: make bench PKG=./scoring > new.txt
bench:
	go test -run '^$$' -bench '$(BENCH)' -benchmem $(PKG)

$(GOBIN)/golangci-lint-$(GOLANGCI):
	bash .ci/install golangci-lint $(GOLANGCI)

$(GOBIN)/gofumpt-$(GOFUMPT):
	bash .ci/install gofumpt $(GOFUMPT)
