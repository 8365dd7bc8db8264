//! From the crate to WebAssembly in pieces.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread,
};

use anyhow::{Context, Error, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

use crate::{locations, project::Project, scripts};

/// The target that browsers run.
const TARGET: &str = "wasm32-unknown-unknown";

/// The script that loads pieces. `#[wasm_split]` writes this name into the module.
const LOADER: &str = "./__wasm_split.______________________.js";

/// Keeps in the module what the cut follows: which code leads where.
const RELOCATIONS: &str = "-Clink-args=--emit-relocs";

/// Compiles the crate, and returns the module as the compiler left it.
pub(crate) fn compile(project: &Project, features: &[String]) -> Result<PathBuf> {
    let Project { package, profile, .. } = project;
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(&project.root)
        .args(["build", "--lib", "--target", TARGET, "--package", package, "--profile", profile])
        .arg("--features")
        .arg(features.join(","));
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    command.env("RUSTFLAGS", format!("{flags} {RELOCATIONS}").trim());
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("the page does not compile");
    }
    Ok(project.target.join(TARGET).join(profile).join(format!("{}.wasm", package.replace('-', "_"))))
}

/// Cuts the module where it is to be cut, writes the JavaScript that binds it, and returns every piece.
pub(crate) fn bind(project: &Project, module: &Path, pkg: &Path, split: bool) -> Result<Vec<PathBuf>> {
    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let mut pieces = Vec::new();
    let main = if split {
        let first = module.with_file_name(format!("{}_first.wasm", project.package));
        let script = format!("./{}.js", project.name);
        let mut options = Options::new(&bytes);
        options.output_dir = pkg;
        options.main_out_path = &first;
        options.main_module = &script;
        options.link_name = LOADER;
        let cut = wasm_split_cli_support::transform(options)
            .map_err(|error| anyhow!("the module cannot be cut: {error:#}"))?;
        pieces.extend(cut.split_modules);
        fs::read(&first).with_context(|| format!("cannot read {}", first.display()))?
    } else {
        bytes
    };
    Bindgen::new()
        .input_bytes(&project.name, main)
        .web(true)?
        .keep_lld_exports(split)
        .demangle(!split)
        .typescript(false)
        .generate(pkg)
        .context("wasm-bindgen cannot read the module")?;
    // The name by which Leptos asks for it.
    let piece = pkg.join(format!("{}.wasm", project.name));
    fs::rename(pkg.join(format!("{}_bg.wasm", project.name)), &piece)
        .context("wasm-bindgen wrote no module")?;
    pieces.push(piece);
    Ok(pieces)
}

/// The second round of wasm-opt, on what the first one has left: what is flat once more, with values of one kind in one place, is a kilobyte
/// smaller, compressed. The first one forgets which features the module has.
const AGAIN: &[&str] = &[
    "--gufa-optimizing",
    "-Os",
    "--flatten",
    "--local-cse",
    "--rereloop",
    "-Os",
    "--code-folding",
    "-Os",
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-target-features",
];

/// Small functions within their callers: longer, and yet two to three percent smaller once it is compressed, but for the first page, which has
/// too many callers of too few.
const INLINE: &str = "--always-inline-max-function-size=8";

fn wasm_opt(project: &Project, piece: &Path, flags: &[&str]) -> Result<()> {
    let mut command = scripts::wasm_opt(project);
    command.args(flags).arg(piece).arg("-o").arg(piece);
    // It warns of names that it does not know, which goes with what it leaves out.
    let output = command.output().context("cannot start wasm-opt")?;
    if !output.status.success() {
        bail!("wasm-opt failed for {}: {}", piece.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// Makes each piece small with wasm-opt, the biggest first and one on each core; thoroughly in two rounds.
pub(crate) fn optimise(project: &Project, pieces: &[PathBuf], is_thorough: bool) -> Result<()> {
    for piece in pieces {
        let mut module = fs::read(piece).with_context(|| format!("cannot read {}", piece.display()))?;
        locations::blank(&mut module, &project.root)?;
        fs::write(piece, module).with_context(|| format!("cannot write {}", piece.display()))?;
    }
    let mut waiting =
        pieces.iter().map(|piece| Ok((fs::metadata(piece)?.len(), piece))).collect::<Result<Vec<_>>>()?;
    waiting.sort_unstable();
    let waiting = Mutex::new(waiting);
    let next = || waiting.lock().ok()?.pop().map(|(_, piece)| piece);
    let work = || {
        while let Some(piece) = next() {
            let flags = project.wasm_opt.iter().map(String::as_str).collect::<Vec<_>>();
            wasm_opt(project, piece, &flags)?;
            if !is_thorough {
                continue;
            }
            let is_first = piece.file_stem().is_some_and(|name| name == &*project.name);
            let again: Vec<_> = AGAIN.iter().copied().chain((!is_first).then_some(INLINE)).collect();
            wasm_opt(project, piece, &again)?;
        }
        Ok::<_, Error>(())
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| anyhow!("wasm-opt's thread failed"))?)
    })
}
