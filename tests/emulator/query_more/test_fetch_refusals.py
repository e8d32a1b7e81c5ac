"""FetchXML that makes no sense, what is left out, and how far a query may go."""

from collections.abc import Callable

import pytest

from tests.emulator.query_more.conftest import A3, fetch
from tests.emulator.query_more.test_fetch_rows import accounts, ids, invoices
from tests.emulator.serving import OrgServer


@pytest.mark.parametrize(
    ("entity_set", "xml", "code"),
    [
        ("accounts", "<fetch><entity name='account'>", "0x80040201"),
        ("accounts", "<fetch/>", "0x80040201"),
        ("accounts", "<find><entity name='account'/></find>", "0x80040201"),
        ("accounts", "<fetch><entity/></fetch>", "0x80040201"),
        ("accounts", "<fetch top='x'><entity name='account'/></fetch>", "0x80040201"),
        ("accounts", "<fetch top='1' page='2'><entity name='account'/></fetch>", "0x80040201"),
        ("accounts", "<fetch distinct='maybe'><entity name='account'/></fetch>", "0x80040201"),
        ("contacts", "<fetch><entity name='account'/></fetch>", "0x80060888"),
        ("accounts", "<fetch><entity name='account'><attribute name='nosuch'/></entity></fetch>",
         "0x80041103"),
        ("accounts", "<fetch><entity name='account'><filter><condition attribute='nosuch' "
                     "operator='null'/></filter></entity></fetch>", "0x80041103"),
        ("accounts", "<fetch><entity name='account'><filter type='xor'/></entity></fetch>",
         "0x80040201"),
        ("accounts", "<fetch><entity name='account'><filter><condition attribute='name' "
                     "operator='nosuch'/></filter></entity></fetch>", "0x80040203"),
        ("accounts", "<fetch><entity name='account'><filter><condition attribute='name' "
                     "operator='like' valueof='name'/></filter></entity></fetch>", "0x80040203"),
        ("accounts", "<fetch><entity name='account'><filter><condition attribute='name' "
                     "operator='eq' valueof='revenue'/></filter></entity></fetch>", "0x80040203"),
        ("accounts", "<fetch><entity name='account'><filter><condition attribute='revenue' "
                     "operator='eq' value='x'/></filter></entity></fetch>", "0x80040203"),
        ("accounts", "<fetch><entity name='account'><filter><condition entityname='zz' "
                     "attribute='name' operator='null'/></filter></entity></fetch>", "0x80041139"),
        ("accounts", "<fetch><entity name='account'><order/></entity></fetch>", "0x80040201"),
        ("accounts", "<fetch><entity name='account'><order alias='x'/></entity></fetch>",
         "0x80040201"),
        ("accounts", "<fetch><entity name='account'><link-entity name='nosuch' from='a' to='b'/>"
                     "</entity></fetch>", "0x80041102"),
        ("accounts", "<fetch><entity name='account'><link-entity name='contact' from='contactid' "
                     "to='primarycontactid' link-type='any'/></entity></fetch>", "0x80040201"),
        ("accounts", "<fetch><entity name='account'><link-entity name='contact' from='contactid' "
                     "to='primarycontactid' link-type='exists'><attribute name='fullname'/>"
                     "</link-entity></entity></fetch>", "0x80040201"),
        ("accounts", "<fetch><entity name='account'>" + "<filter>" * 50 + "</filter>" * 50
                     + "</entity></fetch>", "0x80040201"),
        ("accounts", "<fetch><entity name='account'>"
                     + "<link-entity name='contact' from='contactid' to='primarycontactid'/>" * 16
                     + "</entity></fetch>", "0x8004430d"),
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(
    reading_server: OrgServer, entity_set: str, xml: str, code: str
) -> None:
    response = reading_server.send("GET", fetch(entity_set, xml))
    assert (response.status_code, response.json()["error"]["code"]) == (400, code), response.text


@pytest.mark.parametrize(
    "path",
    [
        accounts("<attribute name='name' rowaggregate='CountChildren'/>"),
        accounts("<surprise/>"),
        accounts("", "datasource='retained'"),
        accounts("<link-entity name='contact' from='contactid' to='primarycontactid' "
                 "link-type='matchfirstrowusingcrossapply'/>"),
        accounts("<attribute name='name'/>") + "&$filter=name eq 'x'",
        accounts("<filter><condition attribute='createdon' operator='last-x-fiscal-years' "
                 "value='1'/></filter>"),
        accounts("<filter><condition attribute='name' operator='like' value='[a-z]'/></filter>"),
        "accounts/$count?fetchXml=<fetch/>",
        "EntityDefinitions?fetchXml=<fetch/>",
    ],
)  # fmt: skip
def test_what_is_left_out_is_refused_with_501(
    refused: Callable[[str], OrgServer], path: str
) -> None:
    refused(path)


def test_a_filter_may_have_thousands_of_alternatives(reading_server: OrgServer) -> None:
    xml = "<condition attribute='name' operator='eq' value='x'/>" * 1200
    zarrin = "<condition attribute='name' operator='eq' value='Zarrin'/>"
    path = accounts(f"<attribute name='name'/><filter type='or'>{xml}{zarrin}</filter>")
    part = f"Content-Type: application/http\r\n\r\nGET {path} HTTP/1.1\r\n\r\n"
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    response = reading_server.session.post(
        f"{reading_server.api}$batch", data=f"--b\r\n{part}\r\n--b--\r\n", headers=headers,
        timeout=30,
    )  # fmt: skip
    assert '"name":"Zarrin"' in response.text


def test_fifteen_links_are_allowed(reading_server: OrgServer) -> None:
    links = "<link-entity name='contact' from='contactid' to='primarycontactid'/>" * 15
    assert ids(reading_server, accounts(f"<attribute name='name'/>{links}")) == ["1", "2", "4"]


def test_a_lookup_finds_its_row(reading_server: OrgServer) -> None:
    condition = f"<condition attribute='customerid' operator='eq' value='{A3}'/>"
    assert reading_server.names(invoices(f"<filter>{condition}</filter>")) == ["I4"]
