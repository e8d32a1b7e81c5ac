"""Metadata of a small organisation, and rulebooks over it, for tests of loading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gradesys.records import Column, Kind, Option, Schema, Table
from gradesys.rules.document import load_document
from gradesys.rules.parse import Source, parse_model
from gradesys.rules.rulebook import Rulebook, open_rulebook

GRADES = tuple(Option(index, {1033: name}) for index, name in enumerate("ABC", start=1))


def lookup(name: str, *targets: str) -> Column:
    """A lookup column."""
    return Column(name, Kind.LOOKUP, targets=targets)


CUSTOMER = lookup("customerid", "account", "contact")
RESULTS = (
    Column("gs_score", Kind.DECIMAL, places=2, minimum=Decimal(0), maximum=Decimal(100)),
    Column("gs_whole", Kind.INTEGER),
    Column("gs_grade", Kind.CHOICE, options=GRADES),
    Column("gs_reasons", Kind.TEXT, length=100),
    Column("gs_state", Kind.MEMO, length=1000),
    Column("gs_trend", Kind.CHOICE, options=GRADES),
    Column("gs_lock", Kind.BOOLEAN),
)
COLUMNS: Mapping[str, Iterable[Column]] = {
    "account": (
        Column("name", Kind.TEXT),
        Column("statecode", Kind.CHOICE),
        Column("creditlimit", Kind.MONEY, places=2),
        Column("openrevenue", Kind.MONEY, places=2, stored=False),
        Column("modifiedon", Kind.INSTANT),
        lookup("parentaccountid", "account"),
        lookup("ownerid", "systemuser", "team"),
        *RESULTS,
    ),
    "contact": (Column("gs_score", Kind.DECIMAL, places=2), lookup("accountid", "account")),
    "invoice": (
        CUSTOMER,
        lookup("salesorderid", "salesorder"),
        Column("statecode", Kind.CHOICE),
        Column("totalamount", Kind.MONEY, places=2),
        Column("totalamount_base", Kind.MONEY, places=4),
        Column("createdon", Kind.INSTANT),
        Column("modifiedon", Kind.INSTANT),
        Column("duedate", Kind.DATE),
        Column("name", Kind.TEXT),
    ),
    "salesorder": (
        CUSTOMER,
        Column("statecode", Kind.CHOICE),
        Column("totalamount_base", Kind.MONEY, places=4),
        *RESULTS,
    ),
    "systemuser": (Column("title", Kind.TEXT), lookup("businessunitid", "businessunit")),
    "team": (Column("name", Kind.TEXT),),
    "businessunit": (Column("name", Kind.TEXT),),
    "phonecall": (lookup("regardingobjectid", "account", "contact"),),
    "email": (lookup("regardingobjectid", "account", "contact"),),
    "activitypointer": (
        lookup("regardingobjectid", "account", "contact"),
        Column("statecode", Kind.CHOICE),
    ),
}


def table(name: str, columns: Iterable[Column]) -> Table:
    """A table with its primary key."""
    key = "activityid" if name in ("activitypointer", "phonecall", "email") else f"{name}id"
    every = (Column(key, Kind.ID), *columns)
    return Table(name, f"{name}s", key, {column.name: column for column in every})


SCHEMA: Schema = {name: table(name, columns) for name, columns in COLUMNS.items()}


def source(text: str, name: str = "m.yaml") -> Source:
    """A model written as YAML; `schema` is added."""
    document = load_document(f"schema: gradesys/v1\n{text}", name)
    return Source(parse_model(document, {}), document)


def rulebook(*texts: str, schema: Schema = SCHEMA) -> Rulebook:
    """The rulebook of models written as YAML."""
    return open_rulebook([source(text) for text in texts], schema)


CUSTOMER_GRADE = """
id: customer_grade
table: account
population: {statecode: 0}
indicators:
  paid:
    {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
     filter: {statecode: 2}, window: {date: createdon, last: 12 months}}
  title: {type: column, column: ownerid.title, points: {map: {boss: 1}}}
score: {min: 0, max: 100}
grades: {bands: [{grade: A, min: 80}, {grade: B, min: 50}, {grade: C}]}
output: {score: gs_score, grade: gs_grade}
"""
ORDER_PRIORITY = """
id: order_priority
table: salesorder
indicators:
  customer: {type: column, column: customerid.gs_score}
  unit: {type: aggregate, of: invoice, lookup: salesorderid, op: count,
         filter: {customerid.parentaccountid.name: x}}
score: {min: 0, max: 100}
output: {score: gs_score}
"""
