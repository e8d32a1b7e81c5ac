"""What Azure's runtime would list; the SDK builds its functions only once a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import function_app


@cache
def azure_functions() -> Mapping[str, Callable[..., Any]]:
    """The functions by name."""
    listed = function_app.app.get_functions()
    return {str(each.get_function_name()): each.get_user_function() for each in listed}
