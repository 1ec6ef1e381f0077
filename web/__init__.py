"""The edges: pages, the command line, and the one place where everything is put together."""
