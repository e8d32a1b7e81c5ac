"""The built files that are shipped inside the package, so that nobody needs node to deploy them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_FOLDER = files("gradesys.deploy") / "assets"


@dataclass(frozen=True, slots=True)
class Assets:
    """Each None where this installation was built without it."""

    script: bytes | None = field(default=None, repr=False)
    icon: bytes | None = field(default=None, repr=False)
    controls: bytes | None = field(default=None, repr=False)


@cache
def read_assets() -> Assets:
    """What this installation holds."""
    return Assets(
        script=_read("gradesys.js"),
        icon=_read("recompute.svg"),
        controls=_read("gradesys_controls.zip"),
    )


def _read(name: str) -> bytes | None:
    file = _FOLDER / name
    return file.read_bytes() if file.is_file() else None
