//! A site in a folder: cargo-leptos builds it and says where, and a checkout has one in `target/site`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use leptos::config::{Env, LeptosOptions};

use super::{NAME, PKG, Site};

/// Its folder, as cargo-leptos tells it to the servers that it starts.
const ROOT: &str = "LEPTOS_SITE_ROOT";

pub(super) fn is_named() -> bool {
    env::var_os(ROOT).is_some()
}

pub(super) fn find() -> Site {
    let said = |name: &str| env::var(name).ok();
    let root = said(ROOT).map_or_else(|| "target/site".into(), PathBuf::from);
    let pkg = said("LEPTOS_SITE_PKG_DIR").unwrap_or_else(|| PKG.to_owned());
    let by_digest = by_digest(&root, &pkg);
    if by_digest.is_none() && !has_page(&root.join(&pkg)) {
        tracing::warn!(site = %root.display(), "no built site here: pages will neither be styled nor live");
    }
    let is_hashed = by_digest.is_some();
    let options = LeptosOptions::builder()
        .output_name(NAME)
        .site_root(root.to_string_lossy().into_owned())
        .site_pkg_dir(by_digest.unwrap_or(pkg))
        .env(if said("LEPTOS_WATCH").is_some() { Env::DEV } else { Env::PROD })
        .reload_port(said("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok()).unwrap_or(3001))
        .hash_files(false)
        .build();
    Site { options, carried: None, is_hashed }
}

/// The folder in `pkg` that is named by a digest, if the release was built here.
fn by_digest(root: &Path, pkg: &str) -> Option<String> {
    let within = root.join(pkg);
    if has_page(&within) {
        return None;
    }
    let folder = fs::read_dir(within).ok()?.flatten().find(|entry| has_page(&entry.path()))?;
    Some(format!("{pkg}/{}", folder.file_name().to_string_lossy()))
}

fn has_page(folder: &Path) -> bool {
    folder.join(format!("{NAME}.wasm")).is_file()
}
