"""The demo page at `/`: whatever files lie in `emulator/page/`, or 404 while there are none."""

import mimetypes
from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parent / "page"
# Where the system calls .js plain text (Windows may), browsers refuse it as a module.
mimetypes.add_type("text/javascript", ".js")


def page_routes(folder: Path = FOLDER) -> list[BaseRoute]:
    """The route of the page; it belongs after all others, because it matches every path."""
    if not folder.is_dir():
        return []
    return [Mount("/", StaticFiles(directory=folder, html=True), name="page")]
