"""Reading a school's own system over the internet, without being led where we should not come.

Only http and https; every address that a name stands for is public (checked at the moment of connecting, so that a name
cannot change in between); redirects are checked in the same way; size, time, pages and redirects are bounded; nothing is
sent but the question itself: no cookies, no credentials, no proxy.
"""

import http.client
import ipaddress
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext as _

MOST_BYTES = 10 * 1024 * 1024  # of one page
MOST_BYTES_ALL = 40 * 1024 * 1024
MOST_REDIRECTS = 3
MOST_PAGES = 200
PAGE_SIZE = 250
SECONDS = 20  # to connect, and between two pieces of an answer
SECONDS_ALL = 240
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PORTS = {80, 443, 8080, 8443}


class Unreachable(Exception):
    """The catalogue cannot be read; `message` is translated and fit to show."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotThere(Unreachable):
    """The system answers, but not with a document at this address."""


@dataclass
class Budget:
    """What is left of the time and size that one visit may take."""

    ends_at: float
    bytes_left: int = MOST_BYTES_ALL

    @classmethod
    def fresh(cls) -> "Budget":
        return cls(time.monotonic() + SECONDS_ALL)

    def check(self) -> None:
        if time.monotonic() > self.ends_at:
            raise Unreachable(_("Your system took longer than %(minutes)s minutes.") % {"minutes": SECONDS_ALL // 60})
        if self.bytes_left < 0:
            raise Unreachable(_("Your system sent more than %(size)s MB.") % {"size": MOST_BYTES_ALL // 1024**2})


def check_address(address: str) -> None:
    """Raises Unreachable for an address that we never ask, as far as can be seen without asking a name server."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unreachable(_("This is not a web address."))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable(_("Write a web address that begins with https://."))
    if parts.username or parts.password:
        raise Unreachable(_("Leave the user name and password out of the address."))
    if port is not None and port not in PORTS and not settings.FEEDS_MAY_BE_PRIVATE:
        raise Unreachable(_("We do not ask this port. Use the usual one, 443."))
    try:
        _check_public(ipaddress.ip_address(parts.hostname))
    except ValueError:
        return  # a name: looked up and checked when we connect


def _check_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    for each in (ip, *_inside(ip)):
        if each is not None and not each.is_global and not settings.FEEDS_MAY_BE_PRIVATE:
            raise Unreachable(_("This address is not on the public internet. We do not read it."))
        if each is not None and (each.is_multicast or each.is_unspecified):
            raise Unreachable(_("This address is not on the public internet. We do not read it."))


def _inside(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 address that an IPv6 address carries (mapped, 6to4, NAT64), if any."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    nat64 = ipaddress.IPv4Address(ip.packed[-4:]) if ip in NAT64 else None
    return [each for each in (ip.ipv4_mapped, ip.sixtofour, nat64) if each is not None]


def _connect(address: tuple[str, int], timeout: float, source_address=None) -> socket.socket:
    """As `socket.create_connection`, but every address of the name has to be public, and the checked one is used."""
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for _family, _kind, _protocol, _name, where in found:
        _check_public(ipaddress.ip_address(where[0].split("%")[0]))
    error: OSError = OSError("no address")
    for family, kind, protocol, _name, where in found[:4]:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(timeout)
        try:
            connection.connect(where)
        except OSError as failed:
            connection.close()
            error = failed
            continue
        return connection
    raise error


def _connection(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    connection._create_connection = _connect  # type: ignore[attr-defined]
    return connection


def fetch(address: str, budget: Budget) -> bytes:
    """The body of an address; raises Unreachable. A step from https back to http is refused."""
    for _step in range(MOST_REDIRECTS + 1):
        check_address(address)
        budget.check()
        connection = _connection(address)
        parts = urlsplit(address)
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        try:
            connection.request(
                "GET", target, headers={"Accept": "application/json", "Accept-Encoding": "identity",
                                        "User-Agent": "zelf-aan-het-werk"},
            )  # fmt: skip
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                following = urljoin(address, answer.headers.get("Location", ""))
                if parts.scheme == "https" and urlsplit(following).scheme != "https":
                    raise Unreachable(_("Your system sends us from https to http. We do not follow."))
                address = following
                continue
            if answer.status != 200:
                raise NotThere(_("Your system answered with code %(code)s.") % {"code": answer.status})
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise Unreachable(_("Your system sent packed data. We read plain JSON."))
            return _body(answer, budget)
        except (OSError, http.client.HTTPException, UnicodeError, ValueError):
            raise Unreachable(_("We could not reach your system. Is the address right?"))
        finally:
            connection.close()
    raise Unreachable(_("Your system keeps sending us on."))


def _body(answer: http.client.HTTPResponse, budget: Budget) -> bytes:
    pieces, size = [], 0
    while piece := answer.read1(65536):
        size += len(piece)
        budget.bytes_left -= len(piece)
        if size > MOST_BYTES:
            raise Unreachable(
                _("One page of your system is larger than %(size)s MB.") % {"size": MOST_BYTES // 1024**2}
            )
        budget.check()
        pieces.append(piece)
    return b"".join(pieces)


def fetch_json(address: str, budget: Budget):
    try:
        return json.loads(fetch(address, budget).decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise NotThere(_("Your system did not answer with JSON."))


def pages(address: str, budget: Budget) -> Iterator[dict | list]:
    """The pages of a collection, in the way of OOAPI: `pageNumber` from 1 while `hasNextPage` says so."""
    for number in range(1, MOST_PAGES + 1):
        page = fetch_json(_with_page(address, number), budget)
        yield page
        if not isinstance(page, dict) or not page.get("hasNextPage") or not page.get("items"):
            return
    raise Unreachable(_("Your system has more than %(count)s pages.") % {"count": MOST_PAGES})


def _with_page(address: str, number: int) -> str:
    parts = urlsplit(address)
    asked = {"pageSize": str(PAGE_SIZE)} | dict(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode(asked | {"pageNumber": str(number)}), fragment=""))
