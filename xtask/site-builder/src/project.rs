//! Reads what `[[workspace.metadata.leptos]]` says: `cargo leptos watch` goes by the same lines.

use std::path::PathBuf;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
use serde::Deserialize;

/// The page, as the workspace's `Cargo.toml` describes it.
pub(crate) struct Project {
    /// The workspace's folder.
    pub(crate) root: PathBuf,
    /// Cargo's output folder.
    pub(crate) target: PathBuf,
    /// The crate that is compiled.
    pub(crate) package: String,
    /// Its profile.
    pub(crate) profile: String,
    /// The name of what is made of it, without an ending.
    pub(crate) name: String,
    /// The style sheet that names all others.
    pub(crate) style: PathBuf,
    /// The folder of files that are served as they are.
    pub(crate) assets: PathBuf,
    /// The browsers that the styles are made for, as browserslist has them.
    pub(crate) browsers: String,
    /// The flags of wasm-opt.
    pub(crate) wasm_opt: Vec<String>,
}

/// The lines, by their names there.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct LeptosMetadata {
    lib_package: String,
    lib_profile_release: String,
    output_name: String,
    style_file: PathBuf,
    assets_dir: PathBuf,
    browserquery: String,
    wasm_opt_features: Vec<String>,
}

impl Project {
    pub(crate) fn read() -> Result<Self> {
        let metadata =
            MetadataCommand::new().no_deps().exec().context("cannot ask cargo for the workspace")?;
        let leptos = metadata.workspace_metadata.get("leptos").and_then(|projects| projects.get(0));
        let leptos = leptos.context("Cargo.toml has no [[workspace.metadata.leptos]]")?;
        let leptos: LeptosMetadata =
            serde_json::from_value(leptos.clone()).context("[[workspace.metadata.leptos]] in Cargo.toml")?;
        let root = metadata.workspace_root.into_std_path_buf();
        Ok(Self {
            target: metadata.target_directory.into_std_path_buf(),
            package: leptos.lib_package,
            profile: leptos.lib_profile_release,
            name: leptos.output_name,
            style: root.join(leptos.style_file),
            assets: root.join(leptos.assets_dir),
            browsers: leptos.browserquery,
            wasm_opt: leptos.wasm_opt_features,
            root,
        })
    }
}
