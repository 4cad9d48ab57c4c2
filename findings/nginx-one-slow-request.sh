#!/usr/bin/env bash
# nginx 1.22.1 (Debian 12): one slow GET takes every healthy server out of the upstream; all others get 502 for ten seconds.
#
# Expected: one URL is slow (a report), the other pages are fast, three servers are healthy. The slow request times out with
# 504, perhaps after a second try. The rest of the site does not notice.
# Happens: with default settings proxy_next_upstream passes the timed-out GET from server to server until all were tried, and
# max_fails=1 counts each of its timeouts against the server. After that one request no server is left, and every request of
# everybody is answered 502 at once ("no live upstreams") for fail_timeout, 10 s. The next look at the report takes the site
# down again. A slow POST is not passed on; three of them do the same.
# Each of the three defaults is documented; that together they turn one slow request into an outage is not.
#
# Seen:
#   before:        3 of 3 fast requests are answered 200
#   one slow GET:  504 after 3.0 s, tried on 3 servers
#   then:          fast requests are answered 502 for 9 s, although no server had a problem with them
#
# Debian's package is unpacked in a temporary folder, not installed. Needs apt-get with its lists, and Python 3.
# Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; chmod 755 "$dir"; cd "$dir"

unpack() { for p in "$@"; do apt-get download "$p" || apt-get download "${p%%=*}"; done; for d in *.deb; do dpkg-deb -x "$d" root; done; }
unpack nginx=1.22.1-9+deb12u11 libpcre2-8-0 >install.log 2>&1 || { echo "could not install"; exit 2; }
export LD_LIBRARY_PATH="$dir/root/usr/lib/x86_64-linux-gnu:$dir/root/lib/x86_64-linux-gnu"
root/usr/sbin/nginx -v 2>&1 || exit 2

cat > finding.py <<'PY'
import http.server
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

tried = []


class Backend(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/report":
            tried.append(self.server.server_port)
            time.sleep(3)
        try:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass  # the proxy has given up

    def log_message(self, *args):
        pass


def listen():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


probe = http.server.HTTPServer(("127.0.0.1", 0), Backend)  # finds a free port for nginx
port = probe.server_port
probe.server_close()
servers = "\n".join(f"server 127.0.0.1:{listen()};" for _ in range(3))
folders = "\n".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
with open("nginx.conf", "w") as file:
    file.write(f"""
daemon off; pid nginx.pid; worker_processes 1; events {{}}
http {{
    access_log off; {folders}
    upstream site {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://site; proxy_read_timeout 1s; }}
    }}
}}""")
nginx = subprocess.Popen(["root/usr/sbin/nginx", "-p", ".", "-c", "nginx.conf", "-e", "error.log"])


def get(path):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


try:
    for _ in range(100):
        try:
            get("/")
            break
        except urllib.error.URLError:
            time.sleep(0.1)
    before = [get("/") for _ in range(3)]
    print(f"before:        {before.count(200)} of 3 fast requests are answered 200")
    start = time.monotonic()
    slow = get("/report")
    print(f"one slow GET:  {slow} after {time.monotonic() - start:.1f} s, tried on {len(set(tried))} servers")
    start = time.monotonic()
    while (status := get("/")) == 502 and time.monotonic() - start < 20:
        time.sleep(0.2)
    outage = time.monotonic() - start
    print(f"then:          fast requests are answered 502 for {outage:.0f} s, although no server had a problem with them")
finally:
    nginx.terminate()
    nginx.wait()

as_described = before == [200] * 3 and slow == 504 and len(set(tried)) == 3 and 5 < outage < 15 and status == 200
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 60 python3 finding.py
