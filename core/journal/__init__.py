"""The event journal: the only door to the event store and to the library behind it."""
