"""The forty faults of reliability §5: one short promise each, by number."""
