"""manifest.csv: the version, and for each file whether it is absent, bulk or delta."""

import csv
import io
from dataclasses import dataclass, field

from rostering.oneroster.bundle import MANIFEST, Bundle
from rostering.oneroster.columns import BOTH
from rostering.oneroster.findings import Findings
from rostering.oneroster.specs import files_of

ABSENT, BULK, DELTA = "absent", "bulk", "delta"
LARGEST = 1 << 20


@dataclass
class Manifest:
    """What the manifest says. `modes` has an entry for each file that is there: bulk or delta."""

    version: str = ""
    modes: dict[str, str] = field(default_factory=dict)


def read_manifest(bundle: Bundle, found: Findings) -> Manifest:
    """Read the manifest and compare it with the files that are there; problems are noted in `found`."""
    if MANIFEST not in bundle.members:
        found.add("package.missing_manifest", MANIFEST)
        return Manifest()
    properties = _properties(bundle, found)
    if properties is None:
        return Manifest()
    stated = properties.get("oneroster.version", "")
    version = ".".join(stated.split(".")[:2])
    if version not in BOTH:
        found.add("manifest.version_unknown", MANIFEST, detail=f"“{stated[:20]}”" if stated else "missing")
        return Manifest()
    manifest = Manifest(version)
    for spec in files_of(version):
        _read_mode(spec.name, properties, bundle, manifest, found)
    _note_foreign_files(bundle, version, found)
    return manifest


def _properties(bundle: Bundle, found: Findings) -> dict[str, str] | None:
    with bundle.members[MANIFEST].open() as stream:
        raw = stream.read(LARGEST)
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        found.add("manifest.invalid", MANIFEST, detail="not UTF-8, or not CSV")
        return None
    if not rows or [name.strip().lower() for name in rows[0][:2]] != ["propertyname", "value"]:
        found.add("manifest.invalid", MANIFEST, 1, detail="the header is not propertyName,value")
        return None
    if rows[0][:2] != ["propertyName", "value"]:
        found.add("header.other_spelling", MANIFEST, 1, "propertyName,value", detail="in another case")
    properties: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        key = row[0].strip()
        if key in properties:
            found.add("header.duplicate_column", MANIFEST, number, key)
        properties[key] = row[1].strip() if len(row) > 1 else ""
    return properties


def _read_mode(name: str, properties: dict[str, str], bundle: Bundle, manifest: Manifest, found: Findings) -> None:
    key, there = f"file.{name}", f"{name}.csv" in bundle.members
    stated = properties.get(key)
    if stated is None:
        found.add("manifest.entry_missing", MANIFEST, None, key)
        mode = BULK if there else ABSENT
    else:
        mode = stated.lower()
        if mode not in (ABSENT, BULK, DELTA):
            found.add("manifest.mode_unknown", MANIFEST, None, key, stated)
            return
        if mode != stated:
            found.add("value.word_form", MANIFEST, None, key, stated, words="absent, bulk, delta")
    if mode == ABSENT and there:
        found.add("manifest.file_unexpected", f"{name}.csv")
    elif mode != ABSENT and not there:
        found.add("manifest.file_missing", f"{name}.csv")
    elif there:
        manifest.modes[name] = mode


def _note_foreign_files(bundle: Bundle, version: str, found: Findings) -> None:
    """A file that exists only in another version of the binding is not read."""
    known = {spec.file for spec in files_of(version)} | {MANIFEST}
    for name in bundle.members.keys() - known:
        found.add("package.extra_file", name)
