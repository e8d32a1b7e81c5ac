"""From the card's sources to the committed files, by Microsoft's build and around its traps.

The build exits with 0 when it fails and leaves the old bundle in place; without a configuration of
its linter it stops the same way. So everything starts empty, and only its own words count.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev import set_up_packages
from solution.controls import pack
from solution.controls.release import BUILT, BUNDLE, Release, ReleaseError, built_files
from tests.node import NODE

HERE = Path(__file__).parent
SOURCES = HERE / "GradeCard"
TYPES = "generated/ManifestTypes.d.ts"
TOOLCHAIN = HERE / "toolchain"
SETTINGS = (
    "eslint.config.mjs",
    "gradecard.pcfproj",
    "package.json",
    "pcfconfig.json",
    "tsconfig.json",
)
LARGEST_BUNDLE = 20_000
"""Bytes; a library that did not come from the platform would be many times that."""
SUCCEEDED = "[build] Succeeded"
UNUSED = {"bundle.js.LICENSE.txt"}
"""What the build leaves beside the control and the manifest does not name."""

Built = tuple[dict[str, bytes], bytes]
"""The control's files, and the types made of its manifest."""


def build() -> Built:
    """Build in a fresh folder. Raises ReleaseError when it did not succeed or grew too large."""
    with _workshop() as folder:
        command = [str(NODE), "node_modules/pcf-scripts/bin/pcf-scripts.js", "build"]
        told = subprocess.run(
            [*command, "--buildMode", "production"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        ).stdout
        if SUCCEEDED not in told:
            raise ReleaseError(f"the build did not succeed:\n{told}")
        files = built_files(folder / "out" / "controls" / SOURCES.name)
        types = (folder / SOURCES.name / TYPES).read_bytes()
    return checked({name: files[name] for name in files.keys() - UNUSED}), types


def checked(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files, if the bundle is small enough."""
    size = len(files[BUNDLE])
    if size > LARGEST_BUNDLE:
        raise ReleaseError(f"{BUNDLE} has {size:,} bytes, {LARGEST_BUNDLE:,} at most are allowed")
    return files


@contextmanager
def _workshop() -> Iterator[Path]:
    """A folder with copies of all that the build reads, and nothing that an earlier one left."""
    with tempfile.TemporaryDirectory(prefix="gradesys-card-") as name:
        folder = Path(name)
        shutil.copytree(SOURCES, folder / SOURCES.name)
        for setting in SETTINGS:
            shutil.copy(TOOLCHAIN / setting, folder)
        (folder / "node_modules").symlink_to(TOOLCHAIN / "node_modules", target_is_directory=True)
        yield folder


def main() -> int:
    """Build, and replace the committed files where the version allows it."""
    if code := set_up_packages(TOOLCHAIN):
        return code
    try:
        files, types = build()
        release = Release.read().accept(files)
    except ReleaseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    shutil.rmtree(BUILT)
    for name, content in files.items():
        path = BUILT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (SOURCES / TYPES).write_bytes(types)
    release.write()
    pack.main()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
