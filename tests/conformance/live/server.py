"""A Conductor server on loopback: its process, clock, database and REST API."""

import datetime
import json
import os
import pathlib
import socket
import sqlite3
import struct
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

SETTINGS = {
    "conductor.db.type": "sqlite",
    "conductor.queue.type": "sqlite",
    "conductor.indexing.type": "sqlite",
    "conductor.workflow-execution-lock.type": "local_only",
    "conductor.app.workflowExecutionLockEnabled": "true",
    # A sample asks for the smallest of these; no other case comes near it.
    "conductor.app.maxWorkflowVariablesPayloadSizeThreshold": "2KB",
    # JOINs are looked at as often as they can be: their back-off is no part of the cases.
    "conductor.app.systemTaskPostponeThreshold": "1000000",
    # Waits for a message are in time of day, which creeps.
    "conductor.app.systemTaskQueuePopTimeout": "0ms",
    "conductor.app.sweeper.queuePopTimeout": "0",
    "conductor.app.eventQueueLongPollTimeout": "0ms",
    "conductor.scheduler.enabled": "false",
    "conductor.grpc-server.enabled": "false",
    "conductor.integrations.ai.enabled": "false",
    "server.address": "127.0.0.1",
}


RATE = 20  # as in clock.c


class Refused(Exception):
    """The server's answer to what it does not do."""


class Clock:
    """The server's time of day (see clock.c)."""

    def __init__(self, path):
        self.path = path
        self.real = time.time_ns()
        self.set(self.real)

    def set(self, nanoseconds):
        # Begins a new count, far from any request: not atomic.
        self.real = time.time_ns()
        self.base = nanoseconds
        self._write()

    def advance(self, seconds):
        self.base += int(seconds * 1_000_000_000)
        self._write()

    def now(self):
        return self.base + (time.time_ns() - self.real) // RATE

    def _write(self):
        mode = "r+b" if self.path.exists() else "wb"
        with open(self.path, mode) as file:
            file.write(struct.pack("<qq", self.base, self.real))


class Server:
    def __init__(self, java, jar, clock_library, folder, settings):
        self.folder = pathlib.Path(folder)
        self.database = self.folder / "conductor.db"
        self.clock = Clock(self.folder / "clock")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        properties = dict(SETTINGS, **settings)
        properties["server.port"] = self.port
        properties["spring.datasource.url"] = (
            f"jdbc:sqlite:{self.database}?busy_timeout=15000&journal_mode=WAL")
        command = [java, "-Xmx1g", "-XX:TieredStopAtLevel=1", "-jar", jar]
        command += [f"--{name}={value}" for name, value in properties.items()]
        environment = dict(os.environ, LD_PRELOAD=str(clock_library), TZ="UTC",
                           LIVE_CLOCK=str(self.clock.path),
                           # GraalJS is interpreted there: the first script of a process may need more
                           # than the usual 4 s, and then a message is not handled (O95).
                           CONDUCTOR_SCRIPT_MAX_EXECUTION_SECONDS="120")
        self.log = open(self.folder / "server.log", "wb")
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment,
                                        stdout=self.log, stderr=subprocess.STDOUT)

    def wait_until_ready(self, seconds=600):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                    return
            except OSError:
                time.sleep(1)
        raise RuntimeError(f"the server was not ready within {seconds} s")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    # --- REST --------------------------------------------------------------------------------

    def call(self, method, path, body=None, **query):
        query = {name: value for name, value in query.items() if value is not None}
        url = f"http://127.0.0.1:{self.port}/api/{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                text = response.read().decode()
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            try:
                text = json.loads(text)["message"]
            except (ValueError, KeyError, TypeError):
                pass
            raise Refused(f"{error.code}: {text}") from None
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text

    # --- its database -------------------------------------------------------------------------

    def sql(self, *statements):
        with sqlite3.connect(self.database, timeout=60) as connection:
            for statement, *values in statements:
                connection.execute(statement, values)
        connection.close()

    def has_due(self, queues):
        """Whether a message of these queues waits to be taken or answered now."""
        now = datetime.datetime.fromtimestamp(self.clock.now() / 1e9, datetime.UTC)
        connection = sqlite3.connect(self.database, timeout=60)
        marks = ", ".join("?" * len(queues))
        (count,) = connection.execute(
            f"SELECT count(*) FROM queue_message WHERE queue_name IN ({marks}) AND deliver_on <= ?",
            (*queues, now.strftime("%Y-%m-%d %H:%M:%S.%f"))).fetchone()
        connection.close()
        return count > 0

    def forget_everything(self):
        connection = sqlite3.connect(self.database, timeout=60)
        names = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")]
        with connection:
            for name in names:
                if not name.startswith("sqlite_") and "flyway" not in name and name != "queue":
                    connection.execute(f'DELETE FROM "{name}"')
        connection.close()
