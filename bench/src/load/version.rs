//! Asks a program for its version.

use std::process::Command;

use anyhow::{Context, Result};

/// The first line that the command writes, on either stream: nginx answers on standard error.
pub(crate) fn first_line(command: &mut Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    said.lines()
        .next()
        .map(|line| line.trim().to_owned())
        .with_context(|| format!("{program} says no version"))
}
