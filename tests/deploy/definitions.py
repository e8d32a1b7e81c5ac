"""Column definitions as an organisation answers them, for tests that compare without one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gradesys.deploy.texts import label

CRM = "Microsoft.Dynamics.CRM."


def definition(kind: str, **members: Any) -> dict[str, Any]:
    """A column ``gs_it`` of this AttributeType; the texts are in English unless given."""
    return {
        "@odata.context": "https://org.example/api/data/v9.2/$metadata#x",
        "@odata.type": f"{CRM}{kind}AttributeMetadata",
        "AttributeType": kind,
        "LogicalName": "gs_it",
        "SchemaName": "gs_It",
        "ColumnNumber": Decimal(10_001),
        "DisplayName": label({1033: "It"}),
        "Description": label({}),
        **members,
    }


def choice(options: Mapping[int, Mapping[int, str]], **members: Any) -> dict[str, Any]:
    """A choice column with a local option set."""
    return definition("Picklist", OptionSet=option_set(options), GlobalOptionSet=None, **members)


def option_set(
    options: Mapping[int, Mapping[int, str]], name: str = "", shared: bool = False
) -> dict[str, Any]:
    """An option set as the Web API expands it."""
    listed = [{"Value": Decimal(value), "Label": label(texts)} for value, texts in options.items()]
    return {"Name": name or "account_gs_it", "IsGlobal": shared, "Options": listed}
