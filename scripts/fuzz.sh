#!/bin/sh
# Runs each fuzz target for a bounded time, or only builds them: scripts/fuzz.sh [SECONDS|build]
set -eu
cd "$(dirname "$0")/.."

if ! cargo fuzz --version >/dev/null 2>&1 || ! rustup run nightly rustc --version >/dev/null 2>&1; then
    echo "cargo fuzz and a nightly toolchain are not here; the same functions are under property tests" >&2
    exit 0
fi
if [ "${1:-}" = build ]; then
    exec cargo +nightly fuzz build
fi
# On its own line, so that a failure ends the script.
targets=$(cargo +nightly fuzz list)
for target in $targets; do
    cargo +nightly fuzz run "$target" -- -max_total_time="${1:-20}" -rss_limit_mb=1024
done
