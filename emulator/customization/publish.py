"""Publishing: the files of web resources wait for it; of the rest what is asked must exist."""

from xml.etree import ElementTree

from emulator.customization.bodies import Shape, read
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.rows.payload import parse_guid
from emulator.surface.published import publish_resources
from emulator.webapi.calls import Answer, Call


class PublishBody(Shape):
    """`PublishXml`."""

    parameter_xml: str


def publish(call: Call) -> Answer:
    """`PublishXml`: 404 for a table that does not exist, 501 for other kinds of parts."""
    body = read(call.json(), PublishBody, "PublishXml")
    try:
        document = ElementTree.fromstring(body.parameter_xml)
    except ElementTree.ParseError as mistake:
        raise invalid_argument(f"ParameterXml is not well formed: {mistake}") from mistake
    for part in document:
        if part.tag not in ("entities", "optionsets", "webresources"):
            raise Unsupported(f"publishing of {part.tag}")
    for entity in document.iterfind("entities/entity"):
        if entity.text not in call.org.definitions.tables:
            raise ApiError(404, "0x80041102", f"The entity {entity.text} was not found.")
    resources = document.iterfind("webresources/webresource")
    ids = [parse_guid((resource.text or "").strip("{}")) for resource in resources]
    for row_id in ids:
        if call.org.row("webresource", row_id) is None:
            raise ApiError(404, "0x80040217", f"The web resource {row_id} was not found.")
    publish_resources(call.org, ids)
    return Answer(204)


def publish_all(call: Call) -> Answer:
    """`PublishAllXml`; it has no parameters."""
    if call.json():
        raise Unsupported("parameters of PublishAllXml")
    publish_resources(call.org, [row["webresourceid"] for row in call.org.rows("webresource")])
    return Answer(204)
