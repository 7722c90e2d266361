"""A friendly look at the words of a vacancy: some shut people out without anybody meaning it."""

import re

from django.utils.translation import gettext_lazy as _

WORDS = {
    r"\bjonge?\b|\bjong en\b|\bstarters?leeftijd\b": _("“young” shuts out older people. Say which experience you need."),
    r"\bjeugdig\w*\b|\bfris gezicht\b": _("This sounds like an age. Say what the work asks."),
    r"\b(mannelijke?|vrouwelijke?)\b": _("Leave out whether you look for a man or a woman, unless the law allows it."),
    r"\bnative speaker\b|\bmoedertaal\b": _("Name the level of the language instead, for instance B2: more people can have that."),
    r"\b(tot|maximaal|max\.?)\s+\d{2}\s+jaar\b": _("An age limit is not allowed for most work."),
    r"\bautochto\w+\b|\ballochto\w+\b|\baccentloos\b|\bvan Nederlandse afkomst\b": _(
        "Where somebody comes from does not matter for the work. Say which language the work asks."
    ),
    r"\bzonder kinderen\b|\bgetrouwd\b|\bkinderwens\b|\bongebonden\b": _(
        "A family is nobody’s business. Say which hours and days the work asks."
    ),
    r"\bstressbestendig\b": _("Many people skip a vacancy with “stress-resistant”. Say what is busy about the work."),
    r"\bvitale?\b|\bgezonde?\s+(man|vrouw|kandidaat)\b": _("Health may not be asked. Say what the work asks of the body."),
}  # fmt: skip


def remarks(text: str) -> list[str]:
    """Remarks on words that may shut people out, in the order of the list; empty when nothing stands out."""
    return [str(remark) for pattern, remark in WORDS.items() if re.search(pattern, text, re.IGNORECASE)]
