#!/usr/bin/env bash
# http 1.5.0 (crates.io), the types under hyper and axum, reads an address whose port is none, such as one beyond 65535 or a letter, and says
# then that it has no port. A program that falls back on the usual port, as clients do with `uri.port_u16().unwrap_or(80)`, asks another
# service than the one that was typed, and nobody is told of the slip of the finger. Expected: an error, as the crate url 2.5.8 gives for
# the same addresses ("invalid port number").
#
# Seen with cargo 1.95.0 on Linux x86-64:
#   http://board:99999/  http: read, port None, authority "board:99999"    url: invalid port number
#   http://board:x/      http: read, port None, authority "board:x"        url: invalid port number
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "ports"
version = "0.0.0"
edition = "2021"

[dependencies]
http = "=1.5.0"
url = "=2.5.8"
TOML
cat >"$folder/src/main.rs" <<'RUST'
fn main() {
    for address in ["http://board:99999/", "http://board:x/"] {
        let read = match address.parse::<http::Uri>() {
            Ok(uri) => format!("read, port {:?}, authority {:?}", uri.port_u16(), uri.authority().map(|all| all.as_str())),
            Err(error) => error.to_string(),
        };
        let url = url::Url::parse(address).map_or_else(|error| error.to_string(), |url| format!("{:?}", url.port()));
        println!("{address} http: {read} url: {url}");
    }
}
RUST
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
echo "$seen"
expected='http://board:99999/ http: read, port None, authority Some("board:99999") url: invalid port number
http://board:x/ http: read, port None, authority Some("board:x") url: invalid port number'
[ "$seen" = "$expected" ]
