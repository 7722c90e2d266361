"""The Location Skills Audit on A4."""

from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import get_language

from cockpit.dimensions import words_of
from cockpit.skills_audit import SkillsAudit
from core.pdf import tagged_pdf


def skills_audit_pdf(report: SkillsAudit, today: date) -> bytes:
    """A PDF/UA document with the same tables as the page."""
    words = {"report": report, "today": today, "lang": get_language(), "reasons": words_of("unused_reason")}
    return tagged_pdf(render_to_string("cockpit/skills_audit_pdf.html", words))
