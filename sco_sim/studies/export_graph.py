"""The graph of ties of a stored run, a file for each year, for Gephi, Cytoscape, igraph and networkx."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from sco_sim.store.stored_run import StoredRun
    from sco_sim.studies.sweep.stored_sweep import StoredSweep

FORMS = ("graphml", "gexf")


def graphs(stored: StoredRun | StoredSweep) -> Iterator[tuple[int, nx.Graph[str]]]:
    """Each simulated year with its graph: states and ties, each outcome of theirs as the median over the worlds.

    Raises StoreError if a sweep keeps neither.
    """
    import networkx as nx

    first, last = (int(year) for year in stored.manifest["years"])
    for year in range(first, last + 1):
        graph: nx.Graph[str] = nx.Graph(name=f"{stored.manifest['name']} {year}")
        states = _medians(stored.states([year]), "iso3") if "states" in stored.kinds else {}
        for iso in stored.manifest["states"]:
            graph.add_node(iso, **states.get(iso, {}))
        for tie, outcomes in _medians(stored.ties([year]), "tie").items():
            first_state, second_state = tie.split("-")
            graph.add_edge(first_state, second_state, **outcomes)
        yield year, graph


def _medians(frame: pd.DataFrame, key: str) -> dict[str, dict[str, float]]:
    """Medians over worlds by state or tie; what has no value is left out, since neither format knows it."""
    numbers = frame.select_dtypes("number").drop(columns=["world", "year"])
    medians = numbers.groupby(frame[key].astype(str)).median()
    return {str(name): {str(k): float(v) for k, v in row.dropna().items()} for name, row in medians.iterrows()}


def writer(form: str) -> Callable[[nx.Graph[str], Path], None]:
    """What writes a graph to a file in one of FORMS."""
    import networkx as nx

    return {"graphml": lambda graph, path: nx.write_graphml(graph, path, named_key_ids=True),
            "gexf": lambda graph, path: nx.write_gexf(graph, path)}[form]  # fmt: skip
