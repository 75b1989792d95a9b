"""The command line as a process: pipes, what a command loads at its start, and numbers for people."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sco_sim.cli.groups import alone
from sco_sim.cli.main import app
from sco_sim.commands.screen.outcomes import digits_of_level, named, number
from sco_sim.store.stored_run import open_run
from tests.unit.command_line import FOREGROUND

PYTHON = [sys.executable, "-m", "sco_sim"]


@pytest.mark.slow
def test_a_closed_pipe_is_silent() -> None:
    with subprocess.Popen([*PYTHON, "list", "parameters"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()  # as `| head` does, but certainly before anything is written
        told = process.stderr.read()
    assert told == b""
    assert process.returncode == 0


def test_output_that_cannot_be_encoded_does_not_break() -> None:
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PYTHON, "data", "ties"], capture_output=True, env=ascii_only, check=False)
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.skipif(os.name != "posix", reason="signals and device files are POSIX")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_while_the_command_line_is_loaded_leaves_no_traceback(name: str, code: int) -> None:
    """The finder of modules sends the signal when typer is asked for: catches handlers that are set only after that."""
    script = (
        f"{FOREGROUND}import os, runpy, signal, sys, time\n"
        f"class Finder:\n"
        f"    def find_spec(self, name, *more):\n"
        f"        if name == 'typer': os.kill(os.getpid(), signal.{name}); time.sleep(0.1)\n"
        f"sys.meta_path.insert(0, Finder()); sys.argv = ['sco-sim', 'list', 'policies']\n"
        f"runpy.run_module('sco_sim', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "\nInterrupted.\n")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals and device files are POSIX")
@pytest.mark.parametrize(
    "closed",
    [pytest.param(">&-", marks=pytest.mark.slow), pytest.param("2>&-", marks=pytest.mark.slow), ">&- 2>&- <&-"],
)
def test_closed_streams_take_nothing_from_the_run(tmp_path: Path, closed: str) -> None:
    """Catches a database that gets the number of a closed stream, and a message about None."""
    words = ["run", "no_events", "--worlds", "2", "--replicates", "1", "--set", "horizon.end=2024", "--out", "run"]
    run = f"{shlex.join([*PYTHON, *words])} {closed}"
    done = subprocess.run(["sh", "-c", run], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "None" not in done.stdout + done.stderr
    assert len(open_run(tmp_path / "run").worlds()) == 2
    wrong = subprocess.run(["sh", "-c", f"{shlex.join(PYTHON)} validate nowhere {closed}"], check=False, cwd=tmp_path)
    assert wrong.returncode == 2


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals and device files are POSIX")
def test_names_that_the_locale_cannot_write_do_not_stop_a_command(tmp_path: Path) -> None:
    """Catches output that fails after the simulation: bytes that are no UTF-8, Cyrillic names.

    One process with that locale gives all the commands, each between two `%`.
    """
    script = (
        "import sys; from sco_sim.cli.main import main; given = sys.argv[1:]\n"
        "while given:\n"
        "    end = given.index('%'); sys.argv, given = ['sco-sim', *given[:end]], given[end + 1 :]\n"
        "    try: main()\n"
        "    except SystemExit as stop: assert not stop.code, (sys.argv, stop.code)"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    (tmp_path / "сцена.yaml").write_text("extends: no_events.yaml\nhorizon: {end: 2024}\ntitle: Сцена\n", "utf-8")
    out = os.fsencode("папка") + b"\xff"
    words = [
        "run", "сцена.yaml", "--worlds", "2", "--out", out, "%",
        "run", "сцена.yaml", "--worlds", "2", "--json", "--out", out, "%",
        "export", out, "--format", "parquet", "%", "export", out, "--format", "netcdf", "%", "plot", out, "%",
    ]  # fmt: skip
    command = [sys.executable, "-c", script, *words]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr
    assert sorted(path.name for path in (tmp_path / os.fsdecode(out) / "export").iterdir()) == [
        "agreements.parquet", "metrics.parquet", "run.nc",
        "settings.parquet", "states.parquet", "ties.parquet", "worlds.parquet",
    ]  # fmt: skip


def _loaded_by(*words: str) -> set[str]:
    """Modules that a command loads, beyond those of a bare interpreter, and `source:FILE` for each source it reads.

    Sources without a file are what attrs generates for rich 13.
    """
    code = (
        "import linecache, sys; before = set(sys.modules); sys.argv = ['sco-sim', *sys.argv[1:]]\n"
        "from sco_sim.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(*(set(sys.modules) - before), "
        "*(f'source:{name}' for name in linecache.cache if name[0] != '<'), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_what_is_stored_is_compared_without_an_engine(tmp_path: Path) -> None:
    """Catches Mesa loaded where nothing is simulated: it takes a third of the time of a comparison given again."""
    words = ("compare", "baseline", "sister_cities", "--worlds", "2", "--out", str(tmp_path / "two"))
    assert "mesa" in _loaded_by(*words)
    assert not {"mesa", "numba"} & _loaded_by(*words)


def test_help_loads_typer_and_rich_only() -> None:
    with_them = {
        "sco_sim",
        "typer",
        "rich",
        "click",
        "pygments",
        "markdown_it",
        "mdurl",
        "shellingham",
        "typing_extensions",
        "annotated_doc",
        "attr",
    }  # fmt: skip - rich 13 asks for attr where there is one
    tops = {name.partition(".")[0] for name in _loaded_by("--help")}
    assert not {top for top in tops - with_them if top not in sys.stdlib_module_names}


def test_help_of_a_command_does_not_load_its_work() -> None:
    found = _loaded_by("compare", "--help")  # typer itself reads options by pydantic where there is one
    assert not found & {"numpy", "pandas", "mesa", "ruamel", "sco_sim.components.base", "sco_sim.commands.compare"}


def test_validate_loads_no_table_library_and_only_the_components_named() -> None:
    found = _loaded_by("validate", "baseline")
    assert not found & {"mesa", "pandas", "scipy", "matplotlib", "networkx"}
    assert not [name for name in found if name.startswith("source:")]  # what the fields are is read where it is asked
    parts = {
        name
        for name in found
        if name.startswith(
            ("sco_sim.components.policies.", "sco_sim.components.events.", "sco_sim.components.metrics.")
        )
    }
    events = ("border_closing", "dispute", "sanctions", "settlement", "trade_agreement", "war_nearby")
    assert parts == {f"sco_sim.components.events.{key}" for key in events}


def test_the_command_that_is_given_is_built_alone() -> None:
    def names(*words: str) -> int:
        built = alone(app, words)
        return len(built.registered_commands) + len(built.registered_groups)

    assert names("run", "baseline") == names("--allow-code", "new", "case") == 1
    assert names("runn") == names() == names("--help") > 30


def test_numbers_for_people() -> None:
    assert number(-0.0001, 2) == "0.00"
    assert number(-0.12, 2) == "-0.12"
    assert number(float("nan"), 2) == "-"
    assert number(1234.5, 0) == "1,234"
    assert digits_of_level(1234.5, 0.001) == 1  # five digits in all, however small the difference
    assert digits_of_level(0.0, 0.25) == 2
    assert named("People: airport pairs", "airport pairs") == "People: airport pairs"
