//! Checks the fields that every `Cargo.toml` must have.

use super::violation::Violation;
use crate::pins::WASM_BINDGEN;

/// Every crate takes its lints from the workspace.
pub(super) fn inherits_lints(path: &str, manifest: &str) -> Option<Violation> {
    let lines = || manifest.lines().map(str::trim);
    let inherits = lines().skip_while(|line| *line != "[lints]").nth(1) == Some("workspace = true");
    (!inherits).then(|| {
        Violation::new(
            path,
            0,
            "no `[lints]` with `workspace = true` under it",
            "one set of lints holds for all crates",
        )
    })
}

/// The crate and the tool of wasm-bindgen must be of one version.
pub(super) fn pins(path: &str, manifest: &str) -> Vec<Violation> {
    let wanted = format!("\"={WASM_BINDGEN}\"");
    let why = format!("it must be ={WASM_BINDGEN}, the version of the tool in xtask/src/pins.rs");
    let mut found = false;
    let mut violations = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        let Some(version) = line.strip_prefix("wasm-bindgen =") else { continue };
        found = true;
        if !version.contains(&wanted) {
            violations.push(Violation::new(path, index + 1, format!("wasm-bindgen is{version}"), &why));
        }
    }
    if !found {
        violations.push(Violation::new(path, 0, "wasm-bindgen is not among the shared versions", &why));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::{inherits_lints, pins};
    use crate::pins::WASM_BINDGEN;

    #[test]
    fn a_crate_with_lints_of_its_own_is_noticed() {
        assert!(inherits_lints("a/Cargo.toml", "[package]\n\n[lints]\nworkspace = true\n").is_none());
        assert!(inherits_lints("a/Cargo.toml", "[package]\nversion.workspace = true\n").is_some());
        assert!(inherits_lints("a/Cargo.toml", "[lints]\nrust.missing_docs = \"allow\"\n").is_some());
    }

    #[test]
    fn another_wasm_bindgen_than_the_tools_is_noticed() {
        let manifest = |version: &str| format!("[workspace.dependencies]\nwasm-bindgen = \"{version}\"\n");
        assert!(pins("Cargo.toml", &manifest(&format!("={WASM_BINDGEN}"))).is_empty());
        assert_eq!(pins("Cargo.toml", &manifest(WASM_BINDGEN)).len(), 1);
        assert_eq!(pins("Cargo.toml", &manifest("=0.2.1"))[0].line(), 2);
        assert_eq!(pins("Cargo.toml", "[workspace]\nwasm-bindgen-futures = \"1\"").len(), 1);
    }
}
