"""The guard of every other test: a request with a query for each row fails, and one without does not."""

import pytest
from django.http import HttpResponse
from django.urls import path
from zeal import NPlusOneError

from tests.factories import make_vacancy
from vacancies.models import Vacancy

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def one_by_one(request):
    return HttpResponse(",".join(vacancy.organisation.name for vacancy in Vacancy.objects.all()))


def together(request):
    return HttpResponse(
        ",".join(vacancy.organisation.name for vacancy in Vacancy.objects.select_related("organisation"))
    )


urlpatterns = [path("one-by-one/", one_by_one), path("together/", together)]


def test_a_page_that_asks_for_each_row_fails(client):
    make_vacancy(), make_vacancy()
    with pytest.raises(NPlusOneError, match=r"vacancies\.Vacancy\.organisation"):
        client.get("/one-by-one/")


def test_a_page_that_asks_once_does_not(client):
    make_vacancy(), make_vacancy()
    assert client.get("/together/").status_code == 200
