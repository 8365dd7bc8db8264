//! Builds the page for release, as `cargo leptos build --release --split --precompress` does, from the libraries under it: building cargo-leptos
//! itself takes longer than all the rest.
//!
//! Where the site is `S`: what stands in `public` lies in `S`, and the scripts, styles and WebAssembly in `S/pkg/<digest>`. The digest is that of
//! all files, so that a browser may keep each of them for ever. Beside each file lie its compressed copies, `.br` and `.gz`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks on its standard streams")]

mod files;
mod locations;
mod project;
mod scripts;
mod wasm;

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use anyhow::{Context, Result};
use clap::Parser;

use project::Project;

/// Builds the page for release.
#[derive(Parser)]
struct Arguments {
    /// The folder for the site; it is made anew.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Features of the crate `frontend`, with commas between.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    features: Vec<String>,
    /// Make the pieces small in one round instead of two: half a percent longer, and there sooner.
    #[arg(long)]
    quick: bool,
    /// Leave the files in `pkg` itself, without a digest and without compressed copies.
    #[arg(long)]
    plain: bool,
}

fn main() -> ExitCode {
    match build(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build(arguments: &Arguments) -> Result<()> {
    let begun = Instant::now();
    let step = |number: u8, what: &str| {
        println!("site: {number} of 5, {what} ({} s so far)", begun.elapsed().as_secs());
    };
    let project = Project::read()?;

    step(1, "compiling the page to WebAssembly, most of the time");
    let module = wasm::compile(&project, &arguments.features)?;

    let site = &arguments.out;
    let pkg = site.join("pkg");
    if site.exists() {
        fs::remove_dir_all(site).with_context(|| format!("cannot empty {}", site.display()))?;
    }
    fs::create_dir_all(&pkg).with_context(|| format!("cannot make {}", pkg.display()))?;

    step(2, "cutting it into pieces, with the JavaScript around them");
    let pieces =
        wasm::bind(&project, &module, &pkg, arguments.features.iter().any(|feature| feature == "split"))?;
    step(3, "making the pieces small");
    wasm::optimise(&project, &pieces, !arguments.quick)?;
    step(4, "scripts and styles");
    scripts::run(&project, "minify", &pkg)?;
    files::copy(&project.assets, site)?;
    if !arguments.plain {
        files::name_by_digest(site, &pkg)?;
        step(5, "compressed copies");
        scripts::run(&project, "compress", site)?;
    }
    println!("site: done after {} s, in {}", begun.elapsed().as_secs(), site.display());
    Ok(())
}
