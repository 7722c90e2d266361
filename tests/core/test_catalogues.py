"""The Dutch catalogues of the rooms: complete, and of one mind, because Django reads them as one."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
ROOMS = sorted(path.parts[-4] for path in ROOT.glob("locale/*/nl/LC_MESSAGES/django.po"))
APPS = [Path(config.path) for config in apps.get_app_configs()]
OWN_APPS = [path for path in APPS if path.parent == ROOT]
CODE = sorted(
    path for folder in (*OWN_APPS, ROOT / "config") for path in folder.rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted(path for kind in ("*.html", "*.txt") for path in (ROOT / "templates").rglob(kind))

LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(({LITERAL}(?:,\s*{LITERAL})*)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
DJANGOS = "Select a valid choice. %(value)s is not one of the available choices."  # Dutch does not repeat the value
FUNCTIONS = re.compile(r"(n?)(p?)gettext(?:_lazy|_noop)?")


@cache
def messages(room: str) -> list[Message]:
    with (ROOT / "locale" / room / "nl" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [message for message in read_po(file, locale="nl") if message.id]


def texts(value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def key(message: Message) -> tuple[str | None, str]:
    return message.context, texts(message.id)[0]


def used_in_code(path: Path) -> Iterator[tuple[str | None, str]]:
    """The (context, msgid) of every call of a gettext function, under whatever name it was imported."""
    tree = ast.parse(path.read_text())
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        function = FUNCTIONS.fullmatch(names.get(node.func.id, ""))
        said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if function and said:
            yield (said[0], said[1]) if function[2] else (None, said[0])


def used_in_template(path: Path) -> Iterator[tuple[str | None, str]]:
    for function, arguments in CALL.findall(templatize(path.read_text())):
        said = [ast.literal_eval(one) for one in re.findall(LITERAL, arguments, re.DOTALL)]
        yield (said[0], said[1]) if "p" in function else (None, said[0])


def test_every_room_that_speaks_has_a_catalogue_that_django_reads():
    assert set(ROOMS) <= {Path(path).name for path in settings.LOCALE_PATHS}
    assert set(ROOMS) <= {path.name for path in OWN_APPS}


def test_no_text_is_translated_in_two_ways():
    seen = defaultdict(dict)
    for room in ROOMS:
        for message in messages(room):
            seen[key(message)].setdefault(texts(message.string), []).append(room)
    assert {one: ways for one, ways in seen.items() if len(ways) > 1} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_left_empty_or_unsure(room):
    assert [key(message) for message in messages(room) if message.fuzzy or not all(texts(message.string))] == []


@pytest.mark.parametrize("room", ROOMS)
def test_placeholders_survive_translation(room):
    wrong = []
    for message in messages(room):
        if message.id == DJANGOS:
            continue
        asked = [set(PLACEHOLDER.findall(text)) for text in texts(message.id)]
        given = [set(PLACEHOLDER.findall(text)) for text in texts(message.string)]
        # "One skill" may become "%(count)s vaardigheid": a singular may use what the plural has.
        if len(asked) != len(given) or given[-1] != asked[-1] or not given[0] <= asked[0] | asked[-1]:
            wrong.append((message.id, message.string))
    assert wrong == []


def test_every_text_has_dutch():
    known = {key(message) for room in ROOMS for message in messages(room)}
    used = {str(path.relative_to(ROOT)): set(used_in_code(path)) for path in CODE}
    used |= {str(path.relative_to(ROOT)): set(used_in_template(path)) for path in TEMPLATES}
    assert sum(map(len, used.values())) > 1000, "the texts themselves were not found"
    assert {path: said - known for path, said in used.items() if said - known} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_line_hangs_loose_between_two_texts(room):
    """The reader would add it to the text before it."""
    lines = (ROOT / "locale" / room / "nl" / "LC_MESSAGES" / "django.po").read_text().splitlines()
    assert [line for before, line in pairwise(lines) if not before and line.startswith('"')] == []
