"""Write golden.json anew, and say what changed: `python -m tests.baseline.update_golden`.

Run it only when results are meant to change, and say why in the commit.
"""

from __future__ import annotations

import json
from pathlib import Path

from sco_sim.engine.record import Block
from tests.worlds import model_of, shipped

FILE = Path(__file__).with_name("golden.json")
SCENARIOS = ("baseline", "combined", "majority_rule", "history", "from_2020")
WORLDS, SEED = 40, 1
YEARS = (2030,)
"""Years whose statistics are kept besides the last one."""

Golden = dict[str, dict[str, dict[str, float]]]


def statistics(block: Block) -> dict[str, dict[str, float]]:
    """Mean and standard deviation over worlds (and places), by `what year`."""
    out: dict[str, dict[str, float]] = {}
    for place, year in enumerate(block.years):
        if year in YEARS or year == block.years[-1]:
            for group, values in (("", block.metrics), ("state ", block.states), ("tie ", block.ties)):
                for key, numbers in sorted(values.items()):
                    now = numbers[:, place]
                    out[f"{group}{key} {year}"] = {"mean": float(now.mean()), "sd": float(now.std())}
    return out


def golden() -> Golden:
    """The statistics of every scenario as the code is now."""
    return {
        name: statistics(model_of(shipped(name), worlds=range(WORLDS), seed=SEED, replicates=4).run())
        for name in SCENARIOS
    }


def read() -> Golden:
    """The statistics as they were when the file was last written."""
    stored: Golden = json.loads(FILE.read_text(encoding="utf-8"))
    return stored


def same(one: float, other: float) -> bool:
    """Equal to 1e-9 of the number, or both nothing but rounding."""
    return abs(one - other) <= max(1e-9 * abs(other), 1e-13)


def differences(new: Golden, old: Golden) -> list[str]:
    """One line for each number that is gone, new or different."""
    lines = []
    for name in sorted({*new, *old}):
        for what in sorted({*new.get(name, {}), *old.get(name, {})}):
            now, then = new.get(name, {}).get(what), old.get(name, {}).get(what)
            if now is None or then is None:
                lines.append(f"{name} {what}: {'gone' if now is None else 'new'}")
            else:
                changed = [key for key in now if not same(now[key], then[key])]
                lines += [f"{name} {what} {key}: {then[key]!r} -> {now[key]!r}" for key in changed]
    return lines


def main() -> None:
    """Write the file and print what is different."""
    new = golden()
    for line in differences(new, read()) if FILE.exists() else ["a first golden.json"]:
        print(line)
    FILE.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
