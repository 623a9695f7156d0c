"""The door: one GET at a time, to checked addresses only, patient, counted, and silent about keys."""

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx

from bongsu.http.addresses import Resolve, is_public, resolve
from bongsu.http.answers import Answer, Asked, Failed, Validators
from bongsu.http.bodies import Body, CutOff, OverLimit, beginning, receive
from bongsu.http.errors import refused, status_error, timed_out, too_large, unreachable
from bongsu.http.keys import Keys
from bongsu.http.targets import NO_ADDRESS, joined, parsed, port, private, refusal
from bongsu.http.waiting import AGAIN, Clock, Patience, Timeouts
from bongsu.language import Text

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_SAID = 4096  # bytes of an answer that is no data
_TAKEN = frozenset({200, 203, 204})
_TIMEOUTS, _PATIENCE = Timeouts(), Patience()


class Door:
    """The only way to the network. Not for use by several threads at once; close it, or use it in a `with`.

    Args:
        user_agent: who we say we are, with an address to write to.
        clock: time and chance.
        timeouts: for each phase and for an attempt.
        patience: for retries on 429, 500, 502–504, time-outs and broken connections.
        allow_hosts: if given, no other host is asked, not even by redirect.
        allow_private: "host:port" that may have a private address: tests, and collectors inside a network.
        max_bytes: limit of an answer, as sent and as unpacked.
        min_interval: seconds between two requests to one host.
        resolve_host: name and port to addresses.
        tls: whom to trust, where a ministry has its own authority; None trusts the public ones.
        transport: for tests that need no socket; it gets the pinned address.
    """

    def __init__(  # noqa: PLR0913 - all but one are named, and most have defaults
        self,
        user_agent: str,
        *,
        clock: Clock,
        timeouts: Timeouts = _TIMEOUTS,
        patience: Patience = _PATIENCE,
        allow_hosts: frozenset[str] | None = None,
        allow_private: frozenset[str] = frozenset(),
        max_bytes: int = 1 << 30,
        min_interval: float = 0.0,
        resolve_host: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._headers = {"user-agent": user_agent, "accept": "*/*", "accept-encoding": "gzip"}
        self._clock, self._timeouts, self._patience = clock, timeouts, patience
        self._allow_hosts, self._allow_private = allow_hosts, allow_private
        self._max_bytes, self._min_interval = max_bytes, min_interval
        self._resolve, self._tls, self._given_transport = resolve_host, tls, transport
        self._transports: dict[str, httpx.BaseTransport] = {}
        self._asked_at: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        for transport in self._transports.values():
            transport.close()
        self._transports.clear()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        secret_params: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        max_bytes: int | None = None,
        into: Path | None = None,
    ) -> Answer:
        """Fetch `url`.

        Args:
            url: http or https.
            params: added to the query.
            secret_params: likewise, but never shown anywhere; plain or already percent-encoded.
            validators: of the version we hold; the answer may then be `not_modified`.
            max_bytes: another limit than the door's.
            into: write the body to this file, which appears only when whole.

        Raises:
            SourceUnavailableError: one of `bongsu.http.errors`, with host, status and mend.
            UsageError: a key that is no key.
        """
        keys = Keys(secret_params)
        asked = Asked(
            keys=keys,
            headers={**self._headers, **(validators.headers() if validators else {})},
            max_bytes=self._max_bytes if max_bytes is None else max_bytes,
            into=into,
            conditional=validators is not None,
        )
        query = "&".join(part for part in (urlencode(params or {}), keys.query()) if part)
        bare = url.partition("#")[0]
        whole = bare + (("&" if "?" in bare else "?") + query if query else "")
        with keys.kept_from_logs():
            outcome = self._patiently(whole, asked)
        if isinstance(outcome, Failed):
            raise outcome.error
        return outcome

    def _patiently(self, url: str, asked: Asked) -> Answer | Failed:
        for attempt in range(1, self._patience.attempts + 1):
            outcome = self._attempt(url, asked)
            if isinstance(outcome, Answer) or not outcome.again or attempt == self._patience.attempts:
                break
            self._clock.sleep(self._patience.wait(attempt, outcome.retry_after, self._clock))
        return outcome

    def _attempt(self, url: str, asked: Asked) -> Answer | Failed:
        """Follow `url` through its redirects to an answer."""
        deadline = self._clock.monotonic() + self._timeouts.total
        came_from = ""
        for _ in range(_MOST_REDIRECTS + 1):
            step = self._step(url, came_from, asked, deadline)
            if not isinstance(step, httpx.URL):
                return step
            came_from, url = url.partition(":")[0].lower(), str(step)
        where = asked.keys.hide(url)
        return Failed(refused(Text("주소 이동이 너무 많습니다.", "too many redirects."), where), again=False)

    def _step(self, url: str, came_from: str, asked: Asked, deadline: float) -> Answer | Failed | httpx.URL:
        where = asked.keys.hide(url)
        target = parsed(url)
        reason = refusal(target, came_from, self._allow_hosts)
        if target is None or reason:
            return Failed(refused(reason or NO_ADDRESS, where), again=False)
        host = asked.keys.hide(target.host)
        try:
            addresses = self._resolve(target.raw_host.decode(), port(target))
        except OSError as error:
            return Failed(unreachable(host, asked.keys.hide(str(error)), where), again=True)
        if not self._may_connect(target, addresses):
            return Failed(refused(private(host), where), again=False)
        self._keep_interval(target.host)
        return self._ask_each(target, addresses, asked, deadline)

    def _may_connect(self, target: httpx.URL, addresses: list[str]) -> bool:
        named = f"{target.host}:{port(target)}" in self._allow_private
        return bool(addresses) and (named or all(map(is_public, addresses)))

    def _keep_interval(self, host: str) -> None:
        last = self._asked_at.get(host)
        if last is not None and self._min_interval:
            self._clock.sleep(max(last + self._min_interval - self._clock.monotonic(), 0.0))
        self._asked_at[host] = self._clock.monotonic()

    def _ask_each(
        self, target: httpx.URL, addresses: list[str], asked: Asked, deadline: float
    ) -> Answer | Failed | httpx.URL:
        """Ask the first checked address that can be connected to."""
        where, host = asked.keys.hide(str(target)), asked.keys.hide(target.host)
        reason = ""
        for address in addresses:
            try:
                return self._ask(target, address, asked, deadline)
            except httpx.ConnectError as error:
                reason = asked.keys.hide(str(error))
            except (httpx.TimeoutException, TimeoutError):
                return Failed(timed_out(host, where), again=True)
            except OverLimit:
                return Failed(too_large(host, asked.max_bytes, where), again=False)
            except (CutOff, httpx.TransportError) as error:
                return Failed(unreachable(host, asked.keys.hide(str(error)), where), again=True)
        return Failed(unreachable(host, reason, where), again=True)

    def _ask(self, target: httpx.URL, address: str, asked: Asked, deadline: float) -> Answer | Failed | httpx.URL:
        """One request over one connection, to `address` and no other."""
        request = httpx.Request(
            "GET",
            target.copy_with(host=address),
            headers={**asked.headers, "host": target.netloc.decode()},
            extensions={"sni_hostname": target.raw_host.decode(), "timeout": self._phases(deadline)},
        )
        response = self._transport(target).handle_request(request)
        try:
            return self._taken(response, target, asked, deadline)
        finally:
            response.close()

    def _taken(
        self, response: httpx.Response, target: httpx.URL, asked: Asked, deadline: float
    ) -> Answer | Failed | httpx.URL:
        status, where = response.status_code, asked.keys.hide(str(target))
        if status in _REDIRECTS and "location" in response.headers:
            return joined(target, response.headers["location"]) or Failed(refused(NO_ADDRESS, where), again=False)
        if status == httpx.codes.NOT_MODIFIED and asked.conditional:
            return self._answer(response, where, Body(b"", None, "", 0))
        if status not in _TAKEN:
            said = asked.keys.hide_bytes(beginning(response, _SAID, self._watch(deadline)))
            error = status_error(status, asked.keys.hide(target.host), where, said)
            return Failed(error, again=status in AGAIN, retry_after=response.headers.get("retry-after", ""))
        body = receive(response, asked.max_bytes, asked.into, self._watch(deadline))
        return self._answer(response, where, body)

    def _answer(self, response: httpx.Response, where: str, body: Body) -> Answer:
        headers = response.headers
        return Answer(
            status=response.status_code,
            url_without_secrets=where,
            content=body.content,
            path=body.path,
            sha256=body.sha256,
            size=body.size,
            media_type=headers.get("content-type", ""),
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            not_modified=response.status_code == httpx.codes.NOT_MODIFIED,
            received_at=self._clock.now(),
        )

    def _watch(self, deadline: float) -> Callable[[], None]:
        """A source that drips keeps each read short of its limit; the deadline ends it."""

        def check() -> None:
            if self._clock.monotonic() > deadline:
                raise TimeoutError

        return check

    def _phases(self, deadline: float) -> dict[str, float]:
        left = deadline - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError
        connect, read = min(self._timeouts.connect, left), min(self._timeouts.read, left)
        return {"connect": connect, "pool": connect, "read": read, "write": read}

    def _transport(self, target: httpx.URL) -> httpx.BaseTransport:
        """One pool for each host: in a shared one, two hosts at one address could share a TLS connection."""
        if self._given_transport:
            return self._given_transport
        host = f"{target.scheme}://{target.host}"
        if host not in self._transports:
            self._transports[host] = httpx.HTTPTransport(verify=self._tls or True, trust_env=False)
        return self._transports[host]
