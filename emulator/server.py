"""Puts the emulator together: the Web API, webhooks, control routes and the page."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from emulator.app import build_app
from emulator.control import control_routes
from emulator.customization.custom_apis import guard_custom_api
from emulator.customization.solutions import guard_components
from emulator.entrance import Access
from emulator.faults import Faults
from emulator.loading import load_rows
from emulator.organization import Organization
from emulator.page import page_routes
from emulator.seeds import seed
from emulator.stats import Stats
from emulator.surface.guards import guard_surface
from emulator.surface.imports import guard_controls
from emulator.surface.labels import guard_labels
from emulator.surface.privileges import guard_roles
from emulator.surface.published import guard_published
from emulator.surface.secured import guard_permissions
from emulator.surface.web_resources import web_resource_routes
from emulator.traffic import Traffic
from emulator.views import view_routes
from emulator.webhooks.events import Webhooks
from emulator.webhooks.guards import guard_registration
from emulator.webhooks.messages import seed_messages


class Emulator(Struct, frozen=True):
    """A whole emulator; `app` is what a server runs, `close` stops its threads."""

    app: ASGIApp
    org: Organization
    stats: Stats
    webhooks: Webhooks

    def close(self) -> None:
        """Stops delivering and closes the database."""
        self.webhooks.deliveries.close()
        self.org.close()


def open_organization(org: Organization, data: Path | None = None) -> Organization:
    """Fills a new organisation: standing rows, messages, then the rows of a file; all or none."""
    with org.transaction():
        if not org.rows("organization"):
            seed(org)
            seed_messages(org)
            if data is not None:
                load_rows(org, data)
    return org


def build_emulator(
    org: Organization, latency_ms: float = 0, access: Access | None = None
) -> Emulator:
    """Everything around an organisation whose rows are already there."""
    access = access or Access()
    stats, faults = Stats(), Faults()
    org.guards += [guard_registration, guard_custom_api, guard_components]
    org.guards += [guard_surface, guard_roles, guard_labels, guard_controls, guard_published]
    org.guards.append(guard_permissions)
    webhooks = Webhooks(org, stats, faults)
    routes = [
        *control_routes(stats, faults, webhooks.deliveries, access.limits),
        *_token_routes(access),
        *view_routes(),
        *web_resource_routes(org),
        *page_routes(),
    ]
    app = build_app(org, stats=stats, extra_routes=routes)
    return Emulator(Traffic(app, stats, faults, access, latency_ms), org, stats, webhooks)


def _token_routes(access: Access) -> Sequence[BaseRoute]:
    if access.issuer is None:
        return ()
    from emulator.tokens_routes import token_routes

    return token_routes(access.issuer)
