"""Prints the table of ../real_bodies.rs: what prometheus_client 0.26.0 reads in each body of this folder.

Run it with `python3 -m venv v && v/bin/pip install prometheus_client==0.26.0 && v/bin/python expected.py`. Samples are summed up as FNV-1a of 64 bits over one line each:
type, name, labels, the bits of the value and the time in milliseconds, with tabs between.
"""

import math
import pathlib
import struct
from decimal import ROUND_HALF_UP, Decimal

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

# It refuses labels that begin with two underscores, although it writes them itself for names that are not ASCII.
parser._validate_labelname = lambda name: None
TYPES = {"unknown": "Untyped", "gaugehistogram": "GaugeHistogram", "stateset": "StateSet"}


def milliseconds(timestamp):
    if timestamp is None:
        return "-"
    exact = Decimal(str(timestamp))
    return str(int((exact * 1000).quantize(Decimal(1), ROUND_HALF_UP)))


def bare(family):
    return family.name.removesuffix("_total")


def written(name, body):
    """Returns the name as it stands in the body: the reader adds `_total` to a counter of the text format that has none."""
    return name if name in body else name.removesuffix("_total")


def main():
    for path in sorted(pathlib.Path(__file__).parent.glob("*")):
        if path.suffix not in (".txt", ".openmetrics"):
            continue
        body = path.read_text(encoding="utf-8")
        read = openmetrics_parser if path.suffix == ".openmetrics" else parser
        families = list(read.text_string_to_metric_families(body))
        timed = {bare(f) for f in families if f.type in ("counter", "histogram", "summary")}
        samples = gaps = hidden = 0
        checksum = 0xCBF29CE484222325
        for family in families:
            for sample in family.samples:
                stem = sample.name.removesuffix("_created")
                if stem != sample.name and stem in timed:
                    hidden += 1
                elif math.isnan(sample.value):
                    gaps += 1
                else:
                    samples += 1
                    labels = ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()) if v)
                    bits = struct.pack(">d", sample.value).hex()
                    kind = TYPES.get(family.type, family.type.title())
                    line = f"{kind}\t{written(sample.name, body)}\t{labels}\t{bits}\t{milliseconds(sample.timestamp)}\n"
                    for byte in line.encode():
                        checksum = (checksum ^ byte) * 0x100000001B3 % 2**64
        print(f'("{path.name}", [{samples}, {gaps}, {hidden}], {checksum:#x}),')


main()
