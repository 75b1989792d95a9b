"""What is best under each view: conclusions from values of several options on the same worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sco_sim.components.registry import metric
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.statistics import Z, standard_error
from sco_sim.studies.views.conclusions import Conclusion, Stated


def as_good(values: Array, better: str, settings: Ints) -> tuple[int, list[int]]:
    """The option with the best mean, and all whose mean is not distinguishable from it (95 %).

    Args:
        values: Shape (option, world).
        better: higher or lower.
        settings: Setting of each world, shape (world,).
    """
    good = values if better == "higher" else -values
    best = int(good.mean(axis=1).argmax())
    behind = good[best] - good
    tied = [
        option for option in range(len(good))
        if option == best or not behind[option].mean() > Z * standard_error(behind[option], settings)
    ]  # fmt: skip
    return best, tied


def choice(
    subject: str, outcome: str, year: int, names: Sequence[str], values: Mapping[str, Array], settings: Ints
) -> tuple[Conclusion, dict[str, int]]:
    """What each view says is best; they agree on an option that is as good as the best under every view.

    Args:
        subject: What is chosen among.
        outcome: Key of an outcome that has a better side.
        year: In which it is read.
        names: Of the options; the first is what the others are compared with.
        values: View to (option, world).
        settings: Setting of each world, shape (world,).

    Returns:
        The conclusion, and the number of the option that each view says is best.
    """
    measure, judged = metric(outcome), {}
    for view, own in values.items():
        judged[view] = as_good(own, measure.better, settings)
    shared = set.intersection(*(set(tied) for _, tied in judged.values()))
    says = {view: min(shared) if shared else best for view, (best, _) in judged.items()}
    by_view = {}
    for view, own in values.items():
        change = own[says[view]] - own[0]
        low, high = np.quantile(change, (0.05, 0.95))
        by_view[view] = Stated(
            float(change.mean()), float(low), float(high), standard_error(change, settings), names[says[view]]
        )
    return Conclusion(subject, outcome, measure.title, measure.unit, year, by_view), says
