"""Optional parameters of an operation that steps notice: its tag, and which steps it bypasses.

They travel in a context variable, and every change remembers those under which it was made.
"""

from contextvars import ContextVar

from msgspec import Struct


class Optional(Struct, frozen=True):
    """``tag`` of ``?tag=``; ``bypasses_steps`` all asynchronous ones, ``bypassed`` some by id."""

    tag: str | None = None
    bypasses_steps: bool = False
    bypassed: frozenset[str] = frozenset()

    def bypasses(self, step_id: str) -> bool:
        """Whether this step hears nothing of the operation."""
        return self.bypasses_steps or step_id in self.bypassed


NOTHING = Optional()
_CURRENT: ContextVar[Optional] = ContextVar("optional", default=NOTHING)


def work_under(optional: Optional) -> None:
    """Let everything this operation does be under these parameters."""
    _CURRENT.set(optional)


def current_optional() -> Optional:
    """The parameters of the operation under way."""
    return _CURRENT.get()
