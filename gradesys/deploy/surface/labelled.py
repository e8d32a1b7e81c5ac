"""Rows whose texts people read in several languages: the row, then its labels, then the note that
they are there. An apply that died in between is seen by the draft of that note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from gradesys.deploy.actions import EXISTING, Action, ActionKind, Call
from gradesys.deploy.rowspecs import RowSpec
from gradesys.deploy.texts import Languages, Text, label, translations

_DRAFT = " (texts are due)"
_LOSS = "people see one language only"


class Labels(Struct, frozen=True):
    """``texts`` by column of the table ``type``; the value of ``note`` is written last."""

    type: str
    note: str
    texts: Mapping[str, Text]


def with_labels(action: Action, spec: RowSpec, labels: Labels, languages: Languages) -> Action:
    """The same with the texts in every language of the organisation."""
    if action.kind is ActionKind.LEAVE:
        return action
    calls = (_with_draft(call, labels.note) for call in action.calls)
    note = {labels.note: spec.values[labels.note]}
    done = Call("PATCH", f"{spec.entity_set}({spec.id})", note, EXISTING, loss=spec.loss)
    return replace(action, calls=(*calls, *_label_calls(spec, labels, languages), done))


def _with_draft(call: Call, note: str) -> Call:
    if call.body is None:
        return call
    return replace(call, body={name: value + _DRAFT if name == note else value
                               for name, value in call.body.items()})  # fmt: skip


def _label_calls(spec: RowSpec, labels: Labels, languages: Languages) -> Iterator[Call]:
    moniker = {"@odata.type": f"Microsoft.Dynamics.CRM.{labels.type}", spec.key: spec.id}
    for column, text in labels.texts.items():
        found = translations(text, languages)
        if len(found) > 1:
            told = label(found)["LocalizedLabels"]
            body = {"EntityMoniker": moniker, "AttributeName": column, "Labels": told}
            yield Call("POST", "SetLocLabels", body, loss=_LOSS)
