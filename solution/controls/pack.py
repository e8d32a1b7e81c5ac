"""The solution zip of the card, the same bytes whenever and wherever it is packed.

Dataverse refuses wrong names and content types with errors that tell nothing, so both are given
here and nowhere else. Entries are stored, not deflated: compressed bytes differ between zlibs.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from solution.controls.release import MANIFEST, Files, built_files, version_of

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "gradesys" / "deploy" / "assets" / "gradesys_controls.zip"
TEMPLATES = Path(__file__).parent / "package"
CONTROL = "gs_gradesys.GradeCard"
FOLDER = f"Controls/{CONTROL}"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can tell."""
CONTENT_TYPES = {
    "xml": "application/octet-stream",
    "js": "application/octet-stream",
    "resx": "application/octet-stream",
}


def pack(files: Files) -> bytes:
    """The archive with these built files."""
    found = {f"{FOLDER}/{name}": content for name, content in files.items()}
    for name in ("solution.xml", "customizations.xml"):
        found[name] = _filled((TEMPLATES / name).read_text(encoding="utf-8"), version_of(files))
    found["[Content_Types].xml"] = _content_types(found).encode()
    return _zipped(found)


def _filled(template: str, version: str) -> bytes:
    named = {"control": CONTROL, "manifest": f"/{FOLDER}/{MANIFEST}", "version": version}
    return template.format_map(named).encode()


def _content_types(names: Iterable[str]) -> str:
    endings = sorted({PurePosixPath(name).suffix[1:] for name in (*names, "any.xml")})
    told = "".join(
        f'<Default Extension="{ending}" ContentType="{CONTENT_TYPES[ending]}" />'
        for ending in endings
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<?xml version="1.0" encoding="utf-8"?><Types xmlns="{namespace}">{told}</Types>'


def _zipped(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = 0  # else it tells the machine's kind
            archive.writestr(entry, files[name])
    return out.getvalue()


def main() -> None:
    """Pack the committed build output."""
    ARCHIVE.parent.mkdir(exist_ok=True)
    ARCHIVE.write_bytes(pack(built_files()))


if __name__ == "__main__":
    main()
