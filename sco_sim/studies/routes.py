"""What the loss of a leg, a border, a transit state or a strait costs whom, who gains as a bypass, who lies between."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.initial import initial_normals, initial_state
from sco_sim.case.routes import legs_of, network_of, nodes_of, prices_of
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.scenario.schema import Scenario
from sco_sim.world.channels import BY_CHANNEL
from sco_sim.world.routes import LAND, NOTHING, Choice, Closed, Leg, Network
from sco_sim.world.scales import both_ways
from sco_sim.world.ties import Ties

Pair = tuple[str, str]
SORTS = ("leg", "border", "state", "strait")
"""What can be lost."""


@dataclass(frozen=True)
class Loss:
    """What one tie loses by one closure."""

    tie: Pair
    days: float
    usd: float
    """A container, with the worth of its time."""
    percent: float
    """Of the generalised cost; infinite if the tie is cut off."""
    musd: float
    """A year, on the goods the two trade, were all of them worth as much a container and a day; 0 if it is cut off."""


@dataclass(frozen=True)
class Closure:
    """The loss of one leg, border, transit state or strait."""

    sort: str
    """One of `SORTS`."""
    name: str
    text: str
    losses: tuple[Loss, ...]
    """By tie, the largest first."""
    percent: float
    """Rise of the generalised cost, mean over ties weighted with their trade; those cut off are left out."""
    musd: float
    """What that costs a year; nothing for ties that are cut off, whose whole trade has no route."""
    stranded: float
    """Trade of the ties that are cut off, million USD of 2015 a year."""
    bypass: Mapping[str, float]
    """Rise of the trade that passes through each state, million USD of 2015 a year; only where it rises."""

    @property
    def cut(self) -> tuple[Pair, ...]:
        """Ties that no route serves any more."""
        return tuple(loss.tie for loss in self.losses if math.isinf(loss.percent))


def trade_of(case: Case, scenario: Scenario, year: int) -> dict[Pair, float]:
    """Trade in goods of each tie in a year, both directions, as known or predicted, million USD of 2015."""
    ties = Ties(scenario.states)
    ledger = case.ledger.in_force(scenario.parameters)
    known = initial_state(year, case, ledger, ties, case.rivalries(ties, range(year, year + 1))[0])
    centre = {name: values[:1] for name, values in ledger.centre(range(1)).items()}
    drawn = known.draw(initial_normals(1, range(1), ties, centre=True), centre["students.unseen_shift"])
    values = both_ways(BY_CHANNEL["trade"], drawn)[0] / 1e6
    return dict(zip(ties.pairs, values.tolist(), strict=True))


def near(word: str, known: Collection[str]) -> str:
    """A remedy for a word that is none of hundreds: the one it is close to, or where they are listed."""
    meant = did_you_mean(word, known)
    return meant if meant.startswith("did") else "`sco-sim data route_legs` lists them"


def closed_by(words: Collection[str], case: Case) -> Closed:
    """What some words of a user shut: legs by key, borders as CHN-KGZ, states by code, straits by name.

    Raises ScenarioError for a word that is none of them.
    """
    legs, nodes = legs_of(case.table), nodes_of(case.table)
    keys = {leg.key for leg in legs}
    borders = {"-".join(pair): pair for leg in legs for pair in leg.borders}
    states = {state for leg in legs for state in leg.crossed}
    straits = {name for name, node in nodes.items() if not node.state}
    known = {*keys, *borders, *states, *straits}
    problems = [
        Problem(f"'{word}' is no leg, border, state or strait", near(word, known), "--close")
        for word in words
        if word not in known
    ]
    if problems:
        raise ScenarioError(*problems)
    asked = set(words)
    return Closed(
        frozenset(asked & keys), frozenset(borders[word] for word in asked & set(borders)),
        frozenset(asked & states), frozenset(asked & straits),
    )  # fmt: skip


def in_words(name: str) -> str:
    """A state by its code, a strait as a name: BAB_EL_MANDEB as Bab El Mandeb."""
    return name if len(name) == 3 else name.replace("_", " ").title()


def closures_in_words(one: Closure, *, start: bool = True) -> str:
    """A closure as what costs something, at the start of a sentence or inside it."""
    said = {
        "leg": "the loss of the leg {}", "border": "closing the border {} to freight on land",
        "state": "freight that {} lets pass no more", "strait": "shutting {}",
    }[one.sort].format(one.text)  # fmt: skip
    return said[:1].upper() + said[1:] if start else said


class RouteStudy:
    """The routes between the states of a scenario in a year, and what becomes of them when something shuts."""

    def __init__(
        self, case: Case, scenario: Scenario, year: int, *, closed: Closed = NOTHING, built: Collection[str] = ()
    ) -> None:
        self.year = year
        self.trade_year = min(year, scenario.horizon.start)
        self.trade = trade_of(case, scenario, self.trade_year)
        prices = prices_of(case.ledger.in_force(scenario.parameters).entries)
        self.network: Network = network_of(case.table, prices, year, built).without(closed)

    @cached_property
    def choices(self) -> dict[Pair, Choice]:
        """Routes of each tie with nothing lost."""
        return {pair: self.network.choice(*pair) for pair in self.trade}

    @cached_property
    def carried(self) -> dict[str, float]:
        """Trade on each leg by key, million USD of 2015 a year; legs without any are left out."""
        out: dict[str, float] = {}
        for pair, choice in self.choices.items():
            for path, share in zip(choice.paths, choice.shares, strict=True):
                for leg in path.legs:
                    out[leg.key] = out.get(leg.key, 0.0) + share * self.trade[pair]
        return out

    @cached_property
    def used(self) -> dict[str, Leg]:
        """Legs that carry something."""
        return {leg.key: leg for leg in self.network.legs if leg.key in self.carried}

    def passing(self, pair: Pair, choice: Choice) -> dict[str, float]:
        """Trade of a tie that passes through other states, million USD of 2015 a year, by state."""
        out: dict[str, float] = {}
        for path, share in zip(choice.paths, choice.shares, strict=True):
            for state in path.through - set(pair):
                out[state] = out.get(state, 0.0) + share * self.trade[pair]
        return out

    @cached_property
    def between(self) -> dict[str, dict[Pair, float]]:
        """Who lies between whom: by state or strait, the trade of each tie that passes, million USD of 2015 a year."""
        out: dict[str, dict[Pair, float]] = {}
        for pair, choice in self.choices.items():
            for name, musd in self.passing(pair, choice).items():
                out.setdefault(name, {})[pair] = musd
        return out

    def closures(self, sorts: Collection[str] = SORTS) -> list[Closure]:
        """Every loss of a leg, border, transit state or strait that changes something, the dearest of a sort first."""
        all_of_them = [self.lose(*one) for one in self._candidates() if one[0] in sorts]
        return sorted(all_of_them, key=lambda one: (one.sort, -len(one.cut), -one.musd, one.name))

    def _candidates(self) -> Iterator[tuple[str, str, str, Closed]]:
        for key, leg in sorted(self.used.items()):
            yield "leg", key, f"{'-'.join(leg.nodes)} {leg.mode}", Closed(legs=frozenset({key}))
        for pair in sorted({pair for leg in self.used.values() for pair in leg.borders}):
            yield "border", "-".join(pair), "-".join(pair), Closed(borders=frozenset({pair}))
        for name in sorted(self.between):
            if name in self.network.nodes:
                yield "strait", name, in_words(name), Closed(straits=frozenset({name}))
            else:
                yield "state", name, name, Closed(states=frozenset({name}))

    def lose(self, sort: str, name: str, text: str, closed: Closed) -> Closure:
        """What a closure costs each tie that used what it shuts; a state's own ties are not counted as its transit."""
        network = self.network.without(closed)
        losses, gained = [], dict[str, float]()
        for pair, before in self.choices.items():
            if set(pair) & closed.states or not any(closed.shuts(leg) for path in before.paths for leg in path.legs):
                continue
            after = network.choice(*pair)
            losses.append(self._loss(pair, before, after))
            for sign, choice in ((-1.0, before), (1.0, after)):
                for state, musd in self.passing(pair, choice).items():
                    gained[state] = gained.get(state, 0.0) + sign * musd
        stranded = sum(self.trade[loss.tie] for loss in losses if math.isinf(loss.percent))
        served = sum(self.trade.values()) - stranded
        weighted = sum(self.trade[loss.tie] * loss.percent for loss in losses if math.isfinite(loss.percent))
        losses.sort(key=lambda loss: (-loss.percent, loss.tie))
        risen = {
            state: musd for state, musd in sorted(gained.items(), key=lambda one: (-one[1], one[0])) if musd > 1e-6
        }
        percent = weighted / served if served > 0.0 else 0.0
        return Closure(sort, name, text, tuple(losses), percent, sum(loss.musd for loss in losses), stranded, risen)

    def _loss(self, pair: Pair, before: Choice, after: Choice) -> Loss:
        if not after.paths:
            return Loss(pair, math.inf, math.inf, math.inf, 0.0)
        usd = after.cost - before.cost
        musd = self.trade[pair] * usd / self.network.prices.p["routes.container_value"]
        return Loss(pair, after.days - before.days, usd, 100.0 * usd / before.cost, musd)


def tables(study: RouteStudy, closures: Collection[Closure]) -> dict[str, pd.DataFrame]:
    """CSV tables: losses by tie, their summary, trade through states and straits, the paths, trade on the legs."""
    losses = [
        {"sort": one.sort, "name": one.name, "tie": "-".join(loss.tie), "days": loss.days, "usd_container": loss.usd,
         "cost_percent": loss.percent, "musd": loss.musd, "trade_musd": study.trade[loss.tie]}
        for one in closures for loss in one.losses
    ]  # fmt: skip
    summary = [
        {"sort": one.sort, "name": one.name, "text": one.text, "ties": len(one.losses), "cut_off": len(one.cut),
         "cut_off_trade_musd": one.stranded,
         "cost_percent_weighted": one.percent, "musd": one.musd,
         "bypass": ";".join(one.bypass), "bypass_musd": ";".join(f"{musd:.1f}" for musd in one.bypass.values())}
        for one in closures
    ]  # fmt: skip
    between = [
        {"name": name, "tie": "-".join(pair), "musd": musd, "share_of_tie": musd / study.trade[pair]}
        for name, ties in sorted(study.between.items()) for pair, musd in ties.items()
    ]  # fmt: skip
    paths = [
        {"tie": "-".join(pair), "share": share, "cost_usd": path.cost, "days": path.days, "freight_usd": path.usd,
         "nodes": ";".join(path.nodes), "legs": ";".join(leg.key for leg in path.legs)}
        for pair, choice in study.choices.items()
        for path, share in zip(choice.paths, choice.shares, strict=True)
    ]  # fmt: skip
    legs = [
        {"leg": key, "text": f"{'-'.join(leg.nodes)} {leg.mode}", "crossing": leg.crossing,
         "on_land": leg.mode in LAND, "musd": study.carried[key]}
        for key, leg in study.used.items()
    ]  # fmt: skip
    named = {"losses": losses, "summary": summary, "between": between, "paths": paths, "legs": legs}
    return {f"{name}.csv": pd.DataFrame(rows) for name, rows in named.items()}
