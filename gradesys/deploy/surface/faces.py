"""A model as its users see it: the part that scripts, views and charts need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from gradesys.deploy.options import band_options
from gradesys.deploy.specs import OptionSpec
from gradesys.deploy.texts import Text
from gradesys.rules.model import RuleModel


class Band(Struct, frozen=True):
    """A grade; ``color`` as the rules write it, None where they do not."""

    option: OptionSpec
    color: str | None


class Face(Struct, frozen=True):
    """``columns`` by output role, ``reasons``: what their codes are about; ``history``: its changes
    are kept as rows of their own."""

    id: str
    table: str
    title: Text
    columns: Mapping[str, str]
    bands: tuple[Band, ...]
    reasons: Mapping[str, Text]
    history: bool = False


def face_of(model: RuleModel) -> Face:
    """What users see of a model."""
    bands = model.grades.bands if model.grades else ()
    name = model.title.en or model.id
    return Face(
        id=model.id,
        table=model.table,
        title=Text(name, model.title.fa or name),
        columns=model.output.columns,
        bands=tuple(
            Band(option, band.color)
            for option, band in zip(band_options(bands), bands, strict=True)
        ),
        reasons=_reasons(model),
        history=model.history,
    )


def _reasons(model: RuleModel) -> dict[str, Text]:
    """A code is called as its first indicator is, unless the rules have a term for it."""
    found: dict[str, Text] = {}
    for indicator in model.indicators.values():
        code = indicator.reason
        title = model.terms.get(code or "") or indicator.title
        name = title.en or title.fa if title else None
        if code and title and name:
            found.setdefault(code, Text(title.en or name, title.fa or name))
    return found


def scored_tables(faces: Sequence[Face]) -> tuple[str, ...]:
    """The tables that the models score, each once."""
    return tuple(sorted({face.table for face in faces}))
