"""The registered steps of an organisation, read from its rows and kept until one changes."""

from collections.abc import Mapping
from typing import Any

from emulator.organization import Organization
from emulator.webhooks.steps import ENABLED, Endpoint, Image, Step, comma_list

REGISTRATION = frozenset(
    {
        "sdkmessage",
        "sdkmessagefilter",
        "sdkmessageprocessingstep",
        "sdkmessageprocessingstepimage",
        "serviceendpoint",
    }
)
POST_OPERATION, ASYNCHRONOUS, WEBHOOK = 40, 1, 8
StoredRow = Mapping[str, Any]


def load_steps(org: Organization) -> tuple[Step, ...]:
    """Every enabled asynchronous step whose message and endpoint exist."""
    images: dict[str, list[Image]] = {}
    for row in org.rows("sdkmessageprocessingstepimage"):
        images.setdefault(row["sdkmessageprocessingstepid"], []).append(_image(row))
    steps = (
        _step(org, row, tuple(images.get(row["sdkmessageprocessingstepid"], ())))
        for row in org.rows("sdkmessageprocessingstep", statecode=ENABLED)
        if row["mode"] == ASYNCHRONOUS and row["stage"] == POST_OPERATION
    )
    return tuple(step for step in steps if step is not None)


def _step(org: Organization, row: StoredRow, images: tuple[Image, ...]) -> Step | None:
    message = _referenced(org, row, "sdkmessageid")
    endpoint = _referenced(org, row, "eventhandler")
    if message is None or endpoint is None or row["eventhandler@type"] != "serviceendpoint":
        return None
    narrowing = _referenced(org, row, "sdkmessagefilterid")
    return Step(
        id=row["sdkmessageprocessingstepid"],
        name=row["name"] or "",
        message=message["name"],
        table=narrowing["primaryobjecttypecode"] if narrowing else "",
        filtering=frozenset(comma_list(row["filteringattributes"])),
        auto_delete=bool(row["asyncautodelete"]),
        endpoint=Endpoint(
            endpoint["url"] or "", endpoint["authtype"] or 0, endpoint["authvalue"] or ""
        ),
        images=images,
    )


def _image(row: StoredRow) -> Image:
    return Image(row["entityalias"] or "", row["imagetype"] or 0, comma_list(row["attributes"]))


def _referenced(org: Organization, row: StoredRow, lookup: str) -> StoredRow | None:
    target = row[lookup]
    return org.row(row[f"{lookup}@type"], target) if target else None
