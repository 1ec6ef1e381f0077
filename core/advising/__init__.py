"""The use cases: what members do, one module for each kind. Each loads, checks access, decides and saves."""
