"""The Web API's surface: addresses, headers, messages and answers."""
