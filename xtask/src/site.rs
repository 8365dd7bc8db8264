//! Builds the site for release, and knows the settings that its server then needs.

use std::process::Command;

use anyhow::Result;

use crate::{process, workspace};

/// The build that `run`, the tests and the size check share: with compressed copies beside each file, which the
/// server hands out as they are, and with the WebAssembly in pieces: the feature names what is to be cut out.
const BUILD: &[&str] =
    &["leptos", "build", "--release", "--precompress", "--split", "--lib-features", "split"];

/// Hashed file names let browsers keep files for ever. On for release builds only: `cargo leptos watch` cannot
/// reload hashed files, which is why `Cargo.toml` has it off.
const HASH_FILES: &str = "LEPTOS_HASH_FILES";

/// Builds the client and the server for release.
pub(crate) fn build() -> Result<()> {
    process::run(process::cargo(BUILD.iter().copied()).env(HASH_FILES, "true"))
}

/// Tells a server started outside cargo-leptos where the site is; the names are those of
/// `[[workspace.metadata.leptos]]`.
pub(crate) fn serve(command: &mut Command) -> &mut Command {
    let site = workspace::path("target/site");
    // Not every build is ours: `cargo leptos build --release` leaves the names plain, and an older hash.txt behind.
    let hashed = !site.join("pkg/pulseboard.wasm").exists();
    command
        .env(HASH_FILES, hashed.to_string())
        .env("LEPTOS_OUTPUT_NAME", "pulseboard")
        .env("LEPTOS_SITE_ROOT", site)
        .env("LEPTOS_SITE_PKG_DIR", "pkg")
        .env("LEPTOS_ENV", "PROD")
}
