#!/bin/sh
# Checks the dependencies against the RustSec advisories. Without a network and without a copy of the database from an
# earlier run, the check is skipped; an advisory that is found always fails.
set -eu
cd "$(dirname "$0")/.."

database="${CARGO_HOME:-$HOME/.cargo}/advisory-dbs"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Fetches into a folder of its own, so that a failure leaves the copy as it was.
if timeout 120 cargo deny fetch db >"$log" 2>&1; then
    cargo deny --all-features check advisories
    exit
fi
sed 's/^/    /' "$log" >&2
for copy in "$database"/*/.git "$database"/*/crates; do
    if [ -e "$copy" ]; then
        echo "the advisory database could not be fetched; checking against the copy in $database" >&2
        cargo deny --offline --all-features check advisories
        exit
    fi
done
echo "NOT CHECKED: the advisory database could not be fetched, and there is no copy of it in $database" >&2
