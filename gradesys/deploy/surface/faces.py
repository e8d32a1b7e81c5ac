"""A model as its users see it: the part that scripts, views and charts need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradesys.deploy.options import band_options
from gradesys.deploy.specs import OptionSpec
from gradesys.deploy.texts import Text
from gradesys.rules.model import RuleModel


@dataclass(frozen=True, slots=True)
class Band:
    """A grade; ``color`` as the rules write it, None where they do not."""

    option: OptionSpec
    color: str | None


@dataclass(frozen=True, slots=True)
class Face:
    """``columns`` by output role; ``history``: its changes are kept as rows of their own."""

    id: str
    table: str
    title: Text
    columns: Mapping[str, str]
    bands: tuple[Band, ...]
    history: bool = False


def face_of(model: RuleModel) -> Face:
    """What users see of a model."""
    bands = model.grades.bands if model.grades else ()
    name = model.title.en or model.id
    return Face(
        id=model.id,
        table=model.table,
        title=Text(name, model.title.fa or name),
        columns=model.output.model_dump(exclude_none=True),
        bands=tuple(
            Band(option, band.color)
            for option, band in zip(band_options(bands), bands, strict=True)
        ),
        history=model.history,
    )


def scored_tables(faces: Sequence[Face]) -> tuple[str, ...]:
    """The tables that the models score, each once."""
    return tuple(sorted({face.table for face in faces}))
