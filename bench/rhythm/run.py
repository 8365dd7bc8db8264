#!/usr/bin/env python3
"""Measures whether the numbers keep their rhythm on a machine that is as hostile as it gets.

    sudo bench/rhythm/run.py target/release/pulseboard

It makes, in namespaces of its own that go with it: 4,000 bind mounts, 200 network interfaces, 8,000 programs, a mount whose FUSE server
never answers, and a disk that is frozen while the server has its data on it. Then it follows `host/local/metrics`, which comes every 500 ms, and says how far apart the
samples arrived: 99 of 100 gaps are to be under 600 ms. Needs root, Python 3, iproute2 and e2fsprogs, and 4 GB of memory.
"""

import argparse
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

LIMIT = 0.6
SHARE = 0.99
libc = ctypes.CDLL(None, use_errno=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", help="the server to measure")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--mounts", type=int, default=4000)
    parser.add_argument("--cards", type=int, default=200)
    parser.add_argument("--programs", type=int, default=8000)
    parser.add_argument("--no-dead-mount", action="store_true")
    parser.add_argument("--no-frozen-disk", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def run(*command):
    subprocess.run(command, check=True)


def mount(source, point, kind, flags, options):
    texts = [text.encode() if text else None for text in (source, point, kind)]
    if libc.mount(*texts, flags, options.encode() if options else None):
        raise OSError(ctypes.get_errno(), f"cannot mount {point}")


def dead_mount(point):
    """A FUSE server that answers the handshake and nothing else. It ends with this program."""
    os.makedirs(point)
    fuse = os.open("/dev/fuse", os.O_RDWR)
    mount("dead", point, "fuse", 0, f"fd={fuse},rootmode=40000,user_id=0,group_id=0,allow_other")
    request = os.read(fuse, 1 << 17)
    unique = struct.unpack_from("<IIQ", request)[2]
    reply = struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 0, 0, 4096, 1, 0, 0, 0)
    os.write(fuse, struct.pack("<IiQ", 16 + len(reply), 0, unique) + reply)
    child = os.fork()
    if child == 0:
        end_with_parent()
        while True:
            os.read(fuse, 1 << 17)
    os.close(fuse)
    return child


def end_with_parent():
    libc.prctl(1, signal.SIGKILL)


def disk(folder):
    image, point = f"{folder}/image", f"{folder}/disk"
    run("truncate", "-s", "64M", image)
    run("mkfs.ext4", "-q", "-F", image)
    os.makedirs(point)
    run("mount", "-o", "loop", image, point)
    return point


def programs(count):
    children = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            end_with_parent()
            while True:
                signal.pause()
        children.append(child)
    return children


def bind_mounts(folder, count):
    source = f"{folder}/source"
    os.makedirs(source)
    for n in range(count):
        point = f"{folder}/bind/{n}"
        os.makedirs(point)
        mount(source, point, None, 0x1000, None)


def cards(count):
    batch = []
    for n in range(count // 2):
        batch.append(f"link add cali{n} type veth peer name far{n}")
        batch += [f"link set cali{n} up", f"link set far{n} up"]
    subprocess.run(["ip", "-batch", "-"], input="\n".join(batch).encode(), check=True)


def follow(address, seconds):
    """When each sample arrived, on the monotonic clock, and what the last one held."""
    line = socket.create_connection(address, timeout=30)
    line.sendall(
        f"GET /live/sse?topics=host/local/metrics,host/local/system,host/local/processes HTTP/1.1\r\nhost: {address[0]}:{address[1]}\r\n\r\n".encode()
    )
    moments, last, text = [], {}, b""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text += line.recv(1 << 16)
        now = time.monotonic()
        *whole, text = text.split(b"\n")
        for part in whole:
            if part.startswith(b"data: {") and b'"at"' in part:
                sample = json.loads(part[6:])
                data = sample.get("data", sample)
                topic = sample.get("topic", "processes" if "by_cpu" in data else "metrics" if "cpu.total" in data.get("values", {}) else "system")
                if topic.endswith("metrics"):
                    moments.append(now)
                last[topic.rsplit("/")[-1]] = data
    line.close()
    return moments, last


def thaw(options, point):
    """Before the server ends: the kernel lets no one go who waits to write to a frozen disk."""
    if not options.no_frozen_disk:
        subprocess.run(["fsfreeze", "-u", point], stderr=subprocess.DEVNULL)


def status(pid, name):
    with open(f"/proc/{pid}/status") as file:
        return re.search(rf"^{name}:\s+(\d+)", file.read(), re.M).group(1)


def cpu(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def inside(options):
    libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None)
    mount("sysfs", "/sys", "sysfs", 0, None)
    run("ip", "link", "set", "lo", "up")
    # In memory: four thousand folders are no load for the disk.
    folder = tempfile.mkdtemp(prefix="rhythm-", dir="/dev/shm")
    children, data = [], None
    try:
        bind_mounts(folder, options.mounts)
        cards(options.cards)
        if not options.no_dead_mount:
            children.append(dead_mount(f"{folder}/dead"))
        data = disk(folder)
        children += programs(options.programs)
        return measure(options, data)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
        if data:
            subprocess.run(["umount", "-l", data])
        # The binds first: they lead to a folder that is to go.
        for n in range(options.mounts):
            libc.umount2(f"{folder}/bind/{n}".encode(), 2)
        libc.umount2(f"{folder}/dead".encode(), 2)
        shutil.rmtree(folder, ignore_errors=True)


def measure(options, data):
    server = subprocess.Popen(
        [options.binary, "--listen", "127.0.0.1:0", "--data-dir", f"{data}/data"], stdout=subprocess.PIPE, text=True
    )
    try:
        said = server.stdout.readline()
        host, port = said.strip().rsplit("/", 1)[1].rsplit(":", 1)
        if not options.no_frozen_disk:
            run("fsfreeze", "-f", data)
        began, used = time.monotonic(), cpu(server.pid)
        moments, last = follow((host, int(port)), options.seconds)
        share = 100 * (cpu(server.pid) - used) / (time.monotonic() - began)
        resident = int(status(server.pid, "VmRSS")) // 1024
        thaw(options, data)
        stopping = time.monotonic()
        server.terminate()
        server.wait(30)
        stopped = time.monotonic() - stopping
    finally:
        thaw(options, data)
        server.kill()
    # The first two are told at once.
    gaps = sorted(next - one for one, next in zip(moments[2:], moments[3:]))
    if not gaps:
        sys.exit("no samples came")
    at = lambda share: gaps[min(len(gaps) - 1, int(share * len(gaps)))] * 1000
    good = sum(gap < LIMIT for gap in gaps) / len(gaps)
    metrics, system, listed = (last.get(name, {}) for name in ("metrics", "system", "processes"))
    silent = [key for key in metrics.get("no_answer", {})]
    print(f"{options.mounts} mounts, {options.cards} cards, {listed.get('count')} programs, {len(gaps)} gaps in {options.seconds} s")
    print(f"gaps: median {at(0.5):.0f} ms, p95 {at(0.95):.0f} ms, p99 {at(0.99):.0f} ms, worst {gaps[-1] * 1000:.0f} ms")
    print(f"{good * 100:.1f} % of the gaps are under {LIMIT * 1000:.0f} ms")
    print(f"no answer from {len(silent)}: {', '.join(silent) or 'none'}")
    print(f"interfaces told {sum(key != '' for key in system.get('values', {}).get('network.received', {}))}, left out {system.get('left_out', {}).get('network.received', 0):.0f}")
    print(f"resident {resident} MiB, CPU {share:.0f} % of one core, stopped in {stopped:.1f} s; load of the machine {os.getloadavg()[0]:.1f}")
    return 0 if good >= SHARE else 1


def main():
    options = arguments()
    if options.inside:
        return inside(options)
    options.binary = os.path.abspath(options.binary)
    command = ["unshare", "--mount", "--net", sys.executable, os.path.abspath(__file__), "--inside"]
    return subprocess.run([*command, *sys.argv[1:]]).returncode


if __name__ == "__main__":
    sys.exit(main())
