"""Microsoft's emulator of Azure Storage, started by whoever wants to test against it."""
