"""Signing in: passwords, sessions, the throttle, invitations and pending uploads, all in `access.db`.

What members keep for themselves lies there too: what they have looked at, and the filters they saved.

Nothing here is an event, and nothing can be rebuilt. No name and no e-mail address is stored: a member is known by an
id that is itself an HMAC of the address.
"""
