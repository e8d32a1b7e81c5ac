"""The card of eight.yaml in other engines, each in its fastest documented mode."""
