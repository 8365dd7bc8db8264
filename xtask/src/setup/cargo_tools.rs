//! The programs built from crates.io: for who watches, and for who makes packages.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{SetupOptions, announce};
use crate::pins;
use crate::process::{cargo, output, program, run, version_of};
use crate::workspace;

struct Tool {
    /// The crate, and what `cargo install` calls it.
    package: &'static str,
    version: &'static str,
    /// A program of the crate, and what its `--version` must print.
    program: &'static str,
    prints: &'static str,
    /// A word before `--version`, where the program is a command of cargo alone.
    word: Option<&'static str>,
    /// True if the lock file that it was published with can still be resolved.
    locked: bool,
    how_long: &'static str,
    /// True if these options ask for it.
    is_wanted: fn(&SetupOptions) -> bool,
}

const TOOLS: [Tool; 5] = [
    Tool {
        package: "wasm-bindgen-cli",
        version: pins::WASM_BINDGEN,
        program: "wasm-bindgen",
        prints: "wasm-bindgen",
        word: None,
        // Its lock file names a version that has been removed from the index.
        locked: false,
        how_long: "2 to 4 minutes",
        // `cargo leptos watch` calls it.
        is_wanted: |options| options.watch,
    },
    Tool {
        package: "cargo-leptos",
        version: pins::CARGO_LEPTOS,
        program: "cargo-leptos",
        prints: "cargo-leptos",
        word: None,
        locked: true,
        how_long: "10 to 15 minutes",
        is_wanted: |options| options.watch,
    },
    Tool {
        package: "cargo-deb",
        version: pins::CARGO_DEB,
        program: "cargo-deb",
        prints: "cargo-deb",
        word: None,
        locked: true,
        how_long: "1 to 3 minutes",
        is_wanted: |options| options.dist,
    },
    Tool {
        package: "cargo-generate-rpm",
        version: pins::CARGO_GENERATE_RPM,
        program: "cargo-generate-rpm",
        prints: "cargo-generate-rpm",
        word: None,
        locked: true,
        how_long: "1 to 3 minutes",
        is_wanted: |options| options.dist,
    },
    Tool {
        package: "cargo-cyclonedx",
        version: pins::CARGO_CYCLONEDX,
        program: "cargo-cyclonedx",
        prints: "cargo-cyclonedx-cyclonedx",
        word: Some("cyclonedx"),
        locked: true,
        how_long: "1 to 3 minutes",
        is_wanted: |options| options.dist,
    },
];

/// Link-time optimisation would double the build for tools that are mostly waiting for the compiler.
const CHEAP_RELEASE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

pub(super) fn install(options: &SetupOptions) -> Result<()> {
    let missing: Vec<_> =
        TOOLS.iter().filter(|tool| (tool.is_wanted)(options) && !tool.is_installed()).collect();
    for tool in &missing {
        tool.install()?;
    }
    let scratch = scratch();
    if scratch.exists() {
        // A gigabyte nobody needs once the programs are installed. It stays after a failure, so that the next try
        // goes on from there.
        fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
    }
    Ok(())
}

impl Tool {
    fn is_installed(&self) -> bool {
        let wanted = format!("{} {}", self.prints, self.version);
        let said = |path: &Path| {
            let text = output(program(path).args(self.word).arg("--version")).ok()?;
            Some(text.lines().next()?.trim().to_owned())
        };
        // In cargo's own folder: that is the copy cargo finds first.
        said(&workspace::cargo_bin().join(self.program)).or_else(|| said(Path::new(self.program)))
            == Some(wanted)
    }

    fn install(&self) -> Result<()> {
        let Self { package, version, .. } = self;
        if version_of("cargo-binstall").is_some() {
            announce(&format!("fetching {package} {version}"), "half a minute");
            let exact = format!("{package}@{version}");
            if run(&mut cargo(["binstall", "--no-confirm", "--force", &exact])).is_ok() && self.is_installed()
            {
                return Ok(());
            }
            println!("setup: no prebuilt {package} for this machine, so it is built from source");
        }
        announce(&format!("installing {package} {version}"), self.how_long);
        let mut command = cargo(["install", package, "--version", version, "--force"]);
        if self.locked {
            command.arg("--locked");
        }
        command.env("CARGO_TARGET_DIR", scratch()).envs(CHEAP_RELEASE);
        run(&mut command).with_context(|| {
            format!(
                "cannot install {package} {version}: see the lines above, then run `cargo xtask setup` again"
            )
        })
    }
}

fn scratch() -> std::path::PathBuf {
    workspace::target().join("tools")
}
