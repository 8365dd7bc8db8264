#!/usr/bin/env bash
# utoipa 6.0.0 (crates.io): a struct that is only written (`Serialize`) and flattens one that is read strictly elsewhere (`deny_unknown_fields`) has
# a schema that no value fits. The derive writes `allOf` of both, and says `additionalProperties: false` of the inner one; in `allOf` each part sees the
# whole object, so the inner part refuses the outer field, and nothing is valid, not even what serde itself has written. serde's documents
# call the pair unsupported, which is about reading: writing it works, and neither compiler nor derive says a word.
# Expected: a schema that takes what serde writes, or an error of the derive.
#
# Seen on 2026-11-29 with serde_json 1.0.154 and jsonschema 4.26.0 (PyPI, draft 2020-12):
#   {"warn":80.0,"critical":90.0,"per_core":false}  Additional properties are not allowed ('per_core' was unexpected)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/strict/src"
cat > "$folder/strict/Cargo.toml" <<'TOML'
[package]
name = "strict"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
utoipa = "=6.0.0"
TOML
cat > "$folder/strict/src/main.rs" <<'RUST'
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Inner {
    warn: f64,
    critical: f64,
}

#[derive(Serialize, ToSchema)]
struct Outer {
    #[serde(flatten)]
    inner: Inner,
    per_core: bool,
}

#[derive(OpenApi)]
#[openapi(components(schemas(Outer, Inner)))]
struct Document;

fn main() {
    let value = Outer { inner: Inner { warn: 80.0, critical: 90.0 }, per_core: false };
    println!("{}", serde_json::to_string(&value).unwrap());
    println!("{}", Document::openapi().to_json().unwrap());
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/strict/Cargo.toml" > "$folder/said"
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet jsonschema==4.26.0
"$folder/python/bin/python" - "$folder/said" <<'PYTHON'
import json
import sys

import jsonschema

value, document = (json.loads(line) for line in open(sys.argv[1]))
schemas = document["components"]["schemas"]
print("value:", value)
print("schema:", json.dumps(schemas["Outer"]))
assert "allOf" in schemas["Outer"] and schemas["Inner"]["additionalProperties"] is False
schema = {"$ref": "#/components/schemas/Outer", "components": {"schemas": schemas}}
errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(value)]
print("errors:", errors)
assert errors == ["Additional properties are not allowed ('per_core' was unexpected)"], errors
PYTHON
