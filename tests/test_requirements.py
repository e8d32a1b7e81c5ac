"""What is installed is pinned, with the hashes of every file of each release."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = (
    "requirements",
    "requirements-otel",
    "requirements-dev",
    "requirements-azure",
    "requirements-bench",
)
INCLUDED = re.compile(r"^-r (\S+)", re.MULTILINE)
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")


def pins(text: str) -> set[tuple[str, str]]:
    """Name and version of every pinned release."""
    return {(name.lower().replace("_", "-"), version) for name, version in PIN.findall(text)}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_release_has_hashes_and_nothing_else_stands_in_a_lock(name: str) -> None:
    entries = re.split(r"\n(?=\S)", read(f"{name}.txt").replace("\\\n", ""))
    releases = [entry for entry in entries if not entry.startswith("#")]
    assert len(releases) > 10
    for entry in releases:
        assert re.fullmatch(r"[a-z0-9-]+==[^#]+?( +--hash=sha256:[0-9a-f]{64})+\s*", entry), entry


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_was_asked_for_and_one_version_of_everything_else(name: str) -> None:
    asked = pins(read(f"{name}.in"))
    asked |= {pin for part in INCLUDED.findall(read(f"{name}.in")) for pin in pins(read(part))}
    locked = pins(read(f"{name}.txt"))
    if name == "requirements-azure":  # for Python 3.13 and newer alone
        asked -= {("azure-functions", "1.26.0")}
    assert asked <= locked
    shared = pins(read("requirements.txt"))
    names = {each for each, _ in shared}
    assert {pin for pin in locked if pin[0] in names} <= shared
