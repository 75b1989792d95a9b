"""States that a file leaves out though what it extends names them: one problem, with the lines to add."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sco_sim.errors import Problem
from sco_sim.scenario.yaml_source import Node


@dataclass
class LeftOut:
    """Collects what is inherited and names a state that the file's own `states` leave out."""

    states: Node | None
    """The `states` of the file, None if it gives none."""
    codes: set[str] = field(default_factory=set)
    named: dict[str, dict[str, None]] = field(default_factory=dict)
    """Section -> what in it names a state left out, in order."""

    def takes(self, iso: str, file: str, section: str, what: str) -> bool:
        """Whether it belongs to the one problem: the state is named in another file than that of `states`."""
        if not iso or self.states is None or self.states.location.file == file:
            return False
        self.codes.add(iso)
        self.named.setdefault(section, {})[what] = None
        return True

    def problem(self, chairs: Iterable[str]) -> Problem | None:
        """What is wrong and what to add to the file, None if nothing is; `chairs` are those that stay."""
        if self.states is None or not self.named:
            return None
        who = [f"{section} ({', '.join(what)})" for section, what in self.named.items()]
        message = f"{', '.join(sorted(self.codes))} left out, but inherited {' and '.join(who)} need them"
        lines = list(self._lines(chairs))
        remedy = f"add the line{'s' if len(lines) > 1 else ''} {' and '.join(f'`{line}`' for line in lines)}"
        location = self.states.key_location or self.states.location
        return location.problem(message, remedy)

    def _lines(self, chairs: Iterable[str]) -> Iterable[str]:
        dropped = [f"{name}: [{', '.join(self.named[name])}]" for name in ("policies", "events") if name in self.named]
        if dropped:
            yield f"without: {{{', '.join(dropped)}}}"
        if "decision_rule" in self.named:
            yield "decision_rule: {consensus: {}}"
        if "decides" in self.named:
            yield f"decides: {{{', '.join(f'{iso}: null' for iso in self.named['decides'])}}}"
        if "chairs" in self.named:
            yield f"agenda: {{chairs: [{', '.join(chairs)}]}}"
        if "budget" in self.named:
            yield "budget: {key: gdp}"
