"""From rule files and an organisation's metadata to the plan: what deploy shows and doctor checks.

Rules are compiled against the schema as apply will leave it, or a first deploy would need two.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from gradesys.dataverse.client import Client
from gradesys.deploy.access.rights import needed_rights
from gradesys.deploy.actions import Action, ActionKind
from gradesys.deploy.manifest import Manifest, manifest
from gradesys.deploy.plan import plan, plan_pruning
from gradesys.deploy.planned import with_planned
from gradesys.records import Schema
from gradesys.rules.parse import Source
from gradesys.rules.rowevents import followed
from gradesys.rules.rulebook import Rulebook, open_rulebook
from gradesys.rules.subscriptions import steps


class Proposal(Struct, frozen=True):
    """What must exist, and the rules as they will run once it does."""

    manifest: Manifest
    rulebook: Rulebook


def propose(sources: Sequence[Source], schema: Schema, address: str, key: str) -> Proposal:
    """What the models need of an organisation; ``address`` is the service's root and ``key`` the
    first of its webhook keys. Raises RuleError, and SettingsError for these two.

    A model whose table is not there is a problem of the rulebook, and needs nothing else."""
    models = [source.model for source in sources if source.model.table in schema]
    columns = manifest(models, (), address, key, schema)
    rulebook = open_rulebook(sources, with_planned(schema, columns))
    scored = {spec.table for spec in columns.columns}
    rights = needed_rights(rulebook, scored, (table.name for table in columns.own))
    return Proposal(replace(columns, steps=steps(rulebook), rights=rights), rulebook)


def with_application(proposal: Proposal, application: str) -> Proposal:
    """The same with the role given to the application user of this client id."""
    return replace(proposal, manifest=replace(proposal.manifest, application=application))


def with_secured_explanation(proposal: Proposal) -> Proposal:
    """The same with explanations only for those who have our field security profile."""
    return replace(proposal, manifest=replace(proposal.manifest, secured=True))


def with_tracking(proposal: Proposal) -> Proposal:
    """The same with change tracking of every table that the rules read."""
    tracked = tuple(followed(proposal.rulebook))
    return replace(proposal, manifest=replace(proposal.manifest, tracked=tracked))


def proposed_actions(proposal: Proposal, client: Client) -> tuple[Action, ...]:
    """The plan; reads only. While a model is left out nothing is removed: it still wants its
    steps."""
    return _without_removals(proposal, plan(proposal.manifest, client))


def pruning_actions(proposal: Proposal, client: Client, with_data: bool) -> tuple[Action, ...]:
    """The same, and away with what the rules no longer name."""
    return _without_removals(proposal, plan_pruning(proposal.manifest, client, with_data))


def _without_removals(proposal: Proposal, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    kept = (action for action in actions if action.kind is not ActionKind.REMOVE)
    return tuple(kept) if proposal.rulebook.problems else actions
