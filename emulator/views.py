"""What the page shows: views that whoever runs the emulator posts, kept as they come.

The emulator knows nothing of rules. ``GET /_emulator/views`` answers the last list posted there;
the page reads it and asks the Web API for the rest.
"""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def view_routes() -> list[Route]:
    """The route ``/views``: GET and POST of a JSON list."""
    shown: list[object] = []

    async def read(request: Request) -> Response:
        return JSONResponse(shown)

    async def replace(request: Request) -> Response:
        try:
            views = json.loads(await request.body())
        except ValueError as mistake:
            return JSONResponse({"error": str(mistake)}, 400)
        if not isinstance(views, list):
            return JSONResponse({"error": "views are a list"}, 400)
        shown[:] = views
        return JSONResponse(shown)

    return [
        Route("/_emulator/views", read, methods=["GET"]),
        Route("/_emulator/views", replace, methods=["POST"]),
    ]
