"""A web server on this machine that behaves as the publishers do, faults included."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

Reply = Callable[["Handler"], None]
WEB_PAGE = b"<!DOCTYPE html><html><body><h1>We are doing some maintenance</h1></body></html>"


@dataclass
class File:
    """A file as a store of files serves it: with marks, ranges and conditions."""

    content: bytes
    etag: str = '"one"'
    last_modified: str = "Thu, 23 Jul 2026 08:30:00 GMT"
    kind: str = "application/octet-stream"
    ranges: bool = True

    def __call__(self, handler: Handler) -> None:
        asked = handler.headers
        if self.etag and asked.get("If-None-Match") == self.etag:
            return handler.reply(304, b"", {"ETag": self.etag})
        if not self.etag and asked.get("If-Modified-Since") == self.last_modified:
            return handler.reply(304, b"")
        marks = {"ETag": self.etag, "Last-Modified": self.last_modified, "Content-Type": self.kind}
        marks = {name: value for name, value in marks.items() if value}
        start = self.asked_from(asked)
        if start is None:
            return handler.reply(200, self.content, marks)
        if start >= len(self.content):
            return handler.reply(416, b"", {"Content-Range": f"bytes */{len(self.content)}"})
        whole = len(self.content)
        marks["Content-Range"] = f"bytes {start}-{whole - 1}/{whole}"
        return handler.reply(206, self.content[start:], marks)

    def asked_from(self, asked) -> int | None:
        """Where the wanted range begins, if it is to be given."""
        named, only_if = asked.get("Range"), asked.get("If-Range")
        if not (self.ranges and named) or only_if not in (None, self.etag, self.last_modified):
            return None
        return int(named.removeprefix("bytes=").partition("-")[0])


def as_json(value: object) -> Reply:
    """An answer in JSON."""
    content = json.dumps(value).encode()
    return lambda handler: handler.reply(200, content, {"Content-Type": "application/json"})


def status(code: int, content: bytes = b"", **headers: str) -> Reply:
    """An answer of this status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(code, content, named)


def redirect(address: str) -> Reply:
    """Sends elsewhere."""
    return status(302, Location=address)


def web_page(handler: Handler) -> None:
    """A page with status 200 where a file should be."""
    handler.reply(200, WEB_PAGE, {"Content-Type": "text/html; charset=utf-8"})


def cut_off(file: File, after: int) -> Reply:
    """The file's head, its length and the first bytes of it; then the line goes dead."""

    def reply(handler: Handler) -> None:
        start = file.asked_from(handler.headers) or 0
        rest = file.content[start:]
        marks = {"ETag": file.etag, "Last-Modified": file.last_modified}
        if start:
            whole = len(file.content)
            marks["Content-Range"] = f"bytes {start}-{whole - 1}/{whole}"
        handler.head(206 if start else 200, len(rest), marks)
        handler.wfile.write(rest[:after])
        handler.wfile.flush()
        handler.close_connection = True

    return reply


def silent(seconds: float) -> Reply:
    """Takes the question and says nothing for so long."""

    def reply(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return reply


def dripping(file: File, pause: float) -> Reply:
    """Sends a little at a time, for ever."""

    def reply(handler: Handler) -> None:
        handler.head(200, len(file.content), {"ETag": file.etag})
        for place in range(0, len(file.content), 1000):
            handler.wfile.write(file.content[place : place + 1000])
            handler.wfile.flush()
            time.sleep(pause)

    return reply


@dataclass
class Site:
    """What is served at which path; `first` is answered before it, each once, in order."""

    pages: dict[str, Reply] = field(default_factory=dict)
    first: defaultdict[str, deque[Reply]] = field(default_factory=lambda: defaultdict(deque))
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.site = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def asked_for(self, path: str) -> list[dict[str, str]]:
        """The headers of each question for a path, oldest first."""
        return [headers for asked, headers in self.asked if urlsplit(asked).path == path]

    def queries(self, path: str) -> list[dict[str, str]]:
        """The query of each question for a path."""
        asked = [urlsplit(each) for each, _ in self.asked]
        return [
            {name: values[0] for name, values in parse_qs(each.query).items()}
            for each in asked
            if each.path == path
        ]


class Server(ThreadingHTTPServer):
    """Answers each in a thread of its own."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone: that is part of what is tried, and any other fault is raised."""
        if not isinstance(sys.exception(), ConnectionError):
            raise


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's pages."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = self.server.site
        site.asked.append((self.path, dict(self.headers)))
        path = urlsplit(self.path).path
        reply = site.first[path].popleft() if site.first[path] else site.pages.get(path)
        try:
            (reply or status(404, WEB_PAGE))(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked has gone

    @property
    def query(self) -> dict[str, str]:
        """What is asked after the question mark."""
        return {name: each[0] for name, each in parse_qs(urlsplit(self.path).query).items()}

    def head(self, code: int, length: int, headers: dict[str, str]) -> None:
        """Status and headers."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def reply(self, code: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        """A whole answer."""
        self.head(code, 0 if code == 304 else len(content), headers or {})
        if code != 304:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""
