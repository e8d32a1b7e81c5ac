"""The two ways an evaluation can go wrong, kept apart because only one of them has a result."""


class InputError(Exception):
    """The model, the case or the tables cannot be evaluated (unknown name, cycle, no row)."""


class RecordError(Exception):
    """One record cannot be scored: a kind that does not fit, an unresolvable lookup (15.3)."""
