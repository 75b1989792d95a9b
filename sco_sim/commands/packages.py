"""`sco-sim packages`: what passes alone, what together, for what money, and with which clause less."""

from __future__ import annotations

from pathlib import Path

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out_folder
from sco_sim.errors import counted
from sco_sim.studies.council.rule_words import head
from sco_sim.studies.packages.clauses import helps
from sco_sim.studies.packages.study import Packages, study, with_rule
from sco_sim.studies.packages.words import clause, money, records, sentences
from sco_sim.studies.wording import believed, percent, signed

TEXTS, FEW = 7, 3
"""Texts, and packages, prices and clauses, that the screen shows."""
PRICES = (
    "Hold-outs with their readiness (equation 5) and price at the centre; held out: settings in which somebody does; "
    "payable: share of these in which the others can pay."
)
CHANGES = "Gained: passes though a part fails alone; lost: the reverse, or, of a clause, what the text no longer does."


def main(
    scenario: str, *, year: int | None, rule: str | None, worlds: int, seed: int, most: float, sets: list[str],
    everything: bool, case: Path | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Work it out, write, print; the exit code."""
    check_out_folder(out)
    loaded = with_rule(load(scenario, sets, case), rule)
    with progress(loaded.name, None) as tick:
        result = study(
            loaded, opened(case), year=year, worlds=worlds, seed=seed, most=most,
            progress=lambda done, total: tick(done * worlds // total, worlds),
        )  # fmt: skip
    said = sentences(result)
    title = f"{loaded.title or loaded.name}: texts and packages in {result.year}, {counted(worlds, 'setting')}"
    files = [] if out is None else _write(out, result, believed(title, loaded.view))
    if as_json:
        say_observed([loaded], case, aside=True)
        tables = {name.removesuffix(".csv"): frame.to_dict("records") for name, frame in result.tables().items()}
        emit({"scenario": loaded.name, "year": result.year, "rule": result.rule, "worlds": worlds, "seed": seed,
              "most_share_of_gdp": most, "sentences": said, **tables, "files": files,
              **observed_of(loaded, case), **of_view(loaded)})  # fmt: skip
        return 0
    say(title, "bold")
    say_view([loaded])
    say_observed([loaded], case, aside=False, brief=True)
    for sentence in said:
        say(sentence)
    _print_alone(result)
    _print_prices(result)
    if everything:
        _print_packages(result)
        _print_clauses(result)
        say(CHANGES, "dim")
    elif not (result.packages.empty and result.clauses.empty):
        say("--all prints the packages and the clauses as tables too.", "dim")
    if out is not None:
        say(f"written to {out}", "dim")
    return 0


def _print_alone(result: Packages) -> None:
    heading("Each text alone: settings in which it passes, under each rule")
    rules = [name.removeprefix("share_") for name in map(str, result.alone) if name.startswith("share_")]
    rows = sorted(records(result.alone), key=lambda row: float(row["share"]))
    heads = [head(key) for key in rules]
    table(
        ["Text", "Here", *heads],
        [
            [row["text"], percent(row["share"]), *(percent(row[f"share_{key}"]) for key in rules)]
            for row in rows[:TEXTS]
        ],
        ["Here", *heads],
    )
    if len(rows) > TEXTS:
        say(f"{len(rows) - TEXTS} more pass more often: --out has them.", "dim")


def _print_prices(result: Packages) -> None:
    rows = records(result.bargains)
    if not rows:
        return
    heading(f"Who holds out, and the cheapest side payments, up to {100.0 * result.most:g} % of GDP a year")
    readiness = {(row["of"], row["iso3"]): float(row["readiness"]) for row in records(result.states)}
    lines = []
    for row in [row for row in rows if (row["of"], row["hold_outs"][:3]) in readiness][:FEW]:
        codes = sorted(row["hold_outs"].split(), key=lambda iso: readiness[row["of"], iso])
        held = ", ".join(f"{iso} {signed(readiness[row['of'], iso], 2)}" for iso in codes[:FEW])
        price = "no price" if row["too_dear"] else money(row["total_musd"])
        lines.append(
            [
                row["of"],
                held + (", ..." if len(codes) > FEW else ""),
                price,
                percent(row["asked"]),
                percent(row["share_paid"]) if row["asked"] else "-",
            ]
        )
    table(["Text", "Hold-outs", "A year", "Held out", "Payable"], lines, ["A year", "Held out", "Payable"])
    say(PRICES, "dim")


def _print_packages(result: Packages) -> None:
    if result.packages.empty:
        return
    heading("Packages that bring through most of what fails alone (share of settings)")
    table(
        ["Gained", "Lost", "Passes", "Each alone", "Package"],
        [
            [*(percent(row[name]) for name in ("gained", "lost", "share", "share_parts")), row["package"]]
            for row in records(result.packages.head(FEW))
        ],
        ["Gained", "Lost", "Passes", "Each alone"],
    )


def _print_clauses(result: Packages) -> None:
    rows = records(helps(result.clauses).drop_duplicates("text").head(FEW))
    if not rows:
        say("No clause cut from a text makes it pass more often.")
        return
    heading("The clause of each text whose cut helps most (share of settings)")
    table(
        ["Text", "Whole", "Cut", "Lost", "Without the part that"],
        [
            [row["text"], percent(row["share_whole"]), percent(row["share"]),
             percent(row["lost"]) if row["lost"] == row["lost"] else "-", clause(row)]
            for row in rows
        ],
        ["Whole", "Cut", "Lost"],
    )  # fmt: skip


def _write(out: Path, result: Packages, title: str) -> list[Path]:
    from sco_sim.plots.studies import write_study

    return write_study(out, "packages", result, title, TYPED.get())
