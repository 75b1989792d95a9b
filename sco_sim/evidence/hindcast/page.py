"""docs/evidence.md, written from what the commands return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.evidence.hindcast.page_words import BEGIN, CANNOT, GRADES, HISTORY, MENDED, METHOD

Record = dict[str, Any]

OURS = ("model", "filters_alone")
"""Forecasts that are no naive ones."""
DESIGN = """## Trade on the rows of the design's table

Uzbekistan's reports before 2017 give way to its partner's where the two differ more than fivefold. The rule then
changes with the size of the gap, which is why the tables above do not use it. GDP realised."""
"""Above the table on the rows of the design."""


def page(
    trade: Mapping[str, Record],
    trust: Record,
    students: Record,
    gdelt: Mapping[str, Mapping[str, float]],
    ablations: Sequence[Record],
    stages: Mapping[str, Record],
    matched: Record,
    recovery: Mapping[str, Record],
) -> str:
    """The page; `trade` holds the reports `realised`, `forecast` and `best_flow`, `recovery` what its test wrote."""
    head = trade["realised"]
    parts = [
        BEGIN,
        "## Aims and results\n\n" + _aims(trade, trust, students),
        HISTORY,
        "## Trade, GDP realised\n\n" + _report(head),
        "![Trade by tie](figures/hindcast_trade.png)",
        "## Trade, GDP as one could forecast it\n\n" + _report(trade["forecast"]),
        DESIGN,
        _scores(trade["best_flow"]),
        _differences(trade["best_flow"]["differences"]),
        "## Trust\n\n" + _report(trust) + "\n\n" + _gdelt(gdelt),
        "![Trust by tie](figures/hindcast_trust.png)",
        "## Students\n\n" + _report(students),
        "## Do the bands hold?\n\n![Place of the observations in their forecasts](figures/calibration.png)",
        "## Does each part of the engine earn its place?\n\n" + _ablations(ablations),
        "## Parameters fitted\n\n" + _stages(stages),
        "![Prior and posterior](figures/posteriors.png)",
        "## What only the coupled model shows\n\n" + _match(matched),
        METHOD + "\n\n" + _recovery(recovery) + "\n\n" + MENDED,
        GRADES,
        CANNOT,
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    rule = "|" + "---|" + "---:|" * (len(headers) - 1)
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(headers) + " |", rule, *lines])


def _report(made: Record) -> str:
    spans = ", ".join(f"{o['fit_to']} scored to {o['score_to']}" for o in made["origins"])
    covered = made["coverage"]["80"]
    parts = [
        f"Fitted to {spans}; {made['ties']} ties or series. The model's 80 % intervals held "
        f"{100 * covered['share']:.1f} % (standard error {100 * covered['standard_error']:.1f}, bootstrap over ties).",
        _scores(made),
        "Model against each, paired, 5-95 % by a bootstrap over ties; ratios under 1, differences under 0: better.",
        _differences(made["differences"]),
    ]
    if "weighted" in made:
        parts += ["Weighted by trade at the origin:", _scores_of(made["weighted"])]
        parts.append(_differences(made["weighted_differences"]))
    for key, title in (
        ("without_set_aside", "Without TJK-UZB and PAK-UZB, named before scoring:"),
        ("without_noisiest", f"Without the five noisiest up to the first origin ({', '.join(made['noisiest_ties'])}):"),
        ("volatile", "The volatile five (IND-PAK, CHN-IND, KGZ-TJK, KGZ-UZB, TJK-UZB):"),
    ):
        if made.get(key):
            parts += [title, _scores_of(made[key])]
    if made.get("volatile_ties"):
        names = list(made["forecasts"])
        rows = [[tie, *(f"{s[n]['rmse']:.3f}" for n in names)] for tie, s in made["volatile_ties"].items()]
        parts += ["RMSE on each of them:", _table(["tie", *names], rows)]
    return "\n\n".join(parts)


def _scores(made: Record) -> str:
    origins = list(made["by_origin"]) if len(made["by_origin"]) > 1 else []
    extra = {name: [f"{made['by_origin'][o][name]['rmse']:.3f}" for o in origins] for name in made["forecasts"]}
    return _scores_of(made["forecasts"], [f"to {o}" for o in origins], extra)


def _scores_of(
    forecasts: Mapping[str, Record], origins: Sequence[str] = (), extra: Mapping[str, Sequence[str]] | None = None
) -> str:
    headers = ["forecast", "RMSE", *origins, "MAE", "CRPS", "log score", "in 50 %", "in 80 %", "in 95 %", "n"]
    rows = []
    for name, s in forecasts.items():
        cover = [f"{100 * s['coverage'][level]:.0f}" for level in ("50", "80", "95")]
        numbers = [f"{s['rmse']:.4f}", *(extra or {}).get(name, ()), f"{s['mae']:.4f}", f"{s['crps']:.4f}"]
        rows.append([f"**{name}**" if name == "model" else name, *numbers, f"{s['log_score']:.3f}", *cover, s["n"]])
    return _table(headers, rows)


def difference_cells(rows: Sequence[Record]) -> list[list[str]]:
    """Cells of a table of paired differences from naive forecasts, for the page and for the command line."""
    return [
        [
            d["against"], f"{d['rmse_ratio']:.3f}", f"{d['rmse_ratio_low_05']:.3f} to {d['rmse_ratio_high_95']:.3f}",
            f"{d['crps_difference']:+.4f}", f"{d['crps_low_05']:+.4f} to {d['crps_high_95']:+.4f}",
            f"{d['chance_better']:.2f}",
        ]
        for d in rows
    ]  # fmt: skip


def _differences(rows: Sequence[Record]) -> str:
    headers = ["against", "RMSE ratio", "5-95 %", "CRPS difference", "5-95 %", "P(better)"]
    return _table(headers, difference_cells(rows))


def _aims(trade: Mapping[str, Record], trust: Record, students: Record) -> str:
    rows = _trade_aims("one fixed rule for the reports", trade["realised"])
    rows += _trade_aims("rows of the design's table", trade["best_flow"])
    shrunk = {d["against"]: d for d in trust["differences"]}["shrunk_mean"]
    rows.append(_aim("trust: at most 1.02 of the shrunk mean", _span(shrunk), shrunk["rmse_ratio"] <= 1.02))
    ours, theirs = (trust["volatile"][name]["rmse"] for name in ("model", "shrunk_mean"))
    rows.append(_aim("trust: better on the volatile five", f"{ours:.4f} against {theirs:.4f}", ours < theirs))
    for words, made in (("trade", trade["realised"]), ("trust", trust), ("students", students)):
        covered = made["coverage"]["80"]
        share, error = covered["share"], covered["standard_error"]
        within = abs(share - 0.8) <= 2.0 * error
        result = f"{100 * share:.1f} % ({100 * error:.1f})"
        rows.append(_aim(f"{words}: 80 % intervals within two standard errors", result, within))
    return "\n".join(["| aim | result | reached |", "|---|---|---|", *rows])


def _trade_aims(words: str, made: Record) -> list[str]:
    pooled, weighted = ({d["against"]: d for d in made[key]} for key in ("differences", "weighted_differences"))
    persistence, gdp = pooled["persistence"], weighted["gdp_scaled"]
    worst = max(o["model"]["rmse"] / o["persistence"]["rmse"] for o in made["by_origin"].values())
    return [
        _best(f"trade ({words}): RMSE under every naive forecast", made["forecasts"], "rmse"),
        _best("CRPS under every naive forecast", made["forecasts"], "crps"),
        _aim("RMSE 0.92 of persistence", _span(persistence), persistence["rmse_ratio"] <= 0.92),
        _aim("weighted by trade, RMSE 0.95 of GDP-scaled", _span(gdp), gdp["rmse_ratio"] <= 0.95),
        _aim("at no origin over 1.05 of persistence", f"at most {worst:.3f}", worst <= 1.05),
        _best("without TJK-UZB and PAK-UZB, RMSE under every naive forecast", made["without_set_aside"], "rmse"),
    ]


def _best(aim: str, scores: Mapping[str, Record], key: str) -> str:
    """The model against the best of the naive forecasts."""
    rival = min((name for name in scores if name not in OURS), key=lambda name: float(scores[name][key]))
    ours, theirs = scores["model"][key], scores[rival][key]
    return _aim(aim, f"{ours:.4f} against {theirs:.4f} ({rival})", ours < theirs)


def _span(d: Record) -> str:
    return f"{d['rmse_ratio']:.3f} ({d['rmse_ratio_low_05']:.3f} to {d['rmse_ratio_high_95']:.3f})"


def _aim(aim: str, result: str, reached: bool) -> str:
    return f"| {aim} | {result} | {'yes' if reached else '**no**'} |"


def _gdelt(lines: Mapping[str, Mapping[str, float]]) -> str:
    rows = [[name, f"{s['r2']:.3f}", f"{s['rank']:.3f}", f"{s['n']:.0f}"] for name, s in lines.items()]
    words = (
        "Levels of 2002-14 against the GDELT balance of 2018-20, each by a line of its own, one tie left out at a time:"
    )
    return words + "\n\n" + _table(["measure", "R2", "rank correlation", "ties"], rows)


def _ablations(rows: Sequence[Record]) -> str:
    words = (
        "The coupled engine itself, begun in 2010 with parameters fitted to 2010 (`calibration/hindcast.yaml`), GDP "
        "realised, no later event known; trade scored on 2011-16 in ln USD of 2015, trust on 2011-14. Differences are "
        "paired, 5-95 % over ties. The last row is no engine at all; the CRPS of a point forecast is its mean error."
    )
    lines = [
        [
            r["variant"], f"{r['trade_rmse']:.4f}", f"{r['trade_crps']:.4f}", r["trade_difference"] or "-",
            f"{r['trust_rmse']:.4f}", f"{r['trust_crps']:.4f}", r["trust_difference"] or "-",
        ]
        for r in rows
    ]  # fmt: skip
    headers = ["engine", "trade RMSE", "CRPS", "less full", "trust RMSE", "CRPS", "less full"]
    return words + "\n\n" + _table(headers, lines)


def _recovery(found: Mapping[str, Record]) -> str:
    """What the long test of the method wrote, `nothing` apart; empty before it ran."""
    if not found:
        return "It has not been run on this case."
    rows = [
        [
            key, f"{min(r['covered'])} to {max(r['covered'])} of {r['truths']}", f"{100 * r['pooled']:.0f} %",
            r["seconds"], r["ranks"], f"{min(r['p']):.3f} of {len(r['p'])}",
        ]
        for key, r in found.items() if key != "nothing"
    ]  # fmt: skip
    headers = ["stage", "each parameter held", "together", "seconds a fit, at most", "ranks", "least p of parameters"]
    null = found["nothing"]
    words = (
        f"In worlds without an effect of disputes or of trade on trust, {null['left_out']} of {null['intervals']} "
        "intervals of 95 % left out zero."
    )
    return _table(headers, rows) + "\n\n" + words


def _stages(stages: Mapping[str, Record]) -> str:
    rows = []
    for stage in stages.values():
        for name, found in stage["parameters"].items():
            before, after = found["prior"], found["posterior"]
            rows.append(
                [
                    f"`{name}`", f"{before['mean']:.3g} ({before['low']:.3g} to {before['high']:.3g})",
                    f"{after['mean']:.3g} ({after['low']:.3g} to {after['high']:.3g})", stage["source"],
                ]
            )  # fmt: skip
    sizes = ", ".join(f"{s['stage']} {s['observations']:,}" for s in stages.values())
    return f"Observations: {sizes}.\n\n" + _table(["parameter", "prior (5-95 %)", "posterior (5-95 %)", "data"], rows)


def _match(matched: Record) -> str:
    targets = [
        [name, f"{t['observed']:.3g} ({t['error']:.2g})", f"{t['all_settings']:.3g}", f"{t['nearest']:.3g}"]
        for name, t in matched["targets"].items()
    ]
    moved = [
        [
            f"`{name}`",
            f"{p['shift_in_sd']:+.2f} ({p['standard_error']:.2f})",
            f"{p['spread_ratio']:.2f}",
            "yes" if p["moved"] else "no",
        ]
        for name, p in matched["parameters"].items()
    ]
    verdict = "none moves" if not any(p["moved"] for p in matched["parameters"].values()) else "see the last column"
    words = (
        f"{matched['settings']} settings drawn from the posterior, run from 2002 to 2014, ordered by their distance to "
        f"the targets of `calibration/targets.yaml`. What the nearest fifth says of the parameters: {verdict}."
    )
    return "\n\n".join(
        [
            words,
            _table(["target", "observed (standard error)", "all settings", "nearest fifth"], targets),
            _table(["parameter", "shift in sd (standard error)", "spread ratio", "moved"], moved),
        ]
    )
