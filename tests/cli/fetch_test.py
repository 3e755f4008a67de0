"""Downloads from hostile servers over TLS: certificates, redirections to other schemes and endless
bodies. The unit tests cover wrong content, resuming and stalling."""

import http.server
import os
import ssl
import subprocess
import threading
import unittest

from program import PROGRAM, ProgramTest, environment

# Self-signed certificate of localhost, valid until 2126; used in this test only.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOIRJUBV9uOntlRE3
evMCUk9T8DWOnGPoUJaz9tB5s8qhRANCAARbB6FKUzi47uGC4w7H3dxwfZyQ2OGm
sfEqFKttrC/4+hzWwSqL5ymcD0026nuyTbFLPIjsMrByJLHXOrgKriX8
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUNP68Dr6X+Mf51c/5O2amLhk0Jx4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTAwNDc1OVoYDzIxMjYxMTA1
MDA0NzU5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARbB6FKUzi47uGC4w7H3dxwfZyQ2OGmsfEqFKttrC/4+hzWwSqL5ymc
D0026nuyTbFLPIjsMrByJLHXOrgKriX8o2kwZzAdBgNVHQ4EFgQUadH7NYH2rDal
7b3FgPAweIg+1zAwHwYDVR0jBBgwFoAUadH7NYH2rDal7b3FgPAweIg+1zAwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhALoV/2rCasojksogAymieBiZz/4fs7ULJgdox+UtMRBnAiAIy1kGtkmO
npLtksSXOGIgW1x2Zgj9Bhwj6nob+LwJ3g==
-----END CERTIFICATE-----
"""


class Liar(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        getattr(self, self.server.lie)()

    def wrong_content(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"wrong")

    def file_of_the_machine(self):
        self.send_response(302)
        self.send_header("Location", f"file://{self.server.secret}")
        self.end_headers()

    def endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(bytes(1 << 16))
                self.server.sent += 1 << 16
        except OSError:
            pass

    def log_message(self, *_):
        pass


class FetchTest(ProgramTest):
    def fetch(self, lie, trusted=True):
        certificate = self.write("certificate.pem", CERTIFICATE)
        server = http.server.ThreadingHTTPServer(("localhost", 0), Liar)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.lie = lie
        server.sent = 0
        server.secret = self.write("secret", "of the machine")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        variables = {**environment(), **({"SSL_CERT_FILE": str(certificate)} if trusted else {})}
        self.server = server
        mirror = f"https://localhost:{server.server_port}"
        return subprocess.run([PROGRAM, "data", "fetch", "mnist", "--data-dir", "data", "--quiet",
                               "--mirror", mirror],
                              cwd=self.folder, env=variables, capture_output=True, timeout=120, text=True)

    def left(self):
        return sorted(path.name for path in (self.folder / "data").rglob("*") if path.is_file()
                      and path.name != ".lock")

    def assert_refused(self, done, text):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)
        self.assertEqual([name for name in self.left() if name.endswith(".gz")], [])

    def test_a_certificate_that_nobody_vouches_for_is_refused(self):
        self.assert_refused(self.fetch("wrong_content", trusted=False), "certificate")
        self.assertEqual(self.left(), [])

    def test_a_trusted_server_has_to_send_the_right_content(self):
        self.assert_refused(self.fetch("wrong_content"), "https://localhost")

    def test_a_redirection_to_a_file_is_not_followed(self):
        self.assert_refused(self.fetch("file_of_the_machine"), "https://localhost")
        for path in (self.folder / "data").rglob("*"):
            self.assertFalse(path.is_file() and "of the machine" in path.read_text(errors="replace"))

    def test_a_body_without_end_is_cut_off(self):
        self.assert_refused(self.fetch("endless"), "https://localhost")
        self.assertLess(self.server.sent, 1 << 30)


if __name__ == "__main__":
    unittest.main()
