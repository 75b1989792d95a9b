"""The check of a whole case: everything that is wrong with its tables at once, before any world is simulated."""

from __future__ import annotations

import gc
import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sco_sim.case.catalog import Catalog
from sco_sim.case.schema.alike import alike
from sco_sim.case.schema.check_table import Checked, Numbers, check_table
from sco_sim.case.schema.compare import Finding, keys_of, some
from sco_sim.case.schema.displaced import moved
from sco_sim.case.schema.energy_tables import ways
from sco_sim.case.schema.files import not_read, require_files
from sco_sim.case.schema.listed import listed
from sco_sim.case.schema.reference import KEPT, beside_shipped, shipped_column
from sco_sim.case.schema.reports import reports
from sco_sim.case.schema.route_tables import joined
from sco_sim.case.schema.sheet import Sheet, read_sheet
from sco_sim.case.schema.steps import series_of, steps, swings_of
from sco_sim.case.schema.swapped import DIRECTED, swapped
from sco_sim.case.schema.tables import BASIC, TABLES
from sco_sim.case.schema.ties import measures
from sco_sim.case.schema.torn import ends, torn, without
from sco_sim.case.schema.totals import sizes
from sco_sim.case.state_names import StateNames
from sco_sim.errors import CaseError, Problem
from sco_sim.plugins import plugins
from sco_sim.shipped import default_case

SHIPPED = Path(__file__).with_name("shipped.sha256")
"""Digest of the tables of the shipped case."""
LOOKS: Mapping[Callable[[Mapping[str, Checked]], Iterable[Finding]], tuple[str, ...]] = {
    steps: (),
    sizes: ("states", "state_years", "ties", "trade_reports", "students"),
    measures: ("states", "ties", "tie_years", "route_nodes", "route_legs", "arms_shares"),
    reports: ("trade_reports",),
    swapped: tuple(DIRECTED),
    beside_shipped: (),
    alike: (),
    listed: (),
    moved: (),
    joined: ("route_nodes", "route_legs"),
    ways: ("energy_links",),
}
"""What sets figures beside others, with the tables it reads; none for what looks at each table by itself."""
Signature = tuple[tuple[str, int, int], ...]


class CaseWarning(UserWarning):
    """Something in a case is odd, though it may be true."""


@dataclass(frozen=True)
class Report:
    """What a check of a case gave."""

    problems: tuple[Problem, ...]
    """What is wrong: the case cannot be used."""
    warnings: tuple[Problem, ...]
    """What is odd: the case can be used."""
    missing: tuple[str, ...]
    """Names of tables that are not there and whose fallbacks hold."""


_KEPT: dict[str, tuple[Signature, Report]] = {}
_WARNED: set[Signature] = set()


def check_case(folder: Path) -> Report:
    """The report on a case folder; computed once a process while no file of it changes.

    Raises CaseError if there is no such folder.
    """
    now = signature(folder)
    kept = _KEPT.get(str(folder))
    if kept is not None and kept[0] == now:
        return kept[1]
    report = Report((), (), ()) if _is_shipped(folder) else _check(folder)
    _KEPT[str(folder)] = (now, report)
    return report


def require_case(folder: Path) -> None:
    """Raise CaseError with everything that is wrong with a case; nothing if it can be used."""
    report = check_case(folder)
    if report.problems:
        raise CaseError(*report.problems)


def warn_of_case(folder: Path) -> None:
    """Warn of everything odd in a case, once a process while no file of it changes."""
    now = signature(folder)
    if now in _WARNED:
        return
    _WARNED.add(now)
    for problem in check_case(folder).warnings:
        warnings.warn(str(problem), CaseWarning, stacklevel=2)


def digest(folder: Path) -> str:
    """SHA-256 of names and contents of the tables of a case."""
    sha = hashlib.sha256()
    for path in sorted((folder / "data").glob("*.csv")):
        content = path.read_bytes()
        sha.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()


def _is_shipped(folder: Path) -> bool:
    """Whether the tables are those of the shipped case, which a test checks in full: they need no check again."""
    try:
        return digest(folder) == SHIPPED.read_text(encoding="utf-8").strip()
    except OSError:
        return False


def signature(folder: Path) -> Signature:
    """Names, sizes and times of the tables; raises CaseError if there is no such folder."""
    if not folder.is_dir():
        remedy = "give a case folder; `sco-sim new case DIR` makes one"
        raise CaseError(Problem("there is no such case folder", remedy, str(folder)))
    require_files(folder)
    files = [(str(path), path.stat()) for path in sorted((folder / "data").glob("*.csv"))]
    return ((str(folder), 0, 0), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))


def signature_with_ledger(folder: Path) -> Signature:
    """Names, sizes and times of the tables, the ledger and its fits; names of the packages that add entries to it."""
    ledger = ledger_of(folder)
    files = [ledger, *sorted((ledger.parent / "fits").glob("*"))]
    stats = [(str(path), path.stat()) for path in files if path.is_file()]
    added = [(str(plugin), 0, 0) for plugin in plugins("sco_sim.ledger").values()]
    return (*signature(folder), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats), *added)


def _check(folder: Path, *, trusting: bool = True) -> Report:
    """The report on a case folder.

    Args:
        folder: The case.
        trusting: Whether tables that are byte by byte those of the shipped case count as checked.
    """
    with _sparing():
        return _whole(folder, _known(folder / "data") if trusting else frozenset())


@contextmanager
def _sparing() -> Iterator[None]:
    """Let Python not look for garbage, since lists of cells hold none and are many; let go of them afterwards."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        for kept in (swings_of, series_of, *KEPT):
            kept.cache_clear()
        if enabled:
            gc.enable()


def _known(data: Path) -> frozenset[str]:
    """Names of the tables that are those of the shipped case, if that is as it was when it was checked in full."""
    if not _is_shipped(default_case()):
        return frozenset()
    shipped = default_case() / "data"
    same = (path.stem for path in data.glob("*.csv") if (shipped / path.name).is_file() and _same(path, shipped))
    return frozenset(same)


def _same(path: Path, shipped: Path) -> bool:
    try:
        return path.read_bytes() == (shipped / path.name).read_bytes()
    except OSError:  # the check of the table says what is wrong
        return False


def _whole(folder: Path, known: frozenset[str]) -> Report:
    data = folder / "data"
    if not (data / "states.csv").is_file():
        remedy = f"write data/states.csv with the columns {', '.join(BASIC)}; `sco-sim new case DIR` makes a case"
        return Report((Problem("the case lacks this file", remedy, str(data / "states.csv")),), (), ())
    problems: list[Problem] = []
    odd: list[Problem] = []
    checked: dict[str, Checked] = {}
    missing = []
    catalog = _catalog({}, data)
    for table in TABLES:  # states come first
        path = data / f"{table.name}.csv"
        if not path.is_file():
            missing.append(table.name)
            continue
        sheet = read_sheet(path)
        if isinstance(sheet, Problem):
            problems.append(sheet)
            continue
        if table.name in known:
            content = Checked(sheet, numbers=Numbers(table, sheet), known=True)
        else:
            content = check_table(table, sheet, catalog)
        if table.name == "states":
            catalog = _catalog(_named(content, problems), data)
            odd += () if content.known or content.problems else _misnamed(content)
            if catalog.states != set(shipped_column("states", "iso3")):
                known = frozenset()  # whose codes the other tables have is to be seen
        problems += content.problems
        odd += content.warnings
        if not content.problems:
            checked[table.name] = content
            odd += () if content.known else torn(table, content, sorted(catalog.states))
    odd += not_read(folder, missing)
    if not problems:
        problems += _enough(checked, data)
    if "states" in checked:
        odd += without(checked, sorted(catalog.states))
    odd += ends(checked)
    for look, tables in LOOKS.items():
        for refused, problem in () if _all_known(checked, tables or checked) else look(checked):
            (problems if refused else odd).append(problem)
    return Report(tuple(problems), tuple(odd), tuple(missing))


def _all_known(checked: Mapping[str, Checked], tables: Iterable[str]) -> bool:
    """Whether all these tables are there and those of the shipped case, which nothing is odd about."""
    return all(name in checked and checked[name].known for name in tables)


def _catalog(named: Mapping[str, str], data: Path) -> Catalog:
    """The states alone, for a search by name."""
    names = StateNames(named, data)
    return Catalog(frozenset(named), {}, frozenset(), {}, frozenset(), names=names)


def _named(content: Checked, problems: list[Problem]) -> dict[str, str]:
    """Codes of states.csv with their names; a code that is none adds a problem."""
    sheet = content.sheet
    if not {"iso3", "name"} <= set(sheet.header) or any(len(row) != len(sheet.header) for row in sheet.rows):
        return {}
    out = {}
    for iso, name, line in zip(sheet.column("iso3"), sheet.column("name"), sheet.lines, strict=True):
        if not (len(iso) == 3 and iso.isascii() and iso.isalnum() and iso == iso.upper()):
            remedy = "write three capitals, as in ISO 3166-1 alpha-3"
            problems.append(Problem(f"iso3: '{iso}' is no code", remedy, sheet.path, line, sheet.column_number("iso3")))
        out[iso] = name
    if len(out) == 1:
        problems.append(Problem("a case has at least two states", "add a row", sheet.path))
    return out


def _misnamed(content: Checked) -> list[Problem]:
    """States that bear the name of another one."""
    if "name" not in content.sheet.header:
        return []
    usual = StateNames()
    wrong = [
        (row, f"{iso} is called {name}, which is the name of {other}")
        for row, (iso, name) in enumerate(keys_of(content, "iso3", "name"))
        if iso in usual.usual and (other := usual.code(name)) and other != iso
    ]
    return some(content, wrong, "name", "put each name beside its code")


def _enough(checked: dict[str, Checked], data: Path) -> list[Problem]:
    """Size and membership of every state must stand somewhere."""
    out = []
    states, sheet = checked["states"], checked["states"].sheet
    for column in ("gdp_current_usd", "population_persons"):
        known = set()
        for content in (states, checked.get("state_years")):
            if content is not None and column in content.numbers:
                cells = zip(content.sheet.column("iso3"), content.numbers[column], strict=True)
                known |= {iso for iso, value in cells if value == value}
        lacking = [iso for iso in sheet.column("iso3") if iso not in known]
        if lacking:
            what = f"no {column} of {', '.join(lacking[:8])}{' ...' if len(lacking) > 8 else ''}"
            remedy = f"give the column {column} here, or rows in data/state_years.csv"
            out.append(Problem(what, remedy, sheet.path, 1))
    if "statuses" not in checked and "member_from" not in sheet.header:
        remedy = "give the column member_from here (a year, or empty for never), or data/statuses.csv"
        out.append(Problem("it is not known who is a member", remedy, str(data / "states.csv"), 1))
    return out


def sheet_of(folder: Path, name: str) -> Sheet | None:
    """The cells of a table of a checked case; None if it has no such table."""
    path = folder / "data" / f"{name}.csv"
    sheet = read_sheet(path) if path.is_file() else None
    if isinstance(sheet, Problem):
        raise CaseError(sheet)
    return sheet


def need_tables(folder: Path, what: str, *columns: tuple[str, str]) -> None:
    """Raise CaseError for tables and columns that a study cannot do without, though the model can."""
    require_case(folder)
    problems = []
    for name, column in columns:
        sheet = sheet_of(folder, name)
        path = str(folder / "data" / f"{name}.csv")
        if sheet is None or column not in sheet.header:
            missing = "this table" if sheet is None else f"the column {column} of this table"
            problems.append(Problem(f"{what} needs {missing}", "add it: see docs/case.md", path))
    if problems:
        raise CaseError(*problems)


def ledger_of(folder: Path) -> Path:
    """The ledger of a case: its own, else the shipped one."""
    own = folder / "parameters.yaml"
    return own if own.is_file() else default_case() / "parameters.yaml"


def borrows(folder: Path) -> bool:
    """Whether a case takes something from the shipped one: the ledger, a gravity equation or the US deflator."""
    data = folder / "data"
    lent = ("trade_reports", "students", "air_links", "state_years")
    if not (folder / "parameters.yaml").is_file() or any(not (data / f"{name}.csv").is_file() for name in lent):
        return True
    return b"USA," not in (data / "state_years.csv").read_bytes()
