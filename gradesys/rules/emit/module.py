"""From written lines to a callable: one function in a namespace of its own.

NAMES is everything that generated code may call; builtins are not among it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from typing import Any

from msgspec import Struct

from gradesys.errors import RecordError
from gradesys.rules import arithmetic, comparing, values
from gradesys.rules.account import Figures
from gradesys.rules.cutpoints import share_of
from gradesys.rules.datefunctions import FUNCTIONS
from gradesys.rules.emit.writer import Writer
from gradesys.rules.grades import earned_grade
from gradesys.rules.manual import is_locked, manual_grade
from gradesys.rules.points import map_key
from gradesys.rules.reasons import reason_codes
from gradesys.rules.rounding import quantize
from gradesys.rules.scorecard import NO_ASIDE, Aside, Scorecard, grade_since, remarks
from gradesys.rules.tally import tally


class Generated(Struct, frozen=True):
    """What a function does, and as what it can be read."""

    constants: Mapping[str, Any]
    text: str
    run: Callable[..., Any]

    @property
    def source(self) -> str:
        """The constants, and the function under them."""
        told = [f"{name} = {value!r}" for name, value in self.constants.items()]
        return "\n".join([*told, *([""] if told else []), self.text])


def built(writer: Writer, function: str) -> Generated:
    """The function of this name, out of the written lines."""
    constants = writer.constants
    constants.update({name: making(constants) for name, making in writer.made.items()})
    text = "\n".join(writer.lines) + "\n"
    namespace = {"__builtins__": {}, **NAMES, **constants, **writer.objects}
    exec(compile(text, "<model>", "exec"), namespace)
    return Generated(constants, text, namespace[function])


NAMES: Mapping[str, Any] = {
    "Decimal": Decimal,
    "KeyError": KeyError,
    "TypeError": TypeError,
    "DecimalException": DecimalException,
    "RecordError": RecordError,
    "Scorecard": Scorecard,
    "Aside": Aside,
    "NO_ASIDE": NO_ASIDE,
    "Figures": Figures,
    "add": arithmetic.add,
    "subtract": arithmetic.subtract,
    "multiply": arithmetic.multiply,
    "quotient": arithmetic.quotient,
    "within": arithmetic.within,
    "power": arithmetic.power,
    "negate": arithmetic.negate,
    "plus": arithmetic.plus,
    "truth": comparing.truth,
    "equal": comparing.equal,
    "unequal": comparing.unequal,
    "less": comparing.less,
    "at_most": comparing.at_most,
    "greater": comparing.greater,
    "at_least": comparing.at_least,
    "among": comparing.among,
    "number": values.number,
    "map_key": map_key,
    "tally": tally,
    "share_of": share_of,
    "largest": arithmetic.largest,
    "smallest": arithmetic.smallest,
    "too_large": arithmetic.too_large,
    "quantize": quantize,
    "earned_grade": earned_grade,
    "manual_grade": manual_grade,
    "is_locked": is_locked,
    "grade_since": grade_since,
    "reason_codes": reason_codes,
    "remarks": remarks,
    "in_utc": values.in_utc,
    **{f"f_{name}": function.compute for name, function in FUNCTIONS.items()},
}
