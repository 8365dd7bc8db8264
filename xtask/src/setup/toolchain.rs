//! The compiler's parts. `rust-toolchain.toml` lists them too, but rustup reads that list only when it installs the
//! toolchain itself, and not at all with `RUSTUP_AUTO_INSTALL=0`.

use anyhow::Result;

use super::announce;
use crate::process::{output, program, run};

const TARGET: &str = "wasm32-unknown-unknown";
const COMPONENTS: [&str; 2] = ["rustfmt", "clippy"];

pub(super) fn install() -> Result<()> {
    install_target(TARGET)?;
    let components = output(program("rustup").args(["component", "list", "--installed"]))?;
    for component in COMPONENTS {
        if !lists(&components, component) {
            announce(&format!("installing {component}"), "half a minute");
            run(program("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// Installs the standard library of a target.
pub(super) fn install_target(target: &str) -> Result<()> {
    let targets = output(program("rustup").args(["target", "list", "--installed"]))?;
    if lists(&targets, target) {
        return Ok(());
    }
    announce(&format!("installing the {target} target"), "half a minute");
    run(program("rustup").args(["target", "add", target]))
}

/// Components are listed with their platform: `clippy-x86_64-unknown-linux-gnu`.
fn lists(installed: &str, name: &str) -> bool {
    installed
        .lines()
        .any(|line| line == name || line.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')))
}

#[cfg(test)]
mod tests {
    use super::lists;

    #[test]
    fn a_component_is_found_with_and_without_its_platform() {
        let installed = "cargo-x86_64-unknown-linux-gnu\nclippy-x86_64-unknown-linux-gnu\nrust-src\n";
        assert!(lists(installed, "clippy"));
        assert!(lists(installed, "rust-src"));
        assert!(!lists(installed, "rustfmt"));
        assert!(!lists(installed, "clip"));
    }
}
