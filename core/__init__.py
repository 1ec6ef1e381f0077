"""The domain: journeys, decisions and their explanation, plans, people. No web, no plugins, no clock."""
