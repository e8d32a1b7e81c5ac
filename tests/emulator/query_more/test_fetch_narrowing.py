"""FetchXML inside ``$batch`` as a client narrows reads with it: joins of several levels down to
given ids, links between many, lookups of several tables, and pages of all that."""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from tests.emulator.query_more.conftest import fetch
from tests.emulator.serving import OrgServer

LOOKUPS = "Microsoft.Dynamics.CRM.lookuplogicalname"
COOKIE = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie"
MORE = "Microsoft.Dynamics.CRM.morerecords"
WANTED = f'odata.include-annotations="{LOOKUPS},{COOKIE},{MORE}"'
TOP, MIDDLE, LOW, OTHER = (f"ac000000-0000-4000-8000-00000000000{n}" for n in "1234")
PERSON = "cc000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def server(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    """Three accounts above one another and one beside, their invoices, lines, and links."""
    server = start_server()
    create = server.create
    for number, (account, parent) in enumerate(((TOP, None), (MIDDLE, TOP), (LOW, MIDDLE),
                                                (OTHER, None))):  # fmt: skip
        bound = {"parentaccountid__bind": f"/accounts({parent})"} if parent else {}
        create("accounts", accountid=account, name=f"A{number}", **bound)
    create("contacts", contactid=PERSON, lastname="P",
           parentcustomerid_account__bind=f"/accounts({MIDDLE})")  # fmt: skip
    for name, customer in (("I1", f"account__bind=/accounts({LOW})"),
                           ("I2", f"account__bind=/accounts({OTHER})"),
                           ("I3", f"contact__bind=/contacts({PERSON})")):  # fmt: skip
        kind, _, address = customer.partition("=")
        invoice = create("invoices", name=name, **{f"customerid_{kind}": address})
        for quantity in (1, 2):
            create("invoicedetails", productdescription=f"{name}/{quantity}", quantity=quantity,
                   invoiceid__bind=f"/invoices({invoice})")  # fmt: skip
    _link_cases(server)
    yield server
    assert server.unsupported() == 0, "something asked for what the emulator does not implement"


def _link_cases(server: OrgServer) -> None:
    """A relationship of the customer's own between accounts and cases, and a marketing list."""
    name = "gs_account_incident"
    made = server.send("POST", "RelationshipDefinitions", {
        "@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
        "SchemaName": name, "Entity1LogicalName": "account", "Entity2LogicalName": "incident",
        "IntersectEntityName": name,
    })  # fmt: skip
    assert made.status_code == 204
    for title, account in (("C1", TOP), ("C2", TOP), ("C3", OTHER)):
        case = server.create("incidents", title=title)
        reference = {"@odata.id": f"/incidents({case})"}
        assert server.send("POST", f"accounts({account})/{name}/$ref", reference).status_code == 204
    found = server.create("lists", listname="L", createdfromcode=1)
    body = {"EntityId": MIDDLE}
    path = f"lists({found})/Microsoft.Dynamics.CRM.AddMemberList"
    assert server.send("POST", path, body).status_code == 200


def ask(server: OrgServer, entity_set: str, xml: str) -> Any:
    """The body of the only part of a batch."""
    path = f"/api/data/v9.2/{fetch(entity_set, xml)}"
    part = f"Content-Type: application/http\r\n\r\nGET {path} HTTP/1.1\r\nPrefer: {WANTED}\r\n\r\n"
    answer = server.session.post(f"{server.api}$batch", data=f"--b\r\n{part}\r\n--b--\r\n",
                                 headers={"Content-Type": "multipart/mixed; boundary=b"},
                                 timeout=30)  # fmt: skip
    body = re.search(r"\r\n\r\n(\{.*\})", answer.text, re.DOTALL)
    assert body is not None, answer.text
    return msgspec.json.decode(body[1])


def one_of(column: str, *ids: str) -> str:
    values = "".join(f"<value>{item}</value>" for item in ids)
    return f'<filter><condition attribute="{column}" operator="in">{values}</condition></filter>'


def join(table: str, own: str, to: str, inside: str = "", **more: str) -> str:
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<link-entity name="{table}" from="{own}" to="{to}"{extra}>{inside}</link-entity>'


def query(table: str, inside: str, attributes: str = "") -> str:
    return f'<fetch {attributes}><entity name="{table}">{inside}</entity></fetch>'


LINES = '<attribute name="productdescription"/><order attribute="productdescription"/>'
UP = join("account", "accountid", "parentaccountid", one_of("accountid", TOP), alias="top")
MEMBERS = join("listmember", "entityid", "accountid",
               '<attribute name="listid"/><attribute name="entityid"/>', alias="m",
               intersect="true")  # fmt: skip
CASES = join("gs_account_incident", "incidentid", "incidentid",
             '<attribute name="accountid"/>' + one_of("accountid", TOP, LOW), alias="x",
             intersect="true")  # fmt: skip


@pytest.mark.parametrize(
    ("entity_set", "xml", "expected"),
    [
        ("invoicedetails", query("invoicedetail", LINES + join(
            "invoice", "invoiceid", "invoiceid", join(
                "account", "accountid", "customerid", join(
                    "account", "accountid", "parentaccountid", UP, alias="middle"),
                alias="low"), alias="i")),
         [{"productdescription": "I1/1"}, {"productdescription": "I1/2"}]),
        ("invoices", query("invoice", '<attribute name="name"/><attribute name="customerid"/>'
                           + join("contact", "contactid", "customerid",
                                  '<attribute name="parentcustomerid"/>'
                                  + one_of("parentcustomerid", MIDDLE), alias="c")),
         [{"name": "I3", "_customerid_value": PERSON, f"_customerid_value@{LOOKUPS}": "contact",
           "c.parentcustomerid": MIDDLE, f"c.parentcustomerid@{LOOKUPS}": "account"}]),
        ("accounts", query("account", '<attribute name="name"/>' + join(
            "account", "accountid", "parentaccountid",
            '<attribute name="name"/><attribute name="parentaccountid"/>', alias="p",
            link_type="outer") + '<order attribute="name"/>', 'top="3"'),
         [{"name": "A0"}, {"name": "A1", "p.name": "A0"},
          {"name": "A2", "p.name": "A1", "p.parentaccountid": TOP,
           f"p.parentaccountid@{LOOKUPS}": "account"}]),
        ("incidents", query("incident", '<attribute name="title"/>' + CASES
                            + '<order attribute="title"/>'),
         [{"title": "C1", "x.accountid": TOP}, {"title": "C2", "x.accountid": TOP}]),
        ("gs_account_incidentset", query("gs_account_incident", '<attribute name="accountid"/>'
                                         + one_of("accountid", OTHER)), [{"accountid": OTHER}]),
    ],
    ids=["four levels", "lookup of several tables", "outer", "own intersect", "intersect itself"],
)  # fmt: skip
def test_rows_are_narrowed_over_joins(
    server: OrgServer, entity_set: str, xml: str, expected: list[dict[str, Any]]
) -> None:
    rows = ask(server, entity_set, xml)["value"]
    keys = {"@odata.etag", "accountid", "incidentid", "invoiceid", "invoicedetailid",
            "gs_account_incidentid"}  # fmt: skip
    named = [
        {name: value for name, value in row.items() if name not in keys - set(expected[0])}
        for row in rows
    ]
    assert named == expected


def test_marketing_lists_are_reached_over_their_members(server: OrgServer) -> None:
    (row,) = ask(server, "accounts", query("account", '<attribute name="name"/>' + MEMBERS))[
        "value"
    ]
    assert (row["name"], row["m.entityid"], row[f"m.entityid@{LOOKUPS}"]) == (
        "A1", MIDDLE, "account")  # fmt: skip
    assert row[f"m.listid@{LOOKUPS}"] == "list"


def test_joined_rows_are_paged_by_their_cookie(server: OrgServer) -> None:
    inside = '<attribute name="quantity"/>' + join("invoice", "invoiceid", "invoiceid",
        join("account", "accountid", "customerid", one_of("accountid", LOW, OTHER)))  # fmt: skip
    found, attributes = [], 'count="3"'
    for page in (1, 2):
        body = ask(server, "invoicedetails", query("invoicedetail", inside, attributes))
        found += [row["invoicedetailid"] for row in body["value"]]
        assert body.get(f"@{MORE}", False) is (page == 1)
        cookie = re.search('pagingcookie="(.*?)"', body.get(f"@{COOKIE}", ""))
        if cookie is not None:
            plain = escape(unquote(unquote(cookie[1])))
            attributes = f'count="3" page="2" paging-cookie="{plain}"'
    assert len(found) == len(set(found)) == 4


def test_aggregates_are_narrowed_over_joins(server: OrgServer) -> None:
    inside = (
        '<attribute name="quantity" aggregate="sum" alias="s"/>'
        '<attribute name="invoicedetailid" aggregate="count" alias="n"/>'
        '<attribute name="quantity" aggregate="countcolumn" alias="c"/>'
        '<attribute name="quantity" aggregate="min" alias="low"/>'
        '<attribute name="quantity" aggregate="max" alias="high"/>'
        '<filter><condition attribute="quantity" operator="gt" value="1"/></filter>'
    )
    joined = join("invoice", "invoiceid", "invoiceid",
                  '<attribute name="customerid" groupby="true" alias="of"/>'
                  + one_of("customerid", LOW, PERSON))  # fmt: skip
    body = ask(
        server, "invoicedetails", query("invoicedetail", inside + joined, 'aggregate="true"')
    )
    figures = {"s": 2, "n": 1, "c": 1, "low": 2, "high": 2}
    assert sorted(body["value"], key=lambda row: str(row["of"])) == [
        {"of": LOW, f"of@{LOOKUPS}": "account", **figures},
        {"of": PERSON, f"of@{LOOKUPS}": "contact", **figures},
    ]
