//! Starting other programs.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// A program to be run in the workspace's root, without standard input (CI has none, and none of ours asks).
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    // `cargo run` describes xtask itself in these. Build scripts that watch them (ring's does) would run again
    // each time the workspace is built now through xtask, now directly.
    for (key, _) in env::vars_os() {
        let name = key.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "LD_LIBRARY_PATH"
        {
            command.env_remove(&key);
        }
    }
    command
}

/// `cargo` with these arguments. Through rustup's proxy, so that the toolchain file is obeyed.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = program("cargo");
    command.args(arguments);
    // Crates full of views are cut into hundreds of units for the next time, and take several times as long for it the first time.
    if env::var_os("CARGO_INCREMENTAL").is_none() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Says what is run, runs it, and fails if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    announce(command);
    let line = line_of(command);
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Shows the command as one would type it.
pub(crate) fn announce(command: &Command) {
    println!("$ {}", line_of(command));
}

/// Runs a program and returns its standard output, or an error with its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = line_of(command);
    let output = command.output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` wrote something other than UTF-8"))
}

/// The first line of `PROGRAM --version`; nothing if the program is missing or broken.
pub(crate) fn version_of(name: impl AsRef<OsStr>) -> Option<String> {
    let text = output(program(name).arg("--version")).ok()?;
    Some(text.lines().next()?.trim().to_owned())
}

/// Finds a program on the PATH, as the shell would.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// A program whose path the environment may name.
pub(crate) fn from_environment(variable: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os(variable)?);
    path.is_file().then_some(path)
}

pub(crate) fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word =
        Path::new(word).strip_prefix(workspace::root()).map_or(word, Path::as_os_str).to_string_lossy();
    let plain = |letter: char| letter.is_alphanumeric() || "-_=./:,@+%".contains(letter);
    if word.chars().all(plain) && !word.is_empty() { word.into_owned() } else { format!("{word:?}") }
}
