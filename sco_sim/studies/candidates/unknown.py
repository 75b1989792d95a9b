"""What is not known and would have another thing said: a belief that splits the views, an outcome nearly noticed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sco_sim.case.case import Case
from sco_sim.components.registry import metric
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.scenario.schema import EVIDENCE, Scenario
from sco_sim.studies.candidates.candidate import KNOWING, Candidate, lacks
from sco_sim.studies.statistics import Z
from sco_sim.studies.threshold.asked import Asked, asked
from sco_sim.studies.threshold.knobs import Knob, parameter
from sco_sim.studies.threshold.promises import Promises
from sco_sim.studies.threshold.promises_page import sentence as promised_of
from sco_sim.studies.threshold.search import Crossing
from sco_sim.studies.threshold.threshold import Threshold, ThresholdStudy
from sco_sim.studies.threshold.words import sentence as sentence_of
from sco_sim.studies.views.conclusions import Conclusion, Stated, called, sentence
from sco_sim.studies.views.split import Measure, Pair, Stand, entries, stand, switched
from sco_sim.studies.views.worlds import OfYear
from sco_sim.studies.wording import Row, percent, scale

CHANCE = 0.8
"""Share of worlds that counts as reached, as `sco-sim threshold` has it."""
Brings = Callable[[Sequence[str]], bool]


def split_views(
    pairs: Mapping[str, Pair], outcomes: Sequence[str], case: Case, command: str, *, worlds: int, replicates: int,
    seed: int,
) -> Candidate:  # fmt: skip
    """The belief by which a view turns most of what the evidence says.

    Args:
        pairs: View, evidence the first, to the reference and the scenario under it.
        outcomes: Keys of outcomes of the whole.
        case: Tables and ledger.
        command: That gives it.
        worlds: On which all is simulated.
        replicates: Worlds a setting.
        seed: Of the draws.
    """
    first = next(iter(pairs.values())).right
    read = OfYear(case, outcomes, first.horizon.end, worlds=worlds, replicates=replicates, seed=seed)
    return of_views(pairs, outcomes, read, settings_of(range(worlds), replicates), first.horizon.end, command)


def of_views(
    pairs: Mapping[str, Pair], outcomes: Sequence[str], read: Measure, settings: Ints, year: int, command: str
) -> Candidate:
    """The same from what reads outcomes off a scenario, on worlds of these settings."""
    stands = {view: _stands(pair, outcomes, read, settings) for view, pair in pairs.items()}
    turned = {
        view: [key for key in outcomes if own[key].sign != stands[EVIDENCE][key].sign]
        for view, own in stands.items() if view != EVIDENCE
    }  # fmt: skip
    view = max(turned, key=lambda one: len(turned[one]), default="")
    if not view or not turned[view]:
        return lacks(KNOWING, "views", command, "all views come to the same conclusions")
    mine, theirs = pairs[EVIDENCE], pairs[view]
    names = entries(mine.right, theirs.right)

    def with_these(chosen: Sequence[str]) -> dict[str, Stand]:
        left, right = mine.left, mine.right
        for name in chosen:
            left, right = switched(left, theirs.left, name), switched(right, theirs.right, name)
        return _stands(Pair(left, right), outcomes, read, settings)

    for key in turned[view]:
        entry = single(names, lambda some, key=key: with_these(some)[key].sign == stands[view][key].sign)  # type: ignore[misc]
        if entry is not None:
            alone = with_these([entry])
            share = sum(alone[one].sign == stands[view][one].sign for one in turned[view]) / len(outcomes)
            said = f"{_said(stands, key, year)} With `{entry}` alone as {called(view)} has it, evidence says so too."
            turn = f"a study that settles `{entry}`"
            return Candidate(KNOWING, said, command, turn, "views", share, share > 0.0, False, len(settings))
    said = f"{_said(stands, turned[view][0], year)} No belief was seen that makes the difference alone."
    share = len(turned[view]) / len(outcomes)
    return Candidate(KNOWING, said, command, "studies of several entries together", "views", share, False, False,
                     len(settings))  # fmt: skip


def single(names: Sequence[str], brings: Brings) -> str | None:
    """One of some entries that alone brings something about, by halving; None if no half on the way does."""
    some = list(names)
    while len(some) > 1:
        halves = (some[: len(some) // 2], some[len(some) // 2 :])
        some = next((half for half in halves if brings(half)), [])
    return some[0] if some and brings(some) else None


def _stands(pair: Pair, outcomes: Sequence[str], read: Measure, settings: Ints) -> dict[str, Stand]:
    left, right = read(pair.left), read(pair.right)
    return {key: stand(left[key], right[key], settings) for key in outcomes}


def _said(stands: Mapping[str, Mapping[str, Stand]], key: str, year: int) -> str:
    """What each view says of an outcome."""
    one, nan = metric(key), float("nan")
    by_view = {
        view: Stated(own[key].mean, nan, nan, own[key].error, own[key].sign) for view, own in stands.items()
    }  # fmt: skip
    title = one.title[:1].lower() + one.title[1:]
    return sentence(Conclusion("Views differ", key, title, one.unit, year, by_view))[0]


def reach(
    rows: Sequence[Row], draws: Mapping[str, Array], scenario: Scenario, reference: Scenario, case: Case,
    command: Callable[[str], str], *, worlds: int, replicates: int, seed: int,
) -> Candidate:  # fmt: skip
    """What it would take for the outcome that comes nearest to being noticed at the end of what is known.

    Args:
        rows: Of `fragile`: outcomes of the scenario whose sign is not settled, with the entry that each hangs on.
        draws: Entry of the ledger to its draws, (setting,).
        scenario: Which is asked for.
        reference: What it is compared with.
        case: Tables and ledger.
        command: From the options to the command that says how strong the entry has to be.
        worlds: On which all is simulated.
        replicates: Worlds a setting.
        seed: Of the draws.
    """
    known = [row for row in rows if row["parameter"] in draws and metric(row["outcome"]).better != "none"]
    study = ThresholdStudy(scenario, case, against=reference, worlds=worlds, seed=seed, replicates=replicates)
    near = [one for row in known if (one := _near(study, row, case)) is not None]
    every = [one for one in near if one.now < CHANCE]
    if not every:
        return lacks(KNOWING, "threshold", command(""), "no outcome whose sign is open hangs on one entry")
    one = max(every, key=lambda each: each.end)
    options = f"--parameter {one.knob.name} --outcome {one.question.outcome} --by={one.by}"
    return of_threshold(study.threshold(one.knob, one.question), one, draws[one.knob.name], command(options), worlds)


def of_threshold(needed: Threshold, one: Near, draws: Array, command: str, worlds: int) -> Candidate:
    """A threshold; it is worth knowing as often as what is drawn of the entry, (setting,), lies beyond it."""
    said = sentence_of(needed, one.question)
    return _reached(said, "threshold", needed.knob, needed.crossing, draws, (one.end, one.now), command, worlds)


def promise(
    policies: Sequence[str], draws: Mapping[str, Array], study: Promises, command: Callable[[str], str]
) -> Candidate:
    """What it would take for the promise of some policies that is nearest to being kept.

    Args:
        policies: Keys of policies.
        draws: Entry of the ledger to its draws, (setting,).
        study: What looks for it.
        command: From a policy to the command that says what its promises take.
    """
    nearest = study.nearest(list(dict.fromkeys(policies)))
    if nearest is None or nearest[0].knob is None or nearest[0].knob.name not in draws:
        why = "the documents promise nothing of its policies that is not kept as it is and hangs on one entry"
        return lacks(KNOWING, "promises", command(""), why)
    one, end = nearest
    assert one.knob is not None  # seen above; this tells the type checker
    assert one.crossing is not None  # what has an entry was looked for
    alone = f"{one.component}, alone and at full strength, "
    said = f"Nearest to being kept is what is promised of {promised_of(one).replace(f'{one.component}: ', alone, 1)}"
    shares, own = (end, one.as_it_is), draws[one.knob.name]
    return _reached(said, "promises", one.knob, one.crossing, own, shares, command(one.component), study.worlds)


def _reached(
    said: str, study: str, knob: Knob, crossing: Crossing, draws: Array, shares: tuple[float, float], command: str,
    worlds: int,
) -> Candidate:  # fmt: skip
    """What is reached beyond a value of an entry; `shares` of worlds at its better end, and as it is drawn."""
    share, sure = beyond(knob, crossing.value, draws), beyond(knob, crossing.high, draws)
    turn = (
        f"a study that settles `{knob.name}`: {percent(shares[0])} of worlds get there at the better end of what is "
        f"known of it, {percent(shares[1])} as it is drawn"
    )
    error = (sure * (1.0 - sure) / len(draws)) ** 0.5
    return Candidate(KNOWING, said, command, turn, study, share, sure > Z * error, False, worlds)


def beyond(knob: Knob, value: float, draws: Array) -> float:
    """Share of what is drawn of an entry, (setting,), that lies as far from nothing as a value or farther."""
    if not math.isfinite(value) or value == knob.nothing:
        return 0.0
    return float((draws >= value).mean() if value > knob.nothing else (draws <= value).mean())


@dataclass(frozen=True)
class Near:
    """How near an outcome is to being noticed."""

    by: str
    """The change that counts as noticed, as it is typed."""
    question: Asked
    knob: Knob
    now: float
    """Share of worlds that get there as things are."""
    end: float
    """The same at the better end of what is known of the entry."""


def _near(study: ThresholdStudy, row: Row, case: Case) -> Near | None:
    """1 %, or 1 point of a share, to the better side; None of what is 0 in some world: there is no per cent of it."""
    one = metric(str(row["outcome"]))
    by = f"{'-' if one.better == 'lower' else ''}1{'' if scale(one.unit)[1] == 'points' else '%'}"
    question = asked(str(row["outcome"]), by, None, CHANCE, study.scenario)
    knob = parameter(str(row["parameter"]), study.scenario, case.catalog)
    try:
        ends = [study.share(knob, question, value) for value in knob.evidence or ()]
        return Near(by, question, knob, study.share(None, question), max(ends, default=0.0))
    except ScenarioError:
        return None
