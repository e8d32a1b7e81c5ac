"""An independent judge of the rule language: naive, written from its reference alone.

It imports nothing of gradesys, so that property tests compare two readings of one text.
"""

from tests.oracle.errors import InputError, RecordError
from tests.oracle.evaluate import Oracle, evaluate
from tests.oracle.result import Result
from tests.oracle.world import World

__all__ = ["InputError", "Oracle", "RecordError", "Result", "World", "evaluate"]
