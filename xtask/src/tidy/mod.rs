//! `cargo xtask tidy` checks the workspace's rules by machine, not by memory.
//!
//! Each rule is a function from what it looks at (a manifest, a source, a page) to its violations, so that each is
//! tested on a few lines that break it. Reading files and running cargo happens here only.

mod banned_words;
mod circles;
mod comments;
mod dependencies;
mod gates;
mod links;
mod manifests;
mod module_map;
mod origins;
mod source;
mod type_names;
mod use_paths;
mod violation;
mod vocabulary;
mod wasm_tree;

use std::fs;

use anyhow::{Context, Result, bail};
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand};

use crate::process::{cargo, output};
use crate::workspace;
use violation::Violation;

pub(crate) fn tidy() -> Result<()> {
    let mut violations = Vec::new();

    let metadata = metadata()?;
    let members = metadata.workspace_packages();
    violations.extend(members.iter().flat_map(|package| dependencies::check(package)));
    for package in &members {
        let path = relative(package.manifest_path.as_str());
        violations.extend(manifests::inherits_lints(&path, &read(&path)?));
    }
    violations.extend(manifests::pins("Cargo.toml", &read("Cargo.toml")?));
    violations.extend(wasm_tree::check(&wasm_tree()?));
    violations.extend(origins::check(&read(origins::FILE)?, &graph()?)?);

    let sources = source::all(workspace::root())?;
    for source in &sources {
        violations.extend(banned_words::check(source));
        violations.extend(vocabulary::check(source));
        violations.extend(comments::check(source));
        violations.extend(gates::check(source));
        violations.extend(source::length(source));
    }
    violations.extend(type_names::check(&sources));
    violations.extend(circles::check(&sources));

    violations.extend(module_map()?);
    for page in links::pages(workspace::root())? {
        let text = read(&page)?;
        violations.extend(links::check(&page, &text, |target| workspace::path(target).exists()));
    }

    violations.sort();
    for violation in &violations {
        println!("{violation}");
    }
    if !violations.is_empty() {
        bail!("{} things to tidy", violations.len());
    }
    println!("tidy: {} crates, {} source files, nothing to complain of", members.len(), sources.len());
    Ok(())
}

fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .manifest_path(workspace::path("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cannot read the workspace's manifests")
}

/// Everything that may be compiled, with every feature and for every target.
fn graph() -> Result<Metadata> {
    MetadataCommand::new()
        .manifest_path(workspace::path("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .exec()
        .context("cannot read the graph of dependencies")
}

/// Lists the crates that are compiled into the browser's crate, without the macros, which run in the compiler.
fn wasm_tree() -> Result<String> {
    let mut tree = cargo(["tree", "--package", "frontend", "--target", "wasm32-unknown-unknown"]);
    output(tree.args([
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}|{f}",
        "--no-dedupe",
    ]))
}

fn module_map() -> Result<Vec<Violation>> {
    let Ok(text) = read(module_map::MAP) else {
        return Ok(vec![Violation::new(
            module_map::MAP,
            0,
            "it is missing",
            "it is the map of the workspace",
        )]);
    };
    let folders = |below: &str| -> Vec<String> { source::folders(&workspace::path(below)) };
    Ok(module_map::check(&text, |path| workspace::path(path).exists(), folders))
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(workspace::path(path)).with_context(|| format!("cannot read {path}"))
}

fn relative(path: &str) -> String {
    let root = workspace::root().to_string_lossy();
    path.strip_prefix(root.as_ref()).unwrap_or(path).trim_start_matches('/').to_owned()
}
