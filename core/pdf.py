"""Pages as tagged PDFs, with the site's own letters."""

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

FONTS = """
@font-face { font-family: Read; font-weight: 400; src: url("file://%(regular)s"); }
@font-face { font-family: Read; font-weight: 700; src: url("file://%(bold)s"); }
@font-face { font-family: Loud; font-weight: 700; src: url("file://%(loud)s"); }
"""
NAMES = {"regular": "fonts/read-regular.woff2", "bold": "fonts/read-bold.woff2", "loud": "fonts/loud-bold.woff2"}


def tagged_pdf(page: str, *stylesheets: str) -> bytes:
    """A PDF/UA document of a page: headings, lists, tables and language are tagged, so that it reads well aloud.

    `css/pdf.css` is for all of them; name static files for what one kind of document needs beside it.
    """
    fonts = FontConfiguration()
    files = {key: finders.find(path) for key, path in NAMES.items()}
    fetcher = URLFetcher(allowed_protocols={"file"})  # what people typed never fetches anything from elsewhere
    sheets = [CSS(filename=finders.find(path), font_config=fonts) for path in ("css/pdf.css", *stylesheets)]
    if all(files.values()):
        sheets.append(CSS(string=FONTS % files, font_config=fonts, url_fetcher=fetcher))
    return HTML(string=page, url_fetcher=fetcher).write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
    )
