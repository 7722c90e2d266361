"""The smart CV on A4, as a tagged PDF."""

import datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language

from core.pdf import tagged_pdf
from profiles.queries import ShownCV


def cv_pdf(shown: ShownCV, *, name: str, today: datetime.date) -> bytes:
    """A PDF/UA document: headings, lists and language are tagged, so that it reads well aloud."""
    return tagged_pdf(
        render_to_string("profiles/pdf.html", {"cv": shown, "name": name, "today": today, "lang": get_language()})
    )
