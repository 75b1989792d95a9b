"""Tables of the council: the texts of the record, and how states stand to each other by treaty, break and arms."""

from __future__ import annotations

from sco_sim.case.schema.declare import (
    PAIR,
    SOURCE,
    Column,
    Table,
    choice,
    code,
    date,
    text,
    year,
)

AGENDA = Table(
    "agenda",
    "Texts put to the members, for `sco-sim council --agenda`; how to code one: [agenda.md](agenda.md).",
    (
        Column("item", "text", "text", "key of the item", required=True, filled=True),
        choice("field", "field", "culture", "economy", "education", "environment", "membership", "political",
               "security", "transport", required=True),
        choice("depth", "declaratory, institution, binding, deep", "declaratory", "institution", "binding", "deep",
               required=True),
        code("proposer", "state that proposed it", required=False),
        Column("participants", "codes", "codes", "states admitted, separated by ;"),
        Column("favours", "codes", "codes", "states whose cause the wording takes, separated by ;"),
        Column("against", "codes", "codes", "states whom the wording is against, separated by ;"),
        Column("territory", "codes", "codes", "states whose territory it puts to use, separated by ;"),
        Column("legs", "legs", "pairs", "legs of a route the text endorses, separated by ;"),
        date("raised", "first raised"),
        date("adopted", "adopted", "date"),
        date("in_force", "in force", "date"),
        date("closed", "left the table without being adopted", "date"),
        choice("outcome", "adopted, not_adopted or adopted_without", "adopted", "not_adopted", "adopted_without"),
        Column("held_out", "codes", "codes", "states that held out, for good or for a time, separated by ;"),
        text("note", "how it went"),
        text("source", "page, or another table of this folder"),
    ),
    fallback="`sco-sim council` needs an agenda of your own: `--agenda FILE.csv`",
    key=("item", "raised"),
    in_time=("raised", "adopted", "in_force"),
    empty=True,
)  # fmt: skip

ALIGNMENTS = Table(
    "alignments",
    "Alliances by what they oblige to, and relations that are cut or lowered.",
    (
        *PAIR,
        choice("bond", "mutual_defence, assistance, consultation, lowered or cut", "mutual_defence", "assistance",
               "consultation", "lowered", "cut", required=True),
        year("from_year", "first year"),
        year("to_year", "last year", False, "it goes on"),
        text("name", "treaty or break"),
        SOURCE,
    ),
    fallback="none: no two states are allied or have broken",
    key=("iso3_a", "iso3_b", "name", "from_year"),
    in_time=("from_year", "to_year"),
    ordered=("iso3_a", "iso3_b"),
    empty=True,
)  # fmt: skip

ARMS_SHARES = Table(
    "arms_shares",
    "Where a state's major arms come from.",
    (
        code("iso3_supplier", "supplier"),
        code("iso3_recipient", "recipient"),
        year("from_year", "first year of five"),
        year("to_year", "last year of five"),
        Column("share", "number", "0 to 1", "share of the recipient's imports of major arms", 0.0, 1.0, required=True),
    ),
    fallback="none",
    key=("iso3_supplier", "iso3_recipient", "to_year"),
    in_time=("from_year", "to_year"),
    directed=("iso3_supplier", "iso3_recipient"),
    empty=True,
)  # fmt: skip
