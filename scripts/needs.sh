#!/bin/sh
# Installs the requirements of `make check` as root on Debian or Ubuntu; lists missing ones otherwise.
set -eu

# Servers are not on the search path of every user.
PATH="$PATH:/usr/sbin"
packages=""
need() { # COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

need cc gcc
need curl curl
need prosody prosody
need openssl openssl
need wrk wrk
need strace strace
need luacheck lua-check
need setpriv util-linux
need python3 python3
need node nodejs
need npm npm
need chromium-headless-shell chromium-headless-shell
python3 -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
need zbarimg zbar-tools
# The checker of the alert rules.
need promtool prometheus
# The packages, and systems and containers to run them.
need debootstrap debootstrap
need systemd-nspawn systemd-container
need buildah buildah
need podman podman
need runc runc
need pdftoppm poppler-utils
# Reverse proxies; of Apache only the program without a service.
need nginx nginx
need haproxy haproxy
need caddy caddy
need apache2 apache2-bin
[ -n "$(ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null)" ] || packages="$packages postgresql"
[ -d /usr/lib/prosody/modules/mod_invites_api ] || packages="$packages prosody-modules"
# The fonts of the pages that are checked in the browser.
font() { # FILE PACKAGE
    [ -e "/usr/share/fonts/$1" ] || packages="$packages $2"
}
font truetype/noto/NotoSansArabic-Regular.ttf fonts-noto-core
font opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
# SQL storage of Prosody.
lua5.4 -e 'require("DBI"); require("dbd.sqlite3")' 2>/dev/null || packages="$packages lua-dbi-sqlite3"
# The requirements of the newer Prosody below; the older one may use another Lua. Without lunbound, prosodyctl of both
# prints a warning.
need lua5.4 lua5.4
lua5.4 -e 'for name in ("lfs lxp socket ssl lunbound"):gmatch "%a+" do require(name) end' 2>/dev/null ||
    packages="$packages lua-expat lua-filesystem lua-sec lua-socket lua-unbound"

if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -q
        # A policy of 101 prevents the packages from starting their services.
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            trap 'rm -f "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' > "$policy"
            chmod 755 "$policy"
        fi
        # shellcheck disable=SC2086 # one word per package
        RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
    else
        echo "make check needs these packages:$packages" >&2
        exit 1
    fi
fi

command -v cargo-deny >/dev/null 2>&1 || cargo install --locked cargo-deny

# The package mirror of this machine.
mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' \
        'Codename: bookworm' | head -n 1
}

# Unpacks a package of the backports of Debian 12 into a directory. Apt checks it against the keys of the archive.
unpack() { # FOLDER PACKAGE
    rm -rf "$1"
    mkdir -p "$1/apt/lists/partial" "$1/apt/cache/archives/partial"
    from=$(mirror)
    [ -n "$from" ] || { apt-get -q update; from=$(mirror); }
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from bookworm-backports main" \
        > "$1/apt/sources.list"
    (
        cd "$1/apt"
        backports() {
            apt-get -q -o Dir::Etc::SourceList="$PWD/sources.list" -o Dir::Etc::SourceParts=- \
                -o Dir::State::Lists="$PWD/lists" -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User= "$@"
        }
        backports update
        backports download "$2/bookworm-backports"
        dpkg-deb -x "$2"_*.deb ..
    )
    rm -rf "$1/apt"
}

# A Debian that the tests of the packages boot. Made once.
debian=target/debian
if [ ! -e "$debian.complete" ] && [ "$(id -u)" = 0 ]; then
    rm -rf "$debian"
    mkdir -p "$debian"
    from=$(mirror)
    [ -n "$from" ] || { apt-get -q update; from=$(mirror); }
    debootstrap --variant=minbase --include=ca-certificates,systemd-sysv bookworm "$debian" "$from" >"$debian.log" ||
        { cat "$debian.log" >&2; exit 1; }
    rm -rf "$debian"/var/cache/apt/* "$debian"/var/lib/apt/lists/*
    touch "$debian.complete"
fi

# An ejabberd of another Debian, unpacked with all that it depends on, but not installed. It runs in this directory as its
# root.
ejabberd_of() { # SUITE FOLDER
    [ -e "$2.complete" ] || [ "$(id -u)" != 0 ] && return
    rm -rf "$2"
    mkdir -p "$2/apt/lists/partial" "$2/apt/cache/archives/partial"
    from=$(mirror)
    [ -n "$from" ] || { apt-get -q update; from=$(mirror); }
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from $1 main" >"$2/apt/sources.list"
    : >"$2/apt/status"
    (
        cd "$2/apt"
        suite() {
            apt-get -q -y --no-install-recommends -o Dir::Etc::SourceList="$PWD/sources.list" \
                -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$PWD/lists" -o Dir::State::status="$PWD/status" \
                -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User= -o Acquire::Languages=none "$@"
        }
        suite update
        suite --download-only install base-files dash ejabberd
        # First the package with the links from /bin and /lib, which older Debians make when they are installed.
        for directory in bin sbin lib lib64; do mkdir -p "../usr/$directory" && ln -s "usr/$directory" ..; done
        for package in cache/archives/base-files_*.deb cache/archives/*.deb; do
            dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C ..
        done
    ) >"$2.log" 2>&1 || { cat "$2.log" >&2; exit 1; }
    rm -rf "$2/apt" "$2"/usr/share/doc "$2"/usr/share/locale "$2"/usr/share/man
    [ -e "$2/dev/null" ] || mknod -m 666 "$2/dev/null" c 1 3
    touch "$2.complete"
}

# The newest ejabberd, and the one of Debian 12, which has no invites of its own.
ejabberd_of sid target/sid
ejabberd_of bookworm target/bookworm

# The newer Prosody beside the installed one. Its programs are changed to find their files in its directory.
newer=target/prosody-13
if [ ! -e "$newer/complete" ]; then
    unpack "$newer" prosody
    sed -i "s#'/usr/lib/prosody\([^']*\)'#arg[0]:gsub('bin/[^/]*\$', 'lib/prosody\1')#" \
        "$newer/usr/bin/prosody" "$newer/usr/bin/prosodyctl"
    touch "$newer/complete"
fi

# Newer community modules for both versions: those of Debian 12 lack some dependencies of others.
modules=target/prosody-modules
if [ ! -e "$modules/complete" ]; then
    unpack "$modules" prosody-modules
    touch "$modules/complete"
fi

# Programs from PyPI, each in its own directory, which is recreated if the requirements change.
venv() { # FOLDER REQUIREMENTS
    cmp -s "$2" "$1/installed.txt" && return
    rm -rf "$1"
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
    cp "$2" "$1/installed.txt"
}

# A tester for the API's description, and an XMPP client.
venv target/schemathesis e2e/schemathesis/requirements.txt
venv target/xmpp-client e2e/xmpp/requirements.txt

# The checker of the handbook's links.
venv target/lychee e2e/handbook/requirements.txt

# The handbook. Without search and without optimizations, which would take minutes to build.
mdbook=target/mdbook version=0.5.4
[ "$("$mdbook/bin/mdbook" --version 2>/dev/null)" = "mdbook v$version" ] ||
    CARGO_PROFILE_DEV_DEBUG=none cargo install mdbook --locked --version "$version" --no-default-features --debug \
        --root "$mdbook"

# A generator of API clients.
venv target/openapi-client e2e/openapi/requirements.txt

# Packages from npm, each set in its own directory.
packages() { # FOLDER SOURCE
    cmp -s "$2/package-lock.json" "$1/installed.json" && return
    rm -rf "$1"
    mkdir -p "$1"
    cp "$2/package.json" "$2/package-lock.json" "$2/.npmrc" "$1"
    (cd "$1" && npm ci --no-progress --loglevel=error)
    cp "$2/package-lock.json" "$1/installed.json"
}

# The checks of the pages in the browser, and the readers of the API's description.
packages target/browser e2e/browser
packages target/openapi e2e/openapi
