"""From pydantic's errors to problems with a location, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sco_sim.errors import Problem, counted, did_you_mean
from sco_sim.scenario.yaml_source import Location, Node

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "none_required": "null",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping of fields",
    "mapping_type": "a mapping of fields",
    "model_type": "a mapping of fields",
    "model_attributes_type": "a mapping of fields",
}
_LENGTHS = {
    "too_short": ("min_length", "a list of at least", "item"),
    "too_long": ("max_length", "a list of at most", "item"),
    "string_too_short": ("min_length", "text of at least", "character"),
    "string_too_long": ("max_length", "text of at most", "character"),
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"), "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"), "less_than": ("lt", "less than"),
}  # fmt: skip


def validated(
    cls: type[M], node: Node, what: str, problems: list[Problem], given: Mapping[str, Any] | None = None
) -> M | None:
    """The record that a mapping describes, or None and its problems; `given` are fields that are ready."""
    data = node.plain()
    try:
        return cls.model_validate({**data, **given} if given else data)
    except ValidationError as error:
        problems.extend(_problems(error, cls, node, what))
        return None


def location_of(node: Node, path: Iterable[str | int], key: bool = False) -> Location:
    """Where the value (or its key) at a path stands, or the nearest thing above it that is in the file."""
    for part in path:
        node = node.step(part) or node
    return node.key_location if key and node.key_location else node.location


def _problems(error: ValidationError, cls: type[BaseModel], node: Node, what: str) -> list[Problem]:
    """One problem a location: the branches of a union in one sentence."""
    grouped: dict[Path, list[Any]] = {}
    for one in error.errors(include_url=False):
        grouped.setdefault(_path(node, one["loc"]), []).append(one)
    deepest = [
        path for path in grouped
        if not any(len(other) > len(path) and other[: len(path)] == path for other in grouped)
        or any(one["type"] in ("missing", "extra_forbidden") for one in grouped[path])
    ]  # fmt: skip
    schema = cls.model_json_schema()
    out: list[Problem] = []
    for path in deepest:
        out.extend(_explained(grouped[path], path, node, what, schema))
    return out


def _path(node: Node, loc: Iterable[str | int]) -> Path:
    """The part of pydantic's location that is in the file; the rest names branches of unions."""
    path: list[str | int] = []
    for part in loc:
        below = node.step(part)
        if below is not None:
            node = below
            path.append(part)
    return tuple(path)


def _explained(errors: list[Any], path: Path, node: Node, what: str, schema: dict[str, Any]) -> list[Problem]:
    name = _name(path) or what
    described = _look(schema, schema, path)
    value: Any = node
    for part in path:
        value = value.step(part)
    plain = value.plain()
    manual = str(described.get("description", "")).split("\n")[0]
    special = [one for one in errors if one["type"] in ("missing", "extra_forbidden")]
    if special:
        return [_odd(one, path, node, what, schema) for one in special]
    for one in errors:
        if one["type"] in ("value_error", "assertion_error"):
            text = one["msg"].partition(", ")[2]
            return [location_of(node, path).problem(f"{name}: {text}", "correct one of the fields")]
        if one["type"] in _BOUNDS:
            return [
                location_of(node, path).problem(f"{name} is {plain}: it must be {_range(described, one)}", _say(manual))
            ]
    wanted = " or ".join(dict.fromkeys(_want(one) for one in errors))
    shown = _shown(plain)
    return [location_of(node, path).problem(f"{name} must be {wanted}, not {shown}", _say(manual))]


def _odd(one: Any, path: Path, node: Node, what: str, schema: dict[str, Any]) -> Problem:
    """A field that is missing, or that nobody knows."""
    field = one["loc"][-1]
    if one["type"] == "missing":
        if isinstance(field, int):
            return location_of(node, path).problem(f"{_name(path)} has too few items", f"give item {field + 1} too")
        inside = _name(path) or what
        manual = str(_look(schema, schema, (*path, field)).get("description", "")).split("\n")[0]
        return location_of(node, path, key=True).problem(f"{inside} lacks the field '{field}'", _say(manual))
    known = _fields(schema, _look(schema, schema, path[:-1]))
    inside = _name(path[:-1]) or what
    remedy = did_you_mean(str(field), known) or "it takes no fields: remove this one"
    return location_of(node, path, key=True).problem(f"no field '{field}' in {inside}", remedy)


def _fields(root: dict[str, Any], described: dict[str, Any]) -> set[str]:
    """Names of the fields of a record, of each one that a union offers."""
    records = [_look(branch, root, ()) for branch in described.get("anyOf", [])]
    return {name for record in (described, *records) for name in record.get("properties", {})}


def _name(path: Path) -> str:
    """`states[2]`, `horizon.end`."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _say(manual: str) -> str:
    return manual or "see `sco-sim schema` for the fields"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping" if value else "an empty one"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty one"
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _want(one: Any) -> str:
    error_type, context = one["type"], one.get("ctx", {})
    if error_type == "literal_error":
        return str(context["expected"])
    if error_type in _LENGTHS:
        limit, words, unit = _LENGTHS[error_type]
        if context.get("field_type") == "Dictionary":
            return f"{words.replace('list', 'mapping')} {counted(context[limit], 'entry', 'entries')}"
        return f"{words} {counted(context[limit], unit)}"
    if error_type == "string_pattern_mismatch":
        return f"text of the form {context['pattern']}"
    return _WANTED.get(error_type, str(one["msg"]))


def _range(described: dict[str, Any], one: Any) -> str:
    """`between 0 and 1` if the schema gives both ends, else the end that was passed."""
    branch = next((b for b in described.get("anyOf", [described]) if "minimum" in b and "maximum" in b), None)
    if branch:
        return f"between {branch['minimum']:g} and {branch['maximum']:g}"
    bound, words = _BOUNDS[one["type"]]
    return f"{words} {one['ctx'][bound]:g}"


def _look(schema: dict[str, Any], root: dict[str, Any], path: Path) -> dict[str, Any]:
    """The JSON Schema of what stands at a path; empty if it has none."""
    while "$ref" in schema:
        text = {k: v for k, v in schema.items() if k == "description"}
        schema = {**root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], **text}
    if not path:
        return schema
    first, rest = path[0], path[1:]
    branches = [schema, *schema.get("anyOf", [])]
    for branch in branches:
        while "$ref" in branch:
            branch = root["$defs"][branch["$ref"].rsplit("/", 1)[-1]]
        inner = branch.get("items") if isinstance(first, int) else branch.get("properties", {}).get(first)
        if inner is None and isinstance(first, str):
            inner = branch.get("additionalProperties")
        if isinstance(inner, dict):
            deeper = _look(inner, root, rest)
            if deeper:
                return deeper if "description" in deeper else {**deeper, "description": schema.get("description", "")}
    return {}
