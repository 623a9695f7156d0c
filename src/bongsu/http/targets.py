"""Addresses on the web: which ones are addresses at all, and where we go."""

import re

import httpx

from bongsu.language import Text

PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535
_HOST = re.compile(rb"[A-Za-z0-9._:-]+")
NO_ADDRESS = Text("http(s) 주소가 아닙니다.", "it is not an http or https address.")


def private(host: str) -> Text:
    """Why a host inside a private network is not contacted."""
    return Text(
        f"{host}은(는) 내부망 주소로 연결되어 접속하지 않았습니다.",
        f"{host} leads to a private address and was not contacted.",
    )


def parsed(url: str) -> httpx.URL | None:
    """The address in `url`; None where there is none."""
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        return None


def joined(target: httpx.URL, location: str) -> httpx.URL | None:
    """Where a redirect from `target` leads; None where it leads nowhere."""
    try:
        return target.join(location)
    except (httpx.InvalidURL, ValueError):
        return None


def port(target: httpx.URL) -> int:
    """The port of `target`, its scheme's own if it names none."""
    return target.port or PORTS[target.scheme]


def refusal(target: httpx.URL | None, came_from: str, allow_hosts: frozenset[str] | None) -> Text | None:
    """Why we do not go to `target`; None where we may. `came_from` is the scheme that redirected to it, if any."""
    if target is None or target.scheme not in PORTS or not _HOST.fullmatch(target.raw_host):
        return NO_ADDRESS
    if port(target) > _LAST_PORT:
        return NO_ADDRESS
    if target.userinfo:
        return Text("주소에 계정 정보가 들어 있습니다.", "the address carries a user name or password.")
    if came_from == "https" and target.scheme == "http":
        return Text("암호화되지 않은 주소로 이동시켰습니다.", "it redirects from https down to http.")
    if allow_hosts is not None and target.host not in allow_hosts:
        return Text("허용 목록에 없는 호스트입니다.", "the host is not on the list of allowed ones.")
    return None
