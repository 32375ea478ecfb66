"""The wire: a threaded HTTP server that says what it is told to, breaks off in the middle, or stays silent."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

Said = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}
CUT = "X-Test-Cut"  # so many bytes of the body are sent, then the connection is cut
SILENCE = "X-Test-Silence"  # so many seconds before anything is said


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@contextmanager
def speaking(answer: Callable[[Asked], Said]) -> Iterator[str]:
    """The address of a server that answers each request with status, headers and body."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said, content = answer(
                Asked(self.command, url.path, parse_qs(url.query, keep_blank_values=True), headers, body)
            )
            time.sleep(float(said.get(SILENCE, 0)))
            with suppress(OSError):  # who asked may have gone
                self.send_response(status)
                for name, value in {**said, "Content-Length": str(len(content))}.items():
                    if name not in (CUT, SILENCE):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content[: int(said.get(CUT, len(content)))])
                if CUT in said:
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
