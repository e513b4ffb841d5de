"""The OneRoster 1.2 bulk bundle of a made-up district for a school year: written as it is made, never held."""

import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path

from products.generator.plan import Plan
from products.generator.roster import Roster
from products.generator.roster_files import VERSION, WRITTEN, RosterFiles
from rostering.oneroster.specs import files_of

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every member of the zip, so that the same seed gives the same bytes."""


def write_bundle(plan: Plan, path: Path, *, years_on: int = 0) -> Path:
    """Write the district's roster of the plan's school year, or of that many years later, as a zip; returns the path.

    The next year's bundle is of the same people: promoted a grade, without the graduates, with new kindergartners and
    others who moved in or away; a few come back under another sourcedId, with the same Student ID.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as name, ExitStack() as stack:
        folder = Path(name)
        files = RosterFiles(folder, stack)
        Roster(plan, plan.school_year + years_on, files).write(years_on)
        stack.close()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
            bundle.writestr(_member("manifest.csv"), _manifest())
            for written in WRITTEN:
                _store(bundle, folder / f"{written}.csv")
    return path


def _store(bundle: zipfile.ZipFile, file: Path) -> None:
    with file.open("rb") as source, bundle.open(_member(file.name), "w", force_zip64=True) as target:
        while block := source.read(1 << 20):
            target.write(block)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, LONG_AGO)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _manifest() -> str:
    rows = [("propertyName", "value"), ("manifest.version", "1.0"), ("oneroster.version", VERSION)]
    rows += [(f"file.{spec.name}", "bulk" if spec.name in WRITTEN else "absent") for spec in files_of(VERSION)]
    rows += [("source.systemName", "Yearturn generator"), ("source.systemCode", "yearturn-generator")]
    return "".join(f"{name},{value}\r\n" for name, value in rows)
