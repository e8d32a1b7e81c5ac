"""Sending one request; imported with the first delivery, as most emulators of tests never post.

Only loopback addresses are ever called: a registered endpoint elsewhere fails without a connection.
"""

import ipaddress
from urllib.parse import urlsplit

import requests

from emulator.webhooks.outcome import (
    BAD_STATUS,
    DISABLED,
    POST_FAILED,
    RETRIED,
    SUCCESS,
    TIMED_OUT,
    TIMEOUT_SECONDS,
    Outcome,
)
from emulator.webhooks.request import Post


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
