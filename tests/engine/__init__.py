"""The engine, live handling, button and resync over an org in memory: schedules under control."""
