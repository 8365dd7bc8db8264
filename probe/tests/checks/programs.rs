//! Programs of this machine, in folders of their own.

use std::{net::SocketAddr, process::Stdio};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    net::{TcpListener, UdpSocket},
    process::{Child, ChildStderr, Command},
};

/// A program that ends with the test.
pub(crate) struct Program {
    pub(crate) folder: TempDir,
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
}

impl Program {
    /// Starts a program of Debian, which `cargo xtask setup --tests` installs. It is killed with the test.
    pub(crate) fn start(folder: TempDir, name: &str, arguments: &[&str]) -> Self {
        let elsewhere = format!("/usr/sbin/{name}");
        let path = if std::path::Path::new(&elsewhere).exists() { elsewhere.as_str() } else { name };
        let mut child = Command::new(path)
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{name} is missing, `cargo xtask setup --tests` installs it: {error}")
            });
        let lines = BufReader::new(child.stderr.take().expect("its errors")).lines();
        Self { folder, child, lines }
    }

    /// Waits for a line of its log that says that it listens.
    pub(crate) async fn says(&mut self, text: &str) {
        let mut log = String::new();
        while let Some(line) = self.lines.next_line().await.expect("its log") {
            if line.contains(text) {
                return;
            }
            log += &line;
            log.push('\n');
        }
        panic!("{:?} ended: {log}", self.child.wait().await);
    }
}

/// A port of this machine that is free for TCP and UDP.
pub(crate) async fn free_port() -> SocketAddr {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        if UdpSocket::bind(address).await.is_ok() {
            return address;
        }
    }
}
