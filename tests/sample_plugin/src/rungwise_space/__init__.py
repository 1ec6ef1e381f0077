"""Space medicine for Rungwise."""
