"""Policies of the oracle (section 8, outlays by section 10): what strength on the ties does, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.oracle.oracle_math import clip, expit

if TYPE_CHECKING:
    from tests.oracle.oracle_model import OracleModel
    from tests.oracle.oracle_state import StateAgent


class Acts:
    """One method for each policy; each adds to the effects and returns the outlay of the year, million USD of 2015."""

    model: OracleModel
    policy: Any
    kind: str
    strength: dict[tuple[str, str], float]
    """Strength on each tie this year (equation 9)."""
    full: dict[tuple[str, str], float]
    """The same with the ramp over."""
    age: int
    """Years since the year of adoption."""
    built: float
    """Share that is built."""
    building: float
    """Share that is built this year."""
    built_year: int | None
    """Year in which the last of it was built."""
    handed: dict[str, float]
    """What each state is paid out of it this year."""

    def act(self) -> float:
        """What the policy does this year."""
        outlay: float = getattr(self, "act_" + self.kind)()
        return outlay

    # --- strength ---------------------------------------------------------------------------------

    def each(self) -> Iterator[tuple[str, str, dict[str, Any], float]]:
        """Both ends, attributes and strength of every tie."""
        for (a, b), s in self.strength.items():
            yield a, b, self.model.graph.edges[a, b], s

    def of_states(self) -> list[tuple[StateAgent, float]]:
        """Every state with the largest strength over its ties."""
        top = dict.fromkeys(self.model.state_of, 0.0)
        for (a, b), s in self.strength.items():
            top[a], top[b] = max(top[a], s), max(top[b], s)
        return [(state, top[state.iso]) for state in self.model.states]

    def reached(self) -> list[StateAgent]:
        """States with any strength."""
        return [state for state, s in self.of_states() if s > 0.0]

    def total(self) -> float:
        """Sum of strength over ties."""
        return sum(self.strength.values())

    def mean(self) -> float:
        """Mean strength over the ties that have any."""
        return self.total() / self.ties_at_work()

    def ties_at_work(self) -> int:
        """Ties with any strength, at least 1."""
        return max(sum(s > 0.0 for s in self.strength.values()), 1)

    def own(self, name: str) -> float:
        """A ledger value of the policy."""
        return self.model.p[f"{self.kind}.{name}"]

    def shift_ties(self, target: str, size: float) -> None:
        """The same shift on all ties, per strength."""
        for _, _, tie, s in self.each():
            tie[f"effect_{target}"] += size * s

    def shift_states(self, target: str, size: float) -> None:
        """The same shift on all states, per strength."""
        for state, s in self.of_states():
            state.add(f"effect_{target}", size * s)

    def travel(self, tie: dict[str, Any]) -> float:
        """What visas leave of travel."""
        floor = self.model.p["visas.floor"]
        return floor + (1.0 - floor) * float(tie["openness"])

    def online(self, a: str, b: str) -> float:
        """What the weaker end can do online."""
        return expit(min(self.model.state_of[a].capacity, self.model.state_of[b].capacity))

    # --- people and culture -----------------------------------------------------------------------

    def act_people_to_people(self) -> float:
        """Visits become easier, most where borders are open, and trust grows with them."""
        share, half = self.policy.unofficial_share, self.own("half_saturation")
        thousands = self.policy.persons_per_tie / 1000.0
        for _, _, tie, s in self.each():
            before, after = tie["effect_contact"], tie["effect_contact"] + thousands * s
            added = (1.0 + half) * (after / (after + half) - before / (before + half))
            tie["effect_contact"] = after
            tie["effect_people"] += self.own("people") * added * self.travel(tie)
            tie["effect_trust"] += self.own("trust") * added * (1.0 - share + share * self.own("unofficial_yield"))
        return float(self.policy.cost_per_tie_musd * thousands * self.total())

    def act_sister_cities(self) -> float:
        """New twinned places come to the ties it works on by how many are there, and one more."""
        there = {(a, b): 1.0 + tie["cities"] for a, b, tie, s in self.each() if s > 0.0}
        arrivals_of, outlay = {s.iso: 0.0 for s in self.model.states}, 0.0
        for (a, b), part in there.items():
            arrivals = self.policy.new_pairs_per_year * self.strength[a, b] * part / sum(there.values())
            self.model.graph.edges[a, b]["effect_cities"] += arrivals
            arrivals_of[a] += arrivals
            arrivals_of[b] += arrivals
            outlay += self.policy.cost_per_pair_musd * arrivals
        for state in self.model.states:
            state.add("effect_capacity", self.own("diffusion") * math.log1p(arrivals_of[state.iso]))
        return outlay

    def act_university_network(self) -> float:
        """Seats draw students; years later graduates are home."""
        seats, model = self.policy.seats_per_year, self.model
        per_strength = seats / self.ties_at_work() * self.own("stay") * self.own("additional")
        per_strength *= 1.0 + self.policy.dual_degrees * self.own("dual")
        first, last = self.own("first_graduates"), self.own("last_graduates")
        home = clip((self.age - first) / (last - first))
        for a, b, tie, s in self.each():
            there = math.exp(model.expected("students_ab", a, b)) + math.exp(model.expected("students_ba", a, b))
            tie["effect_students"] += math.log(1.0 + max(0.0, per_strength * s) / there)
        half, dose = self.own("half_saturation"), seats / 2000.0
        home *= (1.0 + half) * dose / (dose + half)
        self.shift_ties("trust", self.own("trust") * home)
        self.shift_states("capacity", self.own("capacity") * home)
        return float(self.policy.cost_per_seat_musd * seats * self.mean())

    def act_language_institutes(self) -> float:
        """Languages are taught where there is no common one."""
        outlay, taught = 0.0, self.policy.languages_of
        for a, b, tie, s in self.each():
            if not tie["common_language"] and (taught == "all" or a in taught or b in taught):
                for target in ("people", "students", "trust"):
                    tie[f"effect_{target}"] += self.own(target) * s
                outlay += self.policy.cost_per_tie_musd * s
        return outlay

    def act_heritage_protection(self) -> float:
        """Digs, work against trafficking, and exhibitions."""
        policy, shows = self.policy, math.log1p(self.policy.exhibitions_per_year)
        digs, guards = policy.joint_archaeology, policy.anti_trafficking
        self.shift_ties("shield_heritage", self.own("shield") * digs)
        self.shift_ties("security", self.own("security") * guards)
        self.shift_ties("people", self.own("people") * shows)
        self.shift_ties("trust", self.own("trust") * (digs + shows))
        outlay = policy.cost_per_tie_musd * (guards + digs) / 2.0 * self.total()
        return float(outlay + policy.cost_per_exhibition_musd * policy.exhibitions_per_year * self.mean())

    def act_digital_culture(self) -> float:
        """Culture online, as far as the weaker end can."""
        depth = self.model.p["people_to_people.trust"] * self.own("depth")
        for a, b, tie, s in self.each():
            reach = s * self.online(a, b)
            tie["effect_people"] += self.own("people") * reach
            tie["effect_students"] += self.own("students") * reach
            tie["effect_trust"] += depth * reach
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_tourism_routes(self) -> float:
        """Routes along the World Heritage, from one hub or between all."""
        outlay, sites = 0.0, self.model.facts.heritage_sites
        for a, b, tie, s in self.each():
            if self.policy.hub in (None, a, b):
                ends = sum(math.log1p(float(sites[self.model.state_of[iso].row])) for iso in (a, b))
                tie["effect_people"] += self.own("people") * s * ends / 2.0 * self.travel(tie)
                outlay += self.policy.cost_per_tie_musd * s
        return outlay

    def act_visa_freedom(self) -> float:
        """Visas are eased to a common openness."""
        floor = self.model.p["visas.floor"]
        for _, _, tie, s in self.each():
            opened = s * max(0.0, self.policy.openness - float(tie["openness"]))
            tie["effect_people"] += math.log(1.0 + (1.0 - floor) * opened / self.travel(tie))
            tie["effect_trade"] += self.own("trade") * opened
            tie["effect_migrants"] += self.own("migrants") * opened
            tie["effect_investment"] += self.own("investment") * opened
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_direct_flights(self) -> float:
        """Routes that are flown."""
        for a, b, tie, s in self.each():
            there = math.exp(self.model.expected("people", a, b))
            tie["effect_people"] += math.log(1.0 + self.own("additional") * self.policy.pairs_per_tie * s / there)
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_media_dialogue(self) -> float:
        """Circles that meet."""
        circles = len(self.policy.circles) / 4.0
        self.shift_ties("shield_talk", self.own("shield") * circles)
        self.shift_ties("trust", self.own("trust") * circles)
        return float(self.policy.cost_per_tie_musd * circles * self.total())

    def act_health_cooperation(self) -> float:
        """Health, which wards off shocks."""
        self.shift_ties("shield_health", self.own("shield"))
        self.shift_ties("trust", self.own("trust"))
        return float(self.policy.cost_per_tie_musd * self.total())

    # --- economy ----------------------------------------------------------------------------------

    def act_trade_facilitation(self) -> float:
        """Time at the border saved, as far as the weaker end can."""
        for a, b, tie, s in self.each():
            saved = -math.log(1.0 - self.policy.border_time_cut * self.online(a, b))
            tie["effect_trade"] += self.own("trade") * s * saved
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_regulatory_cooperation(self) -> float:
        """Common rules, sector by sector."""
        self.shift_ties("trade", self.own("trade") * len(self.policy.sectors))
        if "investment" in self.policy.sectors:
            self.shift_ties("investment", self.own("investment"))
        return float(self.policy.cost_per_tie_musd * len(self.policy.sectors) * self.total())

    def act_tariff_liberalisation(self) -> float:
        """Free trade where there is none yet."""
        for _, _, tie, s in self.each():
            tie["effect_trade"] += self.own("trade") * s * (1.0 - tie["trade_agreement"])
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_strategy_alignment(self) -> float:
        """Plans that fit each other."""
        self.shift_states("capacity", self.own("capacity"))
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_special_fund(self) -> float:
        """Money for some, by its weight in their GDP."""
        paid = self.paid()
        each = self.policy.size_musd_per_year * 1e6 / max(len(paid), 1)
        for state, s in self.of_states():
            if state in paid:
                weight = math.log(1.0 + 100.0 * each / math.exp(state.log_gdp))
                state.add("effect_capacity", self.own("capacity") * s * weight)
        spent = float(self.policy.size_musd_per_year * self.mean()) if paid else 0.0
        self.handed = {state.iso: spent / len(paid) for state in paid}
        return spent

    def paid(self) -> list[StateAgent]:
        """Who is paid by a fund."""
        reached, named = self.reached(), self.policy.for_states
        if named == "weaker":
            usual = sum(s.capacity_datum for s in reached) / max(len(reached), 1)
            return [s for s in reached if s.capacity_datum < usual]
        return [s for s in reached if s.iso in named]

    # --- institutions -----------------------------------------------------------------------------

    def act_implementation_support(self) -> float:
        """Help with what was signed."""
        self.shift_states("capacity", self.own("capacity"))
        self.shift_states("delivery", self.own("delivery"))
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_border_settlement(self) -> float:
        """Claims that are settled, rivalry that ends with them, and another hazard."""
        self.shift_ties("claims", 1.0)
        self.shift_ties("rivalry", self.own("rivalry"))
        self.shift_ties("hazard", self.own("hazard"))
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_meetings(self) -> float:
        """Officials that meet, and channels at any hour."""
        tracks = math.log1p(self.policy.tracks)
        self.shift_ties("hazard", self.own("hazard") * tracks)
        self.shift_states("acceptance", self.own("acceptance") * tracks)
        self.shift_ties("shield_channels", self.own("shield") * self.policy.instant_channels)
        return float(self.policy.cost_per_tie_musd * self.policy.tracks * self.total())

    def act_security_cooperation(self) -> float:
        """Joint exercises, of which ten years count."""
        policy = self.policy
        for _, _, tie, s in self.each():
            more = 10.0 * policy.exercises_per_year * self.own("attendance")
            tie["effect_security"] += s * math.log(1.0 + more / math.exp(tie["security_0"]))
        self.shift_ties("hazard", self.own("hazard") * math.log1p(policy.exercises_per_year))
        self.shift_states("stability", self.own("stability") * math.log1p(policy.exercises_per_year))
        return float(policy.cost_per_exercise_musd * policy.exercises_per_year * self.mean())

    def act_new_fields(self) -> float:
        """New matters taken up."""
        matters = len(self.policy.fields)
        self.shift_states("capacity", self.own("capacity") * matters)
        self.shift_ties("trust", self.own("trust") * matters)
        return float(self.policy.cost_per_tie_musd * matters * self.total())

    def act_expertise_sharing(self) -> float:
        """Learning from the most capable that takes part."""
        best = max((s.capacity_datum for s in self.reached()), default=0.0)
        for state, s in self.of_states():
            state.add("effect_capacity", self.own("capacity") * s * (best - state.capacity_datum))
        self.shift_ties("trust", self.own("trust"))
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_outreach(self) -> float:
        """Ties between those that were members at the start and those that were not."""
        outlay = 0.0
        for a, b, tie, s in self.each():
            if self.model.state_of[a].member_0 != self.model.state_of[b].member_0:
                for target in ("people", "trust"):
                    tie[f"effect_{target}"] += self.own(target) * s
                outlay += self.policy.cost_per_tie_musd * s
        return outlay

    def act_norm_campaign(self) -> float:
        """A norm against force, and for agreement."""
        self.shift_ties("hazard", self.own("hazard"))
        self.shift_states("acceptance", self.own("acceptance"))
        return float(self.policy.cost_per_tie_musd * self.total())

    def act_equal_voice(self) -> float:
        """More say for the small."""
        sizes = [math.exp(s.log_gdp) for s in self.reached()]
        for state, s in self.of_states():
            if sizes and math.exp(state.log_gdp) < sum(sizes) / len(sizes):
                state.add("effect_acceptance", self.own("acceptance") * s)
        return float(self.policy.cost_per_tie_musd * self.total())
