"""The page of the posterior predictive checks, written from what they return."""

from __future__ import annotations

from sco_sim.evidence.predictive import WINDOWS, Check, Checked


def page(done: Checked) -> str:
    """The page in Markdown; its figure is figures/predictive.png."""
    outside = [(check, window) for check in done.checks for window in check.record if _misses(check, window)]
    total = sum(value == value for check in done.checks for value in check.record.values())
    early, late = WINDOWS
    return "\n\n".join([
        "# Does the model move as the record did?",
        f"Written by `sco-sim predictive --report docs`; change nothing by hand. {done.worlds} worlds of "
        f"`{done.scenario.name}`, each with its own draw of the parameters, over {done.years[0]} to {done.years[1]}, "
        "beside ten years of the record at a time. Every statistic is worked out for a world as for the record; "
        "trade is simulated with the error of two reports. *Level* is the share of worlds below the record, which "
        "is called outside where that is under 5 or over 95 %. GDP of the years simulated is drawn, not realised, and "
        "no event is dated in them.",
        f"The equations of trade, students and growth were chosen on the years up to {early[1]}; {late[0]} to "
        f"{late[1]} took no part in the choice, but the shipped parameters are fitted to trade up to 2020, students up "
        "to 2023 and the spread of growth in 2002-24. A check on the years that a model was fitted to can only find "
        "faults, not prove it right. Mean growth is that which the IMF projects, so the boom of 2000-10 is not to be "
        "expected among the worlds.",
        f"**{total - len(outside)} of {total} values of the record lie inside.** About one in ten would lie outside "
        "if the model were true.",
        "![Statistics of the worlds, and of the record](figures/predictive.png)",
        *(_section(done, channel) for channel in dict.fromkeys(check.channel for check in done.checks)),
        "## Where the model misses",
        "\n".join(_miss(check, window) for check, window in outside) or "Nowhere in these statistics.",
        "Not checked: airport pairs, for which there is one year (2014), and twinned places, which have no dates.",
    ]) + "\n"  # fmt: skip


def _misses(check: Check, window: tuple[int, int]) -> bool:
    return check.record[window] == check.record[window] and not check.inside(window)


def _section(done: Checked, channel: str) -> str:
    checks = [check for check in done.checks if check.channel == channel]
    windows = list(checks[0].record)
    headers = ["Statistic", "unit", "worlds, median", "5-95 %"]
    headers += [text for first, last in windows for text in (f"record {first}-{last}", "level")]
    rows = []
    for check in checks:
        low, middle, high = check.interval()
        cells = [check.text, check.unit, _number(middle), f"{_number(low)} to {_number(high)}"]
        for window in windows:
            known = check.record[window] == check.record[window]
            value, level = _number(check.record[window]), f"{100 * check.level(window):.0f} %" if known else "-"
            cells += [f"**{value}**" if _misses(check, window) else value, level]
        rows.append(cells)
    lines = ["| " + " | ".join(row) + " |" for row in (headers, *rows)]
    rule = "|---|---" + "|---:" * (len(headers) - 2) + "|"
    return f"## {channel[:1].upper()}{channel[1:]}\n\n" + "\n".join([lines[0], rule, *lines[1:]])


def _miss(check: Check, window: tuple[int, int]) -> str:
    low, _, high = check.interval()
    side = "below" if check.record[window] < low else "above"
    return (
        f"* {check.channel}, {check.text}: the record of {window[0]}-{window[1]} ({_number(check.record[window])}) "
        f"lies {side} the worlds ({_number(low)} to {_number(high)})."
    )


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.1f}" if abs(value) >= 10.0 else f"{value:.3f}"
