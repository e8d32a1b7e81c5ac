"""How the service is, in words and colours, and who is told when it turns red."""
