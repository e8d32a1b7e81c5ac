"""The ``$skiptoken``: where the page ended, in the wrapping Dataverse uses.

Clients must send it back untouched; one that is not ours is refused.
"""

from collections.abc import Sequence
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import msgspec

from emulator.errors import ApiError
from emulator.rows.values import SqlValue


def write_cookie(page: int, last: Sequence[SqlValue]) -> str:
    """The token for the given page number after the row with these key values."""
    inner = ElementTree.Element("cookie", page=str(page - 1))
    for value in last:
        text = msgspec.json.encode(value).decode()
        ElementTree.SubElement(inner, "key", last=text)
    paging = quote(ElementTree.tostring(inner, "unicode"), safe="")
    outer = {"pagenumber": str(page), "pagingcookie": paging, "istracking": "False"}
    return ElementTree.tostring(ElementTree.Element("cookie", outer), "unicode")


def read_cookie(token: str) -> tuple[int, list[SqlValue]]:
    """Page number and key values of a token; 400 for a token that was tampered with."""
    try:
        outer = ElementTree.fromstring(token)
        inner = ElementTree.fromstring(unquote(outer.attrib["pagingcookie"]))
        last = [msgspec.json.decode(key.attrib["last"]) for key in inner]
        return int(outer.attrib["pagenumber"]), last
    except (ElementTree.ParseError, KeyError, ValueError, msgspec.DecodeError) as error:
        raise ApiError(400, "0x80040203", "Malformed XML in the Paging Cookie.") from error
