"""A proposal as a tagged PDF."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from core.pdf import tagged_pdf
from demand.models import Proposal, ProposalFirm, ProposalSkill


def proposal_pdf(proposal: Proposal, skills: list[ProposalSkill], firms: list[ProposalFirm]) -> bytes:
    """A PDF/UA document: what is proposed, why, and which firms ask for it."""
    page = render_to_string(
        "demand/proposal_pdf.html",
        {"proposal": proposal, "skills": skills, "firms": firms, "lang": get_language()},
    )
    return tagged_pdf(page)
