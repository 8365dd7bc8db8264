//! Programs of other people's, run against a server.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// A program may take this long to print an expected line.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// With the packages of server/tests/clients/requirements.txt. Its lines are not held back: a pipe is no terminal.
pub fn python(program: &str) -> Command {
    let python = root().join("server/tests/clients/.venv/bin/python");
    assert!(
        python.is_file(),
        "run `cargo xtask setup --tests` first: the Python clients of docs/clients.md need its packages"
    );
    let mut command = Command::new(python);
    command.arg("-u").arg("-c").arg(program);
    command
}

pub fn sh(program: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(program);
    command
}

/// The first lines that the program prints and that `good` likes.
pub async fn lines(command: Command, count: usize, good: impl Fn(&str) -> bool) -> Vec<String> {
    let mut program = Program::start(command);
    let mut found = Vec::new();
    let reading = async {
        while found.len() < count {
            let line = program.line().await;
            if good(&line) {
                found.push(line);
            }
        }
    };
    assert!(in_time(reading).await, "{found:?} is all that came");
    found
}

/// Returns true if a future ends in time, on a busy machine.
pub async fn in_time(reading: impl Future<Output = ()>) -> bool {
    timeout(PATIENCE, reading).await.is_ok()
}

/// A program that runs; dropping it ends it and whatever it has started.
pub struct Program {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
}

impl Program {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, out }
    }

    /// The next line that it prints.
    pub async fn line(&mut self) -> String {
        self.out.next_line().await.expect("readable").expect("it goes on")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let leader = self.child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
        let _ = leader.map(|group| rustix::process::kill_process_group(group, rustix::process::Signal::KILL));
    }
}
