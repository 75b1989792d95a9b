"""Write docs/case.md from the declaration of a case, and the digest of the shipped tables that need no check.

    python docs/build_case.py

Tables, columns, units, ranges and fallbacks are those of sco_sim/case/schema; the words around them stand here.
"""

from __future__ import annotations

from pathlib import Path

from sco_sim.case.age_words import covered
from sco_sim.case.downloads.world_bank import INDICATORS
from sco_sim.case.observables import OBSERVABLES
from sco_sim.case.schema.check import SHIPPED, digest
from sco_sim.case.schema.page import reference
from sco_sim.case.schema.tables import BASE_YEAR, BASIC
from sco_sim.shipped import default_case

PAGE = Path(__file__).resolve().parent / "case.md"

DOWNLOADS = (
    ("World Bank", "wide CSV, from the page of an indicator or from DataBank",
     ", ".join(f"`{code}`" for code in INDICATORS), "as they are; `..` is a gap"),
    ("IMF", "Direction of Trade, a row for each value or a column for each year",
     "exports FOB and imports CIF of each reporter; years only", "USD or millions to thousands of USD"),
    ("CEPII", "BACI (`t,i,j,k,v,q`)", "`v`, added up over products",
     "thousands of USD already; one figure a flow, made of both reports and neither: "
     "`trade_reconciled.csv`; a 0 is no figure"),
    ("UN", "Comtrade, new and old columns", "exports and imports, `TOTAL` or the products of one level; "
     "years and whole flows only",
     "USD to thousands of USD"),
    ("CEPII", "GeoDist (`dist_cepii` as CSV)", "distances, land borders, common languages",
     "km; mean of both directions"),
)  # fmt: skip


def _downloads() -> str:
    lines = ["| publisher | file | what is read | unit, and what becomes of it |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in DOWNLOADS)])


def _ages() -> str:
    """What the year of each variable covers, how old it may be and what becomes of it."""
    lines = [
        "| variable | last observed | at most before the start | if it is older than the start |",
        "|---|---|---|---|",
    ]
    for one in OBSERVABLES:
        covers = f"latest year that, with later ones, covers {covered(one)}"
        limit = "any" if one.most is None else f"{one.most} years: {one.reason}"
        then = "carried on with the noise of every year between" if one.ages else "as last observed"
        lines.append(f"| {one.name} | {covers} | {limit} | {then} |")
    return "\n".join(lines)


HEAD = f"""# A case of your own

<!-- written by `python docs/build_case.py`; do not edit -->

A case is a folder: tables in `data/`, and a ledger `parameters.yaml` if it has one of its own. The shipped case is
`calibration/`; every command that reads a case takes another one as `--case DIR`, and what reads stored results knows
theirs. Only `data/states.csv` is required, and its columns
`{"`, `".join(BASIC)}` are a whole case. For every
other table and column this page says what holds if it is not there. The rules are those of `sco_sim/case/schema`, from
which the check, the templates and this page are made.

## An invented club, to begin with

    sco-sim new case club
    sco-sim compare club/scenarios/baseline.yaml club/scenarios/cooperation.yaml --case club --worlds 100

`club/README.md` says in two lines what each table is; `club/templates/` holds a header for each. Edit
`club/data/states.csv`, copy further templates to `club/data/`, and check the folder:

    sco-sim case check club

## States of your own, from downloads

`new case` takes files as their publishers hand them out, recognises them by their columns, converts the units and
reports each conversion in one line. Name the states by code or by name:

    sco-sim new case asean \\
        --states "Brunei, Cambodia, Indonesia, Laos, Malaysia, Myanmar, Philippines, Singapore, Thailand, Vietnam" \\
        API_NY.GDP.MKTP.CD.csv API_SP.POP.TOTL.csv BACI_HS12_Y2019.csv BACI_HS12_Y2020.csv dist_cepii.csv
    sco-sim compare asean/scenarios/baseline.yaml asean/scenarios/cooperation.yaml --case asean --worlds 100

{_downloads()}

A file of the IMF is in the unit that its indicator or its column of the scale names (`Millions`, or 6 for a power of
ten), else in USD. What stands in a file twice with other figures is refused, and so is an amount below 0; of two files
with other figures of the same the later one counts, and is named.

With `--case DIR` a bare name is a scenario of `DIR/scenarios`, then a shipped one, and what a shipped scenario extends
is looked for there first: `sco-sim compare baseline people_to_people --case asean` puts the shipped policy on your
baseline.

GDP (`NY.GDP.MKTP.CD`) and population (`SP.POP.TOTL`) of every state are needed; for all else there are fallbacks, and
`sco-sim case check` lists those that hold. `--member-from` is the first year as a member, of all states; correct it by
state in `data/states.csv`. Two scenarios are written beside the tables; they start in the last year in which all GDP is
known. Any other file is converted in three lines of pandas, for example:

    table = pandas.read_excel("students.xlsx")
    table.columns = ["iso3_origin", "iso3_destination", "year", "students_persons"]
    table.to_csv("asean/data/students.csv", index=False)

The hindcast takes the same files:

    sco-sim hindcast --observations BACI_HS12_Y2021.csv --origin 2020 --gdp API_NY.GDP.MKTP.CD.csv

## What is checked

`validate`, `run`, `compare`, `show`, `council`, `sweep` and all other commands check every table before anything is
simulated, and report all problems at once with file, line, column and remedy (exit code 2). `sco-sim case check DIR`
does nothing else. **Refused** are: cells that are no numbers (`..`, `NA`, `1,200`, `1,5`, `inf`), values out of range,
empty cells that must be filled, fractions where a column counts, codes that are not in `states.csv` or not in capitals,
pairs in the wrong order, rows that stand twice, columns that are missing or written otherwise, semicolons and tabs,
encodings other than UTF-8, characters that no screen can show, folders and dead links in the place of a table, a header
without rows (take the file away to use the fallback), and years ahead. Refused are
also figures that cannot be true beside others: GDP or population of a state, or the middle of five rows and more of a
year, that move a hundredfold from one year to the next; the middle of many reports a hundredfold from those of the
partners; trade of one direction above five times the GDP of either state; total trade a hundredfold from what GDP and
distance imply; students in one destination above a fifth of the people of their origin; GDP per head outside 30 to
400,000 USD; what ends before it begins; shares of one whole above 1; a claim of a state that is not of the pair; a
state named twice in one cell; transit states that no code names.

**Warnings**, with the ratio, the line and the column, are:

* another unit: a year, a reporter, a flow or a cell that is far from the year before, from the other report, from GDP
  or population, and totals that are far from what GDP, distance and population imply;
* a torn download: states or pairs without a row (told once if several tables lack the same states), a sorted
  table that lacks its end, a year with a third fewer rows or
  amounts, a table that ends ten years before the sizes of the states, a last line without an end, a column without a
  value;
* swapped directions: the flows of a year lean against those of the year before, the reports of the importers against
  those of the exporters, students against migrants, reported trade against `trade_reconciled.csv`;
* figures of states that the shipped case has too, if they are eightfold apart or lean the other way; other measures
  threefold apart; columns that run against it, do not go with it (shuffled), are empty, all the same or years apart;
  tables that lack a third of its rows of the same states, or a year, unless most of a list has names of its own;
* cells of the shipped case that stand elsewhere: a column shifted, shuffled or turned round, two cells exchanged
  that are too rare for a coincidence, dates or a table all the same number of years apart, the two ends of a flow
  exchanged, two states that stand for one another, a state under the name of another;
* a column that lost a third of its values beside the shipped case, lies the same amount above or below it in every
  row, or is more than 1 % off in four of five (noise, or another source);
* amounts in the middle fiftyfold apart from those of the shipped case, where no rows are common;
* years without a row between others, exercises of one participant;
* distances far from the line between the capitals, legs shorter than the line between their nodes, more conflictual
  than cooperative events, GDP at current prices that is that of 2015 in every row;
* a report of 0 beside one of more than ten million USD, which it would wipe out;
* files and columns with unknown names.

What no other figure contradicts cannot be found out: origin and destination swapped in all tables of states that the
shipped case does not have, one pair of states in another unit in both reports and all years, students or GDP of states
that the shipped case does not have in tens, two common values exchanged (of flags, or small numbers), and a table that
was cut between two states or years at its very end. A table that is that of the shipped case, byte by byte, is known
and not checked again.

## How old it may be

`show`, `validate`, `run` and `compare` print the year in which each variable was last observed. A start further behind
the last trade, GDP or events than the table says is an error, unless `nowcast: true` or `--nowcast` carries every
variable on; states and ties that lie further back than the rest are named in any case, and so is what was never
observed. A state or tie that was never observed counts as too old where others were observed; trade of a tie
that was never observed weighs what the ties of its two states, and the other direction, let expect; where nothing was
ever observed, what size, distance and the other ties let expect stands in, with its wide range, and is named. An old
flow counts for what the recent ones let expect of it if that is more, up to ten times what it was. A state of which
nothing was observed is taken to have as much as the others by its GDP. A year of events counts for a tie that had at
least a quarter of its usual number, the median of up to ten years before: a download that stops in January is no year.
A table without a year (`states.csv`) counts for {BASE_YEAR}, and every command says so. `--json` has all of it as
`observed`, `older` and `assumed`.

{_ages()}

## The ledger

Without `parameters.yaml` the shipped ledger holds, with its fits. Growth of a state that it does not name
(`growth.mean.XXX`, `growth.spread.XXX`) comes from the state's own GDP in 2009-19 if five yearly steps are known, else
from the mean of the states that the ledger names, with their range. The United States give the deflator; a case
without them takes the shipped one.

## Tables

"""


def page() -> str:
    """The whole page."""
    return HEAD + reference() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    SHIPPED.write_text(digest(default_case()) + "\n", encoding="utf-8", newline="\n")
    print(PAGE, SHIPPED)
