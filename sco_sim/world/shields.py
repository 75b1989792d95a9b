"""Shields: what wards off the harm of which kind of event. Policies raise them, events name those that concern them."""

SHIELDS = {
    "health": "cooperation in health",
    "heritage": "joint work on heritage",
    "talk": "talk of media, think tanks, mayors and business",
    "channels": "instant channels between governments",
}
"""Shield to what raises it."""
