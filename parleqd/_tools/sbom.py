"""`make sbom`: what parleqd needs of this environment, as CycloneDX 1.6, without what only developers need of it.

cyclonedx-py lists the whole environment and checks the list against the standard's schema. It follows the
requirements of every extra there is, and so from nearly any package to pytest; here only those that apply count.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

import parleqd

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".parts" / "audit" / "bin" / "cyclonedx-py"
FILE = ROOT / "dist" / "sbom.json"
Bill = dict[str, Any]


def main() -> int:
    """Write it."""
    command = [str(PROGRAM), "environment", "--pyproject", str(ROOT / "pyproject.toml"), "--spec-version", "1.6"]
    command += ["--output-format", "JSON", "--output-reproducible", sys.executable]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode:
        print(f"sbom: cyclonedx-py failed:\n{listed.stderr}", file=sys.stderr)
        return 1
    bill = needed(json.loads(listed.stdout))
    bill["metadata"]["component"]["version"] = parleqd.__version__
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(bill, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"sbom: {len(bill['components'])} components in {FILE.relative_to(ROOT)}")
    return 0


def needed(bill: Bill) -> Bill:
    """The same with only what parleqd needs, its installed extras included."""
    kept = set(installed_needs("parleqd", frozenset(metadata("parleqd").get_all("Provides-Extra") or ())))
    components = [each for each in bill["components"] if canonicalize_name(each["name"]) in kept]
    refs = {each["bom-ref"] for each in components}
    dependencies = [
        {**each, **({"dependsOn": [ref for ref in each["dependsOn"] if ref in refs]} if "dependsOn" in each else {})}
        for each in bill["dependencies"]
        if each["ref"] in refs or each["ref"] == bill["metadata"]["component"]["bom-ref"]
    ]
    return {**bill, "components": components, "dependencies": dependencies}


def installed_needs(package: str, extras: frozenset[str]) -> Iterator[NormalizedName]:
    """Names of the installed packages that this one needs, directly or not; each once or more often."""
    ahead, seen = [(package, extras)], {(package, extras)}
    while ahead:
        name, wished = ahead.pop()
        for line in requires(name) or ():
            needed = Requirement(line)
            applies = any(needed.marker is None or needed.marker.evaluate({"extra": extra}) for extra in (*wished, ""))
            step = (canonicalize_name(needed.name), frozenset(needed.extras))
            if applies and step not in seen and _installed(step[0]):
                seen.add(step)
                ahead.append(step)
                yield step[0]


def _installed(name: str) -> bool:
    try:
        metadata(name)
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
