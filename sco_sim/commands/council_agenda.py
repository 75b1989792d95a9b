"""`sco-sim council --agenda`: any texts before the members of their years, term by term; and the real ones replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sco_sim.case.age_words import as_records, in_words
from sco_sim.case.changes import Override
from sco_sim.case.opened import opened
from sco_sim.commands.council import Record, legend, print_wishes, wishes
from sco_sim.commands.files import load
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.schema import EVIDENCE, FIRST_YEAR, LAST_YEAR, Scenario
from sco_sim.store.disk import guard, under_its_name
from sco_sim.studies.council.agenda import DRAWS, Item, Rounds, Vote
from sco_sim.studies.council.agenda_table import read_agenda, shipped_agenda
from sco_sim.studies.council.replay import REPLAY_DRAWS, Replay
from sco_sim.studies.council.report import markdown, not_replayed, sections
from sco_sim.studies.effects.effects import REFERENCE
from sco_sim.studies.wording import percent

REAL = "real"
"""Names the agenda of the case."""


@dataclass(frozen=True)
class _Page:
    """Where the page of a replay goes, None for the screen, and of which table of the user's it is."""

    out: Path | None
    own: str


@dataclass(frozen=True)
class _Beliefs:
    """What the ledger is taken for, in the words of the scenario that was loaded for it; None for as it is."""

    scenario: Scenario | None

    @property
    def parameters(self) -> Mapping[str, Override]:
        """Overrides by the name of the entry."""
        return {} if self.scenario is None else self.scenario.parameters

    @property
    def changed(self) -> bool:
        """Whether it is not the ledger as it is."""
        return bool(self.parameters)

    def say(self) -> None:
        """What is overridden, on the screen."""
        if self.scenario is None or not self.changed:
            return
        say_view([self.scenario])
        if not self.scenario.is_belief:
            say(f"Overridden: {', '.join(sorted(self.parameters))}.", "yellow")

    def record(self) -> Record:
        """The same for --json."""
        view = {"view": EVIDENCE, "belief": False} if self.scenario is None else of_view(self.scenario)
        return {**view, "overridden": sorted(self.parameters)}


def main(
    agenda: str, *, year: int | None, draws: int | None, seed: int, sets: Sequence[str], case: Path | None,
    replay: bool, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Print who would accept each text and why; with `replay` judge the council by what became of the texts."""
    if year is not None and not FIRST_YEAR <= year < LAST_YEAR:
        remedy = f"choose from {FIRST_YEAR} to {LAST_YEAR - 1}"
        raise ScenarioError(Problem(f"{year} is no year of a vote", remedy, "--year"))
    if year is not None and replay:
        remedy = "leave out --year, or --replay"
        raise ScenarioError(Problem("a replay has the years in which the texts waited", remedy, "--year"))
    tables, beliefs = opened(case), _beliefs(sets, case)
    if out is not None and beliefs.changed:
        remedy = "leave out --set and --view, or read it on the screen or with --json"
        raise ScenarioError(Problem("the page is that of the ledger as it is", remedy, "--out"))
    items = read_agenda(shipped_agenda(tables) if agenda == REAL else Path(agenda), tables)
    named = {iso for item in items for iso in item.states()}
    states = set(tables.catalog.member_from) | named
    draws = draws or (REPLAY_DRAWS if replay else DRAWS)
    rounds = Rounds(tables, states, draws=draws, seed=seed, parameters=beliefs.parameters)
    if replay:
        own = "" if agenda == REAL else Path(agenda).name
        return _replay(items, rounds, beliefs, _Page(out, own), as_json)
    if out is not None:
        raise ScenarioError(Problem("--out is the page of a replay", "add --replay", "--out"))
    votes = [rounds.vote(item, year) for item in items]
    last = max(vote.year for vote in votes)
    ages = rounds.case.ages(rounds.states, last)
    note(f"Votes up to {last}. {in_words(ages)}")
    texts = [_record(vote) for vote in votes]
    if as_json:
        emit({"agenda": agenda, "draws": draws, "texts": texts, **as_records(ages), **beliefs.record()})
        return 0
    beliefs.say()
    for vote, record in zip(votes, texts, strict=True):
        _print(vote, record)
    say()
    say(
        f"Shares of {draws:,} draws of the council's weights; attributes and ties of the year, without the yearly "
        "wobble. Ambition is 1/(1 + exp(-2z)), and z the sum of the terms to its right (equation 5), each the mean "
        "over draws. " + legend([record["states"] for record in texts]),
        "dim",
    )
    return 0


def _beliefs(sets: Sequence[str], case: Path | None) -> _Beliefs:
    """What the command line changes of the ledger; refuses what a table of texts has not got."""
    own = [text for text in sets if not text.startswith("nowcast=")]  # a year of a vote is always a nowcast
    for field in (text.partition("=")[0].strip() for text in own):
        if field != "view" and field.partition(".")[0] != "parameters":
            remedy = "override `parameters.<name>`, or put a scenario to the council"
            raise ScenarioError(Problem(f"a table of texts has no `{field}`", remedy, "--set"))
    return _Beliefs(load(REFERENCE, own, case) if own else None)


def _replay(items: Sequence[Item], rounds: Rounds, beliefs: _Beliefs, page: _Page, as_json: bool) -> int:
    replay = Replay(items, rounds)
    if not replay.records:
        remedy = "fill the columns adopted or held_out, or leave --replay out"
        message = "".join(not_replayed(replay)).rstrip(".") or "nothing is known of what became of these texts"
        raise ScenarioError(Problem(message, remedy, "--replay"))
    ages = rounds.case.ages(rounds.states, replay.last)
    note(f"Votes up to {replay.last}. {in_words(ages)}")
    if page.out is not None:
        with guard(page.out, "write the page"), under_its_name(page.out) as temporary:
            temporary.write_text(markdown(replay, page.own), encoding="utf-8")
        note(f"written to {page.out}")
    if as_json:
        frames = {
            "held_out": replay.naming(), "outcomes": replay.outcomes(), "without": replay.standing_aside(),
            "passed": replay.passing(), "waited": replay.delays(), "terms": replay.terms(),
        }  # fmt: skip
        tables = {name: frame.to_dict("records") for name, frame in frames.items()}
        emit({**tables, "left_out": list(replay.left_out), **as_records(ages), **beliefs.record()})
    elif page.out is None:
        beliefs.say()
        for words in not_replayed(replay):
            say(words)
        for section in sections(replay):
            heading(section.title)
            table(section.headers, section.rows, section.headers[1:])
            for words in section.words:
                say(words)
    return 0


def _record(vote: Vote) -> Record:
    least = sorted(zip(vote.voters, vote.least_willing.tolist(), strict=True), key=lambda pair: -pair[1])
    everyone = vote.ambition * 0.0 + 1.0
    return {
        "text": vote.item.item,
        "field": vote.item.field,
        "depth": vote.item.depth,
        "proposer": vote.item.proposer,
        "year": vote.year,
        "all_accept": float(vote.passes.mean()),
        "least_willing": dict(least),
        "held_out": list(vote.item.held_out),
        "states": wishes(vote.terms, everyone, vote.voters),
    }


def _print(vote: Vote, record: Record) -> None:
    item = vote.item
    by = f", proposed by {item.proposer}" if item.proposer else ""
    heading(f"{item.item}, {vote.year}: {item.field}, {item.depth}{by}{_about(item)}")
    print_wishes(record["states"])
    least = [f"{iso} {percent(share)}" for iso, share in list(record["least_willing"].items())[:4] if share >= 0.005]
    say(f"All accept in {percent(record['all_accept'])} of draws. Least willing: {', '.join(least)}.")
    if item.held_out:
        how = "stood aside" if item.without is not None else "held out"
        say(f"In fact {', '.join(item.held_out)} {how}.")


def _about(item: Item) -> str:
    """Whom a text is about, in words."""
    sides = (("for", item.favours), ("against", item.against), ("on the territory of", item.territory))
    return "".join(f", {word} {', '.join(codes)}" for word, codes in sides if codes)
