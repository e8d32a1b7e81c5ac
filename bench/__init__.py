"""Measurements of the scoring core; figures, not promises."""
