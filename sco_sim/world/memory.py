"""What is worked out once while the state does not change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """Part of `Year`: results by name, kept while the year is at rest."""

    _known: dict[Hashable, Any] | None

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """While nothing changes that `once` is used for, as when metrics are read: asked twice, worked out once.

        Inside of another, what was worked out before is out of sight, and there again afterwards.
        """
        before, self._known = self._known, {}
        try:
            yield
        finally:
            self._known = before

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, kept under the name while the year is at rest; the result must not be changed."""
        if self._known is None:
            return make()
        if name not in self._known:
            self._known[name] = make()
        known: T = self._known[name]
        return known
