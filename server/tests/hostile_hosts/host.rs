//! A machine of a test's own: mounts and interfaces in namespaces, and the server among them.

use std::{
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use common::{Sample, host::HostSnapshot};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::binary::{ServerProcess, pulseboard};

/// An expected event may take this long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A server in namespaces of its own.
pub(crate) struct Host {
    pub(crate) server: ServerProcess,
    /// A folder that it and the test both see.
    pub(crate) folder: TempDir,
    network: bool,
}

/// The parts of the simulated machine.
#[derive(Default)]
pub(crate) struct Plan<'a> {
    /// A shell script that runs in the new namespaces before the server; `$T` is a folder.
    pub(crate) setup: &'a str,
    /// True if the machine has a network of its own.
    pub(crate) network: bool,
    /// Settings in the environment.
    pub(crate) settings: &'a [(&'a str, &'a str)],
    /// The files that the folder holds at the start.
    pub(crate) files: &'a [(&'a str, &'a str)],
    /// The path that the server takes for the root.
    pub(crate) root: Option<&'a str>,
}

impl Host {
    pub(crate) fn start(plan: &Plan<'_>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in plan.files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(file, text).expect("written");
        }
        std::fs::create_dir_all(folder.path().join("data")).expect("made");
        let mut script = "set -e; mount --make-rprivate /; ".to_owned();
        if plan.network {
            script += "mount -t sysfs sysfs /sys; ip link set lo up; ";
        }
        script += plan.setup;
        script += match plan.root {
            Some(_) => "\nexec chroot \"$ROOT\" \"$@\"",
            None => "\nexec \"$@\"",
        };
        let mut command = Command::new("unshare");
        command.arg("--mount");
        if plan.network {
            command.arg("--net");
        }
        command.args(["sh", "-c", &script, "sh"]);
        let binary = pulseboard();
        let (program, data) = match plan.root {
            Some(_) => ("/pulseboard".into(), "/tmp".into()),
            None => (binary.get_program().to_owned(), folder.path().join("data").into_os_string()),
        };
        command.arg(program).args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PULSEBOARD_")) {
            command.env_remove(name);
        }
        command
            .env("T", folder.path())
            .env("BINARY", binary.get_program())
            .envs(plan.settings.iter().copied());
        if let Some(root) = plan.root {
            command.env("ROOT", folder.path().join(root));
        }
        // Mounts of a namespace go with its last process; the group goes with the test.
        command.process_group(0);
        Self { server: ServerProcess::logging(&mut command, Stdio::inherit()), folder, network: plan.network }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.server.child.id()
    }

    /// Runs a shell script in the machine's namespaces.
    pub(crate) fn run(&self, script: &str) {
        let status = self.inside().args(["sh", "-ec", script]).status().expect("nsenter");
        assert!(status.success(), "{script}");
    }

    fn inside(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.pid().to_string(), "--mount"]);
        if self.network {
            command.arg("--net");
        }
        command.env("T", self.folder.path());
        command
    }

    /// Status and body of an answer. Asked from within, since the machine's loopback may be its own.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut command = self.inside();
        let address = format!("http://{}{path}", self.server.address);
        command.args(["curl", "-s", "--max-time", "20", "-w", "\n%{http_code}", &address]);
        let answer = command.output().expect("curl");
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        let (body, status) = text.rsplit_once('\n').unwrap_or(("", ""));
        (status.trim().parse().unwrap_or(0), body.to_owned())
    }

    pub(crate) fn snapshot(&self) -> HostSnapshot {
        let (status, body) = self.get("/api/v1/hosts/local");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect(&body)
    }

    /// Follows all topics for as long as the watch lives: numbers then come at the full pace.
    pub(crate) fn watch(&self) -> Watch {
        let mut command = self.inside();
        let topics = "host/local/metrics,host/local/system,host/local/processes";
        let address = format!("http://{}/live/sse?topics={topics}", self.server.address);
        command.args(["curl", "-sN", &address]).stdout(Stdio::null());
        Watch(command.spawn().expect("curl"))
    }

    /// The first snapshot of which `of` finds something.
    pub(crate) fn until<T>(&self, what: &str, of: impl Fn(&HostSnapshot) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let snapshot = self.snapshot();
            if let Some(found) = of(&snapshot) {
                return found;
            }
            assert!(Instant::now() < deadline, "{what}: {snapshot:?}");
            pause(Duration::from_millis(100));
        }
    }

    /// Waits until `/readyz` has this status, and gives its body.
    pub(crate) fn until_ready_says(&self, status: u16) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (said, body) = self.get("/readyz");
            if said == status {
                return body;
            }
            assert!(Instant::now() < deadline, "{said} {body}");
            pause(Duration::from_millis(100));
        }
    }

    /// Asks the server to end, and gives how long it took; `None` after half a minute.
    pub(crate) fn stop(&mut self) -> Option<Duration> {
        self.signal(Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(30) {
            if self.server.child.try_wait().expect("a child").is_some() {
                return Some(asked.elapsed());
            }
            pause(Duration::from_millis(20));
        }
        None
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.pid().cast_signed()).expect("a process");
        kill_process(pid, signal).expect("sent");
    }
}

pub(crate) struct Watch(std::process::Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that runs as long as the test wants.
pub(crate) struct NamespacedProgram(pub(crate) std::process::Child);

impl Drop for NamespacedProgram {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// The instances of a series in a sample.
pub(crate) fn names(sample: &Sample, series: &str) -> Vec<String> {
    sample.values.instances(series).map(|(name, _)| name).collect()
}

/// Puts a small ext4 at `$T/disk`'s mount point `$1`, with the loop device that is free.
pub(crate) const EXT4: &str = r#"
ext4() {
    truncate -s 24M "$T/image.$$"
    mkfs.ext4 -q -F "$T/image.$$"
    mkdir -p "$1"
    mount -o loop "$T/image.$$" "$1"
}
"#;

/// Returns true if a file exists.
pub(crate) fn exists(path: &str) -> bool {
    Path::new(path).exists()
}

impl Host {
    /// A server that was started otherwise.
    pub(crate) fn of(server: ServerProcess, folder: TempDir) -> Self {
        Self { server, folder, network: false }
    }
}
