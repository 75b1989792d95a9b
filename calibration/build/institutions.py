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
