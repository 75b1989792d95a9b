"""The replay of a real agenda in tables and words, for the screen and for docs/council.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import pandas as pd

from sco_sim.studies.council.replay import Replay, rank_correlation
from sco_sim.studies.wording import percent


@dataclass(frozen=True)
class Section:
    """A heading, a table, and the sentences under it."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]


def sections(replay: Replay) -> list[Section]:
    """Everything the replay says; what the agenda does not know is left out."""
    naming, passing, delays = replay.naming(), replay.passing(), replay.delays()
    written = [_naming(naming), _scores(naming)] if len(naming) else []
    written += [_passing(passing)] if len(passing) else []
    written += [_delays(delays)] if len(delays) else []
    return written + ([_terms(replay)] if len(naming) else [])


def markdown(replay: Replay) -> str:
    """The replay as a page of Markdown."""
    draws = len(replay.rounds.weights["council.base"])
    lines = [
        "# The council against the real agenda",
        "",
        "<!-- written by `sco-sim council --agenda real --replay --out docs/council.md`; do not edit -->",
        "",
        *_wrapped(
            f"The texts of `agenda.csv`, put to the members of each year up to {replay.last} with attributes and ties "
            f"only (no simulated noise), over {draws} draws of the council's weights. The weights are the ledger's "
            "ranges: nothing is fitted to a text. Where draws are weighted by the other texts, the text judged is left "
            "out. This is a fit, not a test: the terms hub and territory of equation 5 were written knowing these "
            "cases; field, depth and the leg of the Belt and Road paragraphs were assigned, and rivalries and claims "
            "coded, with hindsight; few texts have a known hold-out; and the years a text waited are taken as years in "
            "which the one known hold-out held out."
        ),
    ]
    for section in sections(replay):
        lines += ["", f"## {section.title}", "", "| " + " | ".join(section.headers) + " |"]
        lines += ["|" + "---|" * len(section.headers), *("| " + " | ".join(row) + " |" for row in section.rows)]
        for words in section.words:
            lines += ["", *_wrapped(words)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int = 120) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width, break_on_hyphens=False)


def _naming(naming: pd.DataFrame) -> Section:
    rows = tuple(
        (
            str(row.text), str(row.held_out), str(row.rounds), percent(row.refuses), percent(row.alone),
            percent(row.model_names) + (f" (else {row.model_instead})" if row.model_instead else ""),
            percent(row.largest_names), percent(row.usual_names), percent(row.random_names),
        )
        for row in _rows(naming)
    )  # fmt: skip
    first = naming[["model_first", "largest_first", "usual_first"]].sum()
    return Section(
        "Who held out",
        ("text", "held out", "votes", "refuses", "refuses alone", "model names it", "largest", "usual", "random"),
        rows,
        (
            "Refuses, refuses alone: share of draws and votes in which the actual hold-out is below 0.5, and in which "
            "it is the only one. The other columns: share of votes in which each guess gives the actual hold-out. "
            "Largest: the member with the largest GDP that does not propose. Usual: who held out most often on the "
            "other texts (shared if level). Random: any member that does not propose. A vote is a year in which the "
            "text waited.",
            f"At the first vote alone the model names {first.iloc[0]:.0f} of {len(naming)}, the largest member "
            f"{first.iloc[1]:.0f}, the usual one {first.iloc[2]:.0f}."
            + (" There the model is no better than the largest member." if first.iloc[0] <= first.iloc[1] else ""),
        ),
    )


def _scores(naming: pd.DataFrame) -> Section:
    names = ("model", "largest", "usual", "random")
    rows = [(str(row["text"]), *(f"{row[f'{name}_score']:.2f}" for name in names)) for row in naming.to_dict("records")]
    mean = naming[[f"{name}_score" for name in names]].mean()
    rows.append(("mean", *(f"{value:.2f}" for value in mean)))
    better = [name for name, value in zip(names[1:], mean.iloc[1:], strict=True) if mean.iloc[0] > value]
    return Section(
        "How well: log of the chance given to the actual hold-out",
        ("text", *names),
        tuple(rows),
        (
            "Zero is certainty. A guess is given its hit rate on the other texts, (hits + 1)/(texts + 2), and shares "
            f"the rest among the others. The model scores better than {', '.join(better) or 'none of the guesses'}; "
            f"with {len(naming)} texts that is no proof.",
        ),
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
    return Section("What waited", ("text", "raised", "waited", "waits in the model", "D"), rows, tuple(words))


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
        )
        for row in _rows(frame)
    )  # fmt: skip
    whole = frame.iloc[0]
    idle = frame[(frame["without"] != "") & (frame["left_out"] > whole["left_out"] - 1.0)]["without"].tolist()
    return Section(
        "What each term earns",
        ("form", "ledger's weights", "text left out", "contested texts, left out"),
        rows,
        (
            f"Sum of log chances of what became of {len(replay.records)} texts: adopted in its year, or failed with "
            "this hold-out. Left out: the draws of the weights are weighted by all other texts. Nothing is tuned text "
            "by text.",
            f"Without a loss of 1 when left out: {', '.join(idle) or 'none'}. What costs little to drop has earned no "
            "place on this agenda.",
        ),
    )
