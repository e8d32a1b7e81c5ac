"""Steps and their pre-images: which changes an organisation tells us about."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import partial

from gradesys.deploy.actions import Action, refuse, remove
from gradesys.deploy.inventory import ROWS, Registry
from gradesys.deploy.late import message_id
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.names import IMAGE, REQUEST_STEP, derived_id, step_id
from gradesys.deploy.rowspecs import Link, RowSpec, row_action
from gradesys.rules.subscriptions import Step

_AFTERWARDS, _ASYNC, _SERVER, _PARENT = 40, 1, 0, 0
_ENABLED = {"statecode": 0, "statuscode": 1}
_PRE_IMAGE = 0
_STEPS, _IMAGES = "sdkmessageprocessingsteps", "sdkmessageprocessingstepimages"


def step_actions(manifest: Manifest, registry: Registry) -> Iterator[Action]:
    """Every step with its image, and the removal of those that no rule needs any more."""
    wanted: set[str] = set()
    for step in manifest.steps:
        if not _is_offered(step, registry):
            if step.optional:
                continue
            what = f"step {_title(step)}"
            yield refuse(what, "the organisation offers no such message for this table")
            continue
        specs = [_step_row(step, manifest, registry), *_image_rows(step)]
        wanted.update(spec.id for spec in specs)
        yield from (_compared(spec, registry) for spec in specs)
    request = _request_row(manifest, registry)
    wanted.add(request.id)
    yield _compared(request, registry)
    yield from _superfluous("image", _IMAGES, registry, wanted)
    yield from _superfluous("step", _STEPS, registry, wanted)


def _superfluous(
    what: str, entity_set: str, registry: Registry, wanted: Container[str]
) -> Iterator[Action]:
    for id_, row in registry.registered[entity_set].items():
        if id_ not in wanted:
            yield remove(f"{what} {row['name']}", f"{entity_set}({id_})")


def _compared(spec: RowSpec, registry: Registry) -> Action:
    return row_action(spec, registry.registered[spec.entity_set].get(spec.id))


def _is_offered(step: Step, registry: Registry) -> bool:
    """A message of all tables, such as Associate, is registered without a filter."""
    if not step.table:
        return step.message in registry.messages
    return (step.message, step.table) in registry.filters


def _title(step: Step) -> str:
    return f"{step.message} of {step.table or 'all tables'}"


def _step_row(step: Step, manifest: Manifest, registry: Registry) -> RowSpec:
    message = registry.messages[step.message]
    links = [Link("_sdkmessageid_value", "sdkmessageid", "sdkmessages", message)]
    if step.table:
        filter_id = registry.filters[step.message, step.table]
        own = Link(
            "_sdkmessagefilterid_value", "sdkmessagefilterid", "sdkmessagefilters", filter_id
        )
        links.append(own)
    filtering = ",".join(step.filtering) or None
    links.append(_handler(manifest.events.id))
    return _row(step_id(step), _title(step), filtering, tuple(links))


def _request_row(manifest: Manifest, registry: Registry) -> RowSpec:
    """The Custom API's own step; its message appears together with the Custom API."""
    name = manifest.api.name
    known = registry.messages.get(name)
    late = partial(message_id, name)
    message = Link("_sdkmessageid_value", "sdkmessageid", "sdkmessages", known, late)
    handler = _handler(manifest.requests.id)
    return _row(REQUEST_STEP, name, None, (message, handler))


def _row(id_: str, title: str, filtering: str | None, links: tuple[Link, ...]) -> RowSpec:
    listened = {} if filtering is None else {"filteringattributes": filtering}
    return RowSpec(
        entity_set=_STEPS,
        key=ROWS[_STEPS][0],
        id=id_,
        what=f"step {title}",
        values={
            "name": f"gradesys: {title}",
            "description": "gradesys",
            "stage": _AFTERWARDS,
            "mode": _ASYNC,
            "rank": 1,
            "supporteddeployment": _SERVER,
            "asyncautodelete": True,
            **listened,
        },
        links=links,
        fixed=frozenset({"_sdkmessageid_value", "_sdkmessagefilterid_value"}),
        initial={"invocationsource": _PARENT},
        changing=_ENABLED,
        kept={"statecode": _ENABLED["statecode"]},
    )


def _image_rows(step: Step) -> Iterator[RowSpec]:
    """At most one: without lookups there is nothing to remember."""
    if step.image:
        parent = Link(
            "_sdkmessageprocessingstepid_value",
            "sdkmessageprocessingstepid",
            _STEPS,
            step_id(step),
        )
        yield RowSpec(
            entity_set=_IMAGES,
            key=ROWS[_IMAGES][0],
            id=derived_id("image", step.table, step.message),
            what=f"image {IMAGE} of step {step.message} of {step.table}",
            values={
                "name": IMAGE,
                "entityalias": IMAGE,
                "imagetype": _PRE_IMAGE,
                "messagepropertyname": "Target",
                "attributes": ",".join(step.image),
            },
            links=(parent,),
            fixed=frozenset({parent.column}),
        )


def _handler(endpoint: str) -> Link:
    return Link("_eventhandler_value", "eventhandler_serviceendpoint", "serviceendpoints", endpoint)
