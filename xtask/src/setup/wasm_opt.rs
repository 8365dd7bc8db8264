//! wasm-opt, for who has cargo-leptos: `cargo leptos build --release` takes it from the PATH before it tries to download one.
//!
//! A recent one is left alone. Otherwise the one of npm's binaryen, a single self-contained script for Node.js, is
//! copied into cargo's own folder: there `cargo leptos` finds it no matter from which shell it is started, and it
//! outlives this clone.

use std::fs;

use anyhow::{Context, Result};

use crate::pins::OLDEST_WASM_OPT;
use crate::process::version_of;
use crate::workspace;

pub(super) fn install() -> Result<()> {
    let ours = workspace::cargo_bin().join("wasm-opt");
    // The order in which `cargo leptos` looks: cargo's folder, then the PATH.
    let found = if ours.exists() { version_of(&ours) } else { version_of("wasm-opt") };
    if found.as_deref().and_then(number).is_some_and(|number| number >= OLDEST_WASM_OPT) {
        return Ok(());
    }
    println!("setup: copying wasm-opt from npm's binaryen to {}", ours.display());
    fs::create_dir_all(workspace::cargo_bin()).context("cannot create cargo's program folder")?;
    fs::copy(workspace::path("end2end/node_modules/binaryen/bin/wasm-opt"), &ours)
        .with_context(|| format!("cannot copy wasm-opt to {}", ours.display()))?;
    Ok(())
}

/// `wasm-opt version 132 (version_132)` is 132.
fn number(version: &str) -> Option<u32> {
    version.strip_prefix("wasm-opt version ")?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn the_version_is_read_from_what_wasm_opt_prints() {
        assert_eq!(number("wasm-opt version 132 (version_132)"), Some(132));
        assert_eq!(number("wasm-opt version 108"), Some(108));
        assert_eq!(number("clang version 14"), None);
    }
}
