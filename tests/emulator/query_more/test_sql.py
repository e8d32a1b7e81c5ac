"""``?sql=``: a SELECT answers what the FetchXML query of the same meaning would."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.query_more.conftest import A1, A2
from tests.emulator.serving import OrgServer


def answer(server: OrgServer, statement: str, entity_set: str = "accounts") -> list[list[Any]]:
    """The values of every row, in the order of the selected columns."""
    rows = server.rows(f"{entity_set}?sql={quote(statement)}")
    return [list(row.values()) for row in rows]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT TOP 2 name FROM account ORDER BY name DESC", [["شرکت پارس"], ["Ālpha"]]),
        ("select name, revenue from Account where NAME = 'ālpha'", [["Ālpha", None]]),
        ("SELECT name AS Title FROM account WHERE revenue >= 100.5", [["شرکت پارس"]]),
        ("SELECT name FROM account WHERE name LIKE N'شرکت%' -- Persian", [["شرکت پارس"]]),
        ("SELECT name FROM account WHERE name = '100% O''Brien'", [["100% O'Brien"]]),
        ("SELECT [name] FROM [account] WHERE revenue IS NOT NULL AND NOT (revenue < 200)",
         [["شرکت پارس"]]),
        ("SELECT name FROM account WHERE numberofemployees IN (5, 6) OR revenue BETWEEN 200 AND 201"
         " ORDER BY revenue", [["Zarrin"], ["شرکت پارس"]]),
        ("SELECT name FROM account WHERE numberofemployees NOT IN (5) AND revenue IS NULL",
         [["Ālpha"]]),
        (f"SELECT parentaccountid FROM account WHERE accountid = '{A2}'", [[A1]]),
        ("SELECT DISTINCT numberofemployees FROM account WHERE numberofemployees > 1"
         " ORDER BY numberofemployees", [[5], [8]]),
        ("SELECT name FROM account ORDER BY name OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
         [["Zarrin"], ["Ālpha"]]),
        ("SELECT TOP 0 name FROM account", []),
    ],
)  # fmt: skip
def test_rows_are_selected(
    reading_server: OrgServer, statement: str, expected: list[list[Any]]
) -> None:
    assert answer(reading_server, statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT a.name, c.lastname FROM account a JOIN contact c ON a.primarycontactid = "
         "c.contactid WHERE c.lastname = 'Karimi'", [["100% O'Brien", "Karimi"]]),
        ("SELECT a.name, p.name AS parent, g.name AS grand FROM account AS a "
         "LEFT JOIN account p ON p.accountid = a.parentaccountid "
         "LEFT OUTER JOIN account g ON p.parentaccountid = g.accountid ORDER BY a.name",
         [["100% O'Brien", None, None], ["Zarrin", None, None],
          ["Ālpha", "شرکت پارس", "Zarrin"], ["شرکت پارس", "Zarrin", None]]),
        ("SELECT a.name, lastname FROM account a INNER JOIN contact c ON a.primarycontactid = "
         "c.contactid ORDER BY c.lastname DESC, a.name",
         [["100% O'Brien", "Karimi"], ["Zarrin", "Ahmadi"], ["شرکت پارس", "Ahmadi"]]),
    ],
)  # fmt: skip
def test_tables_are_joined(
    reading_server: OrgServer, statement: str, expected: list[list[Any]]
) -> None:
    assert answer(reading_server, statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT COUNT(*) AS n, COUNT(numberofemployees), COUNT(DISTINCT numberofemployees), "
         "SUM(revenue), MIN(revenue), MAX(numberofemployees) FROM account",
         [[4, 3, 2, 300.5, 100, 8]]),
        ("SELECT address1_city, COUNT(*) AS n FROM account GROUP BY address1_city ORDER BY n DESC, "
         "address1_city", [["Tehran", 2], [None, 1], ["Shiraz", 1]]),
        ("SELECT SUM(revenue) AS s FROM account WHERE revenue > 100 GROUP BY primarycontactid",
         [[200.5]]),
        ("SELECT c.lastname, COUNT(a.accountid) AS cnt FROM account a JOIN contact c ON "
         "a.primarycontactid = c.contactid GROUP BY c.lastname ORDER BY c.lastname",
         [["Ahmadi", 2], ["Karimi", 1]]),
    ],
)  # fmt: skip
def test_rows_are_summed_up(
    reading_server: OrgServer, statement: str, expected: list[list[Any]]
) -> None:
    assert answer(reading_server, statement) == expected


def test_more_than_a_page_comes_in_pages(many_accounts: OrgServer) -> None:
    path = "accounts?sql=" + quote("SELECT name FROM account WHERE numberofemployees < 6000")
    first = many_accounts.get(path)
    second = many_accounts.get(first["@odata.nextLink"])
    names = [row["name"] for page in (first, second) for row in page["value"]]
    assert "@odata.nextLink" not in second
    assert (len(first["value"]), len(set(names))) == (5000, 6000)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT * FROM account", "0x80060888"),
        ("SELECT name FROM account HAVING name = 'x'", "0x80060888"),
        ("SELECT name FROM account RIGHT JOIN contact c ON c.contactid = x", "0x80060888"),
        ("SELECT name FROM account UNION SELECT name FROM account", "0x80060888"),
        ("DELETE FROM account", "0x80060888"),
        ("SELECT name FROM account WHERE name =", "0x80060888"),
        ("SELECT name FROM account WHERE name ~ 'x'", "0x80060888"),
        ("SELECT nope FROM account", "0x80041103"),
        ("SELECT x.name FROM account a", "0x80060888"),
        ("SELECT name, COUNT(*) FROM account", "0x80060888"),
        ("SELECT a.name FROM account a JOIN nope n ON n.id = a.accountid", "0x80041102"),
        ("SELECT fullname FROM contact", "0x80060888"),
        ("SELECT TOP 5001 name FROM account", "0x80040203"),
    ],
)
def test_what_is_no_such_statement_is_refused(
    reading_server: OrgServer, statement: str, code: str
) -> None:
    response = reading_server.send("GET", f"accounts?sql={quote(statement)}")
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)
