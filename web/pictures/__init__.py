"""Pictures drawn on the server: pure functions from frozen inputs to accessible SVG with a table beside it.

They know nothing of journeys, requests or clocks. Colors are classes of ``pictures.css``; an element carries
presentation attributes only, never a ``style`` or a script, so a strict content security policy holds.
"""
