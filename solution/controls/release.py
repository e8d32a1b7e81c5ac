"""Which built card is which version: Dataverse keeps an old control whose version did not grow.

The digest of the built files is committed beside their version, so that a changed card can only be
released under a higher one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

BUILT = Path(__file__).parent / "built"
RELEASE = BUILT.parent / "release.json"
MANIFEST, BUNDLE = "ControlManifest.xml", "bundle.js"
_VERSION = re.compile(r'<control\b[^>]*\sversion="(\d+)\.(\d+)\.(\d+)"')

Files = Mapping[str, bytes]
"""What the card consists of, by path with forward slashes."""


class ReleaseError(Exception):
    """The built files may not be released like this."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version and the SHA-256 of all files that were released as it."""

    version: str
    digest: str

    @classmethod
    def of(cls, files: Files) -> Self:
        """The release that these files are."""
        return cls(version_of(files), digest_of(files))

    @classmethod
    def read(cls, path: Path = RELEASE) -> Self:
        """The committed release."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path = RELEASE) -> None:
        """Becomes the committed release."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def accept(self, files: Files) -> Release:
        """What is released next. Raises ReleaseError when files changed and the version did not
        grow."""
        found = Release.of(files)
        if found.digest != self.digest and _ordered(found.version) <= _ordered(self.version):
            raise ReleaseError(
                f"the card changed but its version {found.version} is not above {self.version}:"
                " raise it in GradeCard/ControlManifest.Input.xml"
            )
        return found


def built_files(folder: Path = BUILT) -> dict[str, bytes]:
    """The files in a folder of built output."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def version_of(files: Files) -> str:
    """The version in the manifest."""
    found = _VERSION.search(files[MANIFEST].decode("utf-8"))
    if found is None:
        raise ReleaseError(f"{MANIFEST} has no version such as 1.2.3")
    return ".".join(found.groups())


def digest_of(files: Files) -> str:
    """One digest of names and contents."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return digest.hexdigest()


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
