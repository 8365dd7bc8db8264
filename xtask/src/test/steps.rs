//! The steps, in order: what takes seconds before what takes minutes, and each build directly before what uses it.

use std::process::Command;

use anyhow::{Context, Result};

use super::tally::{self, TestCounts};
use super::{executables, webdriver};
use crate::process::{cargo, program, run};
use crate::setup::browser;
use crate::{site, size, tidy, workspace};

/// The tools that a step needs, in rising order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Prerequisite {
    Nothing,
    Tools,
    /// Also what only tests use: a browser and its driver, proxies, databases.
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
    Step {
        name: "build",
        about: "the page for release, and a server that carries it",
        needs: Prerequisite::Tools,
        run: build,
    },
    Step {
        name: "size",
        about: "what a browser downloads is within budget",
        needs: Prerequisite::Tools,
        run: sizes,
    },
    Step {
        name: "end2end",
        about: "that page in a real browser",
        needs: Prerequisite::TestTools,
        run: end2end,
    },
];

/// Every crate but the browser's, with one resolution of features: the server turns on the server's halves of
/// `app` and `transports`. Never `--all-features`, for `app` cannot hydrate and render in one build.
const NATIVE: &[&str] = &["--workspace", "--exclude", "frontend"];

/// Tests of the server beside a program: with them cargo resolves the features of all tests, so that what was compiled for those serves the
/// program, too.
const WITH_TESTS: &[&str] = &["--test", "settings"];

/// The program that runs the browser's crate's tests.
const WASM_TEST_RUNNER: &str = "wasm-test-runner";

/// The browser's crate, which turns on the browser's halves, with what only `cargo xtask bench` builds.
const WASM: &[&str] = &["--package", "frontend", "--target", "wasm32-unknown-unknown", "--features", "bench"];

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
    lint(WASM)
}

fn lint(packages: &[&str]) -> Result<TestCounts> {
    let mut command = cargo(["clippy"]);
    command.args(packages).args(["--all-targets", "--", "--deny", "warnings"]);
    run(&mut command).map(|()| tally::ONE)
}

/// `cargo test` of these packages.
fn tests(packages: &[&str]) -> Command {
    let mut command = cargo(["test"]);
    command.args(packages);
    command
}

fn native() -> Result<TestCounts> {
    let mut counts = executables::run(tests(NATIVE).arg("--no-run"))?;
    counts += tally::run(tests(NATIVE).arg("--doc"))?;
    Ok(counts)
}

fn wasm() -> Result<TestCounts> {
    run(cargo(["build"]).args(NATIVE).args(WITH_TESTS).args(["--bin", WASM_TEST_RUNNER]))?;
    let driver = browser::driver().context("no chromedriver: `cargo xtask setup --tests` installs one")?;
    let mut command = tests(WASM);
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", workspace::built("debug", WASM_TEST_RUNNER))
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver::capabilities(browser::chromium().as_deref())?);
    tally::run(&mut command)
}

/// The server is that of the tests, compiled anew only where it carries the page: the release's differs in how it is optimised.
fn build() -> Result<TestCounts> {
    site::page(&[NATIVE, WITH_TESTS].concat(), |_| ())?;
    let mut server = cargo(["build"]);
    server.args(NATIVE).args(WITH_TESTS).args(["--bin", "pulseboard", "--features", "server/embed"]);
    run(&mut server).map(|()| tally::ONE)
}

fn sizes() -> Result<TestCounts> {
    size::size(&size::SizeOptions::default()).map(|()| tally::ONE)
}

fn end2end() -> Result<TestCounts> {
    let mut playwright = program("npx");
    playwright.args(["playwright", "test"]).current_dir(workspace::path("end2end"));
    // The specs start this binary, and stop it.
    playwright.env("PULSEBOARD_BINARY", workspace::built("debug", "pulseboard"));
    if let Some(chromium) = browser::chromium() {
        playwright.env("CHROMIUM", chromium);
    }
    tally::run(&mut playwright)
}
