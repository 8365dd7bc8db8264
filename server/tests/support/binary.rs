//! The binary as people start it.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

pub fn pulseboard() -> Command {
    program(env!("CARGO_BIN_EXE_pulseboard"))
}

/// Another build of it.
pub fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PULSEBOARD_")) {
        command.env_remove(name);
    }
    // Tests publish as fast as they can.
    command.env("PULSEBOARD_LIMITS__PUBLICATIONS_PER_SECOND", "0");
    command
}

/// Something to stand before the C library in the process (`LD_PRELOAD`).
pub fn library(folder: &Path, source: &str) -> PathBuf {
    let (code, library) = (folder.join("before_libc.c"), folder.join("before_libc.so"));
    fs::write(&code, source).expect("written");
    let mut cc = Command::new("cc");
    let made = cc.args(["-D_GNU_SOURCE", "-shared", "-fPIC", "-o"]).arg(&library).arg(&code).status();
    assert!(made.expect("`cargo xtask setup` asks for a C compiler").success());
    library
}

/// Ends the process with the test, whatever becomes of it.
pub struct ServerProcess {
    pub child: Child,
    pub address: SocketAddr,
}

impl ServerProcess {
    pub fn new(command: &mut Command) -> Self {
        Self::logging(command, Stdio::null())
    }

    pub fn logging(command: &mut Command, log: Stdio) -> Self {
        Self::start(command, log).unwrap_or_else(|line| panic!("{line:?}"))
    }

    /// The line that it said instead of its address, where it did not start.
    pub fn start(command: &mut Command, log: Stdio) -> Result<Self, String> {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("it starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        match line.trim().split_once("://").and_then(|(_, text)| text.parse().ok()) {
            Some(address) => Ok(Self { child, address }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(line)
            }
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command that refuses to start and returns its message: one line, with exit code 1.
pub fn refusal(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("it runs and ends");
    let told = String::from_utf8(stderr).expect("text");
    assert_eq!(status.code(), Some(1), "{told}");
    assert!(stdout.is_empty());
    assert_eq!(told.trim_end().lines().count(), 1, "one clear line: {told}");
    assert!(!told.contains("panicked"), "{told}");
    told
}
