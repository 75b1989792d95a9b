"""What other packages add through entry points, and what to say of one that does not work."""

from __future__ import annotations

import importlib.metadata
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

from sco_sim.errors import Problem, ScenarioError, SimWarning

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""Form of a key: it stands in files, tables and names of figures."""


class PluginError(ScenarioError):
    """A package that adds something cannot be imported, or adds something else."""


@dataclass(frozen=True)
class Plugin:
    """An entry point of another package."""

    point: importlib.metadata.EntryPoint

    @property
    def key(self) -> str:
        """Its key in YAML: the name of the entry point."""
        return self.point.name

    def __str__(self) -> str:
        package = f"{self.point.dist.name} {self.point.dist.version}" if self.point.dist else "an unnamed package"
        return f"plug-in '{self.key}' of {package} (entry point {self.point.group}: {self.point.value})"

    def load(self) -> Any:
        """What it stands for; raises PluginError, whatever the package raises while it is imported."""
        if not self.point.pattern.match(self.point.value):
            message = f"{self} names no object: its target is no `module:name`"
            raise PluginError(Problem(message, "mend or uninstall the package"))
        try:
            return self.point.load()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit, and whatever else a package derives from it
            words = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise PluginError(
                Problem(f"{self} cannot be imported: {words}", "mend or uninstall the package")
            ) from error


@cache
def plugins(group: str) -> dict[str, Plugin]:
    """Plug-ins of a group by key. Of two with one key the first counts, and odd keys are left out, with a warning."""
    out: dict[str, Plugin] = {}
    for point in importlib.metadata.entry_points(group=group):
        plugin = Plugin(point)
        if not KEY.fullmatch(plugin.key):
            warn_once(f"{plugin}: left out, since a key is lower-case letters, digits and _")
        elif plugin.key in out and out[plugin.key].point.value != point.value:
            warn_once(f"{plugin}: left out, since there is {out[plugin.key]}")
        else:
            out.setdefault(plugin.key, plugin)
    return out


@cache
def warn_once(message: str) -> None:
    """Warn, once for each message; workers keep silent, since the process that began them has warned."""
    import multiprocessing  # only now: most commands never warn, and it takes its time

    if multiprocessing.current_process().name == "MainProcess":
        warnings.warn(message, SimWarning, stacklevel=2)
