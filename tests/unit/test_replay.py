"""The replay of the real texts of the organisation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.studies.council.agenda import Rounds
from sco_sim.studies.council.agenda_table import read_agenda, shipped_agenda
from sco_sim.studies.council.guesses import GUESSES
from sco_sim.studies.council.replay import TERMS, Replay, rank_correlation, spearman
from sco_sim.studies.council.report import _earned
from tests.unit.command_line import fine
from tests.worlds import CASE

pytestmark = pytest.mark.slow


def by(frame: pd.DataFrame, column: str) -> Any:
    """Rows of a frame as plain dictionaries, by one column."""
    return frame.set_index(column).to_dict("index")


@pytest.fixture(scope="module")
def replay() -> Replay:
    rounds = Rounds(CASE, CASE.catalog.member_from, draws=400)
    return Replay(read_agenda(shipped_agenda(CASE), CASE), rounds)


def test_leaving_a_text_out_leaves_it_out(replay: Replay) -> None:
    """Catches weights that are fitted to the text they are judged on."""
    scores = replay.scores()
    logs = {record.name: record.log_likelihood() for record in replay.records}
    name = "development_bank"
    others = sum(log for other, log in logs.items() if other != name)
    weights = np.exp(others - np.max(others))
    assert scores[name][1] == pytest.approx(np.log((weights * np.exp(logs[name])).sum() / weights.sum()))
    assert scores[name][0] == pytest.approx(np.log(np.exp(logs[name]).mean()))


def test_the_replay_finds_what_the_terms_were_written_for_and_admits_where_it_fails(replay: Replay) -> None:
    """Catches a change of the council that loses India on the Belt and Road, or a report that hides the bank."""
    naming, passing = by(replay.naming(), "text"), by(replay.passing().drop_duplicates("text"), "text")
    assert naming["belt_and_road_endorsement"]["alone"] > 0.8
    assert naming["free_trade_area"]["model_first"] == 1.0
    assert naming["antiterror_seat_in_bishkek"]["model_first"] == 1.0
    assert naming["accession_iran"]["model_names"] == 0.0
    assert "development_bank" in naming
    assert passing["road_transport_facilitation"]["passes"] < passing["culture_agreement"]["passes"]


def test_the_model_beats_every_naive_guess_with_the_text_left_out(replay: Replay) -> None:
    """Catches a form that is worse than naming the largest member."""
    for scores in (replay.naming(), replay.outcomes()):
        model = scores["model_score"].mean()
        assert all(model > scores[f"{guess}_score"].mean() for guess in GUESSES)


def test_a_naive_guess_is_scored_by_what_is_known_of_the_other_texts(replay: Replay) -> None:
    """Catches a guess that knows the text on which it is judged, or that loses everything by one miss."""
    guesses = replay.guesses
    bishkek = next(record for record in guesses.contested if record.name == "antiterror_seat_in_bishkek")
    (one,) = bishkek.contested
    assert guesses.names("largest", one) == ("CHN",)
    hits = [guesses.hits("largest", other) for other in guesses.contested if other is not bishkek]
    miss = (1.0 - (sum(hits) + 1.0) / (len(hits) + 2.0)) / (len(one.vote.voters) - 2)  # the proposer is no candidate
    assert guesses.score("largest", bishkek) == pytest.approx(np.log(miss))


def test_always_the_same_state_is_the_best_for_each_measure(replay: Replay) -> None:
    """Catches a guess chosen by its score and then judged by its hits, which makes it look worse than it is."""
    guesses = replay.guesses
    codes = {iso for record in guesses.contested for one in record.contested for iso in one.vote.voters}
    shown = np.mean([guesses.hits("always", record) for record in guesses.contested])
    for iso in codes:
        guesses.best_hit, kept = iso, guesses.best_hit
        assert np.mean([guesses.hits("always", record) for record in guesses.contested]) <= shown
        guesses.best_hit = kept
    whole = sum(guesses.score("always", record) for record in guesses.contested)
    for iso in codes:
        guesses.best_score, kept = iso, guesses.best_score
        assert sum(guesses.score("always", record) for record in guesses.contested) <= whole + 1e-12
        guesses.best_score = kept


def test_waiting_counts_to_the_last_year_for_what_never_passed(replay: Replay) -> None:
    """Catches a text that was never adopted and counts as quick, and repeated texts among the delays."""
    delays = by(replay.delays(), "text")
    assert replay.last == 2024
    assert delays["free_trade_area"]["waited"] == 22
    assert delays["free_trade_area"]["open"]
    assert delays["road_transport_facilitation"]["waited"] == 12
    assert "belt_and_road_endorsement" not in delays


def test_dropping_a_term_drops_it(replay: Replay) -> None:
    """Catches an ablation that leaves the scores as they are."""
    terms = by(replay.terms(), "without")
    assert all(terms[name]["left_out"] != terms[""]["left_out"] for name in TERMS)
    assert terms["balance"]["left_out"] < terms[""]["left_out"]
    assert terms["hub"]["left_out"] < terms[""]["left_out"] - 1.0
    for name in TERMS:
        assert terms[name]["earns"] == pytest.approx(terms[""]["left_out"] - terms[name]["left_out"])
        assert terms[name]["earns_error"] > 0.0


def of_logs(texts: int, draws: int, seed: int) -> Replay:
    """A replay of invented texts whose log chances are drawn."""
    weights = np.random.default_rng(seed).normal(size=(draws, 1))
    slopes = np.linspace(0.5, 1.5, texts)
    made = Replay.__new__(Replay)
    made._logs = {(): {f"text {n}": -np.log1p(np.exp(-slopes[n] * weights[:, 0])) for n in range(texts)}}
    return made


def test_the_error_of_few_draws_is_the_one_that_other_draws_show() -> None:
    """Catches a verdict on a term that another seed turns round, told without the error of its draws."""
    totals, told = [], []
    for seed in range(200):
        made = of_logs(texts=4, draws=300, seed=seed)
        totals.append(sum(score[1] for score in made.scores().values()))
        told.append(float((made.pull() ** 2).sum()) ** 0.5)
    assert np.mean(told) == pytest.approx(np.std(totals), rel=0.15)


def test_draws_in_effect_count_what_the_weights_leave() -> None:
    """Catches a weighting that rests on a handful of draws and does not say so."""
    made = of_logs(texts=3, draws=500, seed=1)
    made._logs = {(): {name: log * 0.0 for name, log in made._logs[()].items()}}
    assert made.in_effect() == pytest.approx(500.0)
    sharp = np.where(np.arange(500) < 5, 0.0, -60.0)
    made._logs = {(): dict.fromkeys(("a", "b", "c"), sharp)}
    assert made.in_effect() == pytest.approx(5.0)


def test_a_page_of_texts_of_ones_own_says_so_and_what_few_draws_leave(tmp_path: Path) -> None:
    """Catches a page that calls a user's texts the real agenda, and names a command that would overwrite the page."""
    path, page = tmp_path / "mine.csv", tmp_path / "mine.md"
    path.write_text(
        "item,field,depth,raised,adopted,held_out\none,economy,deep,2019,,IND\ntwo,culture,binding,2020,2020,\n"
        "three,political,declaratory,2021,2021,\n", encoding="utf-8",
    )  # fmt: skip
    fine("council", "--agenda", path, "--replay", "--draws", 4, "--out", page)
    told = page.read_text(encoding="utf-8")
    assert told.startswith("# The council against mine.csv\n")
    assert "real" not in told
    told = " ".join(told.split())
    assert "too few to know the model's mean: read the column form" in told
    assert "too few to say what a term earns" in told
    assert "surely" not in told


def test_what_a_term_earns_is_said_with_its_sign_and_whether_the_record_tells() -> None:
    """Catches "without a loss" of a term without which the record is better, and a verdict from few texts."""
    names = ["sure", "harms", "little", "worse"]
    frame = pd.DataFrame({"without": names, "earns": [5.0, -4.0, 0.5, -0.5], "earns_error": [1.0, 1.0, 2.0, 2.0]})
    said = _earned(frame, 1)
    assert "surely speaks for: sure (+5.0 +/- 1.0); surely against: harms (-4.0 +/- 1.0)" in said
    assert "too small to judge those that earn: little (+0.5 +/- 2.0); and those that lose: worse (-0.5" in said
    assert "1 text differs" in said


def test_rank_correlation_shares_ranks_and_has_an_interval() -> None:
    """Catches ties broken by order."""
    assert spearman(np.array([[0.0, 1.0], [0.0, 1.0], [5.0, 2.0]])) == pytest.approx(1.0)
    assert np.isnan(spearman(np.array([[0.0, 1.0], [0.0, 2.0]])))
    frame = pd.DataFrame({"waited": [0, 0, 1, 5, 9, 12], "predicted": [0.0, 0.1, 0.0, 3.0, 2.0, 8.0]})
    middle, low, high = rank_correlation(frame)
    assert low < middle <= high <= 1.0


def test_a_text_that_cannot_be_replayed_is_named(tmp_path: Path) -> None:
    """Catches a text that is dropped without a word since who held out had no vote yet, and an error of one text."""
    path = tmp_path / "agenda.csv"
    path.write_text(
        "item,field,depth,raised,held_out\none,economy,deep,2019,IND\ntwo,economy,deep,2019,IRN\n", encoding="utf-8"
    )
    shown = fine("council", "--agenda", path, "--replay", "--draws", 50)
    assert "not all of those who held out: two 2019." in shown
    assert "nan" not in shown
