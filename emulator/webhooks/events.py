"""From committed changes to deliveries: the listener that ties the parts of webhooks together."""

from datetime import UTC
from uuid import uuid4

from msgspec.structs import replace

from emulator.changes import Change
from emulator.faults import Faults
from emulator.organization import Organization
from emulator.seeds import ORGANIZATION_ID, ORGANIZATION_NAME, ROOT_UNIT_ID, SERVICE_USER_ID
from emulator.stats import Stats
from emulator.users_caller import caller_id
from emulator.webhooks.body import Job, Origin, build_context
from emulator.webhooks.delivery import Deliveries
from emulator.webhooks.jobs import record
from emulator.webhooks.outcome import Outcome, unusable
from emulator.webhooks.registry import REGISTRATION, load_steps
from emulator.webhooks.request import BadAuthentication, build_post
from emulator.webhooks.schema import OrganizationSchema
from emulator.webhooks.steps import matching
from emulator.webhooks.wrapping import wrapped

HOST = "127.0.0.1"
ORIGIN = Origin(ORGANIZATION_ID, ORGANIZATION_NAME, ROOT_UNIT_ID, SERVICE_USER_ID)


class Webhooks:
    """Listens to an organisation and delivers; `deliveries` is what `settle` waits for."""

    def __init__(self, org: Organization, stats: Stats, faults: Faults) -> None:
        self._org = org
        self._stats, self._faults = stats, faults
        self._schema = OrganizationSchema(org)
        self._steps = load_steps(org)
        self.deliveries = Deliveries(self._attempt, self._finish, stats, faults)
        org.listeners.append(self._hear)

    def _hear(self, change: Change) -> None:
        if change.id:
            self._stats.count("rows_written")
        if change.table in REGISTRATION:
            self._steps = load_steps(self._org)
        steps = matching(self._steps, change)
        correlation, user = str(uuid4()) if steps else "", caller_id()
        for step in steps:
            created = self._org.clock().astimezone(UTC)
            self.deliveries.submit(Job(str(uuid4()), correlation, created, change, step, user))

    def _attempt(self, job: Job) -> Outcome:
        from emulator.webhooks.posting import open_session, send

        origin = replace(ORIGIN, user_id=job.user_id)
        context = build_context(job, origin, self._schema)
        if self._faults.webhooks.wrapped:
            context = wrapped(context)
        try:
            post = build_post(job.step.endpoint, HOST, context)
        except BadAuthentication as mistake:
            return unusable(mistake)
        with open_session() as session:
            return send(session, post)

    def _finish(self, job: Job, outcome: Outcome) -> None:
        record(self._org, job, outcome)
