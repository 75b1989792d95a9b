"""Agreements of the oracle: who gains, what is decided, what a policy does (equations 3, 4, 6 to 9, 18 and 24)."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.oracle.oracle_gains import Gains
from tests.oracle.oracle_rules import FAILED, Verdict, verdict

if TYPE_CHECKING:
    from tests.oracle.oracle_model import OracleModel

DISTRIBUTIVE = {
    "economy": 1.0, "transport": 0.6, "political": 0.3, "security": 0.2,
    "culture": 0.1, "education": 0.1, "environment": 0.1,
}  # fmt: skip
DEPTH = {"declaratory": 0.1, "institution": 0.4, "binding": 0.4, "deep": 1.0}
CONTRACTS = ("gas_pipeline", "trade_corridor")
"""Contracts on a project, which no parliament has to ratify."""


class Agreement(Gains):
    """One policy of the scenario in one world: what each state adopted and delivered, and its history."""

    def __init__(self, model: OracleModel, policy: Any) -> None:
        """Put a policy of the scenario before the council."""
        self.model = model
        self.policy = policy
        self.kind: str = policy.key()
        self.name: str = policy.label
        self.start: int = model.first_year if policy.start is None else policy.start
        if policy.answers is not None:
            answered = [event for event in model.scenario.events if event.key() == policy.answers]
            self.start = min(event.year if hasattr(event, "year") else event.start for event in answered)
        self.adopted = dict.fromkeys(model.graph.nodes, 0.0)
        self.delivered = dict.fromkeys(model.graph.nodes, 0.0)
        self.ratified = dict.fromkeys(model.graph.nodes, 0)
        self.pending = dict.fromkeys(model.graph.nodes, 0.0)
        self.adopted_year: int | None = None
        self.force_year: int | None = None
        self.delivered_year: int | None = None
        self.tabled_years = 0
        self.hold_out: str | None = None
        self.lost_to_veto = 0.0
        self.foreseen: tuple[int, dict[str, dict[str, float]]] = (0, {})
        self.built = self.building = self.owed = 0.0
        self.built_year: int | None = None
        self.lost_to_delivery = 0.0

    # --- who and when -----------------------------------------------------------------------------

    def in_time(self) -> bool:
        """Whether the year lies between its start and its end."""
        year, end = self.model.year, self.policy.end
        return self.start <= year and (end is None or year <= end)

    def participants(self) -> list[str]:
        """Codes of those who take part, by the membership as it stands."""
        chosen = self.policy.participants
        if chosen == "members":
            return [s.iso for s in self.model.states if s.member]
        if chosen == "all":
            return [s.iso for s in self.model.states]
        return [s.iso for s in self.model.states if s.iso in chosen]

    def voters(self) -> list[str]:
        """Codes of those who decide."""
        if self.policy.decided_by == "participants":
            return self.participants()
        return [s.iso for s in self.model.states if s.member]

    def legs(self) -> list[tuple[str, str]]:
        """Legs of what it builds: of a corridor those of the table or its own; none for what builds no way."""
        if self.kind == "gas_pipeline":
            return list(pairwise(self.policy.route))
        if self.kind != "trade_corridor":
            return []
        if self.policy.corridor is not None:
            return list(self.model.facts.corridors[self.policy.corridor])
        return list(self.policy.legs)

    def corridor_states(self) -> list[str]:
        """Simulated states at an end of a leg."""
        ends = {iso for leg in self.legs() for iso in leg}
        return [s.iso for s in self.model.states if s.iso in ends]

    # --- equations 3 to 5 -------------------------------------------------------------------------

    def gainers(self) -> dict[str, float]:
        """Equation 3: who is seen to gain, summing to one."""
        if self.legs():
            weights = {s.iso: 0.0 for s in self.model.states}
            for leg in self.legs():
                for iso in leg:
                    if iso in weights:
                        weights[iso] += 1.0
        else:
            takes_part = self.participants()
            weights = {s.iso: math.exp(s.log_gdp) * (s.iso in takes_part) for s in self.model.states}
        total = sum(weights.values())
        shares = {iso: (w / total if total > 0 else 0.0) for iso, w in weights.items()}
        if self.policy.proposer is None:
            return shares
        return {iso: 0.5 * q + 0.5 * (iso == self.policy.proposer) for iso, q in shares.items()}

    def weight(self) -> float:
        """Equation 4: depth times distributive weight."""
        return DEPTH[self.policy.depth] * DISTRIBUTIVE[self.policy.field]

    def conflicts_claim(self, iso: str) -> float:
        """Equation 4: how open a claim is that the state has on both ends of a leg."""
        worst = float(iso in self.policy.territory and iso not in (self.policy.proposer, *self.policy.favours))
        for a, b in self.legs():
            if iso in (a, b):
                continue
            for disputed in self.model.claims():
                if {frozenset((iso, a)), frozenset((iso, b))} <= disputed:
                    settled = max(self.model.graph.edges[iso, end]["effect_claims"] for end in (a, b))
                    worst = max(worst, 1.0 - min(1.0, settled))
        return worst

    def sides(self) -> dict[str, float]:
        """Equation 30, n: whose cause the text takes, and whom it is against."""
        out = {s.iso: 0.0 for s in self.model.states}
        for codes, sign in ((self.policy.favours, 1.0), (self.policy.against, -1.0)):
            here = [iso for iso in codes if iso in out]
            for iso in here:
                out[iso] += sign / len(here)
        return out

    # --- equations 6, 7 and 18 --------------------------------------------------------------------

    def waits(self) -> bool:
        """Whether it is on the table this year."""
        return self.adopted_year is None and self.in_time()

    def put_off(self) -> None:
        """The summit did not get to it."""
        self.tabled_years += 1

    def decide(self) -> None:
        """One summit: give, table, adopt or fail."""
        if self.policy.decided_by == "given":
            self.adopt(dict.fromkeys(self.participants(), 1.0))
            return
        q = self.gainers()
        ambition = {s.iso: s.answer(self, q) for s in self.model.states}
        voters = self.voters()
        if voters:
            self.hold_out = min(voters, key=lambda iso: ambition[iso])
        levels, price = self.settle({iso: ambition[iso] for iso in voters})
        takes_part = self.participants()
        text = {iso: level for iso, level in levels.items() if iso in takes_part}
        if text:
            self.adopt(text)
            price_of_z, whole = self.model.p["council.transfer_price"], sum(price.values())
            self.model.cost += price_of_z * whole
            leaders = [s for s in self.model.states if whole and s.iso in self.model.scenario.decision_rule.leaders]
            leaders = [s for s in leaders if s.iso in voters]
            for s in leaders:
                s.paid += price_of_z * whole * math.exp(s.log_gdp) / sum(math.exp(k.log_gdp) for k in leaders)
            for iso, bought in price.items():
                self.model.state_of[iso].received += price_of_z * bought
        else:
            self.tabled_years += 1

    def settle(self, ambition: dict[str, float]) -> Verdict:
        """What the rule at work makes of the ambitions, diluted or delayed."""
        model = self.model
        rule = None if self.policy.decided_by == "participants" else model.scenario.decision_rule
        gdp = {s.iso: math.exp(s.log_gdp) for s in model.states}
        people = {s.iso: math.exp(s.log_population) for s in model.states}
        levels, price = verdict(rule, ambition, gdp, people)
        unanimous = rule is None or rule.key() == "consensus"
        if levels and unanimous and model.scenario.rivals.consensus == "delays":
            if not model.uniform(f"council.{self.name}.luck", "world")[0] < 2.0 * min(levels.values()) - 1.0:
                return FAILED
            return dict.fromkeys(levels, 1.0), price
        return levels, price

    def adopt(self, text: dict[str, float]) -> None:
        """Fix what each state has adopted."""
        if text:
            self.adopted.update(text)
            self.adopted_year = self.model.year

    def welcome(self, newcomers: list[str]) -> None:
        """Equation 18: new members take over what the members have adopted, at the lowest level in force."""
        levels = [level for level in self.adopted.values() if level > 0]
        if self.policy.participants == "members" and levels and self.in_time():
            self.adopted.update(dict.fromkeys(newcomers, min(levels)))
            for iso in newcomers:
                self.ratified[iso] = self.ratified[iso] or self.model.year

    # --- equation 8a ------------------------------------------------------------------------------

    def treaty(self) -> bool:
        """Whether parliaments have to ratify it."""
        if self.policy.force is not None:
            return bool(self.policy.force != "signed")
        given = self.policy.decided_by == "given"
        return self.policy.depth in ("binding", "deep") and self.kind not in CONTRACTS and not given

    def ratify(self) -> None:
        """Equation 8a: states ratify by chance, and enough of them put the text in force."""
        bound = [s for s in self.model.states if self.adopted[s.iso] > 0]
        if not bound:
            return
        luck = self.model.uniform("ratification", "state")
        signed_now = self.adopted_year == self.model.year
        chance = 1.0 - math.exp(-self.model.p["ratification.rate"] * (0.5 if signed_now else 1.0))
        for s in bound:
            if not self.ratified[s.iso] and (not self.treaty() or luck[s.row] < chance):
                self.ratified[s.iso] = self.model.year
        have = sum(1 for s in bound if self.ratified[s.iso])
        need = len(bound) if not self.treaty() or self.policy.force == "all" else -(-2 * len(bound) // 3)
        if self.force_year is None and have >= need:
            self.force_year = self.model.year
        for s in bound:
            self.pending[s.iso] = float(self.force_year is None or not self.ratified[s.iso])

    # --- equations 8, 9 and 24 --------------------------------------------------------------------

    def deliver(self) -> None:
        """Equation 8: delivery moves towards what was adopted while in force, and falls off afterwards."""
        active, paid_for = self.in_time(), any(self.pay_shares().values())
        for s in self.model.states:
            rate = s.delivery_rate() * (1.0 if active else self.fade())
            aim = s.delivery_reach() * self.adopted[s.iso] * (1.0 - self.pending[s.iso]) if active else 0.0
            aim *= paid_for
            self.delivered[s.iso] += rate * (aim - self.delivered[s.iso])

    def fade(self) -> float:
        """Factor on the decline after the end."""
        if self.kind == "norm_campaign":
            return 1.0 - self.own("persistence")
        if self.kind == "people_to_people":
            return float(1.0 - self.policy.unofficial_share * self.own("unofficial_persistence"))
        return 1.0

    def work(self) -> float:
        """Equation 9 and section 8: strength on the ties, what it does and what it costs."""
        if self.adopted_year is None:
            return 0.0
        self.age = self.model.year - self.adopted_year
        waited = max(0, (self.force_year or 0) - self.adopted_year)
        self.full = {pair: self.policy.intensity * weaker for pair, weaker in self.together(self.delivered).items()}
        ramp = min(1.0, (self.age - waited + 1) / self.policy.ramp_years)
        self.strength = {pair: ramp * s for pair, s in self.full.items()}
        self.building, self.handed = 0.0, {}
        spent = self.act()
        self.built = min(1.0, self.built + self.building)
        if self.built > 1.0 - 1e-9 and self.built_year is None:
            self.built_year = self.model.year
        self.charge(spent)
        for iso, amount in self.handed.items():
            self.model.state_of[iso].received += amount
        return spent

    def together(self, share: dict[str, float]) -> dict[tuple[str, str], float]:
        """Equation 9: what acts on each tie of what its two ends carry out."""
        out = {}
        for a, b, tie in self.model.graph.edges(data=True):
            at_odds = self.model.p["quarrel.delivery"] * max(tie["spat"], tie["war"], tie["drawn"])
            paid = 1.0
            if self.policy.field in ("culture", "education"):
                ends = (self.model.state_of[iso].prosperity() for iso in (a, b))
                paid = math.exp(self.model.p["culture.prosperity"] * min(ends))
            out[a, b] = float(min(share[a], share[b]) * (1.0 - at_odds) * paid)
        return out

    # --- equation 33 ------------------------------------------------------------------------------

    def pay_shares(self) -> dict[str, float]:
        """Who pays: those of its payers who adopt it, or those who adopt it by the key of the budget."""
        if self.policy.payers is not None:
            voted = any(level > 0.0 for level in self.adopted.values())
            named = {iso: part for iso, part in self.policy.payers.items() if not voted or self.adopted[iso] > 0.0}
            return {s.iso: named[s.iso] / sum(named.values()) if named.get(s.iso) else 0.0 for s in self.model.states}
        takes_part = self.participants()
        adopt = [iso for iso in takes_part if self.adopted[iso] > 0.0]
        pays = adopt if any(level > 0.0 for level in self.adopted.values()) else takes_part
        budget = self.model.scenario.budget
        key = "gdp" if budget is None else budget.key
        parts = {}
        for s in self.model.states:
            whole = math.exp(s.log_gdp) if key == "gdp" else 1.0
            parts[s.iso] = whole if isinstance(key, str) else key.get(s.iso, 0.0)
        if sum(parts[iso] for iso in pays) > 0.0:
            parts = {iso: part * (iso in pays) for iso, part in parts.items()}
        return {iso: part / sum(parts.values()) for iso, part in parts.items()}

    def charge(self, spent: float) -> None:
        """The payers pay what is not lent, the lender what is."""
        loan = self.policy.loan
        lent = 0.0 if loan is None or self.lender_refuses() else loan.share * spent
        for iso, share in self.pay_shares().items():
            self.model.state_of[iso].paid += (spent - lent) * share
        if loan is not None:
            self.model.state_of[loan.lender].paid += lent
            self.owed += lent

    def lender_refuses(self) -> bool:
        """Whether the lender is asked and has not adopted the text."""
        lender = self.policy.loan.lender
        return lender in self.participants() and self.adopted[lender] == 0.0

    def pay_back(self) -> None:
        """One part in `years` of what is owed, and interest, from the payers to the lender."""
        loan = self.policy.loan
        if loan is None:
            return
        due = self.owed * (1.0 / loan.years + loan.interest)
        for iso, share in self.pay_shares().items():
            self.model.state_of[iso].paid += due * share
        self.model.state_of[loan.lender].paid -= due
        self.owed -= self.owed / loan.years

    def lose(self) -> None:
        """Equation 24: what is lost to those who do not adopt, and to those who do not deliver."""
        takes_part = self.participants()
        if not self.in_time():
            return
        size = max(len(takes_part), 1)
        adopted = sum(self.adopted[iso] for iso in takes_part) / size
        delivered = sum(self.delivered[iso] for iso in takes_part) / size
        if self.delivered_year is None and adopted > 0 and delivered >= 0.5 * adopted:
            self.delivered_year = self.model.year
        self.lost_to_veto += 1.0 - adopted
        self.lost_to_delivery += max(0.0, adopted - delivered)
