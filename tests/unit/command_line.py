"""Commands as a user gives them, in this process: what they print and how they end."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from typer import testing
from typer.main import get_command

from sco_sim.cli.main import app
from sco_sim.commands.screen import output

testing._get_command = cache(get_command)  # typer builds all commands for each call, which takes longer than many do

FOREGROUND = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "getattr(signal, 'SIGHUP', 0) and signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
)
"""Code before that of a child that is to be stopped by signals.

A shell starts tests in the background, `nohup` too, with signals ignored; the child inherits that, and keeps to it.
"""


def call(*words: object, columns: int | None = None) -> Any:
    """A command; `columns` is what the environment says of the terminal."""
    environment = {} if columns is None else {"COLUMNS": str(columns)}
    return testing.CliRunner().invoke(app, [str(word) for word in words], env=environment)


def fine(*words: object, columns: int | None = None) -> str:
    """What a command prints into a pipe, if it ends well."""
    result = call(*words, columns=columns)
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def on_terminal(columns: int, *words: object) -> str:
    """What a command prints on a terminal of so many columns, if it ends well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "has_width", lambda _: True)
        return fine(*words, columns=columns)


def parsed(*words: object) -> Any:
    """The answer of a command as JSON."""
    return json.loads(fine(*words, "--json"), parse_constant=pytest.fail)
