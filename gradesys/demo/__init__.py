"""The demo: a sample org, the service and the page on this machine, and a check of the whole line.

Everything runs as its own process, as an operator would have it; this package talks to them only
over HTTP and by commands.
"""
