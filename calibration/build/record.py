"""The record of texts, coded from wording and date, and how states stand to each other by treaty, break and arms."""

from __future__ import annotations

from pathlib import Path

from build.common import Row, Table, in_states, ordered, read

LAST_AGENDA_YEAR = 2024
"""Last year of the record of decisions."""
LEVELS = {"3": "mutual_defence", "2": "assistance", "1": "consultation"}
"""Words for the obligation levels of the collection; 0, a label without an obligation, is left out."""
CUT = ("no recognition", "no diplomatic relations", "relations cut")

CONCERNS: dict[str, Row] = {
    "belt_and_road_endorsement": {"legs": "CHN-PAK", "favours": "CHN"},
}
"""Whom a text of the collection names and the legs it endorses; the others name nobody.

The paragraphs on the Belt and Road support the initiative of China by name. Their leg is the one India names when it
refuses: assigned with hindsight.
"""

ADMISSIONS = ("accession_india_pakistan", "accession_iran", "accession_belarus")
"""Rows of the collection that are replaced by the applications below: it dates them from the first lower status."""

HAND = ("item", "field", "depth", "proposer", "participants", "favours", "against", "territory", "raised", "adopted",
        "in_force", "closed", "outcome", "held_out", "note", "source")  # fmt: skip
TEXTS: tuple[tuple[str, ...], ...] = (
    ("accession_india", "membership", "institution", "", "IND", "IND", "", "", "2005-07-05", "2015-07-10",
     "2017-06-09", "", "adopted", "CHN", "asked since it became an observer; decided in Ufa; China gave up a decade of "
     "opposition", "https://cacianalyst.org./publications/analytical-articles/item/13460-has-the-sco-solved-its-"
     "expansion-dilemmas ; see statuses.csv"),
    ("accession_pakistan", "membership", "institution", "", "PAK", "PAK", "", "", "2005-07-05", "2015-07-10",
     "2017-06-09", "", "adopted", "", "asked since it became an observer; decided in Ufa together with India",
     "https://uzdaily.ru/en/shanghai-cooperation-organization-denies-expansion-plans-07-08-2008 ; see statuses.csv"),
    ("accession_iran", "membership", "institution", "RUS", "IRN", "IRN", "", "", "2016-06-24", "2021-09-17",
     "2023-07-04", "", "adopted", "TJK", "applied in 2008 and barred by UN sanctions until January 2016; Russia put it "
     "to the summit of 2016", "http://www.iraneurasia.ir/en/doc/note/1551/what-tajikistan-and-china-think-about-iran-s-"
     "full-membership-in-sco ; https://iran-times.com/iran-is-blackballed-from-joining-sco-by-tajikistan/?amp=1 ; "
     "https://www.trtworld.com:443/article/12777134"),
    ("accession_belarus", "membership", "institution", "", "BLR", "BLR", "", "", "2022-07-11", "2022-09-16",
     "2024-07-04", "", "adopted", "", "applied two months before the summit that began its admission",
     "https://www.urdupoint.com/en/world/minsk-applies-for-membership-in-shanghai-coop-1535080.html ; "
     "https://tass.com/world/1508467"),
    ("bases_deadline", "security", "declaratory", "", "", "", "USA", "", "2005", "2005-07-05", "", "", "adopted",
     "", "asks the coalition of Afghanistan for a date to leave its bases; those of the United States, its leader, lay "
     "in Kyrgyzstan and Uzbekistan", "https://worldjpn.net/documents/texts/SCO/20050705.D1E.html ; "
     "http://english.eastday.com/eastday/englishedition/node20676/userobject1ai1232888.html"),
    ("antiterror_seat_in_bishkek", "security", "institution", "KGZ", "", "KGZ", "", "", "2003-05-29", "", "",
     "2003-09-05", "not_adopted", "UZB", "agreed in 2001, reaffirmed in May 2003 and overturned by September: "
     "Uzbekistan demanded the seat for Tashkent", "https://www.rferl.org/a/1104261.html ; https://www.cacianalyst.org/"
     "component/k2/item/8392-news-digest-caci-analyst-2003-9-8-art-8392.html ; "
     "http://en.kremlin.ru/events/president/news/41570"),
    ("support_over_georgia", "political", "declaratory", "RUS", "", "RUS", "", "", "2008-08-28", "", "", "2008-08-28",
     "not_adopted", "CHN;KAZ;KGZ;TJK;UZB", "Russia asked for support over South Ossetia and Abkhazia and got a text "
     "that names neither its war as just nor their independence; Georgia is no state of this case",
     "https://www.rferl.org/a/SCO_Fails_To_Back_Russia_Over_Georgia/1194578.html ; "
     "https://www.reuters.com/article/us-georgia-ossetia-sco-idUSLS49276920080828"),
    *(("joint_exercise", "security", "institution", host, "", "", "", host, year, date, "", "", outcome, without, note,
       "see exercises.csv ; https://jamestown.org/program/uzbekistan-snubs-sco-peace-mission-2012/ ; "
       "https://rferl.org/amp/Uzbekistan_To_Halt_Participation_In_SCO_Military_Exercises/1812298.html")
      for host, year, date, outcome, without, note in (
        ("RUS", "2007", "2007-08-09", "adopted", "", "all took part"),
        ("KAZ", "2010", "2010-09-09", "adopted_without", "UZB", "a law of 2009 sends observers only"),
        ("TJK", "2012", "2012-06-09", "adopted_without", "UZB", "as in 2010"),
        ("CHN", "2014", "2014-08-24", "adopted_without", "UZB", "as in 2010"),
        ("KGZ", "2016", "2016-09-15", "adopted_without", "UZB", "as in 2010"),
        ("RUS", "2018", "2018-08", "adopted", "", "all took part, Uzbekistan with observers"),
        ("RUS", "2021", "2021-09-11", "adopted", "", "all took part"),
    )),
)  # fmt: skip
"""Texts that the collection lacks, found on public pages: every one that a page names a hold-out of, and two more.

Coded from the wording and the date. They were chosen and coded when their outcome was known.
"""

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
    ("economic_strategy_2030", ""): ("adopted", "worded so that only interested members carry it out"),
    ("environment_agreement", ""): ("adopted", "no objection known"),
}  # fmt: skip

RENAMED = {
    "sco_key_documents.csv": "documents.csv",
    "sco_status_chronology.csv": "statuses.csv",
}
COLUMNS = (
    "item", "field", "depth", "proposer", "participants", "favours", "against", "territory", "legs", "raised",
    "adopted", "in_force", "closed", "outcome", "held_out", "note", "source",
)  # fmt: skip


def agenda(source: Path) -> Table:
    """What was put to the organisation up to LAST_AGENDA_YEAR, when it was adopted and in force, and who held out.

    What the sources have of later years was coded before its outcome was known and is left out: such a text is open.
    """
    rows = [_of_collection(row) for row in read(source, "politics/sco_agenda.csv") if row["item"] not in ADMISSIONS]
    rows += [dict(zip(HAND, text, strict=True)) for text in TEXTS]
    return Table("agenda", COLUMNS, ("item", "adopted"), rows)


def _of_collection(row: Row) -> Row:
    by_year = (row["item"], row["raised"])
    outcome, note = AGENDA[by_year] if by_year in AGENDA else AGENDA[row["item"], ""]
    pages = row["source"]
    for old, new in RENAMED.items():
        pages = pages.replace(f"as in {old}", f"see {new}").replace(old, f"see {new}")
    copied = {column: row[column] for column in ("item", "field", "depth", "proposer", "raised", "held_out")}
    dates = {column: _known(row[column]) for column in ("adopted", "in_force")}
    return {**copied, **dates, **CONCERNS.get(row["item"], {}), "outcome": outcome, "note": note, "source": pages}


def _known(date: str) -> str:
    """A date of the record, blank if it is later than the record goes."""
    return date if date[:4].isdigit() and int(date[:4]) <= LAST_AGENDA_YEAR else ""


def alignments(source: Path) -> Table:
    """Alliances by what they oblige to, and broken or lowered relations, from a year to a year."""
    columns = ("iso3_a", "iso3_b", "bond", "from_year", "to_year", "name", "source")
    rows: dict[tuple[str, ...], Row] = {}
    for row in _with_sources(read(source, "stakes/alignments.csv")):
        if row["obligation_level_0_to_3"] in LEVELS and in_states(row, "iso3_a", "iso3_b"):
            since = (row["in_force"] or row["signed"])[:4]
            bond = LEVELS[row["obligation_level_0_to_3"]]
            _add(rows, row, bond, since, row["ended"][:4], row["name"])
    for row in _with_sources(read(source, "stakes/recognition.csv")):
        if in_states(row, "iso3_a", "iso3_b"):
            bond = "cut" if row["gap"].startswith(CUT) else "lowered"
            _add(rows, row, bond, row["from"][:4], row["to"][:4], row["gap"])
    return Table("alignments", columns, ("iso3_a", "iso3_b", "name", "from_year"), list(rows.values()))


def _with_sources(rows: list[Row]) -> list[Row]:
    """The rows with the page that `same`, the source of the row above, stands for; what has no page says so."""
    pages = ""
    for row in rows:
        pages = pages if row["source"] == "same" else row["source"]
        row["source"] = pages if row["basis"] == "page" else "general knowledge"
    return rows


def _add(rows: dict[tuple[str, ...], Row], row: Row, bond: str, since: str, until: str, name: str) -> None:
    first, second = ordered(row["iso3_a"], row["iso3_b"])
    rows[first, second, name, since] = {
        "iso3_a": first, "iso3_b": second, "bond": bond, "from_year": since, "to_year": until, "name": name,
        "source": row["source"],
    }  # fmt: skip


def arms_shares(source: Path) -> Table:
    """Share of a state's imports of major arms that came from another one in five years, if it is 5 % or more."""
    columns = ("iso3_supplier", "iso3_recipient", "from_year", "to_year", "share")
    rows = [
        {"iso3_supplier": row["iso3_supplier"], "iso3_recipient": row["iso3_recipient"],
         "from_year": row["from_year"], "to_year": row["to_year"],
         "share": f"{float(row['share_of_recipient_imports']):.3f}"}
        for row in read(source, "stakes/arms_dependence_five_years.csv")
        if in_states(row, "iso3_supplier", "iso3_recipient") and float(row["share_of_recipient_imports"]) >= 0.05
    ]  # fmt: skip
    return Table("arms_shares", columns, ("iso3_supplier", "iso3_recipient", "to_year"), rows)
