"""Asking a publisher's server: only known hosts, only so much, patiently, and as who we are.

requests sends (proxies and certificates by the environment), urllib3's `Retry` paces; the loop is
ours, so that an answer that breaks off half-way can be asked for from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from time import monotonic, sleep
from typing import Any, Final, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, ProtocolError
from urllib3.util.retry import Retry

from vrn_metrics.errors import FetchError
from vrn_metrics.fetch.catalogue import may_be_asked

CHUNK: Final = 1 << 16
LARGEST_LISTING: Final = 30_000_000
MOST_REDIRECTS: Final = 5
TRY_LATER: Final = "Nothing was changed; try again later."

# What a server may say in passing; every other refusal is one.
_PASSING: Final = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
_AN_ANSWER: Final = (
    HTTPStatus.OK,
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.NOT_MODIFIED,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
)
_BROKEN: Final = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    HTTPError,
)

Answer = requests.Response
Taken = TypeVar("Taken")


class Again(Exception):  # noqa: N818 - it is no fault of anybody's: ask once more
    """What came cannot be used and the next answer may be."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, in seconds, and how often to ask.

    Waits double from `pause` with up to `jitter` added at random, so that many who were refused
    at once do not come back at once. A server that names a wait gets it, up to `longest_wait`.
    """

    times: int = 5
    pause: float = 1.0
    jitter: float = 1.0
    connect: float = 10.0
    silence: float = 60.0
    longest_wait: float = 300.0
    whole: float = 3600.0


@dataclass
class Web:
    """The way to one publisher: its hosts, our patience, and a word on what goes on.

    `about` names what is fetched in messages; `look` is where a person would look.
    """

    about: str
    hosts: tuple[str, ...]
    look: str = ""
    patience: Patience = field(default_factory=Patience)
    progress: Callable[[str], None] = lambda _message: None

    def __post_init__(self) -> None:
        self._session = _Session()
        self._session.auth = _Nobody()
        self._session.headers["User-Agent"] = user_agent()
        # Lengths and ranges are of the file itself, and a compressed answer has others.
        self._session.headers["Accept-Encoding"] = "identity"
        self._ends = monotonic() + self.patience.whole

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def ask(
        self,
        address: str,
        take: Callable[[Answer], Taken],
        headers: Callable[[], Mapping[str, str]] = dict,
    ) -> Taken:
        """What `take` makes of the answer; asked again, with new headers, while that may help.

        Raises
        ------
        FetchError
            If the server refuses, redirects elsewhere, or has had all our patience.
        """
        pace = Retry(
            total=self.patience.times - 1,
            backoff_factor=self.patience.pause,
            backoff_jitter=self.patience.jitter,
        )
        while True:
            wait = None
            try:
                with self._follow(address, headers()) as answer:
                    if answer.status_code in _PASSING:
                        wait = self._wish(pace, answer)
                        raise Again(_status(answer))
                    if answer.status_code not in _AN_ANSWER:
                        raise self.refusal("the file", f"{_status(answer)} at {address}")
                    return take(answer)
            except requests.exceptions.SSLError as error:
                raise self.refusal("a certificate that can be trusted", str(error)) from error
            except (Again, *_BROKEN) as error:
                pace = self._paced(pace, address, error, wait)
            except requests.RequestException as error:
                raise self.refusal("an answer", f"{error} at {address}") from error

    def json(self, address: str, largest: int = LARGEST_LISTING) -> Any:
        """A listing or a page in JSON."""

        def take(answer: Answer) -> Any:
            content = b"".join(self.chunks(answer, largest))
            try:
                return json.loads(content)
            except (ValueError, RecursionError) as error:
                found = "a web page" if is_web_page(content) else f"a fault: {error}"
                raise self.refusal("JSON", f"{found} at {address}") from error

        return self.ask(address, take)

    def text(self, address: str, largest: int) -> str:
        """A page of a CSV."""

        def take(answer: Answer) -> str:
            content = b"".join(self.chunks(answer, largest))
            if is_web_page(content):
                raise self.refusal("a CSV", f"a web page at {address}")
            try:
                return content.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise self.refusal("text in UTF-8", f"other bytes at {address}") from error

        return self.ask(address, take)

    def chunks(self, answer: Answer, largest: int) -> Iterator[bytes]:
        """The body as it comes, and no more of it than `largest` bytes."""
        stated = answer.headers.get("Content-Length", "")
        if stated.isdigit() and int(stated) > largest:
            raise self._too_large(largest, f"{int(stated):,}")
        read = 0
        # As much as is there: a whole chunk of a server that drips could take for ever.
        while chunk := answer.raw.read1(CHUNK, decode_content=True):
            read += len(chunk)
            if read > largest:
                raise self._too_large(largest, "more")
            yield chunk
            if monotonic() > self._ends:
                raise self.refusal(
                    f"it within {self.patience.whole:,.0f} seconds",
                    "a server that is slower",
                    "What came is kept; fetch it again to go on from there.",
                )

    def refusal(self, expected: str, found: str, fix: str = "") -> FetchError:
        """The one sentence for something that is not as it should be."""
        look = f"The publisher may have moved it: look at {self.look}." if self.look else ""
        return FetchError(self.about, expected, found, fix or look)

    def _follow(self, address: str, headers: Mapping[str, str]) -> Answer:
        """The answer at the end of redirects, none of which leads to another host."""
        asked = address
        for _ in range(MOST_REDIRECTS + 1):
            if reason := may_be_asked(asked, self.hosts):
                what = "an address" if asked == address else "a redirect"
                raise self.refusal(
                    f"an https address at {' or '.join(self.hosts)}",
                    f"{what} with {reason}",
                    "It was not followed; if the host is the publisher's, add it to the catalogue.",
                )
            answer = self._session.get(
                asked,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=(self.patience.connect, self.patience.silence),
            )
            if not answer.is_redirect:
                return answer
            answer.close()
            try:
                asked = urljoin(asked, answer.headers["Location"])
            except ValueError as error:
                raise self.refusal("a redirect to an address", str(error)) from error
        raise self.refusal("the file", f"more than {MOST_REDIRECTS} redirects from {address}")

    def _wish(self, pace: Retry, answer: Answer) -> float | None:
        """How long the server asks us to wait."""
        try:
            wish = pace.get_retry_after(answer.raw)
        except InvalidHeader:
            return None
        if wish is not None and wish > self.patience.longest_wait:
            raise self.refusal(
                "the file",
                f"{_status(answer)}, and to come back in {wish:,.0f} seconds",
                "Nothing was changed; try again then.",
            )
        return wish

    def _paced(self, pace: Retry, address: str, error: Exception, wait: float | None) -> Retry:
        """Wait for the next time, or give up."""
        try:
            pace = pace.increment(method="GET", url=address, error=error)
        except MaxRetryError as last:
            asked = f"{self.patience.times} times" if self.patience.times > 1 else "once"
            found = f"{_plainly(error)} at {_place(address)} (asked {asked})"
            raise self.refusal("the file", found, TRY_LATER) from last
        wait = pace.get_backoff_time() if wait is None else wait
        self.progress(f"{self.about}: {_plainly(error)}; asking again in {wait:.0f} s")
        sleep(wait)
        return pace

    def _too_large(self, largest: int, found: str) -> FetchError:
        return self.refusal(
            f"at most {largest:,} bytes",
            f"{found}",
            "Nothing was kept of it; if it is right, raise 'megabytes' in the catalogue.",
        )


def is_web_page(start: bytes) -> bool:
    """Whether bytes begin as a web page does."""
    opening = start[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return opening.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def user_agent() -> str:
    """Who asks, honestly."""
    try:
        ours = version("vrn-dashboard")
    except PackageNotFoundError:
        ours = "unreleased"
    return f"vrn-dashboard/{ours} (reads published statistics) requests/{version('requests')}"


class _Session(requests.Session):
    """Never looks where a redirect leads: the library would read its whole body first."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere, as redirects are followed by `Web` alone."""


class _Nobody(AuthBase):
    """No name and no password, whatever a .netrc on this machine holds for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _status(answer: Answer) -> str:
    try:
        return f"{answer.status_code} {HTTPStatus(answer.status_code).phrase}"
    except ValueError:
        return str(answer.status_code)


def _place(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname}{parts.path}"


def _plainly(error: Exception) -> str:
    """What broke, without the names of a library's classes."""
    if isinstance(error, Again):
        return str(error)
    if isinstance(error, requests.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return "a server that fell silent"
    if isinstance(error, requests.exceptions.ProxyError):
        return "a proxy that does not answer"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | ProtocolError):
        return "an answer that broke off"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return "an answer that cannot be read"
