"""A connected organisation: rules compiled against its metadata, and a store that may write them.

Shared by the service and by deploy, which connects before the output columns exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from gradesys.dataverse.auth import PUBLIC_CLOUD, Credentials, token_source
from gradesys.dataverse.client import Client
from gradesys.dataverse.gate import Gate
from gradesys.dataverse.metadata import MetadataCache
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.store import DataverseStore
from gradesys.errors import MissingMetadata, SettingsError
from gradesys.records import Schema, Table
from gradesys.rules.compile import compile_model
from gradesys.rules.model import RuleModel
from gradesys.rules.parse import Source
from gradesys.rules.rulebook import Rulebook, open_rulebook, tables_named
from gradesys.rules.rulefiles import load_folder
from gradesys.runrow import TABLE as RUN_TABLE
from gradesys.settings import Settings


class Org(Struct, frozen=True):
    """Rules and rows of one organisation."""

    rulebook: Rulebook
    store: DataverseStore


def connect(settings: Settings, client: Client, metadata: MetadataCache) -> Org:
    """Load rules and metadata. Raises RuleError, SettingsError or DataverseError."""
    return open_org(client, metadata, read_rules(settings))


def open_org(client: Client, metadata: MetadataCache, sources: Sequence[Source]) -> Org:
    """These rules against the organisation's metadata. Raises DataverseError."""
    schema = read_schema(metadata, [source.model for source in sources], (RUN_TABLE,))
    rulebook = open_rulebook(sources, schema)
    return Org(rulebook, DataverseStore(client, schema, rulebook.output_columns))


def read_rules(settings: Settings) -> tuple[Source, ...]:
    """The rules in force, with this environment's params; ``packs`` beside the folder answers
    ``extends``.

    Raises RuleError, and SettingsError where there is no such folder.
    """
    folder = settings.rules
    if not folder.is_dir():
        raise SettingsError(f"GRADESYS_RULES names no folder: {folder}")
    packs = folder.parent / "packs"
    return load_folder(folder, packs if packs.is_dir() else None, settings.params)


def credentials_of(settings: Settings) -> Credentials:
    """How the settings say that we sign in."""
    return Credentials(
        url=settings.dataverse_url,
        mode=settings.auth,
        authority=settings.authority or PUBLIC_CLOUD,
        verify=settings.authority_ca or True,
        tenant_id=settings.tenant_id,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        certificate=settings.certificate,
        certificate_password=settings.certificate_password,
    )


def open_client(
    settings: Settings,
    count: Callable[[str], None] = lambda name: None,
    gate: Gate | None = None,
) -> Client:
    """A signed-in client for the organisation that the settings name; ``count`` is told of its
    requests and of the pauses that were asked for."""
    credentials = credentials_of(settings)
    options = ClientOptions(verify=credentials.verify, count=count)
    return Client(settings.dataverse_url, token_source(credentials), options, gate)


def read_schema(
    metadata: MetadataCache, models: Sequence[RuleModel], others: Sequence[str] = ()
) -> Schema:
    """The metadata of every table the models need, as far as the organisation has it.

    Where a dotted column goes through a lookup of a custom table, only that table's metadata tells
    which table comes next, so the models are asked until they name nothing new.
    """
    schema: dict[str, Table] = {}
    asked: set[str] = set()
    compiled = [compile_model(model, None) for model in models]
    while wanted := {*tables_named(compiled, schema or None), *others} - asked:
        schema.update(_existing(metadata, sorted(wanted)))
        asked |= wanted
    return schema


def _existing(metadata: MetadataCache, names: Sequence[str]) -> Schema:
    """A missing table stops only the models that name it, so the others are read without it."""
    try:
        return metadata.schema(names)
    except MissingMetadata:
        if len(names) == 1:
            return {}
        each = (_existing(metadata, [name]) for name in names)
        return {name: table for schema in each for name, table in schema.items()}
