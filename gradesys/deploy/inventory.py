"""What an organisation holds of that which a manifest names: everything a plan compares with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from gradesys.dataverse.client import Client
from gradesys.deploy.access.profiles import Profile, read_profile
from gradesys.deploy.access.reading import Roles, read_roles
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.names import PUBLISHER, RECOMPUTE, REQUEST_STEP, SOLUTION, derived_id, step_id
from gradesys.deploy.reading import (
    Found,
    Registered,
    RowsById,
    any_of,
    column_definitions,
    known_tables,
    listed,
    rows,
)
from gradesys.deploy.surface.controls import read_package
from gradesys.deploy.surface.reading import read_surface
from gradesys.deploy.texts import Languages
from gradesys.deploy.tracking import read_tables


class Registry(Struct, frozen=True):
    """Our rows, and what steps can listen to: ``messages`` by name, ``filters`` by (message,
    table)."""

    registered: Registered
    messages: Mapping[str, str]
    filters: Mapping[tuple[str, str], str]

    def id_of(self, entity_set: str, *parts: str) -> str:
        """The id of a row that is unique by its name: the one that exists, else the derived."""
        return next(iter(self.registered[entity_set]), derived_id(*parts))


class Inventory(Struct, frozen=True):
    """``definitions`` by (table, column); ``tracked``: definitions of the tables to be tracked;
    ``surface``: our rows that users see, by the sets that the organisation has;
    ``roles`` None where nobody asked or this user may not look, ``profile`` None where it may not
    look; ``package``: our second solution.
    """

    languages: Languages
    tables: Mapping[str, Found]
    definitions: Mapping[tuple[str, str], Found]
    registry: Registry
    tracked: Mapping[str, Found]
    surface: Registered
    roles: Roles | None
    profile: Profile | None
    package: Found | None


def take_inventory(manifest: Manifest, client: Client) -> Inventory:
    """Read it all; nothing is written. Raises the errors of the client."""
    wanted = _columns_by_table(manifest)
    tables = known_tables(client, wanted)
    definitions = {
        (table, name): definition
        for table in sorted(tables)
        for name, definition in column_definitions(client, table, wanted[table]).items()
    }
    rights = manifest.rights
    return Inventory(
        languages=read_languages(client),
        tables=tables,
        definitions=definitions,
        registry=read_registry(manifest, client),
        tracked=read_tables(client, manifest.tracked),
        surface=read_surface(client),
        roles=read_roles(client, rights, manifest.application) if rights else None,
        profile=read_profile(client, manifest.application),
        package=read_package(client),
    )


def read_registry(manifest: Manifest, client: Client) -> Registry:
    """The part of an inventory that tells who listens to what."""
    return Registry(
        registered=read_registered(client, (*map(step_id, manifest.steps), REQUEST_STEP)),
        messages=_messages(client, {step.message for step in manifest.steps} | {RECOMPUTE}),
        filters=_filters(manifest, client),
    )


def read_languages(client: Client) -> Languages:
    """The base language and all provisioned ones."""
    answer = client.request("GET", "RetrieveProvisionedLanguages()").json()
    # The name of the member is not documented: the list is what counts.
    codes = next((value for value in answer.values() if isinstance(value, list)), [])
    organizations = listed(client, "organizations?$select=languagecode", {})
    base = int(organizations[0]["languagecode"])
    return Languages(base, tuple(int(code) for code in codes) or (base,))


def read_registered(client: Client, step_ids: Iterable[str] = ()) -> Registered:
    """Every row that apply can have made; steps of these ids also where they post elsewhere."""

    def ours(entity_set: str, where: str | None) -> RowsById:
        key, columns = ROWS[entity_set]
        return {row[key]: row for row in rows(client, entity_set, (key, *columns), where)}

    ids = (derived_id("endpoint", name) for name in ("webhook", "recompute"))
    endpoints = ours("serviceendpoints", any_of("serviceendpointid", ids))
    posting = any_of("_eventhandler_value", endpoints)
    named = any_of("sdkmessageprocessingstepid", sorted(step_ids))
    steps = ours("sdkmessageprocessingsteps", " or ".join(filter(None, (posting, named))) or None)
    apis = ours("customapis", f"uniquename eq '{RECOMPUTE}'")
    of_step = any_of("_sdkmessageprocessingstepid_value", steps)
    of_api = any_of("_customapiid_value", apis)
    return {
        "publishers": ours("publishers", f"uniquename eq '{PUBLISHER}'"),
        "solutions": ours("solutions", f"uniquename eq '{SOLUTION}'"),
        "serviceendpoints": endpoints,
        "sdkmessageprocessingsteps": steps,
        "sdkmessageprocessingstepimages": ours("sdkmessageprocessingstepimages", of_step),
        "customapis": apis,
        "customapirequestparameters": ours("customapirequestparameters", of_api),
    }


def _columns_by_table(manifest: Manifest) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = {}
    own = (spec for table in manifest.own for spec in table.columns)
    for spec in (*manifest.columns, *own):
        wanted.setdefault(spec.table, set()).add(spec.name)
    return wanted


def _messages(client: Client, names: Iterable[str]) -> dict[str, str]:
    where = any_of("name", (f"'{name}'" for name in sorted(names)))
    found = rows(client, "sdkmessages", ("sdkmessageid", "name"), where)
    return {row["name"]: row["sdkmessageid"] for row in found}


def _filters(manifest: Manifest, client: Client) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for message in sorted({step.message for step in manifest.steps if step.table}):
        tables = sorted({step.table for step in manifest.steps if step.message == message})
        named = any_of("primaryobjecttypecode", (f"'{table}'" for table in tables))
        where = f"sdkmessageid/name eq '{message}' and ({named})"
        columns = ("sdkmessagefilterid", "primaryobjecttypecode")
        for row in rows(client, "sdkmessagefilters", columns, where):
            found[message, row["primaryobjecttypecode"]] = row["sdkmessagefilterid"]
    return found


ROWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "publishers": (
        "publisherid",
        ("uniquename", "customizationprefix", "customizationoptionvalueprefix"),
    ),
    "solutions": ("solutionid", ("uniquename", "description", "_publisherid_value")),
    "serviceendpoints": (
        "serviceendpointid",
        ("name", "description", "contract", "authtype", "messageformat", "url", "isauthvalueset"),
    ),
    "sdkmessageprocessingsteps": (
        "sdkmessageprocessingstepid",
        (
            "name", "description", "stage", "mode", "rank", "supporteddeployment",
            "asyncautodelete", "filteringattributes", "statecode", "_sdkmessageid_value",
            "_sdkmessagefilterid_value", "_eventhandler_value",
        ),
    ),
    "sdkmessageprocessingstepimages": (
        "sdkmessageprocessingstepimageid",
        ("name", "entityalias", "imagetype", "messagepropertyname", "attributes",
         "_sdkmessageprocessingstepid_value"),
    ),
    "customapis": (
        "customapiid",
        ("uniquename", "name", "displayname", "description", "bindingtype", "isfunction",
         "isprivate", "allowedcustomprocessingsteptype", "executeprivilegename",
         "workflowsdkstepenabled"),
    ),
    "customapirequestparameters": (
        "customapirequestparameterid",
        ("uniquename", "name", "displayname", "description", "type", "isoptional",
         "_customapiid_value"),
    ),
}  # fmt: skip
"""By set: the primary key, and the columns that are compared."""
