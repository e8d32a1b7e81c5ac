"""Sending one request and saying how it ended, in the platform's error codes.

Only loopback addresses are ever called: a registered endpoint elsewhere fails without a connection.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from emulator.webhooks.request import HTTP_HEADER, BadAuthentication, Post

TIMEOUT_SECONDS = 60
RETRIED = frozenset({502, 503, 504})
BAD_STATUS, TIMED_OUT, BAD_HEADERS, BAD_QUERY, POST_FAILED, DISABLED = range(
    0x80050201 - 2**32, 0x80050207 - 2**32
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; `error` is a signed 32-bit Dataverse code, 0 for success."""

    error: int = 0
    message: str = ""
    again: bool = False


SUCCESS = Outcome()


def send(session: requests.Session, post: Post) -> Outcome:
    """Posts once and reads nothing but the status."""
    if not is_loopback(post.url):
        return Outcome(DISABLED, "This organization posts to loopback addresses only.")
    try:
        status = _status(session, post)
    except requests.Timeout:
        return Outcome(TIMED_OUT, f"The endpoint did not answer within {TIMEOUT_SECONDS} s.")
    except (requests.RequestException, ValueError) as failure:
        return Outcome(POST_FAILED, f"The post failed: {type(failure).__name__}.")
    if 200 <= status < 300:
        return SUCCESS
    return Outcome(BAD_STATUS, f"The endpoint answered {status}.", again=status in RETRIED)


def open_session() -> requests.Session:
    """A session without proxies or cookies; a connection serves one delivery only.

    A kept connection could be closed by a restarting receiver just when it is used again, and
    the event would be lost for a reason that the platform does not have.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers["Connection"] = "close"
    return session


def unusable(mistake: BadAuthentication) -> Outcome:
    """The outcome of a delivery that could not even be addressed."""
    code = BAD_HEADERS if mistake.auth_type == HTTP_HEADER else BAD_QUERY
    return Outcome(code, str(mistake))


def is_loopback(url: str) -> bool:
    """Whether an address stays on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _status(session: requests.Session, post: Post) -> int:
    with session.post(
        post.url,
        data=post.body,
        headers=dict(post.headers),
        timeout=TIMEOUT_SECONDS,
        allow_redirects=False,
        stream=True,
    ) as answer:
        return answer.status_code
