//! The site, inside this binary: `cargo xtask` builds the page before the server.

use pulseboard::{CarriedFile, CarriedSite};
use rust_embed::RustEmbed;

/// The files as they lay there when the binary was built.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
// Their compressed copies are here: who takes none of these is given the file unpacked.
#[exclude = "*.css"]
#[exclude = "*.js"]
#[exclude = "*.wasm"]
struct BuiltSite;

pub(crate) fn site() -> Option<CarriedSite> {
    CarriedSite::new(BuiltSite::iter().filter_map(|path| {
        let file = BuiltSite::get(&path)?;
        Some(CarriedFile { path, bytes: file.data, digest: file.metadata.sha256_hash() })
    }))
}
