"""FetchXML without aggregates: columns, joins, filters, order, distinct rows."""

from typing import Any

import pytest

from tests.emulator.query_more.conftest import A1, A2, A3, C1, EURO, fetch
from tests.emulator.serving import OrgServer

ANNOTATED = 'odata.include-annotations="*"'


def invoices(inside: str, attributes: str = "") -> str:
    return fetch(
        "invoices", f"<fetch {attributes}><entity name='invoice'>{inside}</entity></fetch>"
    )


def accounts(inside: str, attributes: str = "") -> str:
    return fetch(
        "accounts", f"<fetch {attributes}><entity name='account'>{inside}</entity></fetch>"
    )


def ids(org: OrgServer, path: str) -> list[str]:
    return sorted(row["accountid"][-1] for row in org.rows(path))


def test_only_the_named_columns_come_and_nulls_are_left_out(reading_server: OrgServer) -> None:
    path = accounts(
        "<attribute name='name'/><attribute name='revenue'/><attribute name='parentaccountid'/>"
        "<order attribute='name'/>"
    )
    rows = reading_server.rows(path)
    assert [{key for key in row if key != "@odata.etag"} for row in rows] == [
        {"accountid", "name"},
        {"accountid", "name", "revenue"},
        {"accountid", "name", "_parentaccountid_value"},
        {"accountid", "name", "revenue", "_parentaccountid_value"},
    ]
    assert rows[1]["revenue"] == 100
    assert rows[2]["_parentaccountid_value"] == A2
    assert all(row["@odata.etag"].startswith('W/"') for row in rows)


@pytest.mark.parametrize("inside", ["", "<all-attributes/>"])
def test_every_column_comes_when_none_is_named(reading_server: OrgServer, inside: str) -> None:
    row = reading_server.rows(accounts(f"{inside}<filter><condition attribute='name' operator='eq' "
                                       "value='zarrin'/></filter>"))[0]  # fmt: skip
    assert {"createdon", "_ownerid_value", "statecode", "numberofemployees"} <= row.keys()
    assert "description" not in row


def test_an_alias_renames_a_column(reading_server: OrgServer) -> None:
    rows = reading_server.rows(
        accounts("<attribute name='name' alias='n'/><order alias='n' descending='true'/>")
    )
    assert [row["n"] for row in rows] == ["شرکت پارس", "Ālpha", "Zarrin", "100% O'Brien"]
    assert "name" not in rows[0]


def test_annotations_come_with_own_and_joined_columns(reading_server: OrgServer) -> None:
    path = invoices(
        "<attribute name='statecode'/><attribute name='totalamount'/>"
        "<attribute name='customerid'/>"
        "<filter><condition attribute='name' operator='eq' value='I3'/></filter>"
        "<link-entity name='account' from='accountid' to='customerid' alias='a'>"
        "<attribute name='name'/><attribute name='primarycontactid'/></link-entity>"
    )
    row = reading_server.rows(path, Prefer=ANNOTATED)[0]
    formatted = "OData.Community.Display.V1.FormattedValue"
    table = "Microsoft.Dynamics.CRM.lookuplogicalname"
    assert row[f"statecode@{formatted}"] == "Paid"
    assert row[f"totalamount@{formatted}"] == "€200.00"
    assert row[f"_customerid_value@{formatted}"] == "شرکت پارس"
    assert row[f"_customerid_value@{table}"] == "account"
    assert row["_transactioncurrencyid_value"] == EURO
    assert row["a.name"] == "شرکت پارس"
    assert (row["a.primarycontactid"], row[f"a.primarycontactid@{table}"]) == (C1, "contact")
    assert row[f"a.primarycontactid@{formatted}"] == "Sara Ahmadi"
    assert "a.accountid" not in row


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("attribute='name' operator='eq' value='ZARRIN'", "1"),
        ("attribute='name' operator='ne' value='zarrin'", "234"),
        ("attribute='name' operator='like' value='%پارس'", "2"),
        ("attribute='name' operator='not-like' value='z%'", "234"),
        ("attribute='name' operator='like' value='z_rrin'", "1"),
        ("attribute='name' operator='begins-with' value='zar'", "1"),
        ("attribute='name' operator='not-begin-with' value='zar'", "234"),
        ("attribute='name' operator='ends-with' value=&quot;o'brien&quot;", "4"),
        ("attribute='name' operator='not-end-with' value='rin'", "234"),
        ("attribute='numberofemployees' operator='gt' value='5'", "23"),
        ("attribute='numberofemployees' operator='le' value='5'", "1"),
        ("attribute='numberofemployees' operator='null'", "4"),
        ("attribute='numberofemployees' operator='not-null'", "123"),
        ("attribute='revenue' operator='ge' value='100.5'", "2"),
        ("attribute='revenue' operator='lt' value='100.5'", "1"),
        (f"attribute='accountid' operator='eq' value='{{{A1.upper()}}}'", "1"),
        (f"attribute='accountid' operator='under' value='{A1}'", "23"),
        (f"attribute='accountid' operator='eq-or-above' value='{A2}'", "12"),
        ("attribute='ownerid' operator='eq-userid'", "1234"),
        ("attribute='ownerid' operator='eq-useroruserhierarchy'", "1234"),
        ("attribute='ownerid' operator='eq-useroruserteams'", "1234"),
        ("attribute='ownerid' operator='eq-userteams'", ""),
        ("attribute='owningbusinessunit' operator='eq-businessid'", "1234"),
        ("attribute='createdon' operator='today'", "1234"),
        ("attribute='createdon' operator='older-than-nothing' value='1'", None),
        ("attribute='creditonhold' operator='eq' value='1'", ""),
        ("attribute='name' operator='eq' valueof='address1_city'", ""),
        ("attribute='createdon' operator='eq' valueof='modifiedon'", "1234"),
    ],
)
def test_conditions_choose_rows(
    reading_server: OrgServer, condition: str, expected: str | None
) -> None:
    condition = condition.replace("&quot;", '"')
    path = accounts(f"<attribute name='name'/><filter><condition {condition}/></filter>")
    if expected is None:
        assert reading_server.send("GET", path).status_code == 400
    else:
        assert ids(reading_server, path) == list(expected)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<condition attribute='name' operator='in'><value>zarrin</value><value>x</value>"
         "</condition>", "1"),
        ("<condition attribute='name' operator='not-in'><value>zarrin</value></condition>", "234"),
        ("<condition attribute='numberofemployees' operator='between'><value>5</value>"
         "<value>7</value></condition>", "1"),
        ("<condition attribute='numberofemployees' operator='not-between'><value>5</value>"
         "<value>7</value></condition>", "23"),
        ("<filter type='or'><condition attribute='name' operator='eq' value='Zarrin'/>"
         "<condition attribute='numberofemployees' operator='null'/></filter>", "14"),
        ("<filter type='or'><filter><condition attribute='name' operator='eq' value='Zarrin'/>"
         "<condition attribute='revenue' operator='gt' value='500'/></filter>"
         "<condition attribute='numberofemployees' operator='null'/></filter>", "4"),
        ("<filter/>", "1234"),
    ],
)  # fmt: skip
def test_filters_combine_conditions(reading_server: OrgServer, inside: str, expected: str) -> None:
    path = accounts(f"<attribute name='name'/><filter>{inside}</filter>")
    assert ids(reading_server, path) == list(expected)


LINK = (
    "<link-entity name='invoice' from='customerid' to='accountid' link-type='{}'>{}</link-entity>"
)
PAID = "<filter><condition attribute='statecode' operator='eq' value='2'/></filter>"


@pytest.mark.parametrize(
    ("kind", "inside", "expected"),
    [
        ("inner", "", "11223"),
        ("inner", PAID, "123"),
        ("outer", PAID, "1234"),
        ("exists", "", "123"),
        ("exists", PAID, "123"),
        ("in", "", "123"),
    ],
)
def test_joins_repeat_or_keep_the_outer_row(
    reading_server: OrgServer, kind: str, inside: str, expected: str
) -> None:
    path = accounts("<attribute name='name'/>" + LINK.format(kind, inside))
    assert ids(reading_server, path) == list(expected)


@pytest.mark.parametrize(
    ("kind", "inside", "expected"),
    [
        ("any", "", "123"),
        ("any", "<filter><condition attribute='totalamount' operator='gt' value='90'/></filter>",
         "12"),
        ("not any", "", "4"),
        ("not any", PAID, "4"),
        # Documented: "all" finds rows none of whose matches passes the filter ...
        ("all", "<filter><condition attribute='totalamount' operator='gt' value='90'/></filter>",
         "3"),
        # ... and "not all" is another word for "any".
        ("not all", PAID, "123"),
    ],
)  # fmt: skip
def test_links_inside_a_filter_ask_about_related_rows(
    reading_server: OrgServer, kind: str, inside: str, expected: str
) -> None:
    path = accounts(f"<attribute name='name'/><filter>{LINK.format(kind, inside)}</filter>")
    assert ids(reading_server, path) == list(expected)


def test_a_link_in_an_or_filter_is_one_of_the_alternatives(reading_server: OrgServer) -> None:
    path = accounts(
        "<attribute name='name'/><filter type='or'>"
        "<condition attribute='numberofemployees' operator='null'/>"
        + LINK.format("any", "<filter><condition attribute='name' operator='eq' value='I4'/>"
                             "</filter>")
        + "</filter>"
    )  # fmt: skip
    assert ids(reading_server, path) == ["3", "4"]


def test_joined_columns_carry_their_alias(reading_server: OrgServer) -> None:
    path = invoices(
        "<attribute name='name'/><order attribute='name'/>"
        "<link-entity name='account' from='accountid' to='customerid' link-type='outer' alias='a'>"
        "<attribute name='name'/><attribute name='numberofemployees' alias='staff'/>"
        "<link-entity name='contact' from='contactid' to='primarycontactid' link-type='outer'>"
        "<attribute name='fullname'/></link-entity></link-entity>"
    )
    rows = [_plain(row) for row in reading_server.rows(path)]
    assert rows[0] == {
        "name": "I1", "a.name": "Zarrin", "staff": 5, "contact2.fullname": "Sara Ahmadi",
    }  # fmt: skip
    assert rows[3] == {"name": "I4", "a.name": "Ālpha", "staff": 8}
    assert rows[5] == {"name": "I6"}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in ("@odata.etag", "invoiceid")}


def test_a_condition_after_the_join_names_the_link(reading_server: OrgServer) -> None:
    """A customer that is not there is null after an outer join."""
    path = invoices(
        "<attribute name='name'/>"
        "<filter><condition entityname='a' attribute='accountid' operator='null'/></filter>"
        "<link-entity name='account' from='accountid' to='customerid' link-type='outer' "
        "alias='a'/>"
    )
    assert reading_server.names(path) == ["I6"]


def test_columns_of_two_tables_are_compared(reading_server: OrgServer) -> None:
    path = accounts(
        "<attribute name='name'/>"
        "<filter><condition attribute='numberofemployees' operator='eq' "
        "valueof='p.numberofemployees'/></filter>"
        "<link-entity name='account' from='accountid' to='parentaccountid' alias='p'/>"
    )
    assert ids(reading_server, path) == ["3"]


def test_many_to_many_links_go_through_the_intersect_table(reading_server: OrgServer) -> None:
    path = fetch(
        "teams",
        "<fetch><entity name='team'><attribute name='name'/>"
        "<link-entity name='teammembership' from='teamid' to='teamid' intersect='true'>"
        "<link-entity name='systemuser' from='systemuserid' to='systemuserid' alias='u'>"
        "<attribute name='fullname'/></link-entity></link-entity></entity></fetch>",
    )
    assert reading_server.rows(path)[0]["u.fullname"] == "gradesys service"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("<order attribute='totalamount'/>", ["I5", "I6", "I4", "I2", "I1", "I3"]),
        ("<order attribute='totalamount' descending='true'/>",
         ["I3", "I1", "I2", "I4", "I6", "I5"]),
        ("<order attribute='statecode'/><order attribute='name' descending='true'/>",
         ["I5", "I2", "I4", "I3", "I1", "I6"]),
        ("<order attribute='customerid'/><order attribute='name'/>",
         ["I6", "I1", "I2", "I4", "I3", "I5"]),
        ("<order entityname='a' attribute='name' descending='true'/><order attribute='name'/>"
         "<link-entity name='account' from='accountid' to='customerid' link-type='outer' "
         "alias='a'/>", ["I3", "I5", "I4", "I1", "I2", "I6"]),
        ("<order attribute='statecode'/><link-entity name='account' from='accountid' "
         "to='customerid' link-type='outer' alias='a'><order attribute='name'/></link-entity>",
         ["I2", "I5", "I1", "I4", "I3", "I6"]),
    ],
)  # fmt: skip
def test_rows_come_in_order(reading_server: OrgServer, order: str, expected: list[str]) -> None:
    assert reading_server.names(invoices(f"<attribute name='name'/>{order}")) == expected


def test_distinct_rows_have_no_key_unless_it_is_named(reading_server: OrgServer) -> None:
    inside = "<attribute name='numberofemployees'/><order attribute='numberofemployees'/>"
    rows = reading_server.rows(accounts(inside, "distinct='true'"))
    assert rows == [{}, {"numberofemployees": 5}, {"numberofemployees": 8}]


def test_distinct_undoes_the_repetition_of_a_join(reading_server: OrgServer) -> None:
    inside = "<attribute name='accountid'/>" + LINK.format("inner", "")
    rows = reading_server.rows(accounts(inside, "distinct='true'"))
    assert [row["accountid"] for row in rows] == [A1, A2, A3]


def test_top_limits_the_rows(reading_server: OrgServer) -> None:
    path = invoices("<attribute name='name'/><order attribute='name'/>", "top='2'")
    assert reading_server.names(path) == ["I1", "I2"]
