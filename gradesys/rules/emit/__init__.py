"""From a compiled model to the Python source of one function, and the function itself.

Nothing that an author wrote becomes code: names of locals are spelled here from plain ASCII
letters, texts enter as their ``repr``, numbers as the ``repr`` of a Decimal, everything else as an
object in the function's own namespace, which has no builtins.
"""
