//! `cargo xtask conformance`: other people's suites against our wires, which the example `conformance` of crate transports serves, and
//! against the REST API of the server itself.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::process::{cargo, from_environment, on_path, program, run};
use crate::schemathesis;
use crate::server_process::ServerProcess;
use crate::workspace;

/// A suite.
struct Suite {
    name: &'static str,
    run: fn(&ConformanceOptions) -> Result<()>,
}

const SUITES: [Suite; 4] = [
    Suite { name: "autobahn", run: autobahn },
    Suite { name: "engine.io", run: |_| mocha("engine.io", ENGINE_IO_SUITE) },
    Suite { name: "socket.io", run: |_| mocha("socket.io", SOCKET_IO_SUITE) },
    Suite { name: "schemathesis", run: |options| schemathesis::test_api(&folder(), options.examples) },
];

/// The release of Autobahn's suite. It is written for Python 2.7, though its package installs on any.
const AUTOBAHN: &str = "autobahntestsuite==25.10.1";
/// The repository of the suites of Engine.IO and Socket.IO, and the commit that is asked for.
const SOCKET_IO: &str = "https://github.com/socketio/socket.io";
const SOCKET_IO_COMMIT: &str = "d2d753fed4435015c2d83fe62e676b44e07fa3f7";

const ENGINE_IO_SUITE: &str = "docs/engine.io-protocol/v4-test-suite";
const SOCKET_IO_SUITE: &str = "docs/socket.io-protocol/v5-test-suite";

#[derive(clap::Args)]
pub(crate) struct ConformanceOptions {
    /// Only these suites: autobahn (WebSocket, a quarter of an hour), engine.io, socket.io, schemathesis (the REST API); all where none is
    /// named.
    #[arg(value_name = "SUITE")]
    suites: Vec<String>,
    /// Only these of Autobahn's cases, such as `9.*`.
    #[arg(long, default_value = "*")]
    cases: String,
    /// The most requests of schemathesis for an operation in each of its phases.
    #[arg(long, default_value_t = 30)]
    examples: u32,
}

pub(crate) fn conformance(options: &ConformanceOptions) -> Result<()> {
    if let Some(unknown) =
        options.suites.iter().find(|name| SUITES.iter().all(|suite| suite.name != name.as_str()))
    {
        bail!("there is no suite `{unknown}`; there are {}", SUITES.map(|suite| suite.name).join(", "));
    }
    fs::create_dir_all(folder()).with_context(|| format!("cannot make {}", folder().display()))?;
    let chosen =
        |suite: &&Suite| options.suites.is_empty() || options.suites.iter().any(|name| name == suite.name);
    for suite in SUITES.iter().filter(chosen) {
        (suite.run)(options).with_context(|| format!("the suite {}", suite.name))?;
        println!("conformance: {} is passed", suite.name);
    }
    Ok(())
}

/// Downloads and reports.
fn folder() -> PathBuf {
    workspace::target().join("conformance")
}

/// Serves the wires at a port; 0 takes a free one.
fn wires(port: u16) -> Result<ServerProcess> {
    run(&mut cargo([
        "build",
        "--release",
        "-p",
        "transports",
        "--features",
        "server",
        "--example",
        "conformance",
    ]))?;
    let mut command = program(workspace::target().join("release/examples/conformance"));
    command.arg("--port").arg(port.to_string());
    ServerProcess::listening(&mut command)
}

fn autobahn(options: &ConformanceOptions) -> Result<()> {
    let server = wires(0)?;
    let python = python2()?;
    let packages = folder().join("autobahn");
    if fs::read_to_string(packages.join(".stamp")).ok().as_deref() != Some(AUTOBAHN) {
        let mut pip = program(&python);
        // A user's folder: of `--target` Python 2.7 reads no `.pth` file, and zope's packages need theirs.
        pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--user", "--ignore-installed"]);
        run(pip.arg(AUTOBAHN).env("PYTHONUSERBASE", &packages)).context("is PyPI reachable?")?;
        fs::write(packages.join(".stamp"), AUTOBAHN).context("cannot write the stamp")?;
    }
    let report = folder().join("autobahn-report");
    if report.exists() {
        fs::remove_dir_all(&report).with_context(|| format!("cannot empty {}", report.display()))?;
    }
    let spec = serde_json::json!({
        "outdir": report,
        "servers": [{ "url": format!("ws://{}/echo", server.url()) }],
        "cases": [options.cases],
    });
    let spec_file = folder().join("autobahn.json");
    fs::write(&spec_file, spec.to_string()).context("cannot write Autobahn's specification")?;
    let mut wstest = program(&python);
    wstest.arg(packages.join("bin/wstest")).args(["--mode", "fuzzingclient", "--spec"]).arg(&spec_file);
    run(wstest.env("PYTHONUSERBASE", &packages))?;
    judge(&report)
}

/// Autobahn's own exit code says nothing of the cases.
fn judge(report: &Path) -> Result<()> {
    let index = fs::read_to_string(report.join("index.json")).context("Autobahn made no report")?;
    let agents: Value = serde_json::from_str(&index).context("Autobahn's report")?;
    let cases = agents.as_object().and_then(|agents| agents.values().next()).and_then(Value::as_object);
    let cases = cases.context("Autobahn's report has no cases")?;
    ensure!(!cases.is_empty(), "no case of Autobahn's has this name");
    let passes =
        |case: &Value, part: &str| matches!(case[part].as_str(), Some("OK" | "INFORMATIONAL" | "NON-STRICT"));
    let failed: Vec<_> = cases
        .iter()
        .filter(|(_, case)| !(passes(case, "behavior") && passes(case, "behaviorClose")))
        .map(|(name, _)| name.as_str())
        .collect();
    let shown = report.join("index.html");
    ensure!(
        failed.is_empty(),
        "{} of {} cases failed: {}; see {}",
        failed.len(),
        cases.len(),
        failed.join(", "),
        shown.display()
    );
    println!("conformance: {} cases of Autobahn's; see {}", cases.len(), shown.display());
    Ok(())
}

fn python2() -> Result<PathBuf> {
    let from_pyenv = || {
        let home = std::env::home_dir()?;
        let pythons = fs::read_dir(home.join(".pyenv/versions")).ok()?;
        pythons.flatten().map(|version| version.path().join("bin/python2.7")).find(|path| path.is_file())
    };
    let works = |python: &PathBuf| {
        program(python).args(["-m", "pip", "--version"]).output().is_ok_and(|said| said.status.success())
    };
    [from_environment("PYTHON2"), on_path("python2.7"), from_pyenv()]
        .into_iter()
        .flatten()
        .find(works)
        .context("Autobahn's suite needs Python 2.7 with pip: `pyenv install 2.7.18`, or name one in PYTHON2")
}

fn mocha(name: &str, suite: &str) -> Result<()> {
    // These suites ask one port, and cannot be told another.
    const PORT: u16 = 3000;
    TcpListener::bind(("127.0.0.1", PORT))
        .with_context(|| format!("the suite {name} asks port {PORT}, which another program has"))?;
    let _server = wires(PORT)?;
    let repository = folder().join("socket.io");
    if !repository.join(".git").exists() {
        run(program("git").args(["init", "--quiet"]).arg(&repository))?;
    }
    let git = |arguments: &[&str]| run(program("git").arg("-C").arg(&repository).args(arguments));
    // Nothing but the suites is fetched of a large repository.
    git(&["sparse-checkout", "set", ENGINE_IO_SUITE, SOCKET_IO_SUITE])?;
    if git(&["checkout", "--quiet", SOCKET_IO_COMMIT]).is_err() {
        git(&["fetch", "--quiet", "--depth", "1", "--filter=blob:none", SOCKET_IO, SOCKET_IO_COMMIT])
            .context("is GitHub reachable?")?;
        git(&["checkout", "--quiet", SOCKET_IO_COMMIT])?;
    }
    let npm = |arguments: &[&str]| -> Result<()> {
        let mut command: Command = program("npm");
        run(command.args(arguments).current_dir(repository.join(suite)))
    };
    npm(&["ci", "--no-audit", "--no-fund"]).context("is the npm registry reachable?")?;
    npm(&["test"])
}
