#!/usr/bin/env bash
# cargo-cyclonedx 0.5.9 (crates.io) has no `--version` of its own: the program knows its version only as the subcommand that cargo would run, and then
# its name is doubled. A set-up that asks `cargo-cyclonedx --version`, as it asks other programs of cargo, finds it missing and installs it
# again each time. Expected, as of cargo-deb, cargo-deny or cargo-leptos: `cargo-cyclonedx 0.5.9` and success.
#
# Seen with cargo 1.95.0 on Linux x86-64:
#   cargo-cyclonedx --version            error: unexpected argument '--version' found        (exit code 2)
#   cargo-cyclonedx cyclonedx --version  cargo-cyclonedx-cyclonedx 0.5.9                      (exit code 0)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
CARGO_TARGET_DIR="$folder/target" cargo install cargo-cyclonedx --version 0.5.9 --locked --quiet --root "$folder"
program="$folder/bin/cargo-cyclonedx"

code=0
alone=$("$program" --version 2>&1) || code=$?
echo "cargo-cyclonedx --version: exit code $code: ${alone%%$'\n'*}"
[ "$code" = 2 ]
[[ $alone == *"unexpected argument '--version'"* ]]

below=$("$program" cyclonedx --version)
echo "cargo-cyclonedx cyclonedx --version: $below"
[ "$below" = "cargo-cyclonedx-cyclonedx 0.5.9" ]
