"""The ``$skiptoken``: where the page ended, in the wrapping Dataverse uses.

Clients must send it back untouched; one that is not ours is refused.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import msgspec

from emulator.errors import ApiError
from emulator.rows.values import SqlValue


def write_cookie(page: int, last: Sequence[SqlValue], *, tracking: bool = False) -> str:
    """The token for the given page number after the row with these key values."""
    paging = quote(write_place(page - 1, last), safe="")
    outer = {"pagenumber": str(page), "pagingcookie": paging, "istracking": str(tracking)}
    return ElementTree.tostring(ElementTree.Element("cookie", outer), "unicode")


def read_cookie(token: str) -> tuple[int, list[SqlValue]]:
    """Page number and key values of a token; 400 for a token that was tampered with."""
    try:
        outer = ElementTree.fromstring(token)
        _, last = read_place(unquote(outer.attrib["pagingcookie"]))
        return int(outer.attrib["pagenumber"]), last
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise _malformed() from error


def write_place(page: int, last: Sequence[SqlValue]) -> str:
    """The inner cookie: the number of a page and the key values of its last row."""
    place = ElementTree.Element("cookie", page=str(page))
    for value in last:
        # No character that XML escapes: clients unpack the cookie as text, not as XML.
        text = urlsafe_b64encode(msgspec.json.encode(value)).decode()
        ElementTree.SubElement(place, "key", last=text)
    return ElementTree.tostring(place, "unicode")


def read_place(text: str) -> tuple[int, list[SqlValue]]:
    """Page number and key values of an inner cookie; 400 when it was tampered with."""
    try:
        place = ElementTree.fromstring(text)
        last = [_value(key.attrib["last"]) for key in place]
        return int(place.attrib["page"]), last
    except (ElementTree.ParseError, KeyError, ValueError, msgspec.DecodeError) as error:
        raise _malformed() from error


def _value(text: str) -> SqlValue:
    value: SqlValue = msgspec.json.decode(urlsafe_b64decode(text), type=SqlValue)
    return value


def _malformed() -> ApiError:
    return ApiError(400, "0x80040203", "Malformed XML in the Paging Cookie.")
