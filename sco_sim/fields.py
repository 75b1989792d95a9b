"""Frozen records that refuse what they do not know, and the types of fields that scenarios and components share."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler


class Part(BaseModel):
    """A frozen record of fields that refuses what it does not know.

    The text below a field describes it. It is read from the source when somebody asks, and not when the class is made
    (`use_attribute_docstrings` of pydantic): most commands never ask.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    @classmethod
    def manual(cls) -> Mapping[str, str]:
        """What each field is, by its name: its `description`, else the text below it, else nothing."""
        below: dict[str, str] = {}
        for base in reversed(cls.__mro__):
            if issubclass(base, Part) and base is not Part:
                below |= _texts(base)
        return {name: field.description or below.get(name, "") for name, field in cls.model_fields.items()}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The JSON Schema with what each field is."""
        out = handler(core_schema)
        properties = handler.resolve_ref_schema(out).get("properties", {})
        for name, text in cls.manual().items():
            if text and name in properties:
                properties[name].setdefault("description", text)
        return out


@cache
def _texts(cls: type[Part]) -> Mapping[str, str]:
    """The texts below the fields that a class itself declares; none if there is no source."""
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    except (OSError, TypeError, SyntaxError):  # typed into an interpreter
        return {}
    return {
        one.target.id: inspect.cleandoc(text.value.value)
        for one, text in pairwise(body.body if isinstance(body, ast.ClassDef) else ())
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }  # fmt: skip


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
