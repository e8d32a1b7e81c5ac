"""Clients that others wrote drive the emulator: what they accept is not for us to say."""
