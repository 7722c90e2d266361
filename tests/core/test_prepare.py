"""What is made between an empty folder and a platform that can be used."""

from django.utils.translation import gettext, override

from core.management.commands.prepare import compile_texts

TEXTS = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "a word of this test"
msgstr "een woord van deze test"
"""


def test_what_is_compiled_is_spoken_at_once_by_the_process_that_compiled_it(tmp_path, settings):
    """The demo region is made by the same process: once its vacancies were in English in every new installation."""
    folder = tmp_path / "locale" / "room" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(TEXTS)
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale" / "room"]
    with override("nl"):
        assert gettext("a word of this test") == "a word of this test"
    compile_texts()
    with override("nl"):
        assert gettext("a word of this test") == "een woord van deze test"
