"""A changed card needs a higher version, and a bundle of its size is no accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from solution.controls.rebuild import LARGEST_BUNDLE, checked
from solution.controls.release import BUNDLE, MANIFEST, Release, ReleaseError, built_files

FILES = built_files()


def card(version: str, bundle: bytes = b"shown") -> dict[str, bytes]:
    manifest = f'<manifest><control version="{version}" api-version="9.9.9"/></manifest>'
    return {MANIFEST: manifest.encode(), BUNDLE: bundle}


def test_the_committed_release_is_that_of_the_committed_files() -> None:
    assert Release.of(FILES) == Release.read()


def test_the_committed_bundle_has_at_most_20_kilobytes() -> None:
    assert len(checked(FILES)[BUNDLE]) <= LARGEST_BUNDLE == 20_000


def test_a_larger_bundle_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"bundle\.js has 20,001 bytes"):
        checked(card("1.0.0", b"x" * 20_001))


@pytest.mark.parametrize("version", ["1.2.3", "1.2.2", "0.9.9"])
def test_a_changed_card_under_no_higher_version_is_refused(version: str) -> None:
    with pytest.raises(ReleaseError, match="raise it"):
        Release.of(card("1.2.3")).accept(card(version, b"changed"))


@pytest.mark.parametrize("version", ["1.2.4", "1.10.0", "2.0.0"])
def test_a_changed_card_under_a_higher_version_is_the_next_release(version: str) -> None:
    changed = card(version, b"changed")

    assert Release.of(card("1.2.3")).accept(changed) == Release.of(changed)


def test_the_same_card_may_be_built_again() -> None:
    release = Release.of(card("1.2.3"))

    assert release.accept(card("1.2.3")) == release


def test_a_manifest_without_version_is_no_release() -> None:
    with pytest.raises(ReleaseError, match="no version"):
        Release.of({MANIFEST: b"<manifest/>", BUNDLE: b""})


def test_a_release_is_read_as_it_was_written(tmp_path: Path) -> None:
    release = Release.of(card("1.2.3"))
    release.write(tmp_path / "release.json")

    assert Release.read(tmp_path / "release.json") == release
