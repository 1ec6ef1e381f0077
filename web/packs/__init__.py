"""Packs, parameters and what waits to change the playbook: pages for people without a shell, and the `pack` commands.

`place` is what the pages share, `routes` puts them together; `shell` is the command line.
"""
