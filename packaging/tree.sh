#!/bin/sh
# Installs the program and all that belongs to it below a directory: tree.sh BINARY DIRECTORY
set -eu
umask 022
binary=$(realpath "$1")
root=$2
cd "$(dirname "$0")/.."

put() { # MODE FILE... DIRECTORY
    mode=$1
    shift
    for last; do :; done
    install -d -m 0755 "$last"
    while [ $# -gt 1 ]; do
        install -m "$mode" "$1" "$last"
        shift
    done
}

share=$root/usr/share
install -d -m 0755 "$root/usr/bin"
strip -o "$root/usr/bin/vestibule" "$binary"
chmod 0755 "$root/usr/bin/vestibule"
"$binary" --config /dev/null prosody install "$share/vestibule/prosody" >/dev/null

install -d -m 0755 "$share/man/man1"
"$binary" --config /dev/null man "$share/man/man1" >/dev/null
gzip -9n "$share"/man/man1/*.1
install -d -m 0755 "$share/bash-completion/completions" "$share/zsh/vendor-completions" \
    "$share/fish/vendor_completions.d"
completions() { "$binary" --config /dev/null completions "$1"; }
completions bash >"$share/bash-completion/completions/vestibule"
completions zsh >"$share/zsh/vendor-completions/_vestibule"
completions fish >"$share/fish/vendor_completions.d/vestibule.fish"

# Prints a page with its includes, {{#include FILE}} or {{#include FILE:FIRST_LINE:}}, which mdBook fills in otherwise.
page() {
    awk -v directory="$(dirname "$1")" '
        index($0, "{{#include ") == 1 {
            split(substr($0, 12, length($0) - 13), part, ":")
            path = directory "/" part[1]
            for (number = 1; (status = (getline line < path)) > 0; number++)
                if (number >= part[2] + 0) print line
            if (status < 0) { print "cannot read " path > "/dev/stderr"; exit 1 }
            close(path)
            next
        }
        { print }' "$1"
}

doc=$share/doc/vestibule
install -d -m 0755 "$doc"
for page in docs/*.md; do
    page "$page" >"$doc/${page##*/}"
    chmod 0644 "$doc/${page##*/}"
done
put 0644 README.md CHANGELOG.md docs/openapi.json crates/vestibule/src/typography/fonts/OFL.txt "$doc"
# The licences of the icons of apps.
install -m 0644 crates/vestibule-web/static/icons/README.md "$doc/icons.md"
put 0644 docs/proxies/* "$doc/proxies"
put 0644 docs/monitoring/* "$doc/monitoring"
put 0644 packaging/credentials.conf "$doc/examples"
put 0644 packaging/container/compose.yaml packaging/container/Caddyfile packaging/container/prosody.cfg.lua \
    "$doc/examples/compose"
put 0644 packaging/vestibule.toml "$root/etc/vestibule"
put 0644 packaging/vestibule.service "$root/usr/lib/systemd/system"
install -d -m 0755 "$root/usr/lib/sysusers.d"
install -m 0644 packaging/sysusers.conf "$root/usr/lib/sysusers.d/vestibule.conf"
