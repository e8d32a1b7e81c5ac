"""The whole line with real parts: emulator, deploy, service and command line as processes."""
