//! Schemathesis against a server of our own: made-up requests for every operation of `docs/openapi.json`, each answer held against what
//! stands there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process::{cargo, output, program, run};
use crate::server_process::ServerProcess;
use crate::workspace;

/// The release of the suite; it needs Python 3.10 or newer.
const PACKAGE: &str = "schemathesis==4.32.5";
const DESCRIPTION: &str = "docs/openapi.json";
/// Statuses of operations that refuse for a reason which no schema can say.
const SETTINGS: &str = "xtask/src/schemathesis.toml";
/// Everything that a token can be given.
const SCOPES: [&str; 6] = ["read:*", "publish:custom/*", "send:*", "connections", "notices", "agent"];

/// Asks three times: without accounts, where all is open; with accounts, without any proof; and with an admin's token.
pub(crate) fn test_api(folder: &Path, examples: u32) -> Result<()> {
    let suite = installed(folder)?;
    run(&mut cargo(["build", "-p", "server"]))?;
    let data = folder.join("board");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot empty {}", data.display()))?;
    }
    let mut serve = board(&data);
    serve.args(["serve", "--listen", "127.0.0.1:0"]);
    // The suite asks faster than a program should.
    serve
        .env("PULSEBOARD_LIMITS__PUBLICATIONS_PER_SECOND", "0")
        .env("PULSEBOARD_LIMITS__MESSAGES_PER_SECOND", "0");
    let server = ServerProcess::listening(&mut serve)?;
    let ask = |name: &str, description: &Path, lines: &[String]| -> Result<()> {
        let mut command = program(&suite);
        command.args(["--config-file", SETTINGS, "run"]).arg(description);
        command.args(["--url", server.url(), "--checks", "all", "--seed", "1"]);
        command.arg("--max-examples").arg(examples.to_string()).args(["--request-timeout", "30"]);
        run(command.args(lines)).with_context(|| format!("schemathesis {name}"))
    };
    let described = Path::new(DESCRIPTION);
    let open = folder.join("open.json");
    fs::write(&open, without_proofs(&fs::read(described).context("cannot read the description")?)?)
        .with_context(|| format!("cannot write {}", open.display()))?;
    ask("without accounts", &open, &[])?;
    output(board(&data).args(["user", "add", "kim", "--role", "admin"]))?;
    ask("without a proof", described, &[])?;
    let mut create = board(&data);
    create.args(["token", "create", "schemathesis", "--user", "kim"]);
    let token = output(create.args(SCOPES.iter().flat_map(|scope| ["--scope", scope])))?;
    let token = token.trim();
    ensure!(!token.is_empty(), "the server printed no token");
    // Beside the token the suite sends a session that is none, and expects to be refused.
    let ignoring = ["--exclude-checks", "ignored_auth", "--header"].map(str::to_owned);
    let lines = [&ignoring[..], &[format!("Authorization: Bearer {token}")]].concat();
    ask("with an admin's token", described, &lines)
}

/// Returns the description as it holds before there are accounts: what is open then asks for no proof.
fn without_proofs(description: &[u8]) -> Result<String> {
    let mut document: Value = serde_json::from_slice(description).context("the description is no JSON")?;
    let paths = document["paths"].as_object_mut().context("the description has no paths")?;
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(|all| all.values_mut()) {
        if operation["x-access"]["open_house"] == true {
            operation["security"] = Value::Array(Vec::new());
        }
    }
    Ok(document.to_string())
}

/// The server's binary with this data folder.
fn board(data: &Path) -> Command {
    let mut command = program(workspace::built("debug", "pulseboard"));
    command.arg("--data-dir").arg(data);
    command
}

/// Installs the suite into an environment of its own, and returns its command.
fn installed(folder: &Path) -> Result<PathBuf> {
    let environment = folder.join("schemathesis");
    let stamp = environment.join(".stamp");
    if fs::read_to_string(&stamp).ok().as_deref() != Some(PACKAGE) {
        install(&environment)?;
        fs::write(&stamp, PACKAGE).context("cannot write the stamp")?;
    }
    Ok(environment.join("bin/schemathesis"))
}

fn install(environment: &Path) -> Result<()> {
    run(program("python3").args(["-m", "venv", "--clear"]).arg(environment))
        .context("schemathesis needs Python 3.10 or newer, with its venv module")?;
    let mut pip = program(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]);
    run(&mut pip).context("is PyPI reachable?")
}
