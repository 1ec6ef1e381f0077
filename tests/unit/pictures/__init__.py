"""Tests of the pictures drawn on the server."""
