"""What can go wrong between us and a source; each error names the host, the status and the mend."""

from bongsu.language import SourceUnavailableError, Text


class RefusedError(SourceUnavailableError):
    """We would not go there: a private address, another scheme, an unlisted host, too many redirects."""


class UnreachableError(SourceUnavailableError):
    """No connection, or one that broke before the answer was whole."""


class TimedOutError(SourceUnavailableError):
    """The source was too slow."""


class TooLargeError(SourceUnavailableError):
    """The answer is larger than allowed, as sent or once decompressed."""


class StatusError(SourceUnavailableError):
    """The source answered, but not with its data.

    Args:
        status: the HTTP status.
        said: how the answer's body begins; a quota tells there when it opens again. Keys are blotted out.
    """

    def __init__(
        self, what: Text, *, where: str = "", mend: Text | None = None, status: int = 0, said: bytes = b""
    ) -> None:
        self.status = status
        self.said = said
        super().__init__(what, where=where, mend=mend)


class NotAllowedError(StatusError):
    """401 or 403: the key is missing, wrong, not yet active or not for this service."""


class NotFoundError(StatusError):
    """404 or 410: the address has moved, or the figure is not published there."""


class TooManyRequestsError(StatusError):
    """429: the quota is spent."""


class SourceFailedError(StatusError):
    """5xx: the source itself is in trouble."""


_BY_STATUS: dict[int, type[StatusError]] = {
    401: NotAllowedError,
    403: NotAllowedError,
    404: NotFoundError,
    410: NotFoundError,
    429: TooManyRequestsError,
}

_MENDS: dict[type[StatusError], Text] = {
    NotAllowedError: Text(
        "인증키가 맞는지, 해당 서비스의 활용 승인이 끝났는지 확인해 주십시오.",
        "Check that the key is right and approved for this service.",
    ),
    NotFoundError: Text(
        "주소가 바뀌었거나 아직 공표되지 않은 자료일 수 있습니다. 출처 누리집에서 확인해 주십시오.",
        "The address may have moved, or the figure may not be out yet: look at the source's site.",
    ),
    TooManyRequestsError: Text(
        "호출 한도를 넘었습니다. 한도가 갱신된 뒤 다시 실행하면 받은 곳부터 이어집니다.",
        "The quota is spent: run it again when it is renewed.",
    ),
    SourceFailedError: Text(
        "출처 쪽 장애입니다. 잠시 뒤 다시 실행해 주십시오.", "The fault is on their side: run it again later."
    ),
    StatusError: Text("요청한 조건과 주소를 확인해 주십시오.", "Check the parameters and the address of the request."),
}

_SERVER_ERRORS = range(500, 600)


def status_error(status: int, host: str, where: str, said: bytes = b"") -> StatusError:
    """The error for an answer with `status`, whose body begins with `said`."""
    fallback = SourceFailedError if status in _SERVER_ERRORS else StatusError
    kind = _BY_STATUS.get(status, fallback)
    return kind(
        Text(f"{host}에서 HTTP {status} 응답이 왔습니다.", f"{host} answered HTTP {status}."),
        where=where,
        mend=_MENDS[kind],
        status=status,
        said=said,
    )


def refused(reason: Text, where: str) -> RefusedError:
    """The error for an address that we do not go to, with the reason."""
    return RefusedError(
        reason,
        where=where,
        mend=Text(
            "출처 주소가 맞는지 확인해 주십시오. 내부망 수집기라면 허용할 호스트와 포트를 명시해야 합니다.",
            "Check the source's address; a collector inside a private network must name host and port as allowed.",
        ),
    )


def timed_out(host: str, where: str) -> TimedOutError:
    """The error for a source that is too slow."""
    return TimedOutError(
        Text(f"{host}의 응답이 제한 시간을 넘었습니다.", f"{host} did not answer in time."),
        where=where,
        mend=Text("잠시 뒤 다시 실행해 주십시오.", "Run it again later."),
    )


def unreachable(host: str, reason: str, where: str) -> UnreachableError:
    """The error for a connection that failed or broke."""
    return UnreachableError(
        Text(
            f"{host}에 연결하지 못했거나 응답이 중간에 끊겼습니다 ({reason}).",
            f"{host} could not be reached, or its answer broke off ({reason}).",
        ),
        where=where,
        mend=Text(
            "네트워크 연결을 확인하고 잠시 뒤 다시 실행해 주십시오.",
            "Check the network, and run it again later.",
        ),
    )


def too_large(host: str, limit: int, where: str) -> TooLargeError:
    """The error for an answer beyond `limit` bytes."""
    return TooLargeError(
        Text(
            f"{host}의 응답이 한도({limit:,}바이트)를 넘어 중단했습니다.",
            f"the answer of {host} is beyond the limit ({limit:,} bytes) and was stopped.",
        ),
        where=where,
        mend=Text(
            "기간이나 품목을 나누어 받아 주십시오. 압축 폭탄일 수도 있습니다.",
            "Ask for fewer months or codes at a time. It may also be a decompression bomb.",
        ),
    )
