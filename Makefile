# `make check` is everything that must hold; `.ci/run` calls exactly this.

CARGO ?= cargo

# Where `install-prosody` puts the bridge's modules. Packagers set DESTDIR.
PREFIX ?= /usr
DESTDIR ?=
prosody_modules = $(PREFIX)/share/vestibule/prosody

.PHONY: check needs fmt lint deny test e2e openapi fuzz fuzz-build bench bench-smoke demo \
	install-prosody uninstall-prosody

check: needs fmt lint deny test e2e bench-smoke fuzz-build

# Debian packages and tools that the checks need.
needs:
	scripts/needs.sh

fmt:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd prosody && luacheck --quiet . ../crates/vestibule/src/commands/demo

deny:
	$(CARGO) deny --all-features check licenses bans sources

# Unit tests, property tests, the storage suite, HTTP on the real router.
test:
	$(CARGO) test --workspace --exclude vestibule-e2e --exclude vestibule-bench --locked
	$(CARGO) test -p vestibule-bench --bins --locked

# Writes docs/openapi.json from the code; `make test` fails where it is stale.
openapi:
	VESTIBULE_WRITE_OPENAPI=1 $(CARGO) test -p vestibule-web --test surfaces --locked openapi

# The program from outside, against real peers.
e2e:
	$(CARGO) build -p vestibule --locked
	$(CARGO) test -p vestibule-e2e --locked

# Fuzzes each parser for a while, where a nightly toolchain and cargo-fuzz are there; the same functions are
# under property tests in `make test`.
fuzz:
	scripts/fuzz.sh

fuzz-build:
	scripts/fuzz.sh build

# The measurements in bench/RESULTS.md, RESULTS-api.md, RESULTS-bridge.md and RESULTS-postgres.md.
bench:
	$(CARGO) build --release -p vestibule -p vestibule-bench --locked
	target/release/vestibule-bench creates
	target/release/vestibule-bench api
	target/release/vestibule-bench bridge
	target/release/vestibule-bench postgres

# The same machinery, small: does it still work?
bench-smoke:
	$(CARGO) build -p vestibule -p vestibule-bench --locked
	target/debug/vestibule-bench creates --quick
	target/debug/vestibule-bench api --quick
	target/debug/vestibule-bench bridge --quick
	target/debug/vestibule-bench postgres --quick

demo:
	$(CARGO) run --release --locked -- demo

# The modules by which a Prosody asks Vestibule, and what its configuration needs; see docs/prosody.md.
install-prosody:
	install -d -m 0755 "$(DESTDIR)$(prosody_modules)"
	install -m 0644 prosody/*.lua "$(DESTDIR)$(prosody_modules)"
	@echo
	@echo "Add to Prosody's configuration, the first line at its top, the others below the VirtualHost:"
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
