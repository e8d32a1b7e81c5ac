"""The triggers: requests in, status codes out."""
