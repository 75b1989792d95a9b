"""The table of what happened between two states in a year."""

from __future__ import annotations

from dataclasses import replace

from sco_sim.case.schema.declare import PAIR, Table, count, flag, number, year

TIE_YEARS = Table(
    "tie_years",
    "What happened between two states in a year: events, disputes, treaties.",
    (
        *PAIR,
        year(),
        count("icews_cooperative_events", "events", "verbal and material cooperation, both directions", 1e6,
              "trust starts at the prior of the ledger").stepping(100.0, 1000.0),
        count("icews_conflictual_events", "events", "verbal and material conflict, both directions", 1e6,
              "as icews_cooperative_events").stepping(100.0, 1000.0),
        number("gdelt_balance", "-1 to 1", "positive minus negative daily score over their total", -1.0, 1.0,
               "not known"),
        count("gdelt_active_days", "days", "days with any score between the two", 366.0, "gdelt_balance is not used"),
        count("mid_onsets", "disputes", "militarised disputes that began", 50.0, "none"),
        flag("mid_ongoing", "a militarised dispute in the year", "not read"),
        replace(count("mid_max_hostility", "0 none, 2 threat, 3 display, 4 use of force, 5 war",
                      "highest level reached", 5.0, "not read")),
        count("ucdp_intensity", "0 none, 1 from 25 deaths, 2 from 1000 deaths", "interstate armed conflict", 2.0,
              "none"),
        flag("alliance", "any alliance obligation in force", "not read"),
        count("shared_igos", "organisations", "joint full memberships", 500.0, "not read"),
        number("ideal_point_distance", "latent scale", "absolute difference of ideal points, all votes", 0.0, 20.0,
               "not read"),
        count("un_joint_votes", "votes", "roll calls in which both voted", 1000.0, "not read"),
        number("un_agreement_kappa", "-1 to 1", "chance-corrected agreement, squared distance", -1.0, 1.0, "not read"),
        flag("trade_agreement", "trade agreement in force other than the GSTP", "the year before, else 0"),
        count("sanctions_a_on_b", "cases", "sanction cases of a against b in force", 100.0, "not read"),
        count("sanctions_b_on_a", "cases", "sanction cases of b against a in force", 100.0, "not read"),
    ),
    fallback="trust starts at the prior of the ledger; no disputes, conflicts or trade agreements",
    key=("iso3_a", "iso3_b", "year"),
    ordered=("iso3_a", "iso3_b"),
)  # fmt: skip
