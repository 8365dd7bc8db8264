//! Finds the built site: beside the binary in a deployment, in `target/site` in a checkout, or in the folder that
//! cargo-leptos names.

use std::{env, path::PathBuf};

use leptos::config::{Env, LeptosOptions};

pub(crate) fn options() -> LeptosOptions {
    let said = |name: &str| env::var(name).ok();
    let root = said("LEPTOS_SITE_ROOT").map_or_else(beside_binary, PathBuf::from);
    let pkg = said("LEPTOS_SITE_PKG_DIR").unwrap_or_else(|| "pkg".to_owned());
    let plain = root.join(&pkg).join("pulseboard.wasm").exists();
    // A build with plain names may leave an older build's hashes behind, so the names themselves decide.
    let hashed = !plain && hash_file().is_some_and(|file| file.exists());
    if !plain && !hashed {
        tracing::warn!(site = %root.display(), "no built site here: pages will neither be styled nor live");
    }
    let watched = said("LEPTOS_WATCH").is_some();
    LeptosOptions::builder()
        .output_name("pulseboard")
        .site_root(root.to_string_lossy().into_owned())
        .site_pkg_dir(pkg)
        .env(if watched { Env::DEV } else { Env::PROD })
        .reload_port(said("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok()).unwrap_or(3001))
        .hash_files(hashed)
        .build()
}

/// Finds the file that Leptos reads the hashes from; without it, Leptos ends the request.
fn hash_file() -> Option<PathBuf> {
    Some(env::current_exe().ok()?.parent()?.join("hash.txt"))
}

fn beside_binary() -> PathBuf {
    let beside = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("site")));
    beside.filter(|site| site.is_dir()).unwrap_or_else(|| "target/site".into())
}
