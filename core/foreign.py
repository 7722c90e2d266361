"""Words in English on a Dutch page: plain text for Python and JSON, marked as English where a template shows them.

Not for attributes of tags: there only `str(words)` belongs.
"""

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe


class Foreign(str):
    """English for want of Dutch.

    >>> from django.utils.html import conditional_escape
    >>> conditional_escape(Foreign("R&D"))
    '<span lang="en">R&amp;D</span>'
    """

    def __html__(self) -> SafeString:
        return format_html('<span lang="en">{}</span>', str(self))


class Sentence(str):
    """A sentence around words of which some may be foreign; made by `sentence`."""

    marked: SafeString

    def __html__(self) -> SafeString:
        return self.marked


def sentence(pattern: str, **words: object) -> Sentence:
    """`pattern % words`, that marks the foreign ones among the words where a template shows it.

    >>> said = sentence("Je leert %(what)s & meer.", what=Foreign("welding"))
    >>> str(said), said.__html__()
    ('Je leert welding & meer.', 'Je leert <span lang="en">welding</span> &amp; meer.')
    """
    made = Sentence(pattern % words)
    shown = {name: conditional_escape(word if isinstance(word, str) else str(word)) for name, word in words.items()}
    made.marked = mark_safe(str(conditional_escape(pattern)) % shown)  # every part is escaped
    return made


def listed(words: list[str], between: str) -> Sentence:
    """Words joined by `between`, the foreign ones marked."""
    made = Sentence(between.join(words))
    made.marked = mark_safe(str(conditional_escape(between)).join(map(conditional_escape, words)))
    return made
