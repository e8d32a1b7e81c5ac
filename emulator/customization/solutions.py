"""Solutions as far as deployments use them: putting components in and taking them out."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from emulator.changes import Change
from emulator.customization.bodies import Shape, read
from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.rows.transaction import Transaction
from emulator.webapi.calls import Answer, Call

HEADER, PARAMETER = "mscrm.solutionuniquename", "SolutionUniqueName"
TABLE, COLUMN, CHOICE, RELATIONSHIP, KEY = 1, 2, 9, 10, 14
ROW_COMPONENTS: Mapping[str, int] = {
    "role": 20,
    "savedquery": 26,
    "savedqueryvisualization": 59,
    "webresource": 61,
    "sdkmessageprocessingstep": 92,
    "sdkmessageprocessingstepimage": 93,
    "serviceendpoint": 95,
    "fieldsecurityprofile": 70,
    "environmentvariabledefinition": 380,
    "environmentvariablevalue": 381,
    "appaction": 10343,
}


class ComponentBody(Shape):
    """`AddSolutionComponent` and, without the last members, `RemoveSolutionComponent`."""

    component_id: str
    component_type: int
    solution_unique_name: str
    add_required_components: bool = False
    do_not_include_subcomponents: bool = False
    included_component_settings_values: None = None


def add_to_named_solution(call: Call, component_id: str, component_type: int) -> None:
    """Puts a new component into the solution that the request names, if it names one."""
    name = call.headers.get(HEADER) or next(iter(parse_qs(call.query).get(PARAMETER, [])), None)
    if name is not None:
        add_component(call.org, name, component_id, component_type)


def add_row_to_named_solution(call: Call, table: str, row_id: str) -> None:
    """The same for a new row, when rows of its table are components."""
    if table in ROW_COMPONENTS:
        add_to_named_solution(call, row_id, ROW_COMPONENTS[table])


def add_component(org: Organization, solution: str, component_id: str, component_type: int) -> str:
    """The id of the component's row, also when the solution has the component already."""
    with org.transaction() as tx:
        place = {"solutionid": _solution_id(org, solution), "objectid": component_id.lower()}
        for row in org.rows("solutioncomponent", **place):
            return str(row["solutioncomponentid"])
        target = {"solutionid@type": "solution", "componenttype": component_type}
        return tx.create("solutioncomponent", place | target)


def guard_components(tx: Transaction, change: Change) -> None:
    """Takes a deleted row out of every solution, in the transaction that deletes it."""
    if change.message == "Delete" and change.table in ROW_COMPONENTS:
        forget_component(tx.org, change.id)


def forget_component(org: Organization, component_id: str) -> None:
    """Takes a deleted component out of every solution."""
    with org.transaction() as tx:
        for row in org.rows("solutioncomponent", objectid=component_id):
            tx.delete("solutioncomponent", str(row["solutioncomponentid"]))


def add_solution_component(call: Call) -> Answer:
    """The action; answers the id of the component's row."""
    body = read(call.json(), ComponentBody, "AddSolutionComponent")
    added = add_component(
        call.org, body.solution_unique_name, body.component_id, body.component_type
    )
    return Answer(200, {"@odata.context": _context(call, "AddSolutionComponent"), "id": added})


def remove_solution_component(call: Call) -> Answer:
    """The action; the component itself stays."""
    body = read(call.json(), ComponentBody, "RemoveSolutionComponent")
    solution = _solution_id(call.org, body.solution_unique_name)
    with call.org.transaction() as tx:
        found = call.org.rows(
            "solutioncomponent", solutionid=solution, objectid=body.component_id.lower()
        )
        for row in found:
            tx.delete("solutioncomponent", str(row["solutioncomponentid"]))
    return Answer(200, {"@odata.context": _context(call, "RemoveSolutionComponent")})


def _context(call: Call, action: str) -> str:
    return f"{call.root}$metadata#Microsoft.Dynamics.CRM.{action}Response"


def _solution_id(org: Organization, unique_name: str) -> str:
    for row in org.rows("solution", uniquename=unique_name):
        return str(row["solutionid"])
    raise ApiError(400, "0x80048403", f"The solution {unique_name} does not exist.")
