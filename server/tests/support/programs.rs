//! Programs of other people's, run against a server.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Node 20 has neither class built in; browsers and later Nodes have both.
pub fn node(program: &str) -> Command {
    let modules = root().join("end2end/node_modules");
    assert!(
        modules.is_dir(),
        "run `cargo xtask setup` first: the clients of docs/clients.md need its npm packages"
    );
    let mut command = Command::new("node");
    command.current_dir(root().join("end2end")).arg("--input-type=module").arg("--eval").arg(format!(
        "import {{ EventSource as E }} from 'eventsource'; import W from 'ws';\n\
         globalThis.EventSource ??= E; globalThis.WebSocket ??= W;\n{program}"
    ));
    command
}

pub fn sh(program: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(program);
    command
}

/// The first lines that the program prints and that `good` likes.
pub async fn lines(mut command: Command, count: usize, good: impl Fn(&str) -> bool) -> Vec<String> {
    let mut child: Child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut found = Vec::new();
    let reading = async {
        while found.len() < count {
            let line = out.next_line().await.expect("readable").expect("it goes on");
            if good(&line) {
                found.push(line);
            }
        }
    };
    let in_time = timeout(Duration::from_secs(30), reading).await.is_ok();
    assert!(in_time, "{found:?} is all that came");
    found
}
