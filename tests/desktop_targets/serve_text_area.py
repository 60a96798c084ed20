"""Serves text_area.html on loopback, and writes what the page tells of its text area's content to a file.

serve_text_area.py FILE   prints the port.
"""

from __future__ import annotations

import http.server
import os
import sys
from pathlib import Path

PAGE = Path(__file__).with_name("text_area.html").read_bytes()
path, newest = sys.argv[1], 0


class Page(http.server.BaseHTTPRequestHandler):
    """One page, and what it tells."""

    def do_GET(self) -> None:
        """The page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def do_POST(self) -> None:
        """A content; an older one that came late is left aside. Whole or not at all: the test reads while we write."""
        global newest
        content = self.rfile.read(int(self.headers["Content-Length"]))
        number = int(self.path.partition("?")[2])
        if number > newest:
            newest = number
            Path(f"{path}.new").write_bytes(content)
            os.replace(f"{path}.new", path)
        self.send_response(204)
        self.end_headers()


Path(path).write_bytes(b"")
server = http.server.HTTPServer(("127.0.0.1", 0), Page)
print(server.server_port, flush=True)
server.serve_forever()
