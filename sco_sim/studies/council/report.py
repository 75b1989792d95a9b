"""The replay of a real agenda in tables and words, for the screen and for docs/council.md."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pandas as pd

from sco_sim.errors import counted
from sco_sim.studies.council.guesses import GUESSES
from sco_sim.studies.council.pages import Section, page
from sco_sim.studies.council.replay import TERMS, Replay, rank_correlation
from sco_sim.studies.wording import percent

SHIPPED = (
    "This is a fit, not a test: the terms hub, territory, balance and friends of equation 5 were written knowing these "
    "cases; field, depth, whom a text names and the leg of the Belt and Road paragraphs were coded from wording and "
    "date, and rivalries and claims coded, by hands that knew the outcome; few texts have a known hold-out. How texts "
    "are coded, and how to try texts of your own: [agenda.md](agenda.md)."
)
OWN = (
    "It is a test as far as whoever coded the fields did so from wording and date alone, and as far as the texts are "
    "others than those of the record, which the terms of equation 5 were written knowing."
)
FEW = 10
"""Draws in effect below which what is weighted by the other texts is called no answer."""


def sections(replay: Replay) -> list[Section]:
    """Everything the replay says; what the agenda does not know is left out."""
    naming, aside, passing, delays = replay.naming(), replay.standing_aside(), replay.passing(), replay.delays()
    written = (
        [_naming(naming, replay.guesses.best_hit), _scores(naming, replay.guesses.best_score)] if len(naming) else []
    )
    written += [_outcomes(replay)] if len(replay.records) > 1 else []
    written += [_aside(aside)] if len(aside) else []
    written += [_passing(passing)] if len(passing) else []
    written += [_delays(delays)] if len(delays) else []
    return written + ([_terms(replay)] if len(naming) else [])


def markdown(replay: Replay, own: str = "") -> str:
    """The replay as a page of Markdown; `own` is the name of a user's table."""
    draws = len(replay.rounds.weights["council.base"])
    what = (
        f"The texts of `{own or 'agenda.csv'}`, put to the members of each year up to {replay.last} with attributes "
        f"and ties only (no simulated noise), over {draws:,} draws of the council's weights. The weights are the "
        "ledger's ranges: nothing is fitted to a text. Where draws are weighted by the other texts, the text judged is "
        "left out. "
    )
    waiting = " A text whose hold-outs are known is taken to have waited for them in every year."
    left = "".join(f" {words}" for words in not_replayed(replay))
    if own:
        return page(
            f"The council against {own}", f"sco-sim council --agenda {own} --replay --out PAGE", what + OWN + waiting +
            left, sections(replay),
        )  # fmt: skip
    return page(
        "The council against the real agenda",
        "sco-sim council --agenda real --replay --out docs/council.md",
        what + SHIPPED + waiting + left,
        sections(replay),
    )


def not_replayed(replay: Replay) -> tuple[str, ...]:
    """A sentence on the texts that are left out; none if none are."""
    if not replay.left_out:
        return ()
    why = "in the year in which it came up fewer than two voted, or not all of those who held out"
    return (f"Left out, since {why}: {', '.join(replay.left_out)}.",)


def _naming(naming: pd.DataFrame, best: str) -> Section:
    rows = tuple(
        (
            str(row.text), str(row.held_out), str(row.rounds), percent(row.refuses), percent(row.alone),
            percent(row.model_names) + (f" (else {row.model_instead})" if row.model_instead else ""),
            *(percent(getattr(row, f"{guess}_names")) for guess in GUESSES),
        )
        for row in _rows(naming)
    )  # fmt: skip
    share = {guess: float(naming[f"{guess}_names"].mean()) for guess in ("model", *GUESSES)}
    rivals = [guess for guess in GUESSES if share[guess] >= share["model"]]
    security = naming[naming["field"].isin(["security", "membership"]) & (naming["model_names"] > 0.5)]
    refusing = security[security["refuses"] > 0.5]
    by_form, seldom = (
        ", ".join(f"{row.text} ({row.held_out})" for row in _rows(part)) or "none"
        for part in (refusing, security[security["refuses"] <= 0.5])
    )
    missed = naming[naming["field"].isin(["security", "membership"]) & (naming["model_names"] <= 0.5)]
    misses = ", ".join(f"{row.text} ({row.held_out}, score {row.form_score:.1f})" for row in _rows(missed)) or "none"
    by_field: tuple[str, ...] = (
        "Security texts and admissions that waited, by the form alone: the hold-out is least willing and refuses "
        f"in most draws: {by_form}; it is least willing, yet accepts in most: {seldom}; another one is named: "
        f"{misses}.",
    )
    if security.empty and missed.empty:
        by_field = ()
    return Section(
        "Who held out",
        ("text", "held out", "votes", "refuse", "refuse alone", "model names one", *GUESSES),
        rows,
        (
            "Refuse, refuse alone: share of draws and votes in which the actual hold-outs are below 0.5, and in which "
            "just they are. The other columns: share of votes in which each guess gives one of the actual hold-outs. "
            "Largest: the member with the largest GDP that does not propose. Usual: who held out most often on the "
            f"other texts (shared if level). Always: {best} in every vote it has, the state that hits most, "
            "picked with hindsight. Random: any member that does not propose. A vote is a year in which the text "
            "waited.",
            f"Mean over texts: the model {percent(share['model'])}, "
            + ", ".join(f"{guess} {percent(share[guess])}" for guess in GUESSES)
            + "."
            + (f" The model is no better than {', '.join(rivals)}." if rivals else ""),
            *by_field,
        ),
    )


def _scores(naming: pd.DataFrame, best: str) -> Section:
    names = ("form", "model", *GUESSES)
    rows = [(str(row["text"]), *(f"{row[f'{name}_score']:.2f}" for name in names)) for row in naming.to_dict("records")]
    mean = naming[[f"{name}_score" for name in names]].mean()
    rows.append(("mean", *(f"{value:.2f}" for value in mean)))
    return Section(
        "How well: log of the chance given to the actual hold-outs",
        ("text", *names),
        tuple(rows),
        (
            "Zero is certainty. Form: the ledger's weights as they are; model: weighted by the other texts. A guess is "
            "given its hit rate on the other texts, (hits + 1)/(texts + 2), and shares the rest among the other "
            f"voters. Always: {best}, the state that scores best, picked with hindsight. {_better(mean)} "
            f"{_no_proof(len(naming))}",
        ),
    )


def _outcomes(replay: Replay) -> Section:
    outcomes, names = replay.outcomes(), ("form", "model", *GUESSES)
    rows = [
        (str(row["text"]), str(row["votes"]), str(row["unknown"]), *(f"{row[f'{name}_score']:.2f}" for name in names))
        for row in outcomes.to_dict("records")
    ]
    mean = outcomes[[f"{name}_score" for name in names]].mean()
    rows.append(("mean", "", "", *(f"{value:.2f}" for value in mean)))
    return Section(
        "All that became of each text: mean log chance a year",
        ("text", "votes", "of them unknown", *names),
        tuple(rows),
        (
            "Each year of a text either passes or fails; where the hold-outs are known the chance that they are named "
            "counts too, where they are unknown only that it failed. A guess passes a text at the rate of the other "
            f"texts. {_better(mean)} {_better(mean, 'form')}",
            _weighting(replay),
        ),
    )


def _weighting(replay: Replay) -> str:
    """On how many draws the weighting by the other texts rests, and what that leaves uncertain."""
    draws, left, texts = len(replay.rounds.weights["council.base"]), replay.in_effect(), len(replay.records)
    error = 1.96 * float((replay.pull() ** 2).sum()) ** 0.5 / max(texts, 1)
    said = f"Weighted by the other texts, {draws:,} draws tell as much as {left:.0f} of equal weight"
    if left < FEW:
        return f"{said}, too few to know the model's mean: read the column form, or take more draws (`--draws`)."
    return f"{said}: the model's mean is known to +/- {error:.2f}."


def _no_proof(texts: int) -> str:
    return f"{counted(texts, 'text is', 'texts are')} no proof."


def _better(mean: pd.Series[float], scored: str = "model") -> str:
    """The sentence that compares the mean score of the model, or of the form, with every guess."""
    own = float(mean[f"{scored}_score"])
    behind = [guess for guess in GUESSES if mean[f"{guess}_score"] >= own]
    who = "The model" if scored == "model" else "By the ledger's weights, which know none of the texts, it"
    if not behind:
        best = max(GUESSES, key=lambda guess: float(mean[f"{guess}_score"]))
        return f"{who} scores better than every guess, by {own - mean[f'{best}_score']:.2f} or more."
    by = max(mean[f"{guess}_score"] - own for guess in behind)
    return f"{who} scores no better than {', '.join(behind)}, by up to {by:.2f}."


def _aside(aside: pd.DataFrame) -> Section:
    rows = tuple(
        (str(row.text), str(row.without), str(row.votes), percent(row.just_so), percent(row.more_refuse),
         percent(row.all_accept))
        for row in _rows(aside)
    )  # fmt: skip
    return Section(
        "Issued without somebody",
        ("text", "without", "votes", "just so", "somebody else refuses", "all accept"),
        rows,
        ("Chance that those who stood aside refuse and all others accept, once positions wobble.",),
    )


def _passing(passing: pd.DataFrame) -> Section:
    rows = tuple((str(row.text), str(row.adopted), percent(row.passes)) for row in _rows(passing))
    failed = passing[passing["passes"] < 0.5]["text"].tolist()
    return Section(
        "What passed",
        ("text", "adopted", "chance that all accept in that year"),
        rows,
        (
            "With the yearly wobble of positions. "
            + (
                f"The model would have blocked: {', '.join(failed)}."
                if failed
                else "All are more likely to pass than not."
            ),
        ),
    )


def _delays(delays: pd.DataFrame) -> Section:
    rows = tuple(
        (
            str(row.text),
            str(row.raised),
            f"{row.waited}{'+' if row.open else ''}",
            str(row.unknown),
            f"{row.predicted:.1f}",
            f"{row.stake:.2f}",
        )
        for row in _rows(delays.sort_values("waited", ascending=False, kind="stable"))
    )
    words = []
    for name, part in (("all texts", delays), ("without admissions", delays[~delays["admission"]])):
        if len(part) >= 4:
            model, stake = (rank_correlation(part, column) for column in ("predicted", "stake"))
            words.append(
                f"Rank correlation with the years waited, {name} ({len(part)}): model {_interval(model)}, the stake D "
                f"of equation 4 alone {_interval(stake)} (5-95 % over resampled texts)."
            )
            if stake[0] >= model[0]:
                words[-1] += " The rest of the model adds nothing to the ranking that D gives."
    return Section(
        "What waited", ("text", "raised", "waited", "of them unknown", "waits in the model", "D"), rows, tuple(words)
    )


def _rows(frame: pd.DataFrame) -> list[SimpleNamespace]:
    return [SimpleNamespace(**{str(name): value for name, value in row.items()}) for row in frame.to_dict("records")]


def _interval(values: Sequence[float]) -> str:
    return f"{values[0]:.2f} ({values[1]:.2f} to {values[2]:.2f})"


def _terms(replay: Replay) -> Section:
    frame = replay.terms()
    rows = tuple(
        (
            f"without {row.without}" if row.without else "equation 5",
            *(f"{value:.1f}" for value in (row.ledger, row.left_out, row.contested)),
            f"{row.naming:.2f}",
            _earns(row) if row.without else "",
        )
        for row in _rows(frame)
    )  # fmt: skip
    return Section(
        "What each term earns",
        ("form", "ledger's weights", "text left out", "contested texts, left out", "naming, left out", "term earns"),
        rows,
        (
            f"Sum of log chances of what became of {counted(len(replay.records), 'text')}: adopted in its year, or "
            "failed (with these hold-outs, if known). Naming: mean over contested texts of the log chance given to the "
            "hold-outs. Left out: the draws of the weights are weighted by all other texts. Nothing is tuned text "
            "by text. A text of an agenda has no policy, so of benefit only who proposes counts.",
            _earned(frame[frame["without"] != ""], len(replay.records))
            if min(replay.in_effect(*dropped) for dropped in [(), *((name,) for name in TERMS)]) >= FEW
            else "The draws in effect are too few to say what a term earns: take more (`--draws`).",
        ),
    )


def _earns(row: SimpleNamespace) -> str:
    """What a term earns, with its error where there are texts enough for one."""
    return f"{row.earns:+.1f}" + ("" if row.earns_error != row.earns_error else f" +/- {row.earns_error:.1f}")


def _earned(frame: pd.DataFrame, texts: int) -> str:
    """Which terms the record speaks for, which against, and which it is too small to judge."""
    sure = frame["earns"].abs() > frame["earns_error"]
    parts = {
        "The record surely speaks for": frame[sure & (frame["earns"] > 0.0)],
        "surely against": frame[sure & (frame["earns"] < 0.0)],
        "it is too small to judge those that earn": frame[~sure & (frame["earns"] >= 0.0)],
        "and those that lose": frame[~sure & (frame["earns"] < 0.0)],
    }
    said = [
        f"{words}: " + (", ".join(f"{row.without} ({_earns(row)})" for row in _rows(part)) or "none")
        for words, part in parts.items()
    ]
    return (
        "A term earns what is lost without it, text left out; below 0 the record is better without it (+/-: 95 %, by "
        f"how much {counted(texts, 'text differs', 'texts differ')}, and by the number of draws). {'; '.join(said)}. "
        "A term stays where documents or studies name it, whatever so few texts say; nobody has tuned it to them."
    )
