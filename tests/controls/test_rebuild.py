"""Microsoft's build makes the committed files of the sources; its failures are not overlooked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dev import set_up_packages
from solution.controls import rebuild
from solution.controls.release import ReleaseError, built_files

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", autouse=True)
def toolchain() -> None:
    assert set_up_packages(rebuild.TOOLCHAIN) == 0


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources, to be spoiled."""
    copy = tmp_path / rebuild.SOURCES.name
    shutil.copytree(rebuild.SOURCES, copy)
    monkeypatch.setattr(rebuild, "SOURCES", copy)
    return copy


def test_the_sources_build_to_the_committed_files_byte_for_byte() -> None:
    files, types = rebuild.build()

    assert files == built_files()
    assert types == (rebuild.SOURCES / rebuild.TYPES).read_bytes()


def test_an_error_of_types_is_no_build_although_it_exits_with_0(sources: Path) -> None:
    spoil(sources / "index.ts", "isRightToLeft: userSettings.isRTL", "isRightToLeft: 5")

    with pytest.raises(ReleaseError, match="TS2322"):
        rebuild.build()


def test_what_the_linter_of_controls_forbids_is_no_build(sources: Path) -> None:
    spoil(sources / "index.ts", "return {};", "Xrm.Page.getUrl(); return {};")

    with pytest.raises(ReleaseError, match="ESLint"):
        rebuild.build()


def test_a_manifest_out_of_shape_is_no_build(sources: Path) -> None:
    spoil(sources / "ControlManifest.Input.xml", 'usage="bound"', 'usage="tied"')

    with pytest.raises(ReleaseError, match="did not succeed"):
        rebuild.build()


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
