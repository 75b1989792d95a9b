"""Mesa, imported by a thread of its own.

Its logger looks at every frame of the stack when it is imported, and looks for the module of each among all that are
loaded: below a command and its chain of imports that takes longer than all the rest of Mesa. A new thread has no stack.
"""

from __future__ import annotations

from importlib import import_module
from threading import Thread

_alone = Thread(target=import_module, args=("mesa",))
_alone.start()
_alone.join()

import mesa  # noqa: E402 - what the thread could not import is reported here

__all__ = ["mesa"]
