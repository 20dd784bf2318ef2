# `make check` is everything that must hold; `.ci/run` calls exactly this.

CARGO ?= cargo

# Where `install-prosody` puts the bridge's modules. Packagers set DESTDIR.
PREFIX ?= /usr
DESTDIR ?=
prosody_modules = $(PREFIX)/share/vestibule/prosody

.PHONY: check needs fmt lint deny build test e2e openapi fuzz fuzz-build bench bench-smoke lighthouse demo \
	install-prosody uninstall-prosody

check: needs fmt lint deny test bench-smoke fuzz-build

# Debian packages and tools that the checks need.
needs:
	scripts/needs.sh

fmt:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd prosody && luacheck --quiet . ../crates/vestibule/src/commands/demo ../crates/vestibule-xmpp/tests/servers/modules

deny:
	$(CARGO) deny --all-features check licenses bans sources

# Everything that is tested from inside and from outside: unit and property tests, the storage suite, HTTP on the real
# router, the program beside real peers. One selection of packages for all of it: another one has other features of
# the same libraries, which would all be built again.
test: build
	$(CARGO) test --workspace --locked

# The program, for the tests from outside.
build:
	$(CARGO) build --workspace --locked

# Writes docs/openapi.json from the code; `make test` fails where it is stale.
openapi:
	VESTIBULE_WRITE_OPENAPI=1 $(CARGO) test -p vestibule-web --test surfaces --locked openapi

# The program from outside alone, against real peers.
e2e: build
	$(CARGO) test -p vestibule-e2e --locked
	$(CARGO) test -p vestibule-xmpp --test servers --locked

# Fuzzes each parser for a while, where a nightly toolchain and cargo-fuzz are there; the same functions are
# under property tests in `make test`.
fuzz:
	scripts/fuzz.sh

fuzz-build:
	scripts/fuzz.sh build

# The measurements in bench/RESULTS.md, RESULTS-api.md, RESULTS-bridge.md, RESULTS-pages.md and RESULTS-postgres.md.
bench:
	$(CARGO) build --release -p vestibule -p vestibule-bench --locked
	target/release/vestibule-bench creates
	target/release/vestibule-bench api
	target/release/vestibule-bench bridge
	target/release/vestibule-bench pages
	target/release/vestibule-bench postgres

# The same machinery, small: does it still work?
bench-smoke: build
	target/debug/vestibule-bench creates --quick
	target/debug/vestibule-bench api --quick
	target/debug/vestibule-bench bridge --quick
	target/debug/vestibule-bench pages --quick
	target/debug/vestibule-bench postgres --quick

# How fast the first page is for somebody on a phone, in points out of 100. It depends on what else the machine does, so
# no check does it.
lighthouse:
	$(CARGO) build --release -p vestibule --locked
	VESTIBULE_BIN="$(CURDIR)/target/release/vestibule" $(CARGO) test -p vestibule-e2e --test pages --locked -- \
		--ignored --nocapture lighthouse

demo:
	$(CARGO) run --release --locked -- demo

# The modules by which a Prosody asks Vestibule, and what its configuration needs; see docs/prosody.md.
install-prosody:
	install -d -m 0755 "$(DESTDIR)$(prosody_modules)"
	install -m 0644 prosody/*.lua "$(DESTDIR)$(prosody_modules)"
	@echo
	@echo "Add to Prosody's configuration, the first line in place of any plugin_paths in it (the last one counts), the"
	@echo "others below the VirtualHost:"
	@echo
	@echo '    plugin_paths = { "$(prosody_modules)" }'
	@echo '    vestibule_url = "http://127.0.0.1:8280"'
	@echo '    vestibule_key = "ID/SECRET" -- vestibule keys create HOST Prosody --scope bridge'
	@echo
	@echo "with \"invites\", \"invites_adhoc\" and \"invites_register\" in its modules_enabled. Then restart Prosody,"
	@echo "and look with: vestibule doctor HOST"

uninstall-prosody:
	for module in prosody/*.lua; do rm -f "$(DESTDIR)$(prosody_modules)/$${module##*/}"; done
	-[ ! -d "$(DESTDIR)$(prosody_modules)" ] || rmdir "$(DESTDIR)$(prosody_modules)"
