"""Everything that the audit trail can say is said in words on a person's own page."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import override

from accounts.deeds import WORDS, words_for

ROOT = Path(settings.BASE_DIR)
CODE = [
    path
    for config in apps.get_app_configs()
    if Path(config.path).parent == ROOT
    for path in Path(config.path).rglob("*.py")
    if "migrations" not in path.parts
]


@cache
def with_a_verb(folder: Path) -> dict[str, int]:
    """Functions that take a `verb` to write down, and at which place; `deeds.py` only has words for them."""
    found = {}
    for path in folder.glob("*.py"):
        text = path.read_text()
        if "verb" not in text or path.name == "deeds.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in node.args.args]
                if "verb" in names:
                    found[node.name] = names.index("verb")
    return found


def verbs_in(path: Path) -> Iterator[str]:
    """What is given to `audit` as its verb, directly or through a function of this folder with a `verb` of its own."""
    places = {"audit": None} | with_a_verb(path.parent)
    text = path.read_text()
    if not any(name in text for name in places):
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in places or path.name == "deeds.py":
            continue
        given = [word.value for word in node.keywords if word.arg == "verb"]
        if not given and places[name] is not None:
            given = [node.args[places[name]]]
        for value in given:
            yield from texts(value)


def texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from texts(value.body)
        yield from texts(value.orelse)
    elif isinstance(value, ast.Constant):
        yield value.value
    else:
        assert isinstance(value, ast.Name), f"a verb that cannot be read: {ast.unparse(value)}"
        assert value.id == "verb"


VERBS = sorted({verb for path in CODE for verb in verbs_in(path)})


def test_the_verbs_of_all_rooms_are_found():
    assert {"apply", "add job", "remove jobs", "save skills", "publish vacancy", "import ESCO", "erase cv"} <= set(
        VERBS
    )


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_words_in_dutch_and_english(verb):
    said = set()
    for language in ("nl", "en"):
        with override(language):
            said.add(words_for(verb))
    assert len(said) == 2
    assert verb not in said


def test_no_words_are_kept_for_what_nobody_does():
    assert set(WORDS) - set(VERBS) == set()
