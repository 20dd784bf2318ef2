#!/bin/sh
# Makes everything that a release consists of: dist.sh BINARY DIRECTORY
set -eu
umask 022
binary=$(realpath "$1")
mkdir -p "$2"
directory=$(realpath "$2")
cd "$(dirname "$0")/.."
version=$("$binary" --version | sed 's/^vestibule //')
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
architecture=$(dpkg --print-architecture)
target=$(rustc -vV | sed -n 's/^host: //p')

packaging/deb.sh "$binary" "$directory/vestibule_${version}_$architecture.deb"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
BASE_PACKAGES=$work/base.tsv packaging/image.sh "$binary" "$directory/vestibule-$version-$architecture-oci.tar"

name=vestibule-$version-$target
packaging/tree.sh "$binary" "$work/$name"
cp LICENSE-MIT LICENSE-APACHE "$work/$name"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -c "$name" |
    gzip -9n >"$directory/$name.tar.gz"

python3 packaging/sbom.py "$version" "$target" "$work/base.tsv" >"$directory/vestibule-$version.cdx.json"

(cd "$directory" && sha256sum ./*"$version"* | sed 's#  \./#  #' >SHA256SUMS)
ls -l "$directory"
