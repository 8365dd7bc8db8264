//! `cargo xtask size`: what a browser downloads, as it downloads it, and the budget it must keep.

mod crates;
mod wasm;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::process::{output, program};
use crate::workspace;

/// Brotli bytes of WebAssembly that the first page may cost: a second on a fast 3G line.
const FIRST_PAGE: u64 = 250_000;
/// And all pages together, with the parts that are loaded when a page is first opened: overview, chat and lab, and each later page's share.
const ALL_PAGES: u64 = 450_000 + CONTAINERS + LOGS;
/// The share of the page of containers.
const CONTAINERS: u64 = 68_500;
/// The share of the page of logs: it reads escapes, JSON and streams by itself, and draws its lines by hand.
const LOGS: u64 = 51_000;

/// The remedy where there is nothing to weigh.
const BUILD: &str = "build first, `cargo xtask test --only build`";

#[derive(clap::Args, Default)]
pub(crate) struct SizeOptions {
    /// Also show which crates the WebAssembly is made of, before wasm-opt.
    #[arg(long)]
    crates: bool,
}

/// One file of the site.
#[derive(Debug)]
struct Asset {
    name: String,
    raw: u64,
    brotli: u64,
}

pub(crate) fn size(options: &SizeOptions) -> Result<()> {
    let assets = assets(&files()?)?;
    println!("{:<48} {:>10} {:>10}", "file", "raw", "brotli");
    for Asset { name, raw, brotli } in &assets {
        println!("{name:<48} {raw:>10} {brotli:>10}");
    }
    if options.crates || env::var_os("CI").is_some() {
        println!();
        crates::print()?;
    }
    within_budget(&assets)
}

/// The folder of the page's files, which is named by their digest.
fn files() -> Result<PathBuf> {
    let pkg = workspace::path("target/site/pkg");
    let entries = fs::read_dir(&pkg).with_context(|| format!("cannot read {}: {BUILD}", pkg.display()))?;
    let mut folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    folders.next().with_context(|| format!("no files of the page in {}: {BUILD}", pkg.display()))
}

/// Weighs the scripts and the WebAssembly. Node has brotli, and is here anyway for Playwright.
fn assets(folder: &Path) -> Result<Vec<Asset>> {
    let script = "const fs = require('fs'), zlib = require('zlib');
        for (const path of process.argv.slice(1)) {
            const bytes = fs.readFileSync(path);
            console.log(bytes.length, zlib.brotliCompressSync(bytes).length);
        }";
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| is_code(path)).collect();
    paths.sort();
    let sizes = output(program("node").args(["-e", script]).args(&paths))?;
    let mut assets = Vec::new();
    for (path, line) in paths.iter().zip(sizes.lines()) {
        let (raw, brotli) = line.split_once(' ').context("node printed no sizes")?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assets.push(Asset { name, raw: raw.parse()?, brotli: brotli.parse()? });
    }
    Ok(assets)
}

fn is_code(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "wasm" || extension == "js")
}

fn within_budget(assets: &[Asset]) -> Result<()> {
    let wasm = || assets.iter().filter(|asset| asset.name.ends_with(".wasm"));
    // The pieces have names of their own (`split_chat`, `chunk_1`); the main file has the application's.
    let first: u64 =
        wasm().filter(|asset| asset.name.starts_with("pulseboard.")).map(|asset| asset.brotli).sum();
    let all: u64 = wasm().map(|asset| asset.brotli).sum();
    println!(
        "\nWebAssembly, brotli: {first} of {FIRST_PAGE} bytes for the first page, {all} of {ALL_PAGES} for all"
    );
    if first == 0 {
        bail!("no pulseboard.wasm in target/site/pkg: {BUILD}");
    }
    if first > FIRST_PAGE || all > ALL_PAGES {
        bail!("the WebAssembly is over its budget; `cargo xtask size --crates` shows what it is made of");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ALL_PAGES, Asset, FIRST_PAGE, within_budget};

    fn asset(name: &str, brotli: u64) -> Asset {
        Asset { name: name.to_owned(), raw: brotli * 3, brotli }
    }

    #[test]
    fn the_main_file_counts_for_the_first_page_and_the_rest_for_all() {
        let main = asset("pulseboard.wasm", FIRST_PAGE);
        assert!(within_budget(&[main, asset("chunk_1.wasm", ALL_PAGES - FIRST_PAGE)]).is_ok());
        assert!(within_budget(&[asset("pulseboard.wasm", FIRST_PAGE + 1)]).is_err());
        let main = asset("pulseboard.wasm", FIRST_PAGE);
        assert!(within_budget(&[main, asset("chunk_1.wasm", ALL_PAGES - FIRST_PAGE + 1)]).is_err());
    }

    #[test]
    fn scripts_are_shown_but_have_no_budget_and_nothing_is_not_small() {
        assert!(within_budget(&[asset("pulseboard.wasm", 1), asset("pulseboard.js", ALL_PAGES)]).is_ok());
        assert!(within_budget(&[asset("pulseboard.js", 1)]).is_err());
    }
}
