# `make check` is everything that must hold; `.ci/run` calls exactly this.

CARGO ?= cargo

.PHONY: check needs fmt lint deny test e2e openapi fuzz fuzz-build bench bench-smoke demo

check: needs fmt lint deny test e2e bench-smoke fuzz-build

# Debian packages and tools that the checks need.
needs:
	scripts/needs.sh

fmt:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

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

# The measurements in bench/RESULTS.md and bench/RESULTS-api.md.
bench:
	$(CARGO) build --release -p vestibule -p vestibule-bench --locked
	target/release/vestibule-bench creates
	target/release/vestibule-bench api

# The same machinery, small: does it still work?
bench-smoke:
	$(CARGO) build -p vestibule -p vestibule-bench --locked
	target/debug/vestibule-bench creates --quick
	target/debug/vestibule-bench api --quick

demo:
	$(CARGO) run --release --locked -- demo
