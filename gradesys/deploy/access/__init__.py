"""The service's own rights in an organisation: one role with just what the rules need."""
