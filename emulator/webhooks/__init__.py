"""Webhooks as Dataverse sends them: which steps fire, what is posted, and what becomes of it."""
