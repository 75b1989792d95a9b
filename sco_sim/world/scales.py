"""Between the units of a channel and the scale on which the state holds it."""

from __future__ import annotations

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import Channel


def in_units(channel: Channel, values: Array) -> Array:
    """State values in the unit of the channel, same shape; what is below zero stands for none."""
    if channel.scale == "ln":
        return np.exp(values)
    return np.maximum(np.expm1(values) if channel.scale == "ln1p" else values, 0.0)


def on_scale(channel: Channel, amounts: Array) -> Array:
    """Amounts in the unit of the channel as the state holds them, same shape; zero has no value on the scale ln."""
    if channel.scale == "count":
        return amounts
    values: Array = np.log(amounts) if channel.scale == "ln" else np.log1p(amounts)
    return values


def both_ways(channel: Channel, arrays: dict[str, Array]) -> Array:
    """What flows in all directions of a channel, in its unit, from state values by name, same shape as each."""
    whole: Array = np.sum([in_units(channel, arrays[name]) for name in channel.values], axis=0)
    return whole
