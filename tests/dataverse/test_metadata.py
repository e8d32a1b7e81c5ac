"""Metadata as tables and columns."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import responses

from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import MetadataCache, load_schema
from gradesys.errors import DataverseError, MissingMetadata, PermanentError
from gradesys.records import Column, Kind, ManyToMany, Option
from tests.dataverse.organisation import Call, Organisation, Reply, ok, refused


def label(english: str, persian: str) -> dict[str, Any]:
    return {
        "LocalizedLabels": [
            {"Label": english, "LanguageCode": 1033},
            {"Label": persian, "LanguageCode": 1065},
        ]
    }


def attribute(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"LogicalName": name, "AttributeType": kind, "AttributeOf": None, **more}


ATTRIBUTES = [
    attribute("accountid", "Uniqueidentifier"),
    attribute("name", "String"),
    attribute("description", "Memo"),
    attribute("revenue", "Money"),
    attribute("gs_score", "Decimal", SourceType=0),
    attribute("rollup", "Double", SourceType=2),
    attribute("employees", "Integer"),
    attribute("versionnumber", "BigInt"),
    attribute("creditonhold", "Boolean"),
    attribute("statecode", "State"),
    attribute("gs_grade", "Picklist"),
    attribute("createdon", "DateTime"),
    attribute("birthdate", "DateTime"),
    attribute("meeting", "DateTime"),
    attribute("parentcustomerid", "Customer"),
    attribute("parentcustomeridname", "String", AttributeOf="parentcustomerid"),
    attribute("entityimage", "Virtual"),
    attribute("activitytypecode", "EntityName"),
    attribute("hidden", "String", IsValidForRead=False),
]
CASTS: dict[str, list[dict[str, Any]]] = {
    "String": [{"LogicalName": "name", "MaxLength": 160}],
    "Memo": [{"LogicalName": "description", "MaxLength": 2000}],
    "Money": [{"LogicalName": "revenue", "Precision": 4, "MinValue": -1.5, "MaxValue": 1e15}],
    "Decimal": [{"LogicalName": "gs_score", "Precision": 2, "MinValue": 0, "MaxValue": 100}],
    "Double": [{"LogicalName": "rollup", "Precision": 5}],
    "Integer": [{"LogicalName": "employees", "MinValue": 0, "MaxValue": 2147483647}],
    "State": [
        {
            "LogicalName": "statecode",
            "OptionSet": {"Options": [{"Value": 0, "Label": label("Active", "فعال")}]},
        }
    ],
    "Picklist": [
        {
            "LogicalName": "gs_grade",
            "OptionSet": None,
            "GlobalOptionSet": {"Options": [{"Value": 921500000, "Label": label("A", "الف")}]},
        }
    ],
    "DateTime": [
        {"LogicalName": "createdon", "DateTimeBehavior": {"Value": "UserLocal"}},
        {"LogicalName": "birthdate", "DateTimeBehavior": {"Value": "DateOnly"}},
        {"LogicalName": "meeting", "DateTimeBehavior": {"Value": "TimeZoneIndependent"}},
    ],
    "Lookup": [{"LogicalName": "parentcustomerid", "Targets": ["account", "contact"]}],
}
DEFINITION = {
    "LogicalName": "account",
    "EntitySetName": "accounts",
    "PrimaryIdAttribute": "accountid",
    "Attributes": ATTRIBUTES,
    "ManyToManyRelationships": [
        {
            "SchemaName": "accountLeads_association",
            "IntersectEntityName": "accountleads",
            "Entity1LogicalName": "account",
            "Entity1IntersectAttribute": "accountid",
            "Entity2LogicalName": "lead",
            "Entity2IntersectAttribute": "leadid",
        }
    ],
    "ManyToOneRelationships": [
        {
            "ReferencingAttribute": "parentcustomerid",
            "ReferencedEntity": "contact",
            "ReferencingEntityNavigationPropertyName": "parentcustomerid_contact",
        }
    ],
}
BULK = ok({"value": [{"primaryobjecttypecode": "account"}]})


def respond(call: Call) -> Reply:
    """An organisation that has the table account and no other."""
    if call.path.startswith("EntityDefinitions?"):
        return ok({"value": [DEFINITION] if "'account'" in call.path else []})
    if call.path.startswith("sdkmessagefilters"):
        return BULK
    if "'account'" not in call.path:
        return refused(404, "0x80040217")
    cast = re.search(r"\.CRM\.(\w+)AttributeMetadata", call.path)
    return ok({"value": CASTS.get(cast[1], []) if cast else []})


@pytest.fixture
def organisation(mock: responses.RequestsMock) -> Organisation:
    return Organisation(respond).install(mock)


def test_one_request_tells_everything(client: Client, organisation: Organisation) -> None:
    table = load_schema(client, ["account", "account"])["account"]
    assert organisation.https == ["POST $batch"]
    assert (table.name, table.entity_set, table.id_column) == ("account", "accounts", "accountid")
    assert table.navigations == {("parentcustomerid", "contact"): "parentcustomerid_contact"}
    ends = (("account", "accountid"), ("lead", "leadid"))
    assert table.many == (ManyToMany("accountleads_association", "accountleads", ends),)
    assert table.bulk_update


@pytest.mark.parametrize(
    "column",
    [
        Column("accountid", Kind.ID),
        Column("name", Kind.TEXT, length=160),
        Column("description", Kind.MEMO, length=2000),
        Column("revenue", Kind.MONEY, places=4, minimum=Decimal("-1.5"), maximum=Decimal(10) ** 15),
        Column("gs_score", Kind.DECIMAL, places=2, minimum=Decimal(0), maximum=Decimal(100)),
        Column("rollup", Kind.DOUBLE, places=5, stored=False),
        Column(
            "employees",
            Kind.INTEGER,
            places=0,
            minimum=Decimal(0),
            maximum=Decimal(2147483647),
        ),
        Column("versionnumber", Kind.INTEGER),
        Column("creditonhold", Kind.BOOLEAN),
        Column("statecode", Kind.CHOICE, options=(Option(0, {1033: "Active", 1065: "فعال"}),)),
        Column("gs_grade", Kind.CHOICE, options=(Option(921500000, {1033: "A", 1065: "الف"}),)),
        Column("createdon", Kind.INSTANT),
        Column("birthdate", Kind.DATE),
        Column("meeting", Kind.LOCAL),
        Column("parentcustomerid", Kind.LOOKUP, targets=("account", "contact")),
        Column("parentcustomeridname", Kind.OTHER),
        Column("entityimage", Kind.OTHER),
        Column("activitytypecode", Kind.TEXT),
    ],
    ids=lambda column: column.name,
)
def test_a_column_is_told_by_its_metadata(
    client: Client, organisation: Organisation, column: Column
) -> None:
    assert load_schema(client, ["account"])["account"].columns[column.name] == column


def test_a_column_that_cannot_be_read_is_left_out(
    client: Client, organisation: Organisation
) -> None:
    assert "hidden" not in load_schema(client, ["account"])["account"].columns


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        (["account", "lead", "gs_run"], "gs_run, lead"),
        (["account", "x' or 1 eq 1"], "x' or 1 eq 1"),
        (["Account"], "Account"),
    ],
)
def test_every_missing_table_is_named(
    client: Client, organisation: Organisation, tables: list[str], told: str
) -> None:
    with pytest.raises(MissingMetadata, match=told):
        load_schema(client, tables)


def test_nothing_wanted_asks_nothing(client: Client, organisation: Organisation) -> None:
    assert load_schema(client, []) == {}
    assert client.requests == 0


@pytest.mark.parametrize(
    ("answer", "offered"),
    [(BULK, True), (ok({"value": []}), False), (refused(403, "0x80040220"), False)],
)
def test_bulk_updates_are_used_only_where_the_organisation_offers_them(
    client: Client, mock: responses.RequestsMock, answer: Reply, offered: bool
) -> None:
    Organisation(
        lambda call: answer if call.path.startswith("sdkmessagefilters") else respond(call)
    ).install(mock)
    assert load_schema(client, ["account"])["account"].bulk_update is offered


def test_a_refused_cast_is_not_taken_for_no_columns(
    client: Client, mock: responses.RequestsMock
) -> None:
    Organisation(
        lambda call: refused(400, "0x80040203") if "Money" in call.path else respond(call)
    ).install(mock)
    with pytest.raises(PermanentError) as caught:
        load_schema(client, ["account"])
    assert isinstance(caught.value, DataverseError)


def test_the_cache_asks_once_until_it_is_dropped(
    client: Client, organisation: Organisation
) -> None:
    cache = MetadataCache(client)
    assert cache.schema(["account"]) == cache.schema(["account"])
    assert client.requests == 1
    cache.drop()
    cache.schema(["account"])
    assert client.requests == 2
