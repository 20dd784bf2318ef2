# `make help` lists the targets. `make check` runs every check; `.ci/run` calls exactly this.

CARGO ?= cargo

# `install-prosody` installs the bridge's modules below PREFIX. Packagers set DESTDIR.
PREFIX ?= /usr
DESTDIR ?=
prosody_modules = $(PREFIX)/share/vestibule/prosody

.PHONY: check needs fmt lint deny build test book links e2e openapi fuzz fuzz-build bench bench-smoke \
	bench-instructions lighthouse demo dist install-prosody uninstall-prosody help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: needs fmt lint deny test links bench-smoke fuzz-build ## Run every check

needs: ## Install or list the Debian packages and tools that the checks need
	scripts/needs.sh

fmt: ## Check the formatting
	$(CARGO) fmt --all --check

lint: ## Run clippy and luacheck
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd prosody && luacheck --quiet . ../crates/vestibule/src/commands/demo ../crates/vestibule-xmpp/tests/servers/modules

deny: ## Check licenses, bans, sources and advisories of dependencies
	$(CARGO) deny --all-features check licenses bans sources
	scripts/advisories.sh

# Always the whole workspace: another selection of packages has other features of the same libraries, which would all be
# built again.
test: build ## Run all tests: unit, storage, HTTP, and the program with real peers
	$(CARGO) test --workspace --locked

build: ## Build the program, which the end-to-end tests need
	$(CARGO) build --workspace --locked

openapi: ## Write docs/openapi.json from the code; `make test` fails if it is stale
	VESTIBULE_WRITE_OPENAPI=1 $(CARGO) test -p vestibule-web --test surfaces --locked openapi

book: ## Build the handbook into target/book
	target/mdbook/bin/mdbook build docs

links: book ## Check the links of the handbook, and of the pages as they are in the source
	target/lychee/bin/lychee --offline --include-fragments --no-progress target/book
	target/lychee/bin/lychee --offline --include-fragments --no-progress *.md docs e2e/*.md bench/*.md

e2e: build ## Run only the end-to-end tests with real peers
	$(CARGO) test -p vestibule-e2e --locked
	$(CARGO) test -p vestibule-xmpp --test servers --locked

# Needs a nightly toolchain and cargo-fuzz; `make test` has property tests of the same functions.
fuzz: ## Fuzz each parser for a while
	scripts/fuzz.sh

fuzz-build: ## Build the fuzz targets
	scripts/fuzz.sh build

bench: ## Measure everything and write bench/RESULTS*.md (about 15 minutes)
	$(CARGO) build --profile dist -p vestibule -p vestibule-bench --locked
	target/dist/vestibule-bench creates
	target/dist/vestibule-bench api
	target/dist/vestibule-bench bridge
	target/dist/vestibule-bench pages
	target/dist/vestibule-bench postgres

bench-smoke: build ## Run every measurement briefly, to check that it works
	target/debug/vestibule-bench creates --quick
	target/debug/vestibule-bench api --quick
	target/debug/vestibule-bench bridge --quick
	target/debug/vestibule-bench pages --quick
	target/debug/vestibule-bench postgres --quick

bench-instructions: ## Count the instructions of a create, a claim and a page (needs valgrind)
	$(CARGO) build --profile dist -p vestibule -p vestibule-bench --locked
	target/dist/vestibule-bench instructions

# The score depends on the load of the machine, so no check runs this.
lighthouse: ## Score the speed of the landing page on a phone, out of 100
	$(CARGO) build --profile dist -p vestibule --locked
	VESTIBULE_BIN="$(CURDIR)/target/dist/vestibule" $(CARGO) test -p vestibule-e2e --test pages --locked -- \
		--ignored --nocapture lighthouse

demo: ## Start the demo
	$(CARGO) run --release --locked -- demo

dist: ## Build the packages, the image, checksums and the SBOM into target/packages
	$(CARGO) build -p vestibule --profile dist --locked
	rm -rf target/packages
	packaging/dist.sh target/dist/vestibule target/packages

# `vestibule prosody install` writes the same modules. See docs/prosody.md.
install-prosody: ## Install the bridge's modules for Prosody
	install -d -m 0755 "$(DESTDIR)$(prosody_modules)"
	install -m 0644 prosody/*.lua "$(DESTDIR)$(prosody_modules)"

uninstall-prosody: ## Remove the bridge's modules
	for module in prosody/*.lua; do rm -f "$(DESTDIR)$(prosody_modules)/$${module##*/}"; done
	-[ ! -d "$(DESTDIR)$(prosody_modules)" ] || rmdir "$(DESTDIR)$(prosody_modules)"
