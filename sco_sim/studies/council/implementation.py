"""What became of what was signed, and what the model makes of the same texts and projects: four dates each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.mechanisms.ratification import QUORUM
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.components.policy import Policy
from sco_sim.components.project import WHOLE
from sco_sim.engine.build import build_model
from sco_sim.errors import CaseError, Problem
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.studies.council.agenda import Item, Rounds, text_of
from sco_sim.studies.council.agenda_table import read_agenda, shipped_agenda
from sco_sim.studies.council.rounds import Round
from sco_sim.world.pairs import Pair, pair

Row = Mapping[Any, Any]

RECORD_END = 2024
"""Last year of the record."""
BEYOND = 10
"""Years simulated after the record, so that what comes late is seen to come."""
BUILDING_YEARS = 5
"""Building time of a project whose planned year is not known."""
DELIVERY_AFTER = (5, 10)
"""Years after signature in which the share delivered is read."""


class Implementation:
    """The instruments of a case, and the worlds of a scenario in which the same are signed in the same years.

    What is signed is given, so nothing here depends on votes; equations 8, 8a and 33 do the rest.
    """

    def __init__(self, case: Case, *, worlds: int = 200, seed: int = 1, draws: int = 2000) -> None:
        self.case, self.worlds, self.seed, self.draws = case, worlds, seed, draws
        self.instruments = _known(case, "instruments")
        self.ratifications = _known(case, "ratifications")
        self.scorecards = _known(case, "scorecards")
        self._simulate()

    def of(self, *types: str) -> pd.DataFrame:
        """The instruments of some types that were signed."""
        chosen = self.instruments[self.instruments["type"].isin(types)]
        return chosen[chosen["signed"].notna()]

    @property
    def states(self) -> tuple[str, ...]:
        """Everybody bound by a text or a project."""
        named = self.of("treaty", "bilateral", "project")["parties"]
        return tuple(sorted({iso for cell in named for iso in str(cell).split(";")}))

    def scenario(self) -> Scenario:
        """A history in which every text is signed, and every project begun, in its year."""
        policies: list[Policy] = []
        for row in self.of("treaty", "bilateral").to_dict("records"):
            policies += [self._text(row, force) for force in _forces(row)]
        policies += [self._project(row) for row in self.of("project").to_dict("records")]
        first = min(policy.start for policy in policies if policy.start is not None)
        years = Horizon(start=first - 1, end=RECORD_END + BEYOND)
        known = {"name": "record", "horizon": years, "states": self.states, "policies": tuple(policies)}
        return Scenario.model_validate(known)

    def _text(self, row: Row, force: str) -> Policy:
        item = Item(f"{row['instrument']}_{force}", "political", "binding", _year(row["signed"]))
        change = {
            "participants": _codes(row), "decided_by": "given", "force": force, "start": item.year,
        }  # fmt: skip
        return text_of(item).model_copy(update=change)

    def _project(self, row: Row) -> Policy:
        signed, parties = _year(row["signed"]), _codes(row)
        planned = _planned(row) or signed + BUILDING_YEARS
        return TradeCorridor.model_validate(
            {"name": str(row["instrument"]).lower(), "legs": _chain(parties, self.case.catalog.borders),
             "construction_years": planned - signed, "participants": parties, "decided_by": "given", "start": signed}
        )  # fmt: skip

    def _simulate(self) -> None:
        """Run the history and note when each is signed, ratified, in force, delivered and built."""
        scenario = self.scenario()
        model = build_model(scenario, case=self.case, worlds=self.worlds, seed=self.seed)
        labels = [policy.label for policy in model.agreements]
        built = np.full((self.worlds, len(labels)), np.inf)
        delivered: dict[int, Array] = {}
        while model.year.year < scenario.horizon.end:
            model.step()
            done = (model.state.built >= WHOLE) & np.isinf(built)
            built[done] = model.year.year
            delivered[model.year.year] = model.year.over_participants("delivered")
        state = model.state
        signed = np.array([policy.start or 0 for policy in model.agreements], dtype=float)
        self.labels, self.row = labels, model.ties.row
        self.in_force = np.where(np.isnan(state.force_year), np.inf, state.force_year) - signed
        """Calendar years from signature to force, infinite if never, (world, agreement)."""
        self.half = np.where(np.isnan(state.delivered_year), np.inf, state.delivered_year) - signed
        """Calendar years to half of what was adopted delivered, (world, agreement)."""
        self.built = built - signed
        """Calendar years to a finished project, (world, agreement)."""
        self.ratified = np.where(state.ratified > 0.0, state.ratified, np.inf) - signed[None, :, None]
        """Calendar years to ratification, (world, agreement, state)."""
        self.delivered = {
            after: np.stack([delivered[int(year) + after][:, column] for column, year in enumerate(signed)
                             if int(year) + after <= scenario.horizon.end and self._is_treaty(labels[column])], axis=1)
            for after in DELIVERY_AFTER
        }  # fmt: skip
        """Share delivered of the texts of the organisation so many years after signature, (world, text)."""

    def _is_treaty(self, label: str) -> bool:
        return label in {self.label(str(name)) for name in self.of("treaty")["instrument"]}

    @staticmethod
    def label(instrument: str, force: str = "two_thirds") -> str:
        """The name under which an instrument is simulated."""
        return f"{instrument}_{force}".lower()

    def column(self, values: Array, instrument: str, force: str = "two_thirds") -> Array:
        """What is noted of one instrument, (world,) or (world, state)."""
        chosen: Array = values[:, self.labels.index(self.label(instrument, force))]
        return chosen

    def texts(self) -> pd.DataFrame:
        """One row per text whose date of force is known: years in the record, and the worlds' own.

        `years` are days over 365.25, `calendar` the difference of the two calendar years; `force`, `all` and `half` are
        arrays of the worlds' calendar years to force, to ratification by all, and to half delivered.
        """
        rows = []
        for row in self.of("treaty", "bilateral").to_dict("records"):
            if pd.isna(row["in_force"]):
                continue
            name, (first, *_) = str(row["instrument"]), _forces(row)
            members = [self.row[iso] for iso in _codes(row)]
            rows.append(
                {"text": name, "type": row["type"], "signed": str(row["signed"]), "in_force": str(row["in_force"]),
                 "years": _span(row["signed"], row["in_force"]),
                 "calendar": _year(row["in_force"]) - _year(row["signed"]),
                 "force": self.column(self.in_force, name, first), "half": self.column(self.half, name, first),
                 "all": self.column(self.ratified, name, first).take(members, axis=1).max(axis=1)}
            )  # fmt: skip
        return pd.DataFrame(rows)

    def members(self) -> pd.DataFrame:
        """Share of members that have ratified so many years after signature: the record's (Kaplan-Meier), the model's.

        `at_risk` is how many had neither ratified nor gone out of sight before. In the model texts are signed in the
        middle of a year.
        """
        columns = [
            self.column(self.ratified, str(row["instrument"])).take([self.row[iso] for iso in _codes(row)], axis=1)
            for row in self.of("treaty").to_dict("records")
        ]
        model = np.concatenate(columns, axis=1)
        days = self.ratifications["days"].to_numpy(dtype=float)
        open_still = (self.ratifications["bound"] == "over").to_numpy()
        rows = []
        for years in (0.5, 1.5, 2.5, 3.5, 5.5):
            kept, left = 1.0, len(days)
            for day in sorted(set(days[~open_still & (days <= years * 365.25)])):
                left = int((days >= day).sum())
                kept *= 1.0 - ((days == day) & ~open_still).sum() / left
            rows.append(
                {"years": years, "record": 1.0 - kept, "at_risk": int((days >= years * 365.25).sum()),
                 "model": (model <= years).mean(axis=1)}
            )  # fmt: skip
        return pd.DataFrame(rows)

    def rate(self) -> tuple[int, int, float]:
        """Ratifications counted, days of waiting, and ratifications a year: what the ledger's entry is read from."""
        counted = int((self.ratifications["bound"] != "over").sum())
        waited = int(self.ratifications["days"].sum())
        return counted, waited, counted / waited * 365.25

    def institutions(self) -> pd.DataFrame:
        """One row per institution of the record that is on the agenda: chance that the council adopts it by its end."""
        items = {item.item: item for item in read_agenda(shipped_agenda(self.case), self.case)}
        rounds = Rounds(self.case, set(self.case.catalog.member_from), draws=self.draws, seed=self.seed)
        rows = []
        for row in self.instruments[self.instruments["type"] == "institution"].to_dict("records"):
            item = items.get(str(row["instrument"]))
            if item is not None:
                passing = [Round(rounds.vote(item, year)).passing() for year in range(item.year, RECORD_END + 1)]
                exists = not pd.isna(row["in_force"])
                rows.append({"text": item.item, "raised": item.year, "exists": exists,
                             "never": np.prod([1.0 - chance for chance in passing], axis=0)})  # fmt: skip
        return pd.DataFrame(rows)

    def projects(self) -> pd.DataFrame:
        """One row per project: who pays, the years it was to take and took, and the worlds' own (`built`)."""
        rows = []
        for row in self.of("project").to_dict("records"):
            signed = _year(row["signed"])
            planned = _planned(row)
            ready = None if pd.isna(row["in_force"]) else _year(row["in_force"])
            rows.append(
                {"project": str(row["instrument"]), "payer": str(row["payer"]), "signed": signed, "planned": planned,
                 "ready": ready, "built": signed + self.built[:, self.labels.index(str(row["instrument"]).lower())]}
            )  # fmt: skip
        return pd.DataFrame(rows)


def _forces(row: Row) -> tuple[str, ...]:
    """How a text takes force in the model: both of two; of many two thirds, and all to compare."""
    return ("all",) if row["type"] == "bilateral" else tuple(QUORUM)


def _known(case: Case, name: str) -> pd.DataFrame:
    table = case.table(name)
    if table.empty:
        remedy = "write data/instruments.csv, ratifications.csv and scorecards.csv (docs/case.md)"
        raise CaseError(Problem(f"this case has no record of implementation: `{name}`", remedy, str(case.folder)))
    return table


def _codes(row: Row) -> tuple[str, ...]:
    return tuple(str(row["parties"]).split(";"))


def _planned(row: Row) -> int | None:
    return None if pd.isna(row["planned"]) else int(row["planned"])


def _year(cell: object) -> int:
    return int(str(cell)[:4])


def _span(first: object, last: object) -> float:
    return (date.fromisoformat(str(last)) - date.fromisoformat(str(first))).days / 365.25


def _chain(parties: Sequence[str], borders: frozenset[Pair]) -> tuple[Pair, ...]:
    """Legs that join the parties over their land borders, each to one before it."""
    joined, legs = [parties[0]], []
    rest = list(parties[1:])
    while rest:
        step = next(((a, b) for a in joined for b in rest if pair(a, b) in borders), None)
        if step is None:
            break
        legs.append(pair(*step))
        joined.append(step[1])
        rest.remove(step[1])
    return tuple(legs)
