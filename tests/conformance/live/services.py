"""The services that HTTP tasks of a case call: scripted answers on loopback."""

import http.server
import json
import re
import threading


class Services:
    def __init__(self):
        self.begin({})
        services = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                self.read_body()
                # /host:port/path, see `redirected`
                path = "/" + self.path.lstrip("/").partition("/")[2]
                status, body = services.answer_to(self.command, path)
                data = json.dumps(body, separators=(",", ":")).encode() if body is not None else b""
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def read_body(self):
                if self.headers.get("Transfer-Encoding") != "chunked":
                    self.rfile.read(int(self.headers.get("Content-Length") or 0))
                    return
                while length := int(self.rfile.readline(), 16):
                    self.rfile.read(length + 2)
                self.rfile.readline()

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def begin(self, answers):
        self.answers = answers
        self.calls = {}
        self.order = []

    def answer_to(self, method, path):
        self.order.append(f"{method} {path}")
        for key in (f"{method} {path}", f"{method} {path.partition('?')[0]}"):
            if key not in self.answers:
                continue
            answer = self.answers[key]
            if isinstance(answer, list):
                number = self.calls.get(key, 0)
                self.calls[key] = number + 1
                answer = answer[min(number, len(answer) - 1)]
            return answer.get("status", 200), answer.get("body")
        return 404, None

    def redirected(self, definition):
        """The definition with every URI led to these services."""
        return json.loads(re.sub(r'http://(?=[^/"$]+[/"])', self.address, json.dumps(definition)))

    def original(self, text):
        return text.replace(self.address, "http://")
