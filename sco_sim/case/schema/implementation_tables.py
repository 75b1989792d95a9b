"""Tables of implementation: what was signed and when it came into force or service, and how much was carried out."""

from __future__ import annotations

from sco_sim.case.schema.declare import SOURCE, Column, Table, choice, code, count, date, number, text, year

WITHOUT = "`sco-sim implementation` needs it"

INSTRUMENTS = Table(
    "instruments",
    "Treaties, institutions and projects from signature to force or service, for `sco-sim implementation`.",
    (
        Column("instrument", "text", "text", "key of the instrument", required=True, filled=True),
        choice("type", "treaty, bilateral, institution or project", "treaty", "bilateral", "institution", "project",
               required=True),
        Column("parties", "codes", "codes", "states bound on the day of signature, separated by ;", required=True),
        choice("payer", "who pays for a project: one, several or unsettled", "one", "several", "unsettled"),
        date("proposed", "first proposed"),
        Column("signed", "date", "date, month or year", "signed", 1900, 2200, required=True),
        year("planned", "year in which a project was to run when it was signed or soon after", False),
        Column("in_force", "date", "date, month or year", "in force, for a project in service", 1900, 2200,
               required=True),
        text("note", "remarks"),
        SOURCE,
    ),
    fallback=WITHOUT,
    key=("instrument",),
    empty=True,
)  # fmt: skip

RATIFICATIONS = Table(
    "ratifications",
    "Days from signature to ratification, by member, for `sco-sim implementation`.",
    (
        code("iso3", "member"),
        Column("instrument", "text", "text", "key of the instrument", required=True, filled=True),
        date("signed", "day of signature", "date"),
        count("days", "days", "days from signature to ratification").needed(),
        choice("bound", "exact, at_most, or over: not yet after so many days", "exact", "at_most", "over",
               required=True),
        SOURCE,
    ),
    fallback=WITHOUT,
    key=("iso3", "instrument"),
    empty=True,
)  # fmt: skip

SCORECARDS = Table(
    "scorecards",
    "Shares of what other bodies agreed that were carried out, for `sco-sim implementation`.",
    (
        Column("body", "text", "text", "organisation", required=True, filled=True),
        Column("measure", "text", "text", "what is counted", required=True, filled=True),
        text("period", "when"),
        number("value_percent", "percent", "share carried out", 0.0, 100.0).needed(),
        choice("judged_by", "itself or others", "itself", "others"),
        SOURCE,
    ),
    fallback=WITHOUT,
    key=("body", "period", "measure"),
    empty=True,
)  # fmt: skip
