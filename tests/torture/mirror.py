"""An HTTP server for the data sets in a folder, used to disturb downloads."""

import http.server
import re
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = (self.server.folder / self.path.lstrip("/")).resolve()
        if not path.is_relative_to(self.server.folder) or not path.is_file():
            return self.send_error(404)
        content = path.read_bytes()
        begin = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        at = int(begin[1]) if begin else 0
        if at >= len(content):
            return self.send_error(416)
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {at}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - at))
        self.end_headers()
        self.wfile.write(content[at:])

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Ignores errors, because the client was killed."""


def serve(folder):
    """Serves the files of a folder until the process ends; returns the URL."""
    server = Server(("127.0.0.1", 0), Handler)
    server.folder = folder.resolve()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
