#!/usr/bin/env bash
# Autobahn's WebSocket test suite on a Python that it is not written for.
#
# Version: autobahntestsuite 25.10.1 (PyPI), the release of 2025. Seen on 2026-11-28 with Python 3.11.7 and pip 23.2.1.
# Behaviour: the release number is of today, yet the code is Python 2.7's. The package says so in its classifiers alone, which pip
#   does not read, and has no Requires-Python: so pip installs it on Python 3 without a word, and none of its dependencies (Autobahn 0.10.9, Twisted 19.10 and the rest are
#   asked for on Python 2 alone). Its program `wstest` then ends at its first import.
# Output seen: `requires-python: none`, `packages: autobahntestsuite`, `wstest: ModuleNotFoundError: No module named '_version'`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check autobahntestsuite==25.10.1

requires=$("$folder/venv/bin/python" - <<'PY'
from importlib.metadata import metadata
print(metadata('autobahntestsuite').get('Requires-Python', 'none'))
PY
)
packages=$("$folder/venv/bin/pip" list --disable-pip-version-check --format freeze | sed 's/==.*//' | grep -vE '^(pip|setuptools|wheel)$' | paste -sd ' ')
# Its failure is what is looked at.
wstest=$("$folder/venv/bin/wstest" --help 2>&1 | tail -n 1 || true)

seen="requires-python: $requires
packages: $packages
wstest: $wstest"
expected="requires-python: none
packages: autobahntestsuite
wstest: ModuleNotFoundError: No module named '_version'"
echo "$seen"
if [ "$seen" != "$expected" ]; then
  printf 'changed; it was:\n%s\n' "$expected" >&2
  exit 1
fi
