"""A school's own system, read from a real HTTP server on loopback: OOAPI 5 and 6, and all that may go wrong."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from education.models import Programme, ProgrammeFeed, ProgrammeUpload
from education.tasks import refresh_feeds
from education.uploads import feeds, fetching
from tests.factories import make_programme

pytestmark = pytest.mark.django_db
COURSE = {
    "courseId": "c-1", "primaryCode": {"codeType": "identifier", "code": "LAS-1"},
    "name": [{"language": "en-GB", "value": "Welding"}, {"language": "nl-NL", "value": "Lassen"}],
    "description": [{"language": "nl-NL", "value": "Je leert staal lassen."}],
    "learningOutcomes": [[{"language": "nl-NL", "value": "Je last veilig."}]],
    "admissionRequirements": [{"language": "nl-NL", "value": "Je bent 16 jaar."}],
    "studyLoad": {"studyLoadUnit": "sbu", "value": 96}, "duration": "P12W", "level": "secondary vocational education 2",
    "teachingLanguages": ["nld"], "modeOfDelivery": ["situated"], "link": "https://www.example.org/lassen",
    "otherCodes": [{"codeType": "crohoCreboCode", "code": "K0165"}],
}  # fmt: skip
OFFERING = {
    "offeringId": "o-1", "offeringType": "course", "course": "c-1", "startDate": "2027-02-01",
    "priceInformation": [{"costType": "total costs", "amount": "340.84", "currency": "EUR"}],
    "addresses": [{"addressType": "teaching", "postalCode": "9401 AB", "countryCode": "NL"}],
}  # fmt: skip
PROGRAMME_6 = {
    "programmeId": "p-1", "primaryCode": {"codeType": "programme_code", "code": "1001O4369"}, "programmeType": "programme",
    "name": [{"language": "nl-NL", "value": "Verpleegkunde"}], "studyLoad": [{"studyLoadUnit": "ects", "value": 240}],
    "duration": "P4Y", "level": "bachelor", "qualificationAwarded": "bachelor", "modesOfDelivery": ["blended"],
}  # fmt: skip


class Server(ThreadingHTTPServer):
    """`answers`: path to (status, headers, body) or a document; pages come from a list under "items"."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict = {}
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(self.path)
        answer = self.server.answers.get(parts.path)
        if isinstance(answer, tuple):
            status, headers, body = answer
        elif answer is None:
            status, headers, body = 404, {}, b"{}"
        else:
            status, headers, body = 200, {}, json.dumps(self.page(answer, parse_qs(parts.query))).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def page(self, answer, query):
        if not isinstance(answer, list):
            return answer
        number, size = int(query.get("pageNumber", ["1"])[0]), int(query.get("pageSize", ["10"])[0])
        items = answer[(number - 1) * size : number * size]
        return {"pageNumber": number, "hasNextPage": number * size < len(answer), "items": items}

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


@pytest.fixture(autouse=True)
def _private(settings):
    settings.FEEDS_MAY_BE_PRIVATE = True


@pytest.fixture
def feed(school, server):
    return ProgrammeFeed.objects.create(school=school, address=server.url + "/ooapi/v5")


def read(feed) -> ProgrammeUpload:
    return feeds.refresh_feed(feed=feed, actor=None, now=timezone.now())


def test_an_ooapi_5_endpoint_is_read_with_its_offerings(feed, server):
    server.answers = {"/ooapi/v5/courses": [COURSE], "/ooapi/v5/courses/c-1/offerings": [OFFERING]}
    upload = read(feed)
    assert (upload.status, upload.n_new, upload.errors) == ("imported", 1, [])
    programme = Programme.objects.get()
    assert (programme.code, programme.title, programme.crebo, programme.kind) == (
        "LAS-1",
        "Lassen",
        "K0165",
        "elective",
    )
    assert (programme.weeks, programme.hours_per_week, programme.level) == (12, 8, 2)
    assert (str(programme.price), programme.place_id, programme.language) == ("340.84", "9401", "nl")
    assert [day.isoformat() for day in programme.start_dates] == ["2027-02-01"]
    assert programme.description == "Je leert staal lassen.\nJe last veilig."
    assert (programme.entry_requirements, programme.origin, programme.status) == ("Je bent 16 jaar.", "feed", "draft")
    again = read(feed)
    assert (again.status, again.n_unchanged) == ("imported", 1)


def test_the_names_of_version_6_are_understood_and_what_is_missing_is_asked_once(client, owner, feed, server):
    server.answers = {"/ooapi/v5/programmes": [PROGRAMME_6]}
    upload = read(feed)
    assert upload.status == "mapping"  # nobody said what it costs
    client.force_login(owner)
    columns = reverse("education:upload-columns", args=[upload.ref])
    form = client.get(columns).context["form"]
    chosen = {name: value for name in form.fields if (value := form[name].value()) is not None}
    assert "Zet erin" in client.post(columns, chosen | {"default-price": "2601"}, follow=True).text
    feed.refresh_from_db()
    assert feed.defaults == {"price": "2601"}
    assert read(feed).status == "imported"
    programme = Programme.objects.get()
    assert (programme.rio, programme.level, programme.kind, programme.mode) == ("1001O4369", 6, "degree", "blended")
    assert (programme.weeks, programme.hours_per_week, programme.price) == (160, 42, 2601)


def test_pages_are_followed_and_bounded(feed, server, monkeypatch):
    many = [COURSE | {"courseId": f"c-{n}", "primaryCode": {"code": f"L{n}"}} for n in range(7)]
    server.answers = {"/ooapi/v5/courses": many} | {f"/ooapi/v5/courses/c-{n}/offerings": [OFFERING] for n in range(7)}
    monkeypatch.setattr(fetching, "PAGE_SIZE", 3)
    assert read(feed).n_new == 7
    monkeypatch.setattr(fetching, "MOST_PAGES", 2)
    assert "2 pagina" in read(feed).errors[0]["message"]
    assert Programme.objects.count() == 7


def test_what_is_gone_goes_off_the_site_but_not_all_at_once(feed, server, school):
    names = [f"L{n}" for n in range(8)]
    server.answers = {"/ooapi/v5": [OFFERING | {"course": n} for n in names] + [_course(n) for n in names]}
    own = make_programme(school, code="EIGEN")
    assert read(feed).n_new == 8
    Programme.objects.filter(origin="feed").update(status="published")
    server.answers["/ooapi/v5"] = server.answers["/ooapi/v5"][:-1]
    assert read(feed).n_withdrawn == 1
    assert Programme.objects.get(code="L7").status == "withdrawn"
    own.refresh_from_db()
    assert own.status == "published"
    server.answers["/ooapi/v5"] = [OFFERING | {"course": "L0"}, _course("L0")]
    waits = read(feed)
    assert (waits.status, waits.n_withdrawn) == ("checked", 6)  # too much: the school looks first
    assert Programme.objects.filter(status="published").count() == 8


def _course(name: str) -> dict:
    return COURSE | {"courseId": name, "primaryCode": {"code": name}}


@pytest.mark.parametrize(
    "answer, words",
    [
        ((500, {}, b""), "code 500"), ((200, {}, b"<html>"), "JSON"), ((200, {}, b'{"items": []}'), "geen cursussen"),
        ((302, {"Location": "ftp://example.org/x"}, b""), "https://"), ((302, {"Location": "/a"}, b""), "doorsturen"),
        ((200, {"Content-Encoding": "gzip"}, b"x"), "ingepakte"), ((200, {}, b"[" * 100_000), "JSON"),
        ((200, {}, b"[" * 500 + b"]" * 500), "geen cursussen"),
        ((200, {}, b'[{"courseId": "a", "name": 5, "addresses": 7}]'), "is niet zoals OOAPI"),
    ],
)  # fmt: skip
def test_every_odd_answer_is_in_the_log_and_changes_nothing(feed, server, answer, words):
    server.answers = {"/a": answer}
    feed.address = server.url + "/a"
    upload = read(feed)
    assert upload.status == "refused"
    assert words in upload.errors[0]["message"]
    assert not Programme.objects.exists()


def test_what_went_wrong_leads_back_to_the_own_system_and_not_to_a_file(client, owner, feed, server):
    server.answers = {"/a": (500, {}, b"")}
    feed.address = server.url + "/a"
    upload = read(feed)
    client.force_login(owner)
    page = client.get(reverse("education:upload-detail", args=[upload.ref])).text
    assert "Lees het opnieuw" in page
    assert "Upload een ander bestand" not in page
    assert reverse("education:feed") in page
    assert "heeft fouten" in client.get(reverse("education:feed")).text


def test_size_and_time_are_bounded(feed, server, monkeypatch):
    server.answers = {"/a": (200, {}, b"[" + b" " * 200_000 + b"]")}
    feed.address = server.url + "/a"
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)
    assert "groter dan" in read(feed).errors[0]["message"]
    monkeypatch.setattr(fetching, "MOST_BYTES", 10**7)
    monkeypatch.setattr(fetching, "SECONDS_ALL", -1)
    assert "langer" in read(feed).errors[0]["message"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0.0.0.0/", "http://192.168.1.1/", "file:///etc/passwd",
        "https://user:secret@example.org/", "https://example.org:22/", "gopher://example.org/", "http://[fd00::1]/",
        "http://100.64.0.1/", "http://224.0.0.1/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_private_addresses_are_never_read(settings, feed, address):
    settings.FEEDS_MAY_BE_PRIVATE = False
    feed.address = address
    upload = read(feed)
    assert upload.status == "refused"
    assert upload.errors[0]["message"]


def test_a_redirect_to_a_private_address_is_not_followed(settings, feed, server, monkeypatch):
    """The first address counts as public here; the one it sends us to does not."""
    server.answers = {
        "/a": (302, {"Location": f"http://localhost:{server.server_port}/secret"}, b""),
        "/secret": [COURSE],
    }
    feed.address = server.url + "/a"
    real, seen = fetching._check_public, []

    def check(ip):
        seen.append(ip)
        settings.FEEDS_MAY_BE_PRIVATE = len(seen) <= 2  # once for the address, once for the connection
        real(ip)

    monkeypatch.setattr(fetching, "_check_public", check)
    assert "openbare internet" in read(feed).errors[0]["message"]
    assert server.asked == ["/a"]


def test_a_name_that_stands_for_a_private_address_is_not_read(settings, feed, monkeypatch):
    settings.FEEDS_MAY_BE_PRIVATE = False
    answer = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **kwargs: answer)
    feed.address = "http://catalogue.example.org/"
    assert "openbare internet" in read(feed).errors[0]["message"]


def test_the_school_gives_an_address_reads_the_log_and_stops(client, owner, school, server, sent):
    server.answers = {"/": [COURSE, OFFERING]}
    client.force_login(owner)
    url = reverse("education:feed")
    assert client.post(url, {"address": "ftp://x", "action": "save"}).status_code == 422
    assert client.post(url, {"address": server.url, "is_on": "on", "action": "save"}).status_code == 302
    feed = ProgrammeFeed.objects.get()
    assert sent == [("education.refresh_feed", [feed.pk, owner.pk])]
    read(feed)
    assert "je eigen systeem" in client.get(url).text
    client.post(url, {"action": "remove"})
    assert not ProgrammeFeed.objects.exists()
    assert Programme.objects.get().origin == "hand"


def test_beat_reads_every_catalogue_at_night(feed, sent, monkeypatch):
    started = []
    monkeypatch.setattr("education.tasks.refresh_feed.delay", lambda *arguments: started.append(arguments))
    refresh_feeds()
    assert started == [(feed.pk, None)]
    assert refresh_feeds.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
