"""`/WebResources/<name>`: the published content of the org's web resources, as browsers load it.

The service asks for a sign-in there; here the page must be able to load them by a `<script>`.
"""

from base64 import b64decode
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.organization import Organization

_TYPES: Mapping[int, str] = {
    1: "text/html",
    2: "text/css",
    3: "text/javascript",
    4: "text/xml",
    5: "image/png",
    6: "image/jpeg",
    7: "image/gif",
    9: "text/xml",
    10: "image/vnd.microsoft.icon",
    11: "image/svg+xml",
    12: "text/xml",
}


def web_resource_routes(org: Organization) -> list[Route]:
    """The route; 404 for a name that there is not."""

    def read(request: Request) -> Response:
        rows = org.rows("webresource", name=request.path_params["name"])
        kind = _TYPES.get(rows[0]["webresourcetype"]) if rows else None
        if kind is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(b64decode(rows[0]["content"] or ""), 200, headers, kind)

    return [Route("/WebResources/{name:path}", read, methods=["GET"])]
