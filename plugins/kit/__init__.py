"""The kit of a pack's author: a template to begin with, a check with line numbers, and the pack's own fixtures."""
