"""The answer of a comparison in at most five sentences, chosen by one rule.

Harm first; then what is settled and would show in one history; then what is settled and would not; then one sentence
for all that did not move. The rule is written here once, for the screen, the report and `--json`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.studies.comparison.cost import COST
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.verdict import FEWEST, beside_the_prior, same, settled
from sco_sim.studies.wording import Row, amount, size_in_words

EARLIER = 3.5
"""Standard errors from which on harm in a year before the last is settled; more than in the last, since several years
are looked at."""
SHOWS = 0.75
"""Share of pairs of histories in which the one with the policy is on the better side, from which on one would show."""
MOST_SHOWN = 2
"""Outcomes that would show and get a sentence of their own."""
MOST_NAMED = 2
"""Outcomes of one sentence that are given with figures; the rest are counted."""
MOST_INTERVALS = 2
"""Scenarios of one outcome whose intervals stand in the sentence; of more only the range of means."""

Tone = Literal["harm", "shows", "hidden", "still"]
Named = Callable[[str], str]


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer."""

    tone: Tone
    """Harm; settled and would show in one history; settled and would not; no detectable change."""
    text: str
    outcomes: tuple[str, ...]
    """Keys of the outcomes that it speaks of."""
    moved: tuple[tuple[str, str], ...] = ()
    """Scenario and outcome of each difference that it tells."""


@dataclass(frozen=True)
class Answer:
    """What a comparison says."""

    cautions: tuple[str, ...]
    """What weakens all of it: too few worlds, or nothing but priors."""
    sentences: tuple[Sentence, ...]
    """At most five."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What is read, in this order: harm, the cautions, the rest."""
        harm = tuple(one.text for one in self.sentences if one.tone == "harm")
        return (*harm, *self.cautions, *(one.text for one in self.sentences if one.tone != "harm"))


def answer(
    rows: Sequence[Row],
    settings: int,
    names: Mapping[str, str] | None = None,
    outcomes: Sequence[str] = IMPORTANT,
) -> Answer:
    """The answer of a comparison.

    Args:
        rows: The rows of comparison.csv.
        settings: Number of settings behind them (`Comparison.settings`).
        names: What the scenarios are called; by their own names if left out.
        outcomes: Keys of the outcomes it may speak of; those that restate the inputs are left out.
    """
    last = max((int(row["year"]) for row in rows), default=0)
    own = [row for row in rows if row["outcome"] in outcomes and finding(str(row["outcome"])) and not _unknown(row)]
    final = [row for row in own if int(row["year"]) == last]
    named: Named = (lambda name: names.get(name, name)) if names else str
    if all(same(row) for row in own):
        words = "No difference: every outcome is the same in every world and year."
        return Answer((), (Sentence("still", words, tuple(dict.fromkeys(str(row["outcome"]) for row in own))),))
    judged = [row for row in own if row["better"] != "none" and row["outcome"] != COST]
    harm = _harm([row for row in judged if is_harm(row, last)], named, last)
    better = [row for row in final if row in judged and settled(row) and not is_harm(row, last)]
    shown = [row for row in better if shows(row)]
    hidden = [row for row in better if not shows(row)]
    still = _still(final, judged, [*better, *(row for row in judged if is_harm(row, last))], named, last)
    sentences = (*harm, *_shown(shown, named, last), *_hidden(hidden, named, last), *still)
    return Answer(tuple(_cautions(better, settings)), sentences)


def finding(key: str) -> bool:
    """Whether an outcome says something that its inputs do not: the sense of community restates what is adopted."""
    return metric(key).reads != ("community",)


def shows(row: Row) -> bool:
    """Whether one history would show it: it is apart from one without in SHOWS of the pairs of histories."""
    share = float(row["superiority"])
    return not math.isnan(share) and max(share, 1.0 - share) >= SHOWS


def worse(row: Row) -> bool:
    """Whether the mean difference is on the worse side; False where no side is better."""
    side = {"higher": -1.0, "lower": 1.0}.get(str(row["better"]), 0.0)
    return side * float(row["difference"]) > 0.0


def is_harm(row: Row, last: int) -> bool:
    """Whether the row is settled harm; in a year before the last by more standard errors."""
    if not worse(row) or not settled(row):
        return False
    return int(row["year"]) == last or abs(float(row["difference"])) > EARLIER * float(row["mean_se"])


def _unknown(row: Row) -> bool:
    return math.isnan(float(row["difference"]))


def _cautions(better: Sequence[Row], settings: int) -> Iterable[str]:
    if settings < FEWEST:
        yield (
            f"Too few worlds to answer: {counted(settings, 'setting')} where it takes {FEWEST}; all of this may be "
            "chance."
        )
    known = [verdict for row in better if (verdict := beside_the_prior(row))]
    if known and set(known) == {"same"}:
        yield "The priors alone imply every gain here: the run added nothing to its sign."


def _harm(rows: Sequence[Row], named: Named, last: int) -> tuple[Sentence, ...]:
    """One sentence: the harmful scenarios with their worst outcomes, by the last year or, if gone by then, at worst.

    What one history would show is called harmful, scenario by scenario; what it would not is worse, outcome by
    outcome, and comes after it.
    """
    worst: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: (int(row["year"]) == last, _size(row))):
        worst[str(row["scenario"]), str(row["outcome"])] = row
    order = sorted(worst.values(), key=_size, reverse=True)
    large, small = ([row for row in order if shows(row) is is_large] for is_large in (True, False))
    parts = [f"harmful: {_scenarios(large, named, last)}"] if large else []
    by_year = []
    for year in sorted({int(row["year"]) for row in small}, reverse=True):
        words = _groups(_by_outcome([row for row in small if int(row["year"]) == year]), named)
        by_year.append(f"{words} by {year}" if year == last else f"{_by(year, last)}: {words}")
    if by_year:
        parts.append(f"worse, but too little to show in one history: {'; '.join(by_year)}")
    text = "; ".join(parts)
    if not text:
        return ()
    keys = tuple(dict.fromkeys(str(row["outcome"]) for row in order))
    return (Sentence("harm", f"{text[0].upper()}{text[1:]}.", keys, tuple(worst)),)


def _scenarios(order: Sequence[Row], named: Named, last: int) -> str:
    """Scenarios with their worst outcomes, the worst first."""
    names = list(dict.fromkeys(str(row["scenario"]) for row in order))
    parts = []
    for name in names:
        own = [row for row in order if row["scenario"] == name]
        words = [
            f"{_lower(row)} ({_moved(row)} {_by(int(row['year']), last)}, {_interval(row)})" for row in own[:MOST_SHOWN]
        ]
        more = [f"{counted(len(own) - MOST_SHOWN, 'more outcome')}"] if len(own) > MOST_SHOWN else []
        parts.append(f"{named(name)} for {_and([*words, *more])}")
    if len(parts) > MOST_NAMED:
        parts[MOST_NAMED:] = [f"also {_and([named(name) for name in names[MOST_NAMED:]])}"]
    return "; ".join(parts)


def _by(year: int, last: int) -> str:
    return f"by {year}" if year == last else f"in {year}, no longer settled by {last}"


def _shown(rows: Sequence[Row], named: Named, last: int) -> tuple[Sentence, ...]:
    groups = _by_outcome(rows)
    many = len(groups) > MOST_SHOWN
    own, rest = (groups[: MOST_SHOWN - 1], groups[MOST_SHOWN - 1 :]) if many else (groups, [])
    sentences = [
        _told("shows", f"Better, and it would show in one history: {_group(group, named)} by {last}.", [group])
        for group in own
    ]
    if rest:
        text = f"Better, and it would show too: {_groups(rest, named)} by {last}."
        sentences.append(_told("shows", text, rest))
    return tuple(sentences)


def _hidden(rows: Sequence[Row], named: Named, last: int) -> tuple[Sentence, ...]:
    groups = _by_outcome(rows)
    if not groups:
        return ()
    text = f"Better on average, but too little to show in one history: {_groups(groups, named)} by {last}."
    return (_told("hidden", text, groups),)


def _still(
    final: Sequence[Row], judged: Sequence[Row], moved: Sequence[Row], named: Named, last: int
) -> tuple[Sentence, ...]:
    """One sentence for all outcomes that no scenario moves detectably, and for scenarios in which nothing differs."""
    taken = {str(row["outcome"]) for row in moved}
    keys = [key for key in dict.fromkeys(str(row["outcome"]) for row in judged) if key not in taken]
    fixed = [key for key in keys if all(same(row) for row in final if row["outcome"] == key)]
    open_ = [key for key in keys if key not in fixed]
    parts = []
    if open_:
        parts.append(f"no detectable change by {last} in {_and([_listed(key) for key in open_])}")
    if fixed:
        parts.append(f"the same in every world: {_and([_listed(key) for key in fixed])}")
    if not parts:
        return ()
    text = "; ".join(parts)
    return (Sentence("still", f"{text[0].upper()}{text[1:]}.", tuple(keys)),)


def _by_outcome(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each outcome, the outcome with the largest difference first."""
    groups = [[row for row in rows if row["outcome"] == key] for key in dict.fromkeys(row["outcome"] for row in rows)]
    return sorted(groups, key=lambda group: max(map(_size, group)), reverse=True)


def _told(tone: Tone, text: str, groups: Sequence[Sequence[Row]]) -> Sentence:
    """A sentence on the rows of some outcomes."""
    keys = tuple(str(group[0]["outcome"]) for group in groups)
    moved = tuple((str(row["scenario"]), str(row["outcome"])) for group in groups for row in group)
    return Sentence(tone, text, keys, moved)


def _groups(groups: Sequence[Sequence[Row]], named: Named) -> str:
    words = [_group(group, named) for group in groups[:MOST_NAMED]]
    if len(groups) > MOST_NAMED:
        words.append(counted(len(groups) - MOST_NAMED, "more outcome"))
    return "; ".join(words)


def _group(rows: Sequence[Row], named: Named) -> str:
    """One outcome in the scenarios that move it the same way: with intervals for few, the range of means for more."""
    if len(rows) <= MOST_INTERVALS:
        words = [f"{_moved(row)} with {named(str(row['scenario']))} ({_interval(row)})" for row in rows]
        return f"{_lower(rows[0])} {_and(words)}"
    low, *_, high = sorted(rows, key=lambda row: abs(float(row["difference"])))
    least, most = size_in_words(low), size_in_words(high)
    size = most if least == most else f"{least} to {most}"
    names = _and([named(str(row["scenario"])) for row in rows])
    return f"{_lower(rows[0])} {_way(rows[0])} by {f'{size} {unit_beside(rows[0])}'.rstrip()} with {names}"


def _moved(row: Row) -> str:
    return f"{_way(row)} by {size_in_words(row)} {unit_beside(row)}".rstrip()


def _way(row: Row) -> str:
    return "up" if float(row["difference"]) > 0.0 else "down"


def _interval(row: Row) -> str:
    _, low, high, _ = amount(row)
    return f"5-95 %: {low} to {high}"


def unit_beside(row: Row) -> str:
    """The unit of a difference, "" where the title of the outcome says it."""
    unit = amount(row)[3]
    return "" if unit.lower() in metric(str(row["outcome"])).title.lower() or unit == "a year" else unit


def _lower(row: Row) -> str:
    return _title(str(row["outcome"]))


def _title(key: str) -> str:
    """Title of an outcome within a sentence: small, but for an abbreviation."""
    title = metric(key).title
    return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def _listed(key: str) -> str:
    """The same among others: what stands behind a comma is in brackets, so that it is no outcome of its own."""
    name, _, of = _title(key).partition(", ")
    return f"{name} ({of})" if of else name


def _size(row: Row) -> float:
    """How large a difference is, in spreads between histories of one setting."""
    ratio = abs(float(row["spread_ratio"]))
    return 0.0 if math.isnan(ratio) else ratio


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
