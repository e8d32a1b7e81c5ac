"""Multipart bodies: the same leaves as Python's parser for mail finds."""

from __future__ import annotations

from collections.abc import Sequence
from email.parser import BytesParser

import pytest

from gradesys.dataverse.multipart import leaves

JSON = b'{"value": "--b"}'
OUTER = b"multipart/mixed; boundary=b"
INNER = b"Content-Type: multipart/mixed; boundary="


def lines(*each: bytes) -> bytes:
    return b"\r\n".join(each)


def by_mail(content_type: bytes, body: bytes) -> list[tuple[bytes, bytes]]:
    message = BytesParser().parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + body)
    found = [leaf for leaf in message.walk() if not leaf.is_multipart()]
    contents = [(leaf.get_content_type(), leaf.get_payload(decode=True)) for leaf in found]
    return [(kind.encode(), content) for kind, content in contents if isinstance(content, bytes)]


def told(found: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without the parameters of their types."""
    return [(kind.partition(b";")[0].strip().lower(), content) for kind, content in found]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (OUTER, lines(b"--b", b"Content-Type: application/http", b"", JSON, b"--b--", b"")),
        (OUTER, lines(b"before", b"--b", b"", JSON, b"--b \t", b"A: 1", b"", b"2", b"--b--", b"x")),
        (OUTER, b"--b\nContent-Type: application/http\n\n" + JSON + b"\n--b\n\n\n--b--\n"),
        (OUTER, lines(b"--b", b"A: 1", b"", b"torn")),
        (OUTER, lines(b"--b", b"", b"{", b"--b2", b"}", b"--b--")),
        (OUTER, lines(b"--b", b"X-Content-Type: a/b", b"content-TYPE: c/d", b"", b"1", b"--b--")),
        (b'Multipart/Mixed;\r\n\tBOUNDARY="b"', lines(b"--b", b"", b"1", b"--b--")),
        (
            OUTER,
            lines(
                *(b"--b", INNER + b"b1", b"", b"--b1", b"A: 1", b"", b"one", b"--b1--", b""),
                *(b"--b", INNER + b'"c"', b"", b"--c", b"", b"two", b"--c", b"", b"3", b"--c--"),
                *(b"--b--", b""),
            ),
        ),
    ],
    ids=["one", "around", "line-feeds", "torn", "longer-line", "names", "folded", "nested"],
)
def test_the_leaves_are_those_that_a_mail_would_have(content_type: bytes, body: bytes) -> None:
    assert told(list(leaves(content_type, body))) == by_mail(content_type, body)


def test_what_names_no_boundary_is_one_leaf() -> None:
    assert list(leaves(b"text/html", b"<p>--b</p>")) == [(b"text/html", b"<p>--b</p>")]


def test_nothing_between_no_delimiters() -> None:
    assert list(leaves(OUTER, b"not at all")) == []


def test_a_part_without_a_blank_line_has_no_content() -> None:
    assert list(leaves(OUTER, b"--b\r\nContent-Type: a/b\r\n--b--")) == [(b"a/b", b"")]
