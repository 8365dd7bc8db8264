#!/usr/bin/env bash
# cargo-deb 3.8.0 (crates.io), on a package with a systemd unit and an asset for usr/lib/sysusers.d: it adds a call of systemd-sysusers to the
# package's postinst by itself, with the name of the file in the sources, not with the name that the same line of `assets` installs
# it under. Where the two differ the package cannot be configured: systemd-sysusers finds no such file.
#
# Seen 2026-11-29 with cargo 1.95.0 on Debian 12: the package installs usr/lib/sysusers.d/board.conf, and its postinst says
#   systemd-sysusers ${DPKG_ROOT:+--root="$DPKG_ROOT"} users.conf
# Expected: board.conf, as debhelper's dh_installsysusers says the name that it installs. Needs dpkg-deb (Debian, Ubuntu).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CARGO_TARGET_DIR="$folder/target"
cargo install cargo-deb --version 3.8.0 --locked --quiet --root "$folder"

mkdir -p "$folder/board/src" "$folder/board/units" "$folder/board/scripts"
cd "$folder/board"
echo 'fn main() {}' > src/main.rs
echo 'u board - "Board"' > units/users.conf
printf '[Service]\nExecStart=/usr/bin/board\n[Install]\nWantedBy=multi-user.target\n' > units/board.service
cat > Cargo.toml <<'TOML'
[package]
name = "board"
version = "1.0.0"
edition = "2024"
description = "A board."
license = "MIT"

[package.metadata.deb]
maintainer = "Somebody <somebody@example.org>"
maintainer-scripts = "scripts"
assets = [
    ["target/release/board", "usr/bin/", "755"],
    ["units/users.conf", "usr/lib/sysusers.d/board.conf", "644"],
]
systemd-units = { unit-name = "board", unit-scripts = "units" }
TOML
"$folder/bin/cargo-deb" deb --quiet --output board.deb > "$folder/said"

dpkg-deb --contents board.deb | grep -o 'usr/lib/sysusers.d/..*'
dpkg-deb --contents board.deb | grep -q 'usr/lib/sysusers.d/board.conf$'
called=$(dpkg-deb --ctrl-tarfile board.deb | tar --extract --to-stdout ./postinst | grep -o 'systemd-sysusers .*')
echo "$called"
[[ $called == *" users.conf" ]]
