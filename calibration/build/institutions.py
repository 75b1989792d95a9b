"""Tables of the organisation itself: who belongs, when it met, what it was asked and what it decided."""

from __future__ import annotations

from pathlib import Path

from build.common import Row, Table, in_states, read

MERGER_DATE = "2025-09-01"

# Two summits were dated from memory in the source; both dates were then checked against these pages.
CHECKED_SUMMITS = {
    "15": "http://en.kremlin.ru/catalog/regions/BA/events/49907 ; https://armenianclub.com/?p=827",
    "16": "https://en.inform.kz/news/several-documents-signed-at-sco-summit-in-tashkent_a2918145/",
}

# (outcome, note in this project's words) by item and by the year the item was raised, if it was raised twice.
AGENDA: dict[tuple[str, str], tuple[str, str]] = {
    ("three_forces_convention", ""): ("adopted", "signed on the day the organisation was founded"),
    ("rats_agreement", ""): ("adopted", "set up the anti-terrorist structure, a year after it was proposed"),
    ("free_trade_area", ""): (
        "not_adopted",
        "a long-term aim, urged again in 2012, 2016 and 2018; Russia put its own union first",
    ),
    ("trade_programme_2003", ""): ("adopted", "a programme for twenty years that was carried out slowly"),
    ("road_transport_facilitation", ""): (
        "adopted",
        "twelve years to signature, three more to force; routes were argued over; ESCAP and ADB helped",
    ),
    ("education_agreement", ""): ("adopted", "no objection known"),
    ("sco_university", ""): ("adopted", "accepted by all at the summit that proposed it"),
    ("culture_agreement", ""): ("adopted", "no objection known"),
    ("good_neighbour_treaty", ""): ("adopted", "no objection known"),
    ("development_bank", ""): (
        "not_adopted",
        "agreed in principle in 2012, then idle: Russia preferred the Eurasian bank; open at the end of 2024",
    ),
    ("belt_and_road_endorsement", "2018"): (
        "adopted_without",
        "the others are named in the text; India stayed out over the corridor through disputed Kashmir",
    ),
    ("belt_and_road_endorsement", "2019"): ("adopted_without", "as in 2018: all but India"),
    ("belt_and_road_endorsement", "2022"): ("adopted_without", "as in 2018: all but India"),
    ("belt_and_road_endorsement", "2023"): ("adopted_without", "as in 2018, with India itself in the chair"),
    ("extremism_convention", ""): ("adopted", "no objection known"),
    ("accession_india_pakistan", ""): (
        "adopted", "both: observers in 2005, accepted in principle in 2015, members in 2017",
    ),
    ("accession_iran", ""): ("adopted", "observer in 2005, member in 2023"),
    ("accession_belarus", ""): ("adopted", "dialogue partner in 2009, observer in 2015, member in 2024"),
    ("economic_strategy_2030", ""): ("adopted", "worded so that only interested members carry it out"),
    ("environment_agreement", ""): ("adopted", "no objection known"),
}  # fmt: skip

RENAMED = {
    "sco_key_documents.csv": "documents.csv",
    "sco_status_chronology.csv": "statuses.csv",
}


def statuses(source: Path) -> Table:
    """Who had which status from when, and the merger of observers and partners in 2025."""
    columns = ("iso3", "status", "date", "precision", "source")
    rows: list[Row] = []
    merger_source = ""
    for row in read(source, "politics/sco_status_chronology.csv"):
        if row["iso3"] == "LAO":
            merger_source = row["source"]
        if in_states(row, "iso3"):
            rows.append(
                {
                    **{c: row[c] for c in ("iso3", "status", "date", "source")},
                    "precision": row["date_precision"],
                }
            )
    members = {row["iso3"] for row in rows if row["status"] == "member"}
    merged = {row["iso3"] for row in rows if row["status"] in ("observer", "dialogue_partner")} - members
    rows += [
        {
            "iso3": iso3,
            "status": "sco_partner",
            "date": MERGER_DATE,
            "precision": "decision",
            "source": merger_source,
        }
        for iso3 in sorted(merged)
    ]
    return Table("statuses", columns, ("iso3", "date", "status"), rows)


def summits(source: Path) -> Table:
    """Meetings of the Council of Heads of State (the last day of each)."""
    rows = [
        {
            "n": row["n"],
            "date": row["date_final_day"],
            "place": row["place"],
            "host_iso3": row["host_iso3"],
            "members_after": row["members_after"],
            "source": CHECKED_SUMMITS.get(row["n"], row["source"]),
        }
        for row in read(source, "politics/sco_summits.csv")
    ]
    return Table("summits", ("n", "date", "place", "host_iso3", "members_after", "source"), ("n",), rows)


def documents(source: Path) -> Table:
    """Main documents of the organisation and of the Shanghai Five."""
    columns = ("date", "document", "field", "place", "source")
    rows = [{column: row[column] for column in columns} for row in read(source, "politics/sco_key_documents.csv")]
    return Table("documents", columns, ("date", "document"), rows)


def exercises(source: Path) -> Table:
    """Joint military exercises and who took part."""
    rows = [
        {
            "start_date": row["start_date"],
            "name": row["name"],
            "participants_iso3": ";".join(sorted(row["participants_iso3"].split(";"))),
            "source": row["source"],
        }
        for row in [*read(source, "politics/sco_joint_exercises.csv"), *_later_exercises(source)]
    ]
    return Table("exercises", ("start_date", "name", "participants_iso3", "source"), ("start_date", "name"), rows)


def _later_exercises(source: Path) -> list[Row]:
    """Exercises of 2024 on whose participants are all named."""
    rows = read(source, "recent/exercises_2024_2025.csv")
    return [row for row in rows if "participants incomplete" not in row["note"]]


LAST_AGENDA_YEAR = 2024
"""Last year of the record of decisions."""


def _known(date: str) -> str:
    """A date of the record, blank if it is later than the record goes."""
    return date if date[:4].isdigit() and int(date[:4]) <= LAST_AGENDA_YEAR else ""


CONCERNS = {
    "accession_belarus": ("BLR", ""),
    "accession_india_pakistan": ("IND;PAK", ""),
    "accession_iran": ("IRN", ""),
    "belt_and_road_endorsement": ("", "CHN-PAK"),
}
"""Who is admitted or gains, and the legs a text endorses, where they are not all members and no leg.

The leg of the Belt and Road paragraphs is the one India names when it refuses: assigned with hindsight.
"""


def agenda(source: Path) -> Table:
    """What was put to the organisation up to LAST_AGENDA_YEAR, when it was adopted and in force, and who held out.

    What the sources have of later years was coded before its outcome was known and is left out: such a text is open.
    """
    copied = ("item", "field", "depth", "proposer", "raised", "adopted", "in_force", "held_out")
    rows: list[Row] = []
    for row in read(source, "politics/sco_agenda.csv"):
        by_year = (row["item"], row["raised"])
        outcome, note = AGENDA[by_year] if by_year in AGENDA else AGENDA[row["item"], ""]
        pages = row["source"]
        for old, new in RENAMED.items():
            pages = pages.replace(f"as in {old}", f"see {new}").replace(old, f"see {new}")
        gainers, legs = CONCERNS.get(row["item"], ("", ""))
        rows.append(
            {**{column: _known(row[column]) if column in ("adopted", "in_force") else row[column] for column in copied}}
            | {"participants": gainers, "legs": legs}
            | {"outcome": outcome, "note": note, "source": pages}
        )
    columns = (
        "item", "field", "depth", "proposer", "participants", "legs", "raised", "adopted", "in_force", "outcome",
        "held_out", "note", "source",
    )  # fmt: skip
    return Table("agenda", columns, ("item", "adopted"), rows)
