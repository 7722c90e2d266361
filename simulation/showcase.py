"""What the demo school has to look at: a proposal that firms answered, and a question of somebody."""

from datetime import datetime, timedelta

from accounts.models import Organisation, User
from demand.models import InformationRequest
from demand.operations import answer_proposal, keep_proposal, share_proposal
from demand.queries import draft
from education.models import Programme

ANSWERS = (
    ("help", "Onze voorman wil graag een middag lesgeven. Kan het op vrijdag?"),
    ("yes", "Hier zoeken we al een jaar iemand voor."),
    ("no", ""),
)


def show_demand(*, now: datetime) -> None:
    """Keep and share the proposal for all sectors together, with three answers; ask one question."""
    teacher = User.objects.get(email="school@demo.nl")
    school = Organisation.objects.get(kind="school", memberships__user=teacher)
    found = draft(school, "", set(), untaught_only=False)
    if found.skills:
        proposal = keep_proposal(
            school=school, draft=found, title="Keuzedeel voor de regio", sector="", actor=teacher, now=now,
            text="Voor studenten in het laatste jaar en voor mensen die al werken. Twaalf weken, een dag in de week.",
        )  # fmt: skip
        share_proposal(proposal=proposal, actor=teacher, now=now)
        for row, (answer, comment) in zip(proposal.firms.order_by("-vacancies", "id"), ANSWERS, strict=False):
            answer_proposal(row=row, answer=answer, comment=comment, actor=None)
    programme = Programme.objects.filter(school=school, status=Programme.Status.PUBLISHED).order_by("id").first()
    person = User.objects.get(email="werkzoekende@demo.nl")
    InformationRequest.objects.create(
        programme=programme, person=person, name=person.name, email=person.email, created_at=now - timedelta(days=1),
        message="Kan ik dit doen naast een baan van 24 uur? En wat als ik een week mis?",
    )  # fmt: skip
