"""Every quarter of an hour: what changed without an event, and whether the steps drifted."""
