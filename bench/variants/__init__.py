"""A whole resync from bytes to changed rows, once in each way somebody might write it."""
