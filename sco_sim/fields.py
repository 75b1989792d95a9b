"""Frozen records that refuse what they do not know, and the types of fields that scenarios and components share."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A frozen record of fields that refuses what it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


Codes = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]

CalendarYear = Annotated[int, Field(ge=1900, le=2200)]

Share = Annotated[float, Field(ge=0.0, le=1.0)]


LONGEST_NAME = 80
NAME = rf"^\w[\w.-]{{0,{LONGEST_NAME - 1}}}$"
"""Form of the name of a scenario or an experiment: folders and figures are called by it, so it holds no separator."""


def name_of(stem: str, otherwise: str) -> str:
    """The name of what a file holds: the file's name without its ending."""
    return re.sub(r"[^\w.-]", "_", stem).lstrip(".-")[:LONGEST_NAME] or otherwise


def is_name(text: object) -> bool:
    """Whether it is a name that `name_of` could give."""
    return isinstance(text, str) and re.fullmatch(NAME, text) is not None and "\n" not in text


def once(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values as they are; raises ValueError if one stands twice."""
    if len(set(values)) < len(values):
        raise ValueError("one of them is named twice")
    return values
