"""After any sequence of upload, undo and edit, the programmes are exactly what the last accepted state says."""

from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from core.exceptions import Refused
from education import operations, queries
from education.models import Programme, ProgrammeUpload
from education.uploads import checking, importing
from tests.education.conftest import HEADER, sheet
from tests.factories import make_organisation, make_skill, make_user

pytestmark = pytest.mark.django_db
CODES = ("A", "B", "C")
ROW = "{code};{title};;cursus;;10;8;{price};;9711;"

offers = st.dictionaries(st.sampled_from(CODES), st.tuples(st.sampled_from("xyz"), st.integers(0, 3)), min_size=1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("upload"), offers, st.booleans(), st.booleans()),  # with a bad row or without
        st.tuples(st.just("undo")),
        st.tuples(st.just("price"), st.sampled_from(CODES), st.integers(4, 6)),
        st.tuples(st.just("publish"), st.sampled_from(CODES)),
        st.tuples(st.just("withdraw"), st.sampled_from(CODES)),
    ),
    min_size=1, max_size=9,
)  # fmt: skip


@dataclass
class Known:
    title: str
    price: int
    status: str = "draft"
    left_out: str = ""
    skills: bool = False


@dataclass
class Model:
    """What should be true, said plainly: programmes by code, and what each upload did, to be taken back."""

    programmes: dict[str, Known] = field(default_factory=dict)
    done: list[dict] = field(default_factory=list)

    def upload(self, offer: dict, complete: bool) -> None:
        did: dict[str, tuple] = {}
        for code, (title, price) in offer.items():
            one = self.programmes.get(code)
            if one is None:
                self.programmes[code] = Known(title, price)
                did[code] = ("new", title, price)
                continue
            before = {"title": one.title, "price": one.price}
            after = {"title": title, "price": price}
            changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
            if one.left_out:
                changes["status"] = ("withdrawn", one.left_out)
                one.status, one.left_out = one.left_out, ""
            one.title, one.price = title, price
            if changes:
                did[code] = ("changed", changes)
        for code, one in self.programmes.items():
            if complete and code not in offer and one.status != "withdrawn":
                did[code] = ("changed", {"status": (one.status, "withdrawn")})
                one.left_out, one.status = one.status, "withdrawn"
        self.done.append(did)

    def undo(self) -> None:
        for code, (kind, *what) in self.done.pop().items():
            one = self.programmes.get(code)
            if one is None:
                continue
            if kind == "new":
                self._without(code, one, *what)
                continue
            for name, (before, after) in what[0].items():
                if name == "status":
                    by_file = bool(one.left_out) == (after == "withdrawn")
                    if one.status == after and by_file:
                        one.status, one.left_out = before, after if before == "withdrawn" else ""
                elif getattr(one, name) == after:
                    setattr(one, name, before)

    def _without(self, code: str, one: Known, title: str, price: int) -> None:
        if (one.title, one.price) != (title, price):
            return
        if one.status == "draft":
            del self.programmes[code]
        elif one.status == "published":
            one.status, one.left_out = "withdrawn", "published"

    def state(self) -> dict[str, tuple]:
        return {code: (one.title, one.price, one.status) for code, one in self.programmes.items()}


def real(school: Organisation) -> dict[str, tuple]:
    rows = Programme.objects.filter(school=school).values_list("code", "title", "price", "status")
    return {code: (title, int(price), status) for code, title, price, status in rows}


def content(offer: dict, bad: bool) -> bytes:
    rows = [ROW.format(code=code, title=title, price=price) for code, (title, price) in offer.items()]
    return sheet(*rows, *([ROW.format(code="Z", title="z", price=-1)] if bad else []), header=HEADER)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_what_is_published_is_what_the_last_accepted_state_says(db, steps):
    user = make_user()
    school = make_organisation("school", user, sector="education")
    skill = make_skill("lassen")
    model = Model()
    for step in steps:
        match step:
            case ("upload", offer, complete, bad):
                upload = checking.receive_upload(
                    school=school, actor=None, filename="a.csv", content=content(offer, bad), complete=complete
                )
                upload = checking.begin_check(upload=upload, actor=user, language="nl")
                if bad:
                    with pytest.raises(Refused):
                        importing.import_upload(upload=upload, actor=user, now=timezone.now())
                else:
                    importing.import_upload(upload=upload, actor=user, now=timezone.now())
                    model.upload(offer, complete)
            case ("undo",):
                last = queries.last_import(school)
                assert (last is None) == (not model.done)
                if last is not None:
                    importing.undo_upload(upload=last, actor=user)
                    model.undo()
                    with pytest.raises(Refused):
                        importing.undo_upload(upload=last, actor=user)
            case ("price", code, price) if code in model.programmes:
                programme = Programme.objects.get(school=school, code=code)
                data = queries.as_data(programme) | {"code": code, "price": price}
                operations.save_programme(school=school, actor=user, programme=programme, data=data)
                model.programmes[code].price = price
            case ("publish", code) if code in model.programmes:
                programme = Programme.objects.get(school=school, code=code)
                operations.confirm_skills(programme=programme, actor=user, skills={skill.pk: 3}, publish=True)
                model.programmes[code].status, model.programmes[code].left_out = "published", ""
            case ("withdraw", code) if code in model.programmes:
                operations.withdraw_programme(programme=Programme.objects.get(school=school, code=code), actor=user)
                model.programmes[code].status, model.programmes[code].left_out = "withdrawn", ""
        assert real(school) == model.state(), step
    assert not ProgrammeUpload.objects.filter(status="importing").exists()
