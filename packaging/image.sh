#!/bin/sh
# Builds the OCI image without a daemon: image.sh BINARY OUTPUT.tar [VERSION]
# Needs buildah; the packages of the base come from the archive that apt uses on this machine, so that the C library
# fits the program.
set -eu
umask 022
binary=$(realpath "$1")
output=$(realpath "$2")
version=${3:-$("$binary" --version | sed 's/^vestibule //')}
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir "$work/packages" "$root"
(
    cd "$work/packages"
    apt-get -q -o APT::Sandbox::User= download libc6 libgcc-s1 ca-certificates tzdata netbase >/dev/null
    for package in *.deb; do dpkg-deb -x "$package" "$root"; done
    # The list of the packages is part of the SBOM.
    for package in *.deb; do
        dpkg-deb --show --showformat='${Package}\t${Version}\t${Architecture}\n' "$package"
    done >"$root/usr/share/vestibule-base.tsv"
)
[ -z "${BASE_PACKAGES:-}" ] || cp "$root/usr/share/vestibule-base.tsv" "$BASE_PACKAGES"
rm -rf "$root"/usr/share/vestibule-base.tsv "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale \
    "$root"/usr/share/lintian "$root"/usr/lib/*/gconv "$root"/sbin "$root"/usr/sbin "$root"/usr/share/zoneinfo/right
# The bundle that the script of the package would write.
mkdir -p "$root/etc/ssl/certs"
find "$root/usr/share/ca-certificates" -name '*.crt' | LC_ALL=C sort | xargs cat \
    >"$root/etc/ssl/certs/ca-certificates.crt"

packaging/tree.sh "$binary" "$work/tree"
mkdir -p "$root/usr/bin" "$root/usr/share/vestibule" "$root/usr/share/doc/vestibule" "$root/var/lib/vestibule" \
    "$root/tmp"
cp "$work/tree/usr/bin/vestibule" "$root/usr/bin"
cp -r "$work/tree/usr/share/vestibule/prosody" "$root/usr/share/vestibule"
cp LICENSE-MIT LICENSE-APACHE crates/vestibule/src/typography/fonts/OFL.txt "$root/usr/share/doc/vestibule"
cp crates/vestibule-web/static/icons/README.md "$root/usr/share/doc/vestibule/icons.md"
printf 'root:x:0:0:root:/:/nonexistent\nvestibule:x:65532:65532:Vestibule:/var/lib/vestibule:/nonexistent\n' \
    >"$root/etc/passwd"
printf 'root:x:0:\nvestibule:x:65532:\n' >"$root/etc/group"
chmod 0700 "$root/var/lib/vestibule"
chmod 1777 "$root/tmp"

# A tar keeps owners, whoever runs this.
archive() { # OPTIONS...
    tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --numeric-owner --format=gnu -C "$root" -f "$work/context/rootfs.tar" "$@"
}
mkdir "$work/context"
cp packaging/container/Containerfile "$work/context"
archive -c --owner=0 --group=0 --exclude=./var/lib/vestibule .
archive -r --owner=65532 --group=65532 ./var/lib/vestibule

run_buildah() {
    buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"
}
# The format of Docker has a health check, that of OCI does not; compose.yaml repeats it for the latter.
run_buildah build -q --format oci --isolation chroot --timestamp "$SOURCE_DATE_EPOCH" \
    --label "org.opencontainers.image.title=vestibule" --label "org.opencontainers.image.version=$version" \
    --label "org.opencontainers.image.licenses=MIT OR Apache-2.0" \
    --tag "vestibule:$version" "$work/context" >/dev/null
rm -f "$output"
run_buildah push -q "vestibule:$version" "oci-archive:$output:vestibule:$version"
# As root, the layers of the storage are mounted or owned by other users.
run_buildah rmi -a -f >/dev/null 2>&1 || true
