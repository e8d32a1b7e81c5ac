"""Dataverse's own query functions in ``$filter``, and parameter aliases."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.emulator.query_more.conftest import A1, A2, A3, A4
from tests.emulator.serving import OrgServer

CRM = "Microsoft.Dynamics.CRM."


def names(org: OrgServer, entity_set: str, condition: str) -> list[str]:
    path = f"{entity_set}?$select=name&$orderby=name&$filter={quote(condition)}"
    return [str(name) for name in org.names(path)]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Today(PropertyName='createdon')", ["I1"]),
        ("Yesterday(PropertyName='createdon')", ["I2"]),
        ("Tomorrow(PropertyName='createdon')", []),
        ("ThisWeek(PropertyName='createdon')", ["I1", "I6"]),
        ("LastWeek(PropertyName='createdon')", ["I2", "I3"]),
        ("NextWeek(PropertyName='createdon')", []),
        ("ThisMonth(PropertyName='createdon')", ["I1", "I6"]),
        ("LastMonth(PropertyName='createdon')", ["I2", "I3"]),
        ("NextMonth(PropertyName='createdon')", []),
        ("ThisYear(PropertyName='createdon')", ["I1", "I2", "I3", "I4", "I6"]),
        ("LastYear(PropertyName='createdon')", ["I5"]),
        ("ThisFiscalPeriod(PropertyName='createdon')", ["I1", "I2", "I3", "I4", "I6"]),
        ("LastFiscalYear(PropertyName='createdon')", ["I5"]),
        ("InFiscalYear(PropertyName='createdon',PropertyValue=2025)", ["I5"]),
        # From midnight this morning back, up to now.
        ("LastXDays(PropertyName='createdon',PropertyValue=4)", ["I1", "I2", "I3"]),
        ("LastXDays(PropertyName='createdon',PropertyValue=3)", ["I1", "I2"]),
        ("Last7Days(PropertyName='createdon')", ["I1", "I2", "I3"]),
        ("LastXHours(PropertyName='createdon',PropertyValue=1)", ["I1"]),
        ("LastXWeeks(PropertyName='createdon',PropertyValue=1)", ["I1", "I2", "I3"]),
        ("LastXMonths(PropertyName='createdon',PropertyValue=1)", ["I1", "I2", "I3"]),
        ("LastXYears(PropertyName='createdon',PropertyValue=1)",
         ["I1", "I2", "I3", "I4", "I5"]),
        # From now to the end of the day so far ahead.
        ("NextXDays(PropertyName='createdon',PropertyValue=3)", ["I6"]),
        ("NextXDays(PropertyName='createdon',PropertyValue=2)", []),
        ("Next7Days(PropertyName='createdon')", ["I6"]),
        ("NextXHours(PropertyName='createdon',PropertyValue=63)", []),
        ("NextXHours(PropertyName='createdon',PropertyValue=64)", ["I6"]),
        ("NextXMonths(PropertyName='createdon',PropertyValue=1)", ["I6"]),
        ("OlderThanXMonths(PropertyName='createdon',PropertyValue=1)", ["I4", "I5"]),
        ("OlderThanXMinutes(PropertyName='createdon',PropertyValue=30)",
         ["I2", "I3", "I4", "I5"]),
        ("On(PropertyName='createdon',PropertyValue='2026-02-28')", ["I2"]),
        ("NotOn(PropertyName='createdon',PropertyValue='2026-02-28')",
         ["I1", "I3", "I4", "I5", "I6"]),
        ("OnOrAfter(PropertyName='createdon',PropertyValue='2026-02-28')", ["I1", "I2", "I6"]),
        ("OnOrBefore(PropertyName='createdon',PropertyValue='2026-01-31')", ["I4", "I5"]),
        ("Between(PropertyName='createdon',PropertyValues=['2026-02-01','2026-02-28'])", ["I3"]),
        # Date-only columns have days, no moments.
        ("Today(PropertyName='duedate')", ["I1"]),
        ("LastXDays(PropertyName='duedate',PropertyValue=4)", ["I1", "I2", "I3"]),
        ("NextXDays(PropertyName='duedate',PropertyValue=3)", ["I1", "I6"]),
        ("OnOrBefore(PropertyName='duedate',PropertyValue='2026-01-31')", ["I4", "I5"]),
    ],
)  # fmt: skip
def test_date_functions_reach_from_and_to_the_documented_moments(
    reading_server: OrgServer, call: str, expected: list[str]
) -> None:
    assert names(reading_server, "invoices", CRM + call) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("In(PropertyName='statecode',PropertyValues=['0','3'])", ["I2", "I5", "I6"]),
        ('In(PropertyName="statecode",PropertyValues=["0","3"])', ["I2", "I5", "I6"]),
        ("In(PropertyName='statecode',PropertyValues=[0,3])", ["I2", "I5", "I6"]),
        ("NotIn(PropertyName='statecode',PropertyValues=['0','3'])", ["I1", "I3", "I4"]),
        ("In(PropertyName='name',PropertyValues=['i1','nobody'])", ["I1"]),
        (f"In(PropertyName='customerid',PropertyValues=['{A1}'])", ["I1", "I2"]),
        (f"In(PropertyName='_customerid_value',PropertyValues=['{A1}'])", ["I1", "I2"]),
        ("Between(PropertyName='totalamount',PropertyValues=['50','100'])", ["I1", "I2"]),
        ("NotBetween(PropertyName='totalamount',PropertyValues=['50','100'])",
         ["I3", "I4", "I6"]),
        ("EqualUserId(PropertyName='ownerid')", ["I1", "I2", "I3", "I4", "I5", "I6"]),
        ("NotEqualUserId(PropertyName='ownerid')", []),
        ("EqualBusinessId(PropertyName='owningbusinessunit')",
         ["I1", "I2", "I3", "I4", "I5", "I6"]),
        ("In(PropertyName='customerid_account/name',PropertyValues=['Zarrin'])", ["I1", "I2"]),
    ],
)  # fmt: skip
def test_value_functions_compare_like_their_operators(
    reading_server: OrgServer, condition: str, expected: list[str]
) -> None:
    assert names(reading_server, "invoices", CRM + condition) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (f"Under(PropertyName='accountid',PropertyValue='{A1}')", [A2, A3]),
        (f"UnderOrEqual(PropertyName='accountid',PropertyValue='{A2}')", [A2, A3]),
        (f"NotUnder(PropertyName='accountid',PropertyValue='{A1}')", [A1, A4]),
        (f"Above(PropertyName='accountid',PropertyValue='{A3}')", [A1, A2]),
        (f"AboveOrEqual(PropertyName='accountid',PropertyValue='{A2}')", [A1, A2]),
        (f"Under(PropertyName='parentaccountid',PropertyValue='{A1}')", [A3]),
        ("In(PropertyName='name',PropertyValues=['100% O''Brien'])", [A4]),
        ('In(PropertyName=\'name\',PropertyValues=["100% O\'Brien","شرکت پارس"])', [A2, A4]),
    ],
)
def test_hierarchies_and_quoted_texts_are_understood(
    reading_server: OrgServer, call: str, expected: list[str]
) -> None:
    rows = reading_server.rows(f"accounts?$select=name&$filter={quote(CRM + call)}")
    assert sorted(row["accountid"] for row in rows) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (f"not {CRM}Today(PropertyName='createdon') and statecode eq 2", ["I3", "I4"]),
        (f"({CRM}Today(PropertyName='createdon') or {CRM}Yesterday(PropertyName='createdon'))",
         ["I1", "I2"]),
        (f"name ne '{CRM}Today(PropertyName=x)' and statecode eq 3", ["I6"]),
    ],
)  # fmt: skip
def test_functions_combine_with_other_conditions(
    reading_server: OrgServer, condition: str, expected: list[str]
) -> None:
    assert names(reading_server, "invoices", condition) == expected


def test_functions_work_inside_lambdas(reading_server: OrgServer) -> None:
    inner = f"{CRM}Yesterday(PropertyName='i/createdon')"
    found = names(reading_server, "accounts", f"invoice_customer_accounts/any(i:{inner})")
    assert found == ["Zarrin"]


def test_functions_work_inside_expand(reading_server: OrgServer) -> None:
    inner = f"{CRM}In(PropertyName='statecode',PropertyValues=['0','3'])"
    expand = f"invoice_customer_accounts($select=name;$filter={inner})"
    row = reading_server.get(f"accounts({A1})?$select=name&$expand={expand}")
    assert [child["name"] for child in row["invoice_customer_accounts"]] == ["I2"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$filter=name eq @p1&@p1='I1'", ["I1"]),
        ("@p1='I1'&$filter=name eq @p1", ["I1"]),
        ("$filter=name eq 'x@p1' or name eq @p1&@p1='I2'", ["I2"]),
        ("$filter=totalamount eq @missing", ["I5"]),
        ("$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)"
         "&@p1='statecode'&@p2=['0']", ["I2", "I5"]),
        ("$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName=@p1,PropertyValue=@p2)"
         "&@p1='createdon'&@p2=3", ["I1", "I2"]),
        ("$filter=statecode eq 0&$orderby=@o&@o=name", ["I2", "I5"]),
    ],
)  # fmt: skip
def test_aliases_stand_for_their_values(
    reading_server: OrgServer, query: str, expected: list[str]
) -> None:
    assert sorted(reading_server.names(f"invoices?$select=name&{query}")) == expected


@pytest.mark.parametrize(
    "call",
    [
        "LastXDays(PropertyName='createdon')",
        "LastXDays(PropertyName='createdon',PropertyValue='x')",
        "LastXDays(PropertyName='createdon',PropertyValue=0)",
        "LastXDays(PropertyName='name',PropertyValue=1)",
        "LastXDays(PropertyValue=1)",
        "Today(PropertyName='nosuch')",
        "In(PropertyName='statecode',PropertyValues=['x'])",
        "In(PropertyName='statecode',PropertyValues=[])",
        "On(PropertyName='createdon',PropertyValue='soon')",
        "Between(PropertyName='totalamount',PropertyValues=['1'])",
        "InFiscalYear(PropertyName='createdon',PropertyValue=99999)",
        "ContainValues(PropertyName='statecode',PropertyValues=['1'])",
        "DoesNotContainValues(PropertyName='statecode',PropertyValues=['1'])",
        "Under(PropertyName='invoiceid',PropertyValue='x')",
        f"Under(PropertyName='invoiceid',PropertyValue='{A1}')",
        f"Under(PropertyName='customerid',PropertyValue='{A1}')",
        f"Under(PropertyName='pricelevelid',PropertyValue='{A1}')",
        "LastXYears(PropertyName='createdon',PropertyValue=9000)",
        "On(PropertyName='createdon',PropertyValue='0001-01-01')",
        "In(PropertyName='name',PropertyValues=[\"\\q\"])",
        "NoSuchFunction(PropertyName='createdon')",
        "Today(PropertyName=)",
    ],
)
def test_a_function_that_makes_no_sense_is_refused(reading_server: OrgServer, call: str) -> None:
    response = reading_server.send("GET", f"invoices?$filter={quote(CRM + call)}")
    assert response.status_code == 400, response.text


@pytest.mark.parametrize(
    "call",
    [
        "EqualUserOrUserHierarchyAndTeams(PropertyName='ownerid')",
        "LastXFiscalYears(PropertyName='createdon',PropertyValue=1)",
        "Today(PropertyName='createdon',Other='x')",
    ],
)
def test_a_function_that_is_left_out_is_refused_with_501(
    refused: Callable[[str], OrgServer], call: str
) -> None:
    refused(f"invoices?$filter={CRM}{call}")


def test_the_user_decides_where_the_day_begins(start_server: Callable[..., OrgServer]) -> None:
    """In Tehran, half past midnight on 1 March is still the day before in UTC."""
    org = start_server()
    for name, created in (("late", "2026-02-28T21:00:00Z"), ("early", "2026-02-28T20:00:00Z")):
        org.create("invoices", name=name, overriddencreatedon=created)
    today = f"invoices?$select=name&$filter={CRM}Today(PropertyName='createdon')"
    assert org.names(today) == []
    settings = org.rows("usersettingscollection")[0]["systemuserid"]
    org.send("PATCH", f"usersettingscollection({settings})", {"timezonecode": 160})
    assert org.names(today) == ["late"]
