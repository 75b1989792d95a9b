"""What the studies of structure would have a reader take home: routes, quarrels, packages and payments, the order."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.routes import legs_of
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import ScenarioError, counted
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.candidates.candidate import CHANGES, STANDS, Candidate, lacks
from sco_sim.studies.cascade import YEARS, CascadeStudy, Pair
from sco_sim.studies.packages.study import Packages, study
from sco_sim.studies.packages.words import money, text
from sco_sim.studies.routes import Closure, RouteStudy, closures_in_words
from sco_sim.studies.sequence.orders import Orders, same_as
from sco_sim.studies.sequence.sequence import BEST, SequenceStudy
from sco_sim.studies.statistics import Z, standard_error
from sco_sim.studies.wording import percent, size_of

CORRIDOR = "trade_corridor"
"""A scenario without one says nothing of freight routes."""
QUARRELS, SEVERITY, LATER = 6, 2.0, 4
"""Ties whose quarrel is tried, those with the most trade; how bad it is; years after the start."""
DELIVERED = "delivered_mean"
"""What orders are judged by: the ambition delivered."""


def route(scenario: Scenario, case: Case, command: str) -> Candidate:
    """The border or transit state whose loss costs the members most of their trade."""
    if not any(one.key() == CORRIDOR for one in scenario.policies):
        return lacks(STANDS, "routes", command, "the scenario builds no corridor")
    if not legs_of(case.table):
        return lacks(STANDS, "routes", command, "the case has no freight routes")
    routes = RouteStudy(case, scenario, scenario.horizon.start)
    return of_closures(routes.closures(("border", "state")), sum(routes.trade.values()), command)


def of_closures(closures: Sequence[Closure], trade: float, command: str) -> Candidate:
    """The dearest of some closures; `trade` of all ties, million USD of 2015 a year."""

    def lost(one: Closure) -> float:
        return (one.musd + one.stranded) / trade

    ranked = sorted(closures, key=lambda one: (-lost(one), one.sort, one.name))
    if not ranked or trade <= 0.0:
        return lacks(STANDS, "routes", command, "no freight on land passes a border or another state")
    worst, *rest = ranked
    whole = worst.stranded > 0.995 * (worst.musd + worst.stranded)
    cut = f", {'all' if whole else money(worst.stranded)} of it without another way" if worst.stranded else ""
    said = (
        f"{closures_in_words(worst)} would cost the members {money(worst.musd + worst.stranded)} of trade a year"
        f"{cut} ({percent(lost(worst))} of all of it, on {counted(len(worst.losses), 'tie')})."
    )
    turn = "goods whose value or hurry is another (`routes.container_value`, `routes.day_value`)"
    if rest:
        turn += f"; the next, {closures_in_words(rest[0], start=False)}, costs {percent(lost(rest[0]))}"
    return Candidate(STANDS, said, command, turn, "routes", lost(worst), lost(worst) > 0.0, True)


def quarrel(scenario: Scenario, case: Case, command: str, *, worlds: int, replicates: int, seed: int) -> Candidate:
    """What the worst quarrel costs the organisation in trade, of the ties with the most trade."""
    when = scenario.horizon.start + LATER
    end = min(when + YEARS - 1, scenario.horizon.end)
    if when > end or len(scenario.states) < 2:
        return lacks(STANDS, "cascade", command, f"nothing is simulated after {when}")
    short = scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"end": end})})
    one = CascadeStudy(short, case, year=when, severity=SEVERITY, worlds=worlds, seed=seed, replicates=replicates)
    before = one.block(None, False)
    size = before.ties["trade"].mean(axis=(0, 1))
    pairs = [one.pairs[tie] for tie in np.argsort(-size, kind="stable")[:QUARRELS]]
    total = before.metrics["trade_total_busd"].mean(axis=1)
    lost = {pair: (total - one.block(pair, False).metrics["trade_total_busd"].mean(axis=1)) / total for pair in pairs}
    others = {pair: _of_others(one, pair) for pair in pairs}
    return of_quarrels(lost, others, settings_of(range(worlds), replicates), when, command)


def _of_others(one: CascadeStudy, pair: Pair) -> float:
    """What of the trade lost in a quarrel is lost on ties of others."""
    tie = one.pairs.index(pair)
    change = one.block(None, False).ties["trade"] - one.block(pair, False).ties["trade"]
    own, whole = float(change[:, :, tie].mean()), float(change.sum(axis=2).mean())
    return (whole - own) / whole if whole > 0.0 else 0.0


def of_quarrels(
    lost: dict[Pair, Array], others: dict[Pair, float], settings: Ints, year: int, command: str
) -> Candidate:
    """The dearest of some quarrels.

    Args:
        lost: Tie to the share of the members' trade that its quarrel costs, (world,).
        others: Tie to the part of this that is lost on other ties.
        settings: Setting of each world, (world,).
        year: In which they break out.
        command: That gives it.
    """
    worst = max(lost, key=lambda pair: float(lost[pair].mean()))
    mean, error = float(lost[worst].mean()), standard_error(lost[worst], settings)
    dearer = [float((lost[worst] < values).mean()) for pair, values in lost.items() if pair != worst]
    said = (
        f"A quarrel between {worst[0]} and {worst[1]} in {year} would cost the members {percent(mean)} of their trade "
        f"in the ten years after it, {percent(max(others[worst], 0.0))} of that on ties of others."
    )
    turn = (
        f"another quarrel: of the {counted(len(lost), 'largest tie')} another's costs more in up to "
        f"{percent(max(dearer))} of "
        "worlds"
        if dearer
        else "a quarrel that passes sooner (`quarrel.war_half_life`)"
    )
    return Candidate(STANDS, said, command, turn, "cascade", mean, mean > Z * error, True, len(settings))


def bundle(scenario: Scenario, case: Case, command: str, *, worlds: int, seed: int) -> list[Candidate]:
    """The package, and the payment, that brings most of the texts through that fail alone."""
    try:
        result = study(scenario, case, worlds=worlds, seed=seed)
    except ScenarioError as error:
        return [lacks(CHANGES, "packages", command, error.problems[0].message)]
    return [package(result, command), payment(result, command)]


def package(result: Packages, command: str) -> Candidate:
    """The package with the most texts more, less those that it spoils."""
    alone = dict(zip(result.alone["text"], result.alone["share"], strict=True))
    if result.packages.empty:
        return lacks(CHANGES, "packages", command, "there are no two texts to pack")
    gains = [
        (size * share - sum(alone[one] for one in name.split(" + "))) / len(alone)
        for name, size, share in zip(
            result.packages["package"], result.packages["size"], result.packages["share"], strict=True
        )
    ]
    row, gain = result.packages.iloc[int(np.argmax(gains))], max(gains)
    if gain <= 0.0:
        return lacks(CHANGES, "packages", command, "no package brings more texts through than each brings alone")
    said = (
        f"a package: voted on as one, {text(row['package'])} pass in {percent(row['share'])} of settings, all of them "
        f"alone in {percent(row['share_parts'])}"
    )
    turn = "readiness to agree that counts once for each text"
    return Candidate(CHANGES, said, command, turn, "packages", gain, gain > Z * _bound(row, result), False,
                     result.worlds)  # fmt: skip


def _bound(row: pd.Series, result: Packages) -> float:
    """No standard error of the share of texts gained is larger: settings in which nothing changes are left out."""
    changed = min(1.0, 1.0 - float(row["share_parts"]) + float(row["lost"]))
    return float(row["size"]) * math.sqrt(changed / max(result.worlds, 1)) / len(result.alone)


def payment(result: Packages, command: str) -> Candidate:
    """The text that is bought most often, in settings in which somebody holds out."""
    own = result.bargains[~result.bargains["of"].str.contains(" + ", regex=False)] if len(result.bargains) else None
    if own is None or own.empty:
        return lacks(CHANGES, "packages", command, "no text fails at the centre of the ledger, so none has a price")
    bought = (own["asked"] * own["share_paid"].fillna(0.0)).to_numpy(float)
    row, share = own.iloc[int(bought.argmax())], float(bought.max())
    if share <= 0.0:
        return lacks(CHANGES, "packages", command, "no payment that the others can make brings a text through")
    said = (
        f"a payment: {text(row['of'])} can be bought in {percent(share)} of settings, for "
        f"{money(row['total_median_musd'])} a year in the median"
    )
    gain, error = share / len(result.alone), math.sqrt(share * (1.0 - share) / result.worlds) / len(result.alone)
    turn = f"no state that can pay up to {100.0 * result.most:g} % of its GDP"
    return Candidate(CHANGES, said, command, turn, "packages", gain, gain > Z * error, False, result.worlds)


def order(scenario: Scenario, case: Case, command: str, *, worlds: int, replicates: int, seed: int) -> Candidate:
    """The order of the texts under which more of the ambition is delivered."""
    try:
        orders = Orders(scenario)
    except ScenarioError as error:
        return lacks(CHANGES, "sequence", command, error.problems[0].message)
    first = orders.shipped
    swapped = [(*first[:at], first[at + 1], first[at], *first[at + 2 :]) for at in range(len(first) - 1)]
    if len({same_as(orders.scenario_of(one)) for one in [first, *swapped]}) == 1:
        return lacks(CHANGES, "sequence", command, "no order differs from another: nothing limits what a summit takes")
    study_of = SequenceStudy(scenario, case, outcomes=(DELIVERED,), worlds=worlds, replicates=replicates, seed=seed)
    result = study_of.run()
    row = result.rows[result.rows["sequence"] == BEST].iloc[0]
    gain = float(row["difference"])
    if not gain > 0.0:
        return lacks(CHANGES, "sequence", command, "no order delivers more than the scenario's")
    texts = " > ".join(str(row["order"]).split(" > ")[:3])
    more = f"{size_of(100.0 * gain, 1)} points more"
    said = f"another order: with {texts} first, {more} of the ambition are delivered in {result.year}"
    turn = "more room at each summit (`agenda.per_summit`)"
    return Candidate(CHANGES, said, command, turn, "sequence", gain, float(row["low"]) > 0.0, False, worlds)
