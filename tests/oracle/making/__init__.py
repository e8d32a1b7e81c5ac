"""The parts of the seeded generator: worlds and models that are valid and full of edges."""
