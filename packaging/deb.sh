#!/bin/sh
# Builds the Debian package: deb.sh BINARY OUTPUT.deb [VERSION]
# Two runs give the same bytes. COMPRESSION=gzip is faster than the default, xz.
set -eu
umask 022
binary=$(realpath "$1")
output=$(realpath "$2")
version=${3:-$("$binary" --version | sed 's/^vestibule //')}
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root"
packaging/tree.sh "$binary" "$root"

doc=$root/usr/share/doc/vestibule
sed -e '/^@MIT@$/{' -e 'r LICENSE-MIT' -e 'd' -e '}' packaging/debian/copyright |
    awk '/^License: MIT$/ { mit = 1 } /^License: Apache/ { mit = 0 }
        mit && !/^License:/ { if ($0 == "") { if (text) print " ."; next } text = 1; print " " $0; next } { print }' \
        >"$doc/copyright"
gzip -9nc >"$doc/changelog.gz" <<CHANGELOG
vestibule ($version) unstable; urgency=medium

  * See CHANGELOG.md in this directory.

 -- The Vestibule developers <vestibule@example.com>  $(LC_ALL=C date -uR -d "@$SOURCE_DATE_EPOCH")
CHANGELOG

# The C library must be at least as new as the symbols that the program uses; other shared libraries are unexpected.
stripped=$root/usr/bin/vestibule
libc=$(objdump -T "$stripped" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -n 1)
depends="libc6 (>= $libc)"
for library in $(objdump -p "$stripped" | awk '$1 == "NEEDED" { print $2 }'); do
    case $library in
    libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | ld-linux*) ;;
    libgcc_s.so.1) depends="$depends, libgcc-s1" ;;
    *) echo "deb.sh: the program needs $library, but no package is listed for it" >&2; exit 1 ;;
    esac
done

install -d -m 0755 "$root/DEBIAN"
for script in postinst prerm postrm; do
    install -m 0755 "packaging/debian/$script" "$root/DEBIAN"
done
echo /etc/vestibule/vestibule.toml >"$root/DEBIAN/conffiles"
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<CONTROL
Package: vestibule
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: The Vestibule developers <vestibule@example.com>
Installed-Size: $(du -k --apparent-size -s "$root" | cut -f 1)
Depends: $depends, systemd | systemd-standalone-sysusers | systemd-sysusers
Recommends: ca-certificates
Suggests: prosody
Section: net
Priority: optional
Description: invites for XMPP servers
 Vestibule creates, shows and redeems invites for XMPP servers. An invite is a
 link to a page that explains how to join and leads to an account.
 .
 This package contains the service and the modules that connect Prosody to it.
CONTROL
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group "-Z${COMPRESSION:-xz}" --build "$root" "$output" >/dev/null
