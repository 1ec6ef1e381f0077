"""One file a revision; the newest one's id is `web.access.store.REVISION`."""
