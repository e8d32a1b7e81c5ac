"""The dirty set and the memory of the service, as two small protocols and their stores."""
