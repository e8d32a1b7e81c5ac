"""The authority's addresses, as MSAL asks for them: discovery, keys, tokens, managed identity.

They live on the emulator's own port; a tenant of any name is taken.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from emulator.tokens import ALGORITHM, Denied, Issuer

_DEFAULT_SCOPE = "/.default"


def token_routes(issuer: Issuer) -> list[BaseRoute]:
    """Routes below `/{tenant}`, and `/msi/token` as App Service has it."""

    async def discover(request: Request) -> Response:
        return JSONResponse(_configuration(_authority(request)))

    async def show_keys(request: Request) -> Response:
        return JSONResponse(issuer.keys())

    async def give_token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("latin-1"), keep_blank_values=True))
        authority = _authority(request)
        try:
            application = issuer.sign_in(form, f"{authority}/oauth2/v2.0/token")
            resource = _resource(form)
        except Denied as refusal:
            return JSONResponse(refusal.body(), refusal.status)
        return JSONResponse(issuer.issue(application, resource, authority))

    async def give_identity(request: Request) -> Response:
        return _identity(issuer, request)

    return [
        Route("/msi/token", give_identity),
        Route("/{tenant}/v2.0/.well-known/openid-configuration", discover),
        Route("/{tenant}/discovery/v2.0/keys", show_keys),
        Route("/{tenant}/oauth2/v2.0/token", give_token, methods=["POST"]),
    ]


def _identity(issuer: Issuer, request: Request) -> Response:
    query = request.query_params
    header = request.headers.get("x-identity-header", "")
    application = issuer.managed_identity(header, query.get("client_id"))
    if application is None or not query.get("resource"):
        refusal = {"statusCode": 400, "message": "No managed identity answers this request."}
        return JSONResponse(refusal, HTTPStatus.BAD_REQUEST)
    resource = query["resource"].rstrip("/")
    answer = issuer.issue(application, resource, f"{_root(request)}/msi")
    told = {"resource": query["resource"], "client_id": application}
    return JSONResponse(answer | told)


def _configuration(authority: str) -> dict[str, Any]:
    return {
        "issuer": f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_types_supported": ["code", "token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "scopes_supported": ["openid"],
    }


def _resource(form: Mapping[str, str]) -> str:
    scope = form.get("scope", "")
    if not scope.endswith(_DEFAULT_SCOPE):
        why = f"The provided value for scope {scope} is not valid: it must end in /.default."
        raise Denied(400, "invalid_scope", 1002012, why)
    return scope.removesuffix(_DEFAULT_SCOPE).rstrip("/")


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers['host']}"


def _authority(request: Request) -> str:
    return f"{_root(request)}/{request.path_params['tenant']}"
