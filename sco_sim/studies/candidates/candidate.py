"""What each study would have a reader take home, on a scale of shares, and the rule that chooses three of it.

The rule, in the words that the command prints and docs/brief.md states, is `RULE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sco_sim.errors import counted
from sco_sim.studies.wording import percent

DOES, STANDS, CHANGES, KNOWING = (
    "what it does", "what stands in the way", "what would change that", "what is worth knowing"
)  # fmt: skip
SENTENCES = (DOES, STANDS, KNOWING)
"""What the three sentences are about; a fourth thing, what would change the second, stands below it."""
SCALES = {
    DOES: "the answer of the comparison",
    STANDS: "share of the ambition tabled, or of the members' trade, that is lost a year",
    CHANGES: "share of the ambition tabled, or of the texts, that would be gained",
    KNOWING: "share of cases in which another thing would be said, were it known",
}
RULE = (
    "First what the scenario does: the answer of the comparison. Second what stands in the way: of what is surely lost "
    "(95 %) the largest share of ambition or of trade; what is lost only if something else happens comes after all "
    "that is lost as things stand. Below it, what would change that: the largest share that is surely gained. Third "
    "what is worth knowing: the largest share of cases in which, were it known, surely another thing would be said. "
    "Where nothing is sure, the first that there is; ties go to the first."
)


@dataclass(frozen=True)
class Candidate:
    """A sentence that one study would have a reader take home."""

    about: str
    """Which sentence it could be: one of the four."""
    text: str
    """Nothing if the study has nothing to say; `lacking` says why."""
    command: str
    """The command that gives it."""
    overturned_by: str
    """What would make it another sentence."""
    study: str = "compare"
    """Command that it comes from."""
    strength: float = float("nan")
    """A share, 0 to 1, on the scale of what it is about; NaN if it has none."""
    sure: bool = True
    """Whether the strength is surely above zero (95 %)."""
    if_ever: bool = False
    """Whether it is lost only if something happens that the scenario does not hold."""
    worlds: int = 0
    """Worlds of the study; 0 if it is worked out without any."""
    lacking: str = ""
    """Why the study has nothing to say."""

    @property
    def rank(self) -> tuple[bool, bool, bool, float]:
        """What is chosen is the largest: what is said, sure, as things stand, strong."""
        strength = self.strength if self.strength == self.strength else 0.0
        return bool(self.text), self.sure, not self.if_ever, strength


@dataclass(frozen=True)
class Judged:
    """A candidate with what the rule makes of it."""

    candidate: Candidate
    chosen: bool
    why: str


def lacks(about: str, study: str, command: str, why: str) -> Candidate:
    """A study that has nothing to say, and why."""
    return Candidate(about, "", command, "", study, sure=False, lacking=why)


def on_worlds(one: Candidate) -> str:
    """On how many worlds a candidate rests, in words."""
    return f" ({counted(one.worlds, 'world')})" if one.worlds else ""


def best(candidates: Sequence[Candidate], about: str) -> Candidate | None:
    """The candidate that the rule takes for a sentence; None if no study has anything to say of it.

    What would change something has to be sure.
    """
    own = [one for one in candidates if one.about == about and one.text and (about != CHANGES or one.sure)]
    return max(own, key=lambda one: one.rank, default=None)


def three(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The sentences to take home; what would change the second is what would overturn it."""
    chosen = {about: best(candidates, about) for about in (*SENTENCES, CHANGES)}
    second, change = chosen[STANDS], chosen[CHANGES]
    if second is not None and change is not None and not second.if_ever:
        chosen[STANDS] = replace(second, overturned_by=f"{change.text} (`{change.command}`)")
    return [one for about in SENTENCES if (one := chosen[about]) is not None]


def judged(candidates: Sequence[Candidate]) -> Iterator[Judged]:
    """Every candidate in the order of the sentences, and why it is chosen or not."""
    for about in (DOES, STANDS, CHANGES, KNOWING):
        first = best(candidates, about)
        for one in candidates:
            if one.about == about:
                yield Judged(one, one is first, _why(one, first))


def _why(one: Candidate, first: Candidate | None) -> str:
    if not one.text:
        return f"nothing to say: {one.lacking}"
    size = "" if one.strength != one.strength else f"{percent(one.strength)}: "
    if one is first:
        return (
            "chosen" if not size else f"chosen: {size}the largest that is sure" if one.sure else "chosen: none is sure"
        )
    if not one.sure:
        return f"not chosen: {size}not surely above nothing"
    if first is not None and one.if_ever > first.if_ever:
        return f"not chosen: {size}only if it happens, and something is lost as things stand"
    return f"not chosen: {size}less than another" if size else "not chosen"
