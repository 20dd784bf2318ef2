"""Writes the software bill of materials (CycloneDX 1.5, JSON) of the program to stdout.

sbom.py VERSION TARGET [BASE.tsv]

It lists the crates that the program is built from, as Cargo.lock pins them, and with BASE.tsv the Debian packages in
the image (name, version, architecture).
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def metadata(target):
    """Cargo's description of the dependencies for one target."""
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--offline", f"--filter-platform={target}"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def needed(nodes, start):
    """Returns for each package that the program is built from the packages it uses, without those of tests."""
    edges = {}
    waiting = [start]
    while waiting:
        package = waiting.pop()
        if package in edges:
            continue
        uses = nodes[package]["deps"]
        edges[package] = sorted(
            {use["pkg"] for use in uses if any(kind["kind"] != "dev" for kind in use["dep_kinds"])}
        )
        waiting.extend(edges[package])
    return edges


def checksums():
    """The SHA-256 of each crate's archive, by name and version."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(crate["name"], crate["version"]): crate.get("checksum") for crate in lock["package"]}


def reference(package):
    """The identity of a crate."""
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, checksum):
    """A crate. Those of the project have no archive."""
    name, version = package["name"], package["version"]
    found = {"type": "library", "bom-ref": reference(package), "name": name, "version": version}
    if package["license"]:
        # Cargo allows a slash between alternatives, SPDX does not.
        found["licenses"] = [{"expression": re.sub(r" */ *", " OR ", package["license"])}]
    if checksum:
        found["purl"] = found["bom-ref"]
        found["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return found


def base_packages(path):
    """The Debian packages of the image."""
    for line in Path(path).read_text().splitlines():
        name, version, architecture = line.split("\t")
        purl = f"pkg:deb/debian/{name}@{version}?arch={architecture}"
        yield {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def main():
    version, target, *base = sys.argv[1:]
    found = metadata(target)
    packages = {package["id"]: package for package in found["packages"]}
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    start = next(id for id in found["workspace_members"] if packages[id]["name"] == "vestibule")
    edges, hashes = needed(nodes, start), checksums()
    crates = sorted(edges, key=lambda id: (packages[id]["name"], packages[id]["version"]))
    components = [
        component(packages[id], hashes.get((packages[id]["name"], packages[id]["version"])))
        for id in crates
        if id != start
    ]
    for path in base:
        components.extend(base_packages(path))
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference(packages[start]),
                "name": "vestibule",
                "version": version,
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": reference(packages[id]), "dependsOn": [reference(packages[used]) for used in edges[id]]}
            for id in crates
        ],
    }
    print(json.dumps(bom, indent=2, ensure_ascii=False))


main()
