"""The text of a pyproject.toml in, the same with one more requirement out: PEP 621, dependency groups, poetry."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from session_first.dependencies import poetry, toml_array
from session_first.dependencies.needed import COMPANION, NAME, NEEDED, holds_companion, judge, place
from session_first.dependencies.outcome import Added, Outcome, Present, Refused

Keys = tuple[str, ...]

_PROJECT: Keys = ("project", "dependencies")
_POETRY: Keys = ("tool", "poetry", "dependencies")


@dataclass(frozen=True, slots=True)
class Look:
    """What the file says of dependencies.

    `declares`: it has a list of them; `could`: it may get one; `companion`: boto3 is in one. `files` are the
    requirements files that setuptools takes the project's dependencies from.
    """

    declares: bool
    could: bool
    companion: bool
    files: tuple[str, ...] = ()


def look(text: str) -> Look:
    """What the file says. One that is not TOML counts as declaring something."""
    plain = _plain(text)
    if isinstance(plain, str):
        return Look(declares=True, could=True, companion=False)
    places = list(_places(plain))
    companion = any(holds_companion(_listed(plain, keys)) for keys in places)
    return Look(
        declares=companion or _PROJECT in places or _POETRY in places,
        could=isinstance(plain.get("project"), dict) and not _is_dynamic(plain),
        companion=companion,
        files=_dynamic_files(plain) if _is_dynamic(plain) else (),
    )


def add(text: str) -> Outcome:
    """Declares the requirement in each list that boto3 is in (the main one alone if it is in that), else in the main list."""
    plain = _plain(text)
    if isinstance(plain, str):
        return Refused(f"add {NEEDED}; it is not valid TOML: {plain}")
    places = list(_places(plain))
    main = next((keys for keys in (_PROJECT, _POETRY) if keys in places), None)
    targets = [keys for keys in places if holds_companion(_listed(plain, keys))]
    in_main = [keys for keys in targets if keys in {_PROJECT, _POETRY}][:1]
    if in_main:
        targets = in_main
    elif not targets:
        verdict = judge(requirement for keys in places for requirement in _listed(plain, keys))
        if verdict is not None:
            return verdict
        targets = [main or _PROJECT]
    if main is not None and main not in targets:
        verdict = judge(_listed(plain, main))
        if verdict is not None:
            return verdict
    verdicts = {keys: judge(_listed(plain, keys)) for keys in targets}
    refused = next((verdict for verdict in verdicts.values() if isinstance(verdict, Refused)), None)
    if refused is not None:
        return refused
    for keys, verdict in verdicts.items():
        if verdict is None:
            outcome = _add_at(text, keys)
            if isinstance(outcome, Refused):
                return outcome
            text = outcome.text
    return Present() if None not in verdicts.values() else Added(text)


# --- Reading --------------------------------------------------------------------------------------


def _plain(text: str) -> dict[str, object] | str:
    """The document as plain values; where it is not TOML, why."""
    import tomlkit  # noqa: PLC0415 - 40 ms that a check does not pay
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - likewise

    try:
        return tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        return str(error)


def _at(plain: object, keys: Sequence[str]) -> object:
    for key in keys:
        plain = plain.get(key) if isinstance(plain, Mapping) else None
    return plain


def _table(plain: object, *keys: str) -> Mapping[str, object]:
    found = _at(plain, keys)
    return found if isinstance(found, dict) else {}


def _places(plain: Mapping[str, object]) -> Iterator[Keys]:
    """The keys of all lists (or, poetry's, tables) of dependencies."""
    lists: list[Keys] = [_PROJECT]
    lists += [
        ("project", "optional-dependencies", name)
        for name in _table(plain, "project", "optional-dependencies")
    ]
    lists += [("dependency-groups", name) for name in _table(plain, "dependency-groups")]
    lists.append(("tool", "uv", "dev-dependencies"))
    yield from (keys for keys in lists if isinstance(_at(plain, keys), list))
    groups = _table(plain, "tool", "poetry", "group")
    tables: list[Keys] = [_POETRY, ("tool", "poetry", "dev-dependencies")]
    tables += [("tool", "poetry", "group", name, "dependencies") for name in groups]
    yield from (keys for keys in tables if isinstance(_at(plain, keys), dict))


def _listed(plain: Mapping[str, object], keys: Keys) -> list[str]:
    found = _at(plain, keys)
    if isinstance(found, dict):
        return list(poetry.requirements(found))
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def _is_dynamic(plain: Mapping[str, object]) -> bool:
    dynamic = _at(plain, ("project", "dynamic"))
    return isinstance(dynamic, list) and "dependencies" in dynamic


def _dynamic_files(plain: Mapping[str, object]) -> tuple[str, ...]:
    stated = _at(plain, ("tool", "setuptools", "dynamic", "dependencies", "file"))
    names = stated if isinstance(stated, list) else [stated]
    return tuple(name for name in names if isinstance(name, str))


# --- Writing --------------------------------------------------------------------------------------


def _add_at(text: str, keys: Keys) -> Added | Refused:
    import tomlkit  # noqa: PLC0415 - likewise
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - likewise

    wanted = copy.deepcopy(tomlkit.parse(text).unwrap())
    held = _at(wanted, keys)
    try:
        if isinstance(held, dict):
            after = _add_to_table(text, keys, wanted)
        elif held is None or isinstance(held, list):
            after = _add_to_array(text, keys, wanted, NEEDED)
        else:
            return Refused(f"add {NEEDED} to {'.'.join(keys)}, which is no list")
        if tomlkit.parse(after).unwrap() == wanted:
            return Added(after)
    except TOMLKitError:
        pass  # it is for a person then
    return Refused(f"add {NEEDED} to {'.'.join(keys)}, which is written in a way that cannot be edited")


def _add_to_array(text: str, keys: Keys, wanted: dict[str, object], value: str) -> str:
    """The new text; `wanted` gets the string as well."""
    import tomlkit  # noqa: PLC0415 - likewise
    from tomlkit.items import Array  # noqa: PLC0415 - likewise

    document = tomlkit.parse(text)
    holder, plain = _holder(document, keys), _holder(wanted, keys)
    array, items = holder.get(keys[-1]), plain.setdefault(keys[-1], [])
    assert isinstance(items, list)
    if isinstance(array, Array):
        index = _index(items)
        holder[keys[-1]] = tomlkit.value(toml_array.insert(array.as_string(), index, value))
        items.insert(index, value)
    else:
        holder[keys[-1]] = tomlkit.value(f'["{value}"]')
        items.append(value)
    return document.as_string()


def _index(items: Sequence[object]) -> int:
    """Where the requirement goes among `items`, of which those that are no strings take in other groups."""
    strings = [n for n, item in enumerate(items) if isinstance(item, str)]
    among = place([str(items[n]) for n in strings])
    if among < len(strings):
        return strings[among]
    return strings[-1] + 1 if strings else len(items)


def _add_to_table(text: str, keys: Keys, wanted: dict[str, object]) -> str:
    """The new text; `wanted` gets the entry as well. Where boto3 takes an extra, so does it."""
    import tomlkit  # noqa: PLC0415 - likewise

    table = _table(wanted, *keys)
    optional = poetry.is_optional(table, COMPANION)
    value, source = poetry.entry(optional=optional)
    after = poetry.insert(text, ".".join(keys), list(table), source)
    if after is None:
        document = tomlkit.parse(text)
        _holder(document, (*keys, NAME))[NAME] = tomlkit.value(source)
        after = document.as_string()
    _holder(wanted, (*keys, NAME))[NAME] = value
    extras = _table(wanted, "tool", "poetry", "extras") if optional else {}
    for extra, names in extras.items():
        if isinstance(names, list) and COMPANION in names:
            after = _add_to_array(after, ("tool", "poetry", "extras", extra), wanted, NAME)
    return after


def _holder(document: MutableMapping[str, object], keys: Keys) -> MutableMapping[str, object]:
    """The table that the last of `keys` stands in."""
    for key in keys[:-1]:
        inner = document[key]
        assert isinstance(inner, MutableMapping)
        document = inner
    return document
