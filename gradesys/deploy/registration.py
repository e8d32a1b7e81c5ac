"""Publisher, solution, service endpoints and the Custom API as rows that must exist."""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.deploy.inventory import ROWS, Registry
from gradesys.deploy.manifest import Endpoint, Manifest, Parameter
from gradesys.deploy.names import (
    OPTION_PREFIX,
    PREFIX,
    PUBLISHER,
    RUN_PRIVILEGE,
    SOLUTION,
    derived_id,
)
from gradesys.deploy.rowspecs import Link, RowSpec

PUBLISHED = "Scores and grades by gradesys."
UNPUBLISHED = f"{PUBLISHED} Changes wait to be published."
"""While metadata is being written: an apply that died in between still owes the publishing."""
_WEBHOOK, _HTTP_HEADER, _JSON, _NORMAL, _NO_CLAIM, _BY_NAME = 8, 5, 2, 1, 1, 1
_GLOBAL, _ASYNC_ONLY = 0, 1


def solution_rows(registry: Registry) -> Iterator[RowSpec]:
    """The publisher and the solution, found by their unique names whatever their ids."""
    publisher = registry.id_of("publishers", "publisher", PUBLISHER)
    yield RowSpec(
        entity_set="publishers",
        key="publisherid",
        id=publisher,
        what=f"publisher {PUBLISHER}",
        values={"customizationprefix": PREFIX, "customizationoptionvalueprefix": OPTION_PREFIX},
        fixed=frozenset({"customizationprefix", "customizationoptionvalueprefix"}),
        initial={"uniquename": PUBLISHER, "friendlyname": PUBLISHER},
        in_solution=False,
    )
    yield RowSpec(
        entity_set="solutions",
        key="solutionid",
        id=registry.id_of("solutions", "solution", SOLUTION),
        what=f"solution {SOLUTION}",
        values={},
        initial={
            "uniquename": SOLUTION,
            "friendlyname": SOLUTION,
            "version": "1.0.0.0",
            "description": UNPUBLISHED,
            "publisherid@odata.bind": f"/publishers({publisher})",
        },
        in_solution=False,
    )


def endpoint_row(endpoint: Endpoint) -> RowSpec:
    """The secret is written with every change; it can be compared only by its mark."""
    secret = {"authvalue": endpoint.secret}
    return RowSpec(
        entity_set="serviceendpoints",
        key="serviceendpointid",
        id=endpoint.id,
        what=f"service endpoint {endpoint.name} -> {endpoint.url}",
        values={
            "name": endpoint.name,
            "description": f"gradesys event receiver, key {endpoint.mark}",
            "contract": _WEBHOOK,
            "authtype": _HTTP_HEADER,
            "messageformat": _JSON,
            "url": endpoint.url,
        },
        initial={
            "connectionmode": _NORMAL,
            "userclaim": _NO_CLAIM,
            "namespaceformat": _BY_NAME,
            "path": "",
            **secret,
        },
        changing=secret,
        kept={"isauthvalueset": True},
    )


def api_rows(manifest: Manifest, registry: Registry) -> Iterator[RowSpec]:
    """The Custom API and its request parameters."""
    api = manifest.api
    id_ = registry.id_of("customapis", "customapi", api.name)
    unchangeable = {
        "uniquename": api.name,
        "bindingtype": _GLOBAL,
        "isfunction": False,
        "allowedcustomprocessingsteptype": _ASYNC_ONLY,
        "workflowsdkstepenabled": False,
    }
    yield RowSpec(
        entity_set="customapis",
        key="customapiid",
        id=id_,
        what=f"Custom API {api.name}",
        values={
            **unchangeable,
            "name": api.name,
            "displayname": api.title,
            "description": api.description,
            "isprivate": False,
            "executeprivilegename": RUN_PRIVILEGE,
        },
        fixed=frozenset(unchangeable),
    )
    for parameter in api.parameters:
        yield _parameter_row(api.name, id_, parameter, registry)


def _parameter_row(api: str, id_: str, parameter: Parameter, registry: Registry) -> RowSpec:
    key, _ = ROWS["customapirequestparameters"]
    stored = registry.registered["customapirequestparameters"]
    same = (row[key] for row in stored.values() if row["uniquename"] == parameter.name)
    unchangeable = {
        "uniquename": parameter.name,
        "type": parameter.type,
        "isoptional": parameter.optional,
    }
    return RowSpec(
        entity_set="customapirequestparameters",
        key=key,
        id=next(same, derived_id("parameter", api, parameter.name)),
        what=f"parameter {api}.{parameter.name}",
        values={
            **unchangeable,
            "name": f"{api}.{parameter.name}",
            "displayname": parameter.name,
            "description": parameter.name,
        },
        fixed=frozenset(unchangeable),
        links=(Link("_customapiid_value", "CustomAPIId", "customapis", id_),),
    )
