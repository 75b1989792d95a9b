"""Packages that add components: fake distributions on the path, good ones and broken ones."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sco_sim import plugins as module
from sco_sim.case.case import Case
from sco_sim.case.ledger import read_ledger
from sco_sim.components.registry import find, keys, path_of
from sco_sim.engine.build import build_model
from sco_sim.errors import ScenarioError, SimWarning
from sco_sim.plugins import PluginError
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import default_case
from sco_sim.testing import bench, check_component
from tests.worlds import ROOT

TRAIN = """
    from sco_sim.components.policy import Programme

    class NightTrain(Programme):
        '''A train by night.'''
        parameters = ("people_to_people.people",)
        writes = ("effect_people",)

        def act(self, year, strength):
            year.state.effect_people[:] += year.p["people_to_people.people"] * strength
"""

Install = Callable[[str, str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package of one module: its name, its source, and its entry points."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def add(name: str, source: str, points: str) -> None:
        (site / f"{name}.py").write_text(textwrap.dedent(source))
        info = site / f"{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(textwrap.dedent(points))
        forget()

    yield add
    monkeypatch.undo()
    forget()


def forget() -> None:
    module.plugins.cache_clear()
    module.warn_once.cache_clear()


def test_a_plug_in_is_known_by_the_name_of_its_entry_point(install: Install, tmp_path: Path) -> None:
    install("railplug_a", TRAIN, "[sco_sim.policies]\nnight_train = railplug_a:NightTrain\n")
    assert "night_train" in keys("policies")
    path = tmp_path / "night.yaml"
    path.write_text("extends: baseline.yaml\npolicies: [night_train: {start: 2027}]\n")
    scenario = load_scenario(path)
    policy = scenario.policies[-1]
    assert (policy.key(), policy.label, path_of(policy)) == ("night_train",) * 3
    assert Scenario.from_resolved(scenario.resolved()) == scenario
    model = build_model(scenario, worlds=range(2))
    model.run(years=[2028])


@pytest.mark.slow
def test_a_plug_in_brings_entries_of_the_ledger(install: Install, tmp_path: Path) -> None:
    source = (
        TRAIN.replace("people_to_people.people", "night_train.people")
        + """
    LEDGER = {"night_train.people": {
        "symbol": "n", "name": "effect of night trains", "unit": "ln(1 + airport pairs)", "central": 0.1, "low": 0.0,
        "high": 0.2, "distribution": "uniform", "kind": "judgement", "source": "no source",
        "limits": [-1, 1], "limits_reason": "a log"}}
"""
    )
    points = "[sco_sim.policies]\nnight_train = railplug_d:NightTrain\n[sco_sim.ledger]\nrail = railplug_d:LEDGER\n"
    install("railplug_d", source, points)
    path = tmp_path / "night.yaml"
    path.write_text("extends: baseline.yaml\npolicies: [night_train: {start: 2027}]\n")
    model = build_model(load_scenario(path), case=Case(), worlds=range(2))
    assert 0.0 <= float(model.year.p["night_train.people"][0, 0]) <= 0.2
    with pytest.raises(ScenarioError, match=r"2 is out of range\n *it can be -1 to 1 \(a log\)"):
        load_scenario(path, ["parameters.night_train.people=2"])


@pytest.mark.slow
def test_the_policy_of_the_guide_passes_as_a_plug_in(install: Install, request: pytest.FixtureRequest) -> None:
    """Catches an example in CONTRIBUTING.md that our own checks refuse, and entries that they do not know."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    source, entry = (
        textwrap.dedent(re.findall(rf"   ```{language}\n(.*?)   ```", guide, re.DOTALL)[0])
        for language in ("python", "yaml")
    )
    ((name, fields),) = YAML(typ="safe", pure=True).load(entry).items()
    ledger = {name: {**fields, "limits": [-20, 20], "limits_reason": "a logit"}}
    points = "[sco_sim.policies]\nfilm_weeks = film_weeks:FilmWeeks\n[sco_sim.ledger]\nfilms = film_weeks:LEDGER\n"
    install("film_weeks", f"{source}\n\nLEDGER = {ledger!r}\n", points)
    request.addfinalizer(bench.case.cache_clear)
    bench.case.cache_clear()
    check_component("policies", "film_weeks")


@pytest.mark.parametrize("end", ["raise RuntimeError('no such thing')", "raise SystemExit(0)", "import no_such_module",
                                 "class Gone(BaseException): pass\nraise Gone"])  # fmt: skip
def test_a_broken_plug_in_is_named_and_left_out_unless_it_is_used(install: Install, end: str, tmp_path: Path) -> None:
    points = "[sco_sim.policies]\nbroken_one = railplug_b:X\n[sco_sim.metrics]\nbroken_metric = railplug_b:Y\n"
    install("railplug_b", end, points)
    with pytest.warns(
        SimWarning, match=r"'broken_one' of railplug_b 1\.2 \(entry point sco_sim\.policies: railplug_b:X"
    ):
        assert "broken_one" not in keys("policies")
    with pytest.warns(SimWarning, match="broken_metric"):
        build_model("baseline")
    path = tmp_path / "broken.yaml"
    path.write_text("extends: baseline.yaml\npolicies: [broken_one: {}]\n")
    with pytest.raises(ScenarioError, match=r"broken\.yaml:2:12: plug-in 'broken_one' of railplug_b 1\.2"):
        load_scenario(path)


def test_a_target_that_is_none_is_told(install: Install) -> None:
    install("railplug_t", "x = 1", "[sco_sim.policies]\nodd_one = railplug t:x::\n")
    with pytest.raises(PluginError, match="its target is no `module:name`"):
        find("policies", "odd_one")


@pytest.mark.parametrize(
    ("package", "entries", "words"),
    [
        ("railplug_l", "{'films.reach': 5}", "must be a mapping of fields, not 5"),
        ("railplug_m", "{'films.reach': {'value': 9}}", "no field 'value'"),
        ("railplug_n", "{5: {}}", "its name is no text"),
        ("railplug_o", "5", "is no mapping of ledger entries"),
    ],
)
def test_a_broken_ledger_entry_of_a_package_is_named_and_left_out(
    install: Install, package: str, entries: str, words: str
) -> None:
    """Catches an entry that stopped every command with a word of Python about the file of the case."""
    install(package, f"LEDGER = {entries}", f"[sco_sim.ledger]\nfilms = {package}:LEDGER\n")
    with pytest.warns(SimWarning, match=f"'films' of {package}.*{words}"):
        assert "growth.mean.CHN" in read_ledger(default_case() / "parameters.yaml").entries


def test_what_is_no_component_or_takes_anothers_name(install: Install) -> None:
    points = "[sco_sim.policies]\nwrong = railplug_c:x\nsister_cities = railplug_c:x\n../up = railplug_c:x\n"
    install("railplug_c", "x = 1", points)
    with pytest.warns(SimWarning) as told:
        assert {"wrong", "../up"} & set(keys("policies")) == set()
    words = " ".join(str(one.message) for one in told)
    assert "'wrong' of railplug_c 1.2" in words
    assert "is no Policy" in words
    assert "sco_sim has a component of that name" in words
    assert "a key is lower-case letters" in words
    assert find("policies", "sister_cities").__module__.startswith("sco_sim.")
    with pytest.raises(PluginError, match="is no Policy"):
        find("policies", "wrong")
