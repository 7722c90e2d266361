"""The smart CV on A4, as a tagged PDF."""

import datetime

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from profiles.queries import ShownCV

FONTS = """
@font-face { font-family: Read; font-weight: 400; src: url("file://%(regular)s"); }
@font-face { font-family: Read; font-weight: 700; src: url("file://%(bold)s"); }
@font-face { font-family: Loud; font-weight: 700; src: url("file://%(loud)s"); }
"""
NAMES = {"regular": "fonts/read-regular.woff2", "bold": "fonts/read-bold.woff2", "loud": "fonts/loud-bold.woff2"}


def cv_pdf(shown: ShownCV, *, name: str, today: datetime.date) -> bytes:
    """A PDF/UA document: headings, lists and language are tagged, so that it reads well aloud."""
    page = render_to_string("profiles/pdf.html", {"cv": shown, "name": name, "today": today, "lang": get_language()})
    fonts = FontConfiguration()
    files = {key: finders.find(path) for key, path in NAMES.items()}
    fetcher = URLFetcher(allowed_protocols={"file"})  # what people typed never fetches anything from elsewhere
    sheets = [CSS(filename=finders.find("css/cv-pdf.css"), font_config=fonts)]
    if all(files.values()):
        sheets.append(CSS(string=FONTS % files, font_config=fonts, url_fetcher=fetcher))
    return HTML(string=page, url_fetcher=fetcher).write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
    )
