//! The steps, in order: what takes seconds before what takes minutes, and each build directly before what uses it.

use anyhow::{Context, Result};

use super::tally::{self, TestCounts};
use super::webdriver;
use crate::process::{cargo, program, run};
use crate::setup::browser;
use crate::{site, size, tidy, workspace};

/// The tools that a step needs, in rising order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Prerequisite {
    Nothing,
    Tools,
    /// Also what only tests use: a browser and its driver, proxies, cargo-deny.
    TestTools,
}

pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) needs: Prerequisite,
    pub(super) run: fn() -> Result<TestCounts>,
}

pub(super) const STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "rustfmt has nothing to change",
        needs: Prerequisite::Nothing,
        run: format,
    },
    Step { name: "tidy", about: "the workspace's rules", needs: Prerequisite::Nothing, run: tidiness },
    Step {
        name: "deny",
        about: "licences, banned crates and sources",
        needs: Prerequisite::TestTools,
        run: licences,
    },
    Step { name: "clippy", about: "lints of the native crates", needs: Prerequisite::Tools, run: clippy },
    Step {
        name: "clippy-wasm",
        about: "lints of the browser's crate",
        needs: Prerequisite::Tools,
        run: clippy_wasm,
    },
    Step { name: "test", about: "unit and integration tests", needs: Prerequisite::TestTools, run: native },
    Step {
        name: "test-wasm",
        about: "the browser crate's tests, in a browser",
        needs: Prerequisite::TestTools,
        run: wasm,
    },
    Step { name: "build", about: "the release build", needs: Prerequisite::Tools, run: build },
    Step {
        name: "size",
        about: "what a browser downloads is within budget",
        needs: Prerequisite::Tools,
        run: sizes,
    },
    Step {
        name: "end2end",
        about: "the release build in a real browser",
        needs: Prerequisite::TestTools,
        run: end2end,
    },
];

/// Every crate but the browser's, with one resolution of features: the server turns on the server's halves of
/// `app` and `transports`. Never `--all-features`, for `app` cannot hydrate and render in one build.
const NATIVE: &[&str] = &["--workspace", "--exclude", "frontend"];

/// The browser's crate, which turns on the browser's halves.
const WASM: &[&str] = &["--package", "frontend", "--target", "wasm32-unknown-unknown"];

fn format() -> Result<TestCounts> {
    run(&mut cargo(["fmt", "--all", "--check"])).map(|()| tally::ONE)
}

fn tidiness() -> Result<TestCounts> {
    tidy::tidy().map(|()| tally::ONE)
}

fn clippy() -> Result<TestCounts> {
    lint(NATIVE)
}

fn clippy_wasm() -> Result<TestCounts> {
    // With what only `cargo xtask bench` builds.
    lint(&[WASM, &["--features", "bench"]].concat())
}

fn lint(packages: &[&str]) -> Result<TestCounts> {
    let mut command = cargo(["clippy"]);
    command.args(packages).args(["--all-targets", "--", "--deny", "warnings"]);
    run(&mut command).map(|()| tally::ONE)
}

fn native() -> Result<TestCounts> {
    let mut command = cargo(["test"]);
    // Most tests wait, for a process, a timer or a socket: twice as many run at once as there are cores.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    command.env("RUST_TEST_THREADS", (2 * cores).to_string());
    tally::run(command.args(NATIVE).arg("--no-fail-fast"))
}

fn wasm() -> Result<TestCounts> {
    let driver = browser::driver().context("no chromedriver: `cargo xtask setup --tests` installs one")?;
    let mut command = cargo(["test"]);
    command
        .args(WASM)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver::capabilities(browser::chromium().as_deref())?);
    tally::run(&mut command)
}

fn build() -> Result<TestCounts> {
    site::build().map(|()| tally::ONE)
}

fn sizes() -> Result<TestCounts> {
    size::size(&size::SizeOptions::default()).map(|()| tally::ONE)
}

fn end2end() -> Result<TestCounts> {
    let mut playwright = program("npx");
    playwright.args(["playwright", "test"]).current_dir(workspace::path("end2end"));
    // The specs start this binary, and stop it.
    playwright.env("PULSEBOARD_BINARY", workspace::server_binary());
    if let Some(chromium) = browser::chromium() {
        playwright.env("CHROMIUM", chromium);
    }
    tally::run(&mut playwright)
}

/// Advisories are not asked for: they come from a repository on GitHub, and a new one is news, not a fault of the commit.
fn licences() -> Result<TestCounts> {
    run(&mut cargo(["deny", "--log-level", "error", "check", "licenses", "bans", "sources"]))
        .map(|()| tally::ONE)
}
