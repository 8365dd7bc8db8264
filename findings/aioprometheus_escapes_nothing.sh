#!/usr/bin/env bash
# aioprometheus writes labels' values and help texts as they are, without the escapes of the text format: some bodies are refused, others are misread.
#
# Version: aioprometheus 23.12.0 (PyPI); read by prometheus_client 0.26.0. Seen on 2026-11-30.
# Behaviour: a value with a quotation mark ends there, one with a line's end is two lines, and a help of two lines has one that looks like a sample. The
#   official reader then refuses the whole body, other metrics among it. A Windows path is worse: it is read without a fault, and `C:\new` is `C:`, the end of a
#   line and `ew`, since a reader takes `\n` for the escape; `\\host` loses a backslash. A label's name beyond ASCII is written bare, which no version of
#   the format has.
# Expected: `\\`, `\"` and `\n`, as the format has them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "aioprometheus[aiohttp]==23.12.0" prometheus_client==0.26.0

cat > "$folder/expose.py" <<'PYTHON'
import asyncio, json, urllib.request

import aioprometheus
from aioprometheus.service import Service
from prometheus_client.parser import text_string_to_metric_families

CASES = {
    "plain": ("Files.", "path", "/srv"),
    "quotation mark": ("Files.", "path", 'a "b"'),
    "line's end": ("Files.", "path", "a\nb"),
    "help of two lines": ("Files,\nand folders.", "path", "/srv"),
    "Korean label": ("Files.", "경로", "/srv"),
    "Windows path": ("Files.", "path", r"C:\new"),
    "Windows share": ("Files.", "path", r"\\host\data"),
}

async def body(text, label, value):
    registry = aioprometheus.Registry()
    aioprometheus.Gauge("up", "Up.", registry=registry).set({}, 1)
    aioprometheus.Gauge("files", text, registry=registry).set({label: value}, 7)
    service = Service(registry=registry)
    await service.start(addr="127.0.0.1", port=0)
    try:
        return (await asyncio.to_thread(urllib.request.urlopen, service.metrics_url)).read().decode()
    finally:
        await service.stop()

async def main():
    for name, (text, label, value) in CASES.items():
        sent = await body(text, label, value)
        try:
            samples = [sample for family in text_string_to_metric_families(sent) for sample in family.samples]
            read = {sample.name: sample.labels.get(label) for sample in samples}
            told = "as it was" if read == {"up": None, "files": value} else "read as " + json.dumps(read["files"])
        except ValueError as error:
            told = f"refused: {error}"
        print(f"{name}: {told}")

asyncio.run(main())
PYTHON

"$folder/venv/bin/python" "$folder/expose.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
plain: as it was
quotation mark: refused: Invalid labels: path="a "b""
line's end: refused: could not convert string to float: '{path="a'
help of two lines: refused: could not convert string to float: 'folders.'
Korean label: refused: Invalid labels: 경로="/srv"
Windows path: read as "C:\new"
Windows share: read as "\\host\\data"
SEEN
