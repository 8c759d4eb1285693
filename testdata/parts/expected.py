#!/usr/bin/env python3
"""Counts what the files below `sbom/` and `vex/` hold, without the reader, into `expected.json`.

Needs PyYAML for the one YAML file. Run it where it lies.
"""

import gzip
import json
import pathlib
import re
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).parent


def text_of(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return data.decode("utf-8-sig", errors="replace")


def cyclonedx_json(doc):
    found = []

    def walk(components):
        for component in components or []:
            found.append(component)
            walk(component.get("components"))

    subject = (doc.get("metadata") or {}).get("component")
    if subject:
        walk(subject.get("components"))
    walk(doc.get("components"))
    with_subject = found + ([subject] if subject else [])
    return {
        "kind": "cyclonedx-json",
        "version": doc["specVersion"],
        "components": len(found),
        "subject": subject and subject["name"],
        "purls": sum(1 for c in with_subject if c.get("purl")),
        "cpes": sum(1 for c in with_subject if c.get("cpe")),
        "versions": sum(1 for c in with_subject if c.get("version")),
        "licences": sum(len(c.get("licenses") or []) for c in with_subject),
        "hashes": sum(len(c.get("hashes") or []) for c in with_subject),
        "advisories": len(doc.get("vulnerabilities") or []),
        "needs": sum(len(d.get("dependsOn") or []) for d in doc.get("dependencies") or []),
    }


def cyclonedx_xml(text):
    root = ET.fromstring(text)
    space = root.tag.split("}")[0] + "}"

    def tag(name):
        return space + name

    found = []

    def walk(holder):
        if holder is None:
            return
        for component in holder.findall(tag("component")):
            found.append(component)
            walk(component.find(tag("components")))

    subject = root.find(f"{tag('metadata')}/{tag('component')}")
    if subject is not None:
        walk(subject.find(tag("components")))
    walk(root.find(tag("components")))
    with_subject = found + ([subject] if subject is not None else [])

    def having(name):
        return sum(1 for c in with_subject if (c.findtext(tag(name)) or "").strip())

    def listed(name):
        return sum(len(list(c.find(tag(name)))) for c in with_subject if c.find(tag(name)) is not None)

    return {
        "kind": "cyclonedx-xml",
        "version": space.rstrip("}").rsplit("/")[-1],
        "components": len(found),
        "subject": subject.findtext(tag("name")) if subject is not None else None,
        "purls": having("purl"),
        "cpes": having("cpe"),
        "versions": having("version"),
        "licences": listed("licenses"),
        "hashes": listed("hashes"),
        "advisories": len(root.findall(f"{tag('vulnerabilities')}/{tag('vulnerability')}")),
        "needs": len(root.findall(f"{tag('dependencies')}/{tag('dependency')}/{tag('dependency')}")),
    }


def spdx2(kind, version, packages, described):
    """Packages are dicts: id, name, version, purls, cpes, hashes."""
    subjects = [p for p in packages if p["id"] in described]
    alone = len(subjects) == 1
    return {
        "kind": kind,
        "version": version,
        "components": len(packages) - (1 if alone else 0),
        "subject": subjects[0]["name"] if alone else None,
        "purls": sum(p["purls"] for p in packages),
        "cpes": sum(p["cpes"] for p in packages),
        "versions": sum(1 for p in packages if p["version"] not in (None, "", "NOASSERTION", "NONE")),
        "hashes": sum(p["hashes"] for p in packages),
        "advisories": 0,
    }


def spdx_json(kind, doc):
    packages = []
    for package in doc.get("packages") or []:
        types = [r["referenceType"] for r in package.get("externalRefs") or []]
        packages.append({
            "id": package["SPDXID"],
            "name": package["name"],
            "version": package.get("versionInfo"),
            "purls": sum(1 for t in types if re.search(r"(^|[#/])purl$", t)),
            "cpes": sum(1 for t in types if re.search(r"cpe2[23]Type$", t)),
            "hashes": len(package.get("checksums") or []),
        })
    described = set(doc.get("documentDescribes") or [])
    for relation in doc.get("relationships") or []:
        if relation["relationshipType"] == "DESCRIBES" and relation["spdxElementId"] == "SPDXRef-DOCUMENT":
            described.add(relation["relatedSpdxElement"])
        if relation["relationshipType"] == "DESCRIBED_BY" and relation["relatedSpdxElement"] == "SPDXRef-DOCUMENT":
            described.add(relation["spdxElementId"])
    return spdx2(kind, doc["spdxVersion"], packages, described)


def spdx_xml(text):
    root = ET.fromstring(text)
    doc = {
        "spdxVersion": root.findtext("spdxVersion"),
        "documentDescribes": [e.text for e in root.findall("documentDescribes")],
        "relationships": [{c.tag: c.text for c in e} for e in root.findall("relationships")],
        "packages": [],
    }
    for element in root.findall("packages"):
        package = {c.tag: c.text for c in element if len(c) == 0}
        package["externalRefs"] = [{c.tag: c.text for c in e} for e in element.findall("externalRefs")]
        package["checksums"] = element.findall("checksums")
        doc["packages"].append(package)
    return spdx_json("spdx-xml", doc)


def spdx_tag_value(text):
    text = re.sub(r"<text>.*?</text>", "", text, flags=re.S)
    packages, described = [], set()
    for block in re.split(r"^(?=PackageName:|FileName:|SnippetSPDXID:|LicenseID:)", text, flags=re.M):
        for line in re.findall(r"^Relationship: *(.*)$", block, flags=re.M):
            left, word, right = line.split()[:3]
            if (left, word) == ("SPDXRef-DOCUMENT", "DESCRIBES"):
                described.add(right)
        if not block.startswith("PackageName:"):
            continue

        def one(tag):
            match = re.search(rf"^{tag}: *(.*)$", block, flags=re.M)
            return match and match.group(1).strip()

        packages.append({
            "id": one("SPDXID"),
            "name": one("PackageName"),
            "version": one("PackageVersion"),
            "purls": len(re.findall(r"^ExternalRef: *\S+ +purl ", block, flags=re.M)),
            "cpes": len(re.findall(r"^ExternalRef: *\S+ +cpe2[23]Type ", block, flags=re.M)),
            "hashes": len(re.findall(r"^PackageChecksum:", block, flags=re.M)),
        })
    version = re.search(r"^SPDXVersion: *(\S+)", text, flags=re.M).group(1)
    return spdx2("spdx-tag-value", version, packages, described)


def spdx3(doc):
    graph = doc["@graph"]
    packages, roots, version = [], set(), None
    for element in graph:
        if element["type"] == "CreationInfo":
            version = element["specVersion"]
        roots |= set(element.get("rootElement") or [])
        if element.get("relationshipType") == "describes":
            roots |= set(element["to"])
    for element in graph:
        if element["type"] != "software_Package":
            continue
        identifiers = [i["externalIdentifierType"] for i in element.get("externalIdentifier") or []]
        packages.append({
            "id": element["spdxId"],
            "name": element["name"],
            "version": element.get("software_packageVersion"),
            "purls": int("software_packageUrl" in element) + identifiers.count("packageUrl"),
            "cpes": sum(1 for i in identifiers if i in ("cpe22", "cpe23")),
            "hashes": len(element.get("verifiedUsing") or []),
        })
    return spdx2("spdx3-json", version, packages, roots)


def count(path):
    text = text_of(path)
    name = path.name.removesuffix(".gz")
    if text.lstrip().startswith("<"):
        return cyclonedx_xml(text) if "cyclonedx.org" in text else spdx_xml(text)
    if name.endswith(".yaml"):
        import yaml
        return spdx_json("spdx-yaml", yaml.safe_load(text))
    if name.endswith(".spdx"):
        return spdx_tag_value(text)
    doc = json.loads(text)
    if "@graph" in doc:
        return spdx3(doc)
    return cyclonedx_json(doc) if "bomFormat" in doc else spdx_json("spdx-json", doc)


def main():
    files = sorted(p for folder in ("sbom", "vex") for p in (HERE / folder).rglob("*") if p.is_file())
    expected = {}
    for path in files:
        expected[path.relative_to(HERE).as_posix()] = count(path)
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
    print(len(expected), "files")


main()
