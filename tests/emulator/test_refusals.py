"""Whatever is not implemented answers 501 and is counted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.emulator.serving import OrgServer

ROW = "ac000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def org(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    """An emulator of its own: these tests raise its count of unsupported requests."""
    server = start_server()
    server.create("accounts", accountid=ROW, name="x")
    yield server


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "accounts?$apply=topcount(1,revenue)", None, {}),
        ("GET", "accounts?$skip=5", None, {}),
        ("GET", "accounts?$search=x", None, {}),
        ("GET", "accounts?savedQuery=00000000-0000-0000-00aa-000010001002", None, {}),
        ("GET", "EntityDefinitions?$filter=Microsoft.Dynamics.CRM.In(PropertyName='LogicalName',"
                "PropertyValues=['account'])", None, {}),
        ("GET", "accounts?$filter=tolower(name) eq 'x'", None, {}),
        ("GET", "accounts?$filter=year(createdon) eq 2026", None, {}),
        ("GET", "accounts?$filter=revenue add 1 gt 5", None, {}),
        ("GET", "accounts?$filter=createdon eq modifiedon", None, {}),
        ("GET", "accounts?$filter=contains(name,'[a-z]')", None, {}),
        ("GET", "accounts?$filter=a/b/c/any()", None, {}),
        ("GET", "accounts?$expand=ownerid", None, {}),
        ("GET", "accounts?$expand=invoice_customer_accounts($count=true)", None, {}),
        ("GET", "accounts?$expand=primarycontactid($filter=lastname eq 'x')", None, {}),
        ("GET", "accounts", None, {"Prefer": "respond-async"}),
        ("POST", "accounts", {}, {"Prefer": "return=nothing"}),
        ("GET", "accounts", None, {"Accept": "application/json;odata.metadata=full"}),
        ("GET", "accounts", None, {"Consistency": "Eventual"}),
        ("GET", "accounts", None, {"CallerObjectId": ROW}),
        ("GET", "accounts", None, {"MSCRMCallerID": ROW}),
        ("POST", "accounts", {}, {"MSCRM.BypassBusinessLogicExecution": "SomethingElse"}),
        ("POST", "accounts", {}, {"MSCRM.NoSuchHeader": "1"}),
        ("POST", "accounts", {"@odata.unknown": 1}, {}),
        ("PATCH", f"accounts({ROW})", {"primarycontactid": {"lastname": "x"}}, {}),
        ("PATCH", f"accounts({ROW})", {"invoice_customer_accounts": [{"name": "x"}]}, {}),
        ("GET", f"accounts({ROW})/accountleads_association/$ref", None, {}),
        ("POST", f"accounts({ROW})/accountleads_association", {"lastname": "x"}, {}),
        ("GET", f"accounts({ROW})/invoice_customer_accounts", None,
         {"Prefer": "odata.track-changes"}),
        ("GET", "accounts?$count=true", None, {"Prefer": "odata.track-changes"}),
        ("POST", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", {"Targets": [], "X": 1}, {}),
        ("POST", "accounts/Microsoft.Dynamics.CRM.DeleteMultiple", {"Targets": []}, {}),
        ("POST", "Merge", {"PerformParentingChecks": True}, {}),
        ("POST", "Merge", {"Other": 1}, {}),
        ("POST", "accounts/Microsoft.Dynamics.CRM.UpdateMultiple", {"Targets": [], "X": 1}, {}),
        ("POST", f"accounts({ROW})/Microsoft.Dynamics.CRM.Merge", {}, {}),
        ("POST", "QualifyLead", {}, {}),
        ("GET", "RetrieveAvailableLanguages()", None, {}),
        ("GET", "RetrieveMetadataChanges(Query=@q)?@q={%22LabelQuery%22:{}}", None, {}),
        ("POST", "BulkDelete", {"QuerySet": [], "RecurrencePattern": "FREQ=DAILY"}, {}),
        ("GET", "EntityDefinitions?$top=5", None, {}),
        ("GET", "EntityDefinitions?$filter=ObjectTypeCode gt 5", None, {}),
        ("GET", "$metadata", None, {}),
        ("GET", "accounts?$select=*", None, {}),
        ("GET", "accounts?$expand=*", None, {}),
        ("GET", "accounts?$expand=invoice_customer_accounts/$ref", None, {}),
        ("GET", "accounts?$filter=invoice_customer_accounts/$count gt 1", None, {}),
        ("GET", "accounts?$filter=substringof('x',name)", None, {}),
        ("GET", "accounts?$filter=createdon lt now()", None, {}),
        ("GET", f"accounts({ROW})/ownerid", None, {}),
        ("GET", "WhoAmI?x=1", None, {}),
        ("PATCH", f"accounts({ROW})?$bogus=1", {"name": "y"}, {}),
        ("DELETE", f"accounts({ROW})?$filter=name eq 'x'", None, {}),
        ("DELETE", f"accounts({ROW})", None, {"Prefer": "respond-async"}),
        ("GET", "", None, {}),
    ],
)  # fmt: skip
def test_what_is_not_implemented_is_refused_and_counted(
    org: OrgServer, method: str, path: str, body: Any, headers: dict[str, str]
) -> None:
    before = org.unsupported()
    response = org.send(method, path, body, **headers)
    assert response.status_code == 501, response.text
    assert response.json()["error"]["message"].startswith("The emulator does not implement ")
    assert org.unsupported() == before + 1


def test_a_refusal_inside_a_batch_is_counted_too(org: OrgServer) -> None:
    before = org.unsupported()
    part = "Content-Type: application/http\r\n\r\nGET accounts?$skip=1 HTTP/1.1\r\n\r\n"
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    body = f"--b\r\n{part}\r\n--b--\r\n"
    response = org.session.post(f"{org.api}$batch", data=body, headers=headers, timeout=30)
    assert "HTTP/1.1 501" in response.text
    assert org.unsupported() == before + 1


def test_a_refused_write_changes_nothing(org: OrgServer) -> None:
    response = org.send("PATCH", f"accounts({ROW})", {"name": "y"}, **{"MSCRM.Other": "1"})
    assert response.status_code == 501
    assert org.get(f"accounts({ROW})")["name"] == "x"
