"""Publishing: nothing waits for it here, but what is asked must exist and be well formed."""

from xml.etree import ElementTree

from emulator.customization.bodies import Shape, read
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.rows.payload import parse_guid
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
    for resource in document.iterfind("webresources/webresource"):
        if call.org.row("webresource", parse_guid((resource.text or "").strip("{}"))) is None:
            raise ApiError(404, "0x80040217", f"The web resource {resource.text} was not found.")
    return Answer(204)


def publish_all(call: Call) -> Answer:
    """`PublishAllXml`; it has no parameters."""
    if call.json():
        raise Unsupported("parameters of PublishAllXml")
    return Answer(204)
