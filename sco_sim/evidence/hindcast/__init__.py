"""Would the model have foreseen the years after an origin, better than forecasts that know nothing of it?

Order of work, kept by the types: a `Panel` holds all observations; a forecaster only ever receives a `Past`, cut at its
origin; constants and error bands are chosen on inner origins cut from that `Past`; `scores` sees both, once.
"""
