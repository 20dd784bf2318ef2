#!/bin/sh
# Installs what `make check` needs, where it may (root on Debian or Ubuntu); says what is missing otherwise.
set -eu

packages=""
need() { # COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

need cc gcc
need curl curl
need prosody prosody
need wrk wrk
need strace strace
need luacheck lua-check
need setpriv util-linux
need python3 python3
need node nodejs
python3 -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
need zbarimg zbar-tools
need pdftoppm poppler-utils
[ -d /usr/lib/prosody/modules/mod_invites_api ] || packages="$packages prosody-modules"

if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -q
        # shellcheck disable=SC2086 # one word a package
        # A policy of 101 keeps the packages from starting services of their own.
        RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
    else
        echo "make check needs these packages:$packages" >&2
        exit 1
    fi
fi

command -v cargo-deny >/dev/null 2>&1 || cargo install --locked cargo-deny

# The tester of the API's description, in a place of its own; with the next version it is made anew.
tester=target/schemathesis
wanted=e2e/schemathesis/requirements.txt
if ! cmp -s "$wanted" "$tester/installed.txt"; then
    rm -rf "$tester"
    python3 -m venv "$tester"
    "$tester/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$tester/installed.txt"
fi
