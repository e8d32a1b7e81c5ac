"""``gradesys demo``: the whole line on this machine."""

from __future__ import annotations

import click


@click.command()
def demo() -> int:
    """A sample org, the service and a page."""
    raise click.UsageError("the demo is being built")
