//! Real exporters, which end with their tests.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// A running exporter of Debian.
#[derive(Debug)]
pub(crate) struct Exporter {
    child: Child,
    pub(crate) port: u16,
}

impl Exporter {
    /// Starts one of those in Go on a port that is free, and waits until it says that it listens.
    pub(crate) async fn start_go(program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        if !arguments.iter().any(|argument| argument.starts_with("--web.listen-address=")) {
            command.arg("--web.listen-address=127.0.0.1:0");
        }
        command.args(arguments);
        Self::start(command, program, "address=127.0.0.1:").await
    }

    /// Starts a script with Debian's client library for Python, which writes `port=` and the port that it listens on.
    pub(crate) async fn start_python(script: &str) -> Self {
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-c", script]);
        Self::start(command, "python3-prometheus-client", "port=").await
    }

    async fn start(mut command: Command, package: &str, before_port: &str) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap_or_else(
                |error| {
                    panic!("{package} cannot be started ({error}): cargo xtask setup --tests installs it")
                },
            );
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let mut log = String::new();
        while let Some(line) = lines.next_line().await.expect("lines") {
            let port = line.split_once(before_port).map(|(_, port)| port.parse().expect("a port"));
            if let Some(port) = port {
                // It would wait for us if nobody read on.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Self { child, port };
            }
            log.push_str(&line);
            log.push('\n');
        }
        panic!("{package} ended before it listened; `cargo xtask setup --tests` installs it:\n{log}");
    }

    /// Ends it, and waits until it has.
    pub(crate) async fn end(mut self) {
        self.child.kill().await.expect("an end");
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.port)
    }
}
