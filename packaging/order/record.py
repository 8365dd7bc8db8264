#!/usr/bin/env python3
"""Writes agent.ld: the functions that an agent runs, for the linker to put side by side.

Usage: packaging/order/record.py BINARY

BINARY is one of `cargo xtask dist` with its names (`-C strip=none`). An agent of it reports for half a minute to a server of it, and somebody
looks at everything. At the beginning of every function stands a breakpoint, which is taken away when it is first met (ptrace(2)): those that
were met are the functions that run. It takes a minute, for Linux on x86-64.

A name without its hash is told where most of what has that name runs, so that it holds for later sources, too. Of other functions the whole name
is told. What is not found by its name any more lies where it would lie without all this.
"""

import collections
import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 30
# Of one name without its hash at most so many times as many bytes are put there as run.
SPREAD = 1.5
# Names of one function that is told for many, which the linker has folded.
MOST_NAMES = 60
# They find themselves in memory before anything else runs, or are signals' ways back.
LEFT_OUT = ("__restore", "_start", "_dlstart", "__dls", "memcpy")

TRACEME, CONT, GETREGS, SETREGS, SETOPTIONS = 0, 7, 12, 13, 0x4200
FORK, VFORK, CLONE, EXEC, EXITKILL = 0x2, 0x4, 0x8, 0x10, 0x100000
EVENT_EXEC = 4
ALL_CHILDREN = 0x40000000
NAMES = (
    "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs"
)


class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in NAMES.split()]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


class Functions:
    """The functions of a binary: their places from the place that it is loaded at, their sizes and their names."""

    def __init__(self, binary):
        self.names = collections.defaultdict(list)
        self.sizes = {}
        listed = subprocess.run(["nm", "--print-size", "--defined-only", binary], capture_output=True, text=True, check=True)
        for line in listed.stdout.splitlines():
            words = line.split(" ", 3)
            if len(words) == 4 and words[2] in "tTwW" and not words[3].startswith(LEFT_OUT):
                place = int(words[0], 16)
                self.names[place].append(words[3])
                self.sizes[place] = int(words[1], 16)
        if not self.names:
            sys.exit(f"{binary} has no names of functions: link it with -C strip=none")

    def stem(self, name):
        """The name without its hash, and without what the linker adds."""
        return re.sub(r"17h[0-9a-f]{16}E$", "", self.whole(name))

    def whole(self, name):
        return re.sub(r"\.llvm\.\d+$", "", name)


class Armed:
    """A process whose functions begin with breakpoints."""

    def __init__(self, pid, binary, functions, is_armed):
        self.memory = os.open(f"/proc/{pid}/mem", os.O_RDWR)
        maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
        self.base = int(next(line for line in maps if line.endswith("/" + os.path.basename(binary))).split("-")[0], 16)
        if is_armed:
            return
        first, last = min(functions.names), max(functions.names)
        text = bytearray(os.pread(self.memory, last + 1 - first, self.base + first))
        self.before = {place: text[place - first] for place in functions.names}
        for place in functions.names:
            text[place - first] = 0xCC
        os.pwrite(self.memory, bytes(text), self.base + first)

    def disarm(self, place):
        os.pwrite(self.memory, bytes([self.before[place]]), self.base + place)


def owner(thread):
    lines = Path(f"/proc/{thread}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Tgid:")).split()[1])


def record(binary, arguments, functions):
    """Runs a program, and returns the places of the functions that it runs."""
    pid = os.fork()
    if pid == 0:
        libc.ptrace(TRACEME, 0, None, None)
        os.execv(binary, [binary, *arguments])
    os.waitpid(pid, 0)
    libc.ptrace(SETOPTIONS, pid, None, FORK | VFORK | CLONE | EXEC | EXITKILL)
    armed = {pid: Armed(pid, binary, functions, False)}
    met, end, asked = set(), time.monotonic() + SECONDS, False
    libc.ptrace(CONT, pid, None, None)
    while True:
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL if asked else signal.SIGTERM)
            asked, end = True, time.monotonic() + 10
        thread, status = os.waitpid(-1, ALL_CHILDREN)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if thread == pid:
                return met
            continue
        number, event, passed_on = os.WSTOPSIG(status), status >> 16, 0
        if number == signal.SIGTRAP and event == EVENT_EXEC:
            armed[owner(thread)] = Armed(thread, binary, functions, False)
        elif number == signal.SIGTRAP and event == 0:
            process = owner(thread)
            if process not in armed:
                # It begins with its parent's breakpoints.
                armed[process] = Armed(thread, binary, functions, True)
                armed[process].before = armed[pid].before
            registers = Registers()
            libc.ptrace(GETREGS, thread, None, ctypes.byref(registers))
            place = registers.rip - 1 - armed[process].base
            if place in functions.names:
                met.add(place)
                armed[process].disarm(place)
                registers.rip -= 1
                libc.ptrace(SETREGS, thread, None, ctypes.byref(registers))
        elif event == 0 and number != signal.SIGSTOP:
            passed_on = number
        libc.ptrace(CONT, thread, None, passed_on)


def patterns(met, functions):
    """The patterns of the linker for the functions that were met."""
    all_bytes, met_bytes = collections.Counter(), collections.Counter()
    for place, names in functions.names.items():
        for stem in {functions.stem(name) for name in names}:
            all_bytes[stem] += functions.sizes[place]
            met_bytes[stem] += functions.sizes[place] if place in met else 0
    found = set()
    for place in met:
        names = functions.names[place]
        for name in names if len(names) <= MOST_NAMES else []:
            stem, whole = functions.stem(name), functions.whole(name)
            is_alike = stem != whole and all_bytes[stem] <= SPREAD * met_bytes[stem]
            name = f"{stem}17h" if is_alike else whole
            # What the compiler thinks unlikely has sections of its own; behind a name may stand what the linker adds.
            found.add(f"*(.text.{name}* .text.unlikely.{name}*)")
    return sorted(found)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    functions = Functions(binary)
    with tempfile.TemporaryDirectory() as folder:
        serve = [binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", f"{folder}/server"]
        server = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        hub = next(line for line in server.stdout if "listening on " in line).split("listening on ")[1].strip()
        code = subprocess.run(
            [binary, "--data-dir", f"{folder}/server", "host", "code"], capture_output=True, text=True, check=True
        ).stdout.split()[0]
        topics = ",".join(f"host/recorded/{kind}" for kind in ("metrics", "system", "processes"))
        reader = subprocess.Popen(["curl", "-sN", f"{hub}/live/sse?topics={topics}"], stdout=subprocess.DEVNULL)
        agent = ["--data-dir", f"{folder}/agent", "agent", "--slow-ms", "1000", "--name", "recorded"]
        try:
            met = record(binary, [*agent, "--hub", hub, "--enrol", code], functions)
        finally:
            for child in (reader, server):
                child.kill()
                child.wait()
    lines = "".join(f"    {pattern}\n" for pattern in patterns(met, functions))
    text = (
        "/* The functions that an agent runs lie side by side, so that it needs few pages of the binary. Written by record.py, which says how. */\n"
        f"SECTIONS\n{{\n  .text.agent :\n  {{\n{lines}  }}\n}}\nINSERT BEFORE .text;\n"
    )
    Path(__file__).with_name("agent.ld").write_text(text)
    size = sum(functions.sizes[place] for place in met)
    print(f"{len(met)} functions ran, of {len(functions.names)}: {size} bytes")


main()
