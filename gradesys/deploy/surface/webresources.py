"""The script, its icon, and what the script must know about the models."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradesys.deploy.names import ICON, MODELS, SCRIPT, derived_id
from gradesys.deploy.reading import RowsById
from gradesys.deploy.rowspecs import RowSpec
from gradesys.deploy.surface.assets import Assets
from gradesys.deploy.surface.faces import Face
from gradesys.deploy.surface.reading import id_by
from gradesys.deploy.texts import Text

WEB_RESOURCES = "webresourceset"
_SCRIPT_TYPE, _SVG_TYPE = 3, 11
Numbers = Mapping[str, Mapping[str, int]]
"""Option numbers by grade name, by column label (``account.gs_grade``)."""


def web_resource_rows(
    assets: Assets, faces: Sequence[Face], numbers: Numbers, stored: RowsById
) -> Iterator[RowSpec]:
    """What the assets hold, and the models beside the script that reads them."""
    if assets.icon is not None:
        yield _row(ICON, "gradesys icon", _SVG_TYPE, assets.icon, stored)
    if assets.script is not None:
        models = models_script(faces, numbers)
        yield _row(MODELS, "gradesys models", _SCRIPT_TYPE, models, stored)
        yield _row(SCRIPT, "gradesys script", _SCRIPT_TYPE, assets.script, stored)


def web_resource_id(name: str, stored: RowsById) -> str:
    """The id of ours with this name, whoever gave it."""
    return id_by(stored, "name", name, derived_id("webresource", name))


def models_script(faces: Sequence[Face], numbers: Numbers) -> bytes:
    """Which columns of a table belong to which model; it holds no data of records."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for face in faces:
        grades = numbers.get(f"{face.table}.{face.columns.get('grade', '')}", {})
        tables.setdefault(face.table, []).append(_described(face, grades))
    text = json.dumps(tables, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"globalThis.GradeSysModels = {text};\n".encode()


def _described(face: Face, grades: Mapping[str, int]) -> dict[str, Any]:
    bands = [
        {
            "grade": band.option.name,
            "value": grades.get(band.option.name, band.option.value),
            "title": _words(band.option.title),
        }
        | ({} if band.color is None else {"colour": band.color})
        for band in face.bands
    ]
    return {
        "id": face.id,
        "title": _words(face.title),
        "columns": dict(face.columns),
        "bands": bands,
        "reasons": {code: _words(text) for code, text in face.reasons.items()},
    }


def _words(text: Text) -> dict[str, str]:
    return {"en": text.en, "fa": text.fa}


def _row(name: str, title: str, type_: int, content: bytes, stored: RowsById) -> RowSpec:
    return RowSpec(
        entity_set=WEB_RESOURCES,
        key="webresourceid",
        id=web_resource_id(name, stored),
        what=f"web resource {name}",
        values={
            "name": name,
            "displayname": title,
            "webresourcetype": type_,
            "content": b64encode(content).decode(),
        },
        fixed=frozenset({"name", "webresourcetype"}),
    )
