"""From an event to marks, and from a marked key to an exact score."""
