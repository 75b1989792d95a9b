"""What an enlargement costs, in sentences chosen by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.components.rules.opt_in import OptIn
from sco_sim.errors import counted
from sco_sim.studies.council.rule_words import words
from sco_sim.studies.enlargement.enlargement import CAUSES, OUTCOMES, TOTAL, Enlargement
from sco_sim.studies.enlargement.seats import LEADER, MOTIVES, NUMBER, RIVALRY
from sco_sim.studies.silent import why
from sco_sim.studies.wording import change_of, decimals, signed, size_of

Row = Mapping[str, Any]
NAMES = {
    NUMBER: "the number of members", RIVALRY: "rivalries brought in", MOTIVES: "what newcomers want",
    LEADER: "their size",
}  # fmt: skip
"""A cause in words."""


def sentences(result: Enlargement) -> list[str]:
    """Adoption and delivery under the own rule, the first step, the rules, and which causes do nothing."""
    rows = records(result)
    out = [_own(rows, result, outcome) for outcome in OUTCOMES if any(row["outcome"] == outcome for row in rows)]
    if len(result.stages) > 2:
        out.append(_steps(rows, result))
    return [
        text
        for text in (
            _powerless(result),
            *out,
            _rules(rows, result),
            _causes(rows, result),
            _later(result),
            why(result.off),
        )
        if text
    ]


def _later(result: Enlargement) -> str:
    """Texts that are not on the table yet."""
    if not result.later:
        return ""
    return f"Not tabled by {result.year}, so not counted: {', '.join(result.later)}."


def _powerless(result: Enlargement) -> str:
    """Rules that are left out because the founders could adopt nothing under them."""
    if not result.powerless:
        return ""
    founders = result.stages[0]
    named = " and ".join(
        words(key) + (f" (at least {rule.minimum})" if isinstance(rule, OptIn) else "")
        for key, rule in result.powerless.items()
    )
    return (
        f"Under {named} {counted(len(founders.members), 'founder')} ({', '.join(founders.members)}) can adopt nothing "
        "even if all accept, so enlargement takes nothing from them: left out."
    )


def records(result: Enlargement) -> list[Row]:
    """The rows of the table."""
    return [{str(key): value for key, value in row.items()} for row in result.table.to_dict("records")]


def of(rows: Sequence[Row], result: Enlargement, rule: str, outcome: str, members: str = "") -> dict[str, Row]:
    """Cause to its row for a rule and an outcome, of the largest organisation if none is named."""
    wanted = (rule, outcome, members or result.stages[-1].name)
    return {str(r["cause"]): r for r in rows if (r["rule"], r["outcome"], r["members"]) == wanted}


def sure(row: Row) -> int:
    """1 for a loss that is surely above 0 (95 %), -1 for a gain that surely is one, else 0."""
    return int(row["loss_low"] > 0.0) - int(row["loss_high"] < 0.0)


def _points(row: Row) -> str:
    digits = decimals(max(abs(row["loss_low"]), abs(row["loss_high"])))
    low, high = sorted((abs(row["loss_low"]), abs(row["loss_high"])))
    return f"{size_of(row['loss'], digits)} points (95 %: {low:.{digits}f} to {high:.{digits}f})"


def _own(rows: Sequence[Row], result: Enlargement, outcome: str) -> str:
    rule = _first_rule(rows, result)
    mine, members = of(rows, result, rule, outcome), f"{result.stages[0].name} to {result.stages[-1].name} members"
    whole = mine[TOTAL]
    levels = f"from {whole['before']:.0f} to {whole['after']:.0f} % of all that the council was asked by {result.year}"
    head = f"Under {words(rule)}, from {members}, {OUTCOMES[outcome]} goes {levels}"
    if not sure(whole):
        digits = decimals(max(abs(whole["loss_low"]), abs(whole["loss_high"])))
        low, high = signed(-whole["loss_high"], digits), signed(-whole["loss_low"], digits)
        return f"{head}, which is not surely a change (95 %: {low} to {high} points), so no shares are given."
    what = "a loss" if whole["loss"] > 0.0 else "a gain"
    shares = [
        f"{_percent(mine[cause]['share'])} {NAMES[cause]}"
        for cause in sorted(CAUSES, key=lambda cause: -mine[cause]["share"])
    ]
    return f"{head}, {what} of {_points(whole)}: {', '.join(shares)}."


def _percent(share: float) -> str:
    """A share in whole per cent, which may be below 0 or above 100."""
    text = f"{100.0 * share:.0f}"
    return f"{text.lstrip('-') if not text.strip('-0') else text} %"


def _first_rule(rows: Sequence[Row], result: Enlargement) -> str:
    """The rule that the scenario has, if it was asked, else the first."""
    rules = [str(row["rule"]) for row in rows]
    return result.own if result.own in rules else rules[0]


def _steps(rows: Sequence[Row], result: Enlargement) -> str:
    """How much of the loss of the last stage the first had brought."""
    rule, outcome, step = _first_rule(rows, result), next(iter(OUTCOMES)), result.stages[1]
    mine = of(rows, result, rule, outcome, step.name)
    first, last = mine[TOTAL], of(rows, result, rule, outcome)[TOTAL]
    head = f"The first step, {result.stages[0].name} to {step.name} members ({', '.join(step.joined)})"
    if not sure(first):
        return f"{head}, surely changes nothing of what the founders adopt under {words(rule)}."
    largest = max(CAUSES, key=lambda cause: float(mine[cause]["loss"]))
    first_step, whole = (change_of(row["loss"], 1) for row in (first, last))
    return (
        f"{head}, makes {first_step} of the {whole} points of what the founders no longer adopt under {words(rule)}, "
        f"most by {NAMES[largest]}."
    )


def _rules(rows: Sequence[Row], result: Enlargement) -> str:
    outcome = next(iter(OUTCOMES))
    whole = {rule: of(rows, result, rule, outcome)[TOTAL] for rule in dict.fromkeys(str(r["rule"]) for r in rows)}
    if len(whole) == 1:
        return "Other rules were not asked (`--rule`)."
    lost = [rule for rule, row in whole.items() if sure(row)]
    same = [words(rule) for rule in whole if rule not in lost]
    if not lost:
        return "What the founders adopt surely changes under no rule."
    most, least = (pick(lost, key=lambda rule: float(whole[rule]["loss"])) for pick in (max, min))
    text = f"Of what the founders adopt {words(most)} loses most, {change_of(whole[most]['loss'], 1)} points"
    if most != least:
        text += (
            f", and {words(least)}{' of the sure changes' if same else ''} least, {change_of(whole[least]['loss'], 1)}"
        )
    return f"{text}; no sure change under {', '.join(same)}." if same else f"{text}."


def _causes(rows: Sequence[Row], result: Enlargement) -> str:
    """Which causes surely do nothing to what is adopted under any rule; nothing if each does something."""
    outcome = next(iter(OUTCOMES))
    last = [row for row in rows if row["members"] == result.stages[-1].name and row["outcome"] == outcome]
    idle = [cause for cause in CAUSES if not any(sure(row) for row in last if row["cause"] == cause)]
    return f"Not sure to matter under any rule: {', '.join(NAMES[cause] for cause in idle)}." if idle else ""
