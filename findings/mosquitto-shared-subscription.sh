#!/usr/bin/env bash
# mosquitto 2.0.11 (Debian 12): a shared subscription deals jobs to a worker that is gone, keeps 1000 and drops the rest.
#
# Expected: two workers share $share/workers/jobs with QoS 1 and persistent sessions, so that nothing is lost. One dies. The
# other one gets all the jobs, as from any other work queue; at worst they wait. QoS 1 is "at least once", and the broker has
# acknowledged every publish.
# Happens: the broker goes on dealing in turn, connected or not. Half of the jobs go into the dead worker's queue, where
# nobody else can get them; beyond max_queued_messages (1000) they are thrown away, while the healthy worker has nothing to
# do. The publisher has its acknowledgements, and the number of lost jobs grows with the length of the outage.
# The queue's limit is documented. MQTT 5 lets the broker choose the receiver; that mosquitto chooses absent ones is not
# documented.
#
# Seen:
#   6000 jobs published with QoS 1, 6000 acknowledged
#   healthy worker received 3000; the other one, after its return, 1000; lost for ever: 2000
#
# Debian's packages are unpacked in a temporary folder, not installed. Needs apt-get with its lists, and Python 3.9 or later.
# Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; chmod 755 "$dir"; cd "$dir"

unpack() { for p in "$@"; do apt-get download "$p" || apt-get download "${p%%=*}"; done; for d in *.deb; do dpkg-deb -x "$d" root; done; }
{
    unpack mosquitto=2.0.11-1.2+deb12u2 libmosquitto1=2.0.11-1.2+deb12u2 libcjson1 libdlt2 libwrap0
    python3 -m venv venv
    venv/bin/pip install -q paho-mqtt==2.1.0
} >install.log 2>&1 || { echo "could not install"; exit 2; }
export LD_LIBRARY_PATH="$dir/root/usr/lib/x86_64-linux-gnu:$dir/root/lib/x86_64-linux-gnu"
root/usr/sbin/mosquitto -h | head -1 || true

cat > finding.py <<'PY'
import socket
import subprocess
import sys
import time

import paho.mqtt.client as mqtt

JOBS = 6000
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
with open("mosquitto.conf", "w") as file:
    file.write(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
broker = subprocess.Popen(["root/usr/sbin/mosquitto", "-c", "mosquitto.conf"], stderr=subprocess.DEVNULL)


def connect(name, clean=False):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name, clean_session=clean)
    client.jobs, client.ready = [], False
    client.on_message = lambda c, data, message: c.jobs.append(int(message.payload))
    client.on_connect = client.on_subscribe = lambda c, *rest: setattr(c, "ready", True)
    for _ in range(100):
        try:
            client.connect("127.0.0.1", port)
            break
        except OSError:
            time.sleep(0.1)
    client.loop_start()
    wait(client)
    return client


def wait(client):
    while not client.ready:
        time.sleep(0.02)
    client.ready = False


def settle(client):
    """Waits until a client has received nothing for a second."""
    seen = -1
    while seen != len(client.jobs):
        seen = len(client.jobs)
        time.sleep(1)


try:
    publisher = connect("publisher", clean=True)
    workers = [connect("worker-1"), connect("worker-2")]
    for worker in workers:
        worker.subscribe("$share/workers/jobs", qos=1)
        wait(worker)
    workers[0].disconnect()
    workers[0].loop_stop()
    time.sleep(0.5)

    published = [publisher.publish("jobs", str(i), qos=1) for i in range(JOBS)]
    for message in published:
        message.wait_for_publish(20)
    acknowledged = sum(message.is_published() for message in published)
    print(f"{JOBS} jobs published with QoS 1, {acknowledged} acknowledged")

    settle(workers[1])
    back = connect("worker-1")
    settle(back)
    lost = JOBS - len(set(workers[1].jobs) | set(back.jobs))
    print(f"healthy worker received {len(workers[1].jobs)}; the other one, after its return, {len(back.jobs)}; "
          f"lost for ever: {lost}")
finally:
    broker.terminate()
    broker.wait()

as_described = acknowledged == JOBS and len(workers[1].jobs) == JOBS // 2 and len(back.jobs) == 1000 and lost == 2000
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 90 venv/bin/python finding.py
