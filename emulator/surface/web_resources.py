"""`/WebResources/<name>`: published scripts and pictures, and files of controls, for browsers.

The service asks for a sign-in there; here the page must be able to load them by a `<script>`.
"""

from base64 import b64decode
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.organization import Organization
from emulator.surface.control_files import control_file
from emulator.surface.published import published_content

_SCRIPT, _XML = "text/javascript", "text/xml"
_BY_TYPE: Mapping[int, str] = {
    1: "text/html",
    2: "text/css",
    3: _SCRIPT,
    4: _XML,
    5: "image/png",
    6: "image/jpeg",
    7: "image/gif",
    9: _XML,
    10: "image/vnd.microsoft.icon",
    11: "image/svg+xml",
    12: _XML,
}
_BY_ENDING: Mapping[str, str] = {"js": _SCRIPT, "css": "text/css", "xml": _XML, "resx": _XML}
_HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


def web_resource_routes(org: Organization) -> list[Route]:
    """The route; 404 for a name that there is not."""

    def read(request: Request) -> Response:
        found = _found(org, request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        content, kind = found
        return Response(content, 200, _HEADERS, kind)

    return [Route("/WebResources/{name:path}", read, methods=["GET"])]


def _found(org: Organization, name: str) -> tuple[bytes, str] | None:
    if (file := control_file(org, name)) is not None:
        return file, _BY_ENDING.get(name.rpartition(".")[2], "application/octet-stream")
    rows = org.rows("webresource", name=name)
    content = published_content(org, rows[0]["webresourceid"]) if rows else None
    if content is None or (kind := _BY_TYPE.get(rows[0]["webresourcetype"])) is None:
        return None
    return b64decode(content), kind
