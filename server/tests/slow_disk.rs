//! A disk that stands still under a running server: those who publish what is stored wait for it, and no one else.
#![cfg(target_os = "linux")]

mod support;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::Duration,
};

use support::{
    binary::{ServerProcess, library, pulseboard},
    get, post, stream,
};
use tempfile::TempDir;
use tokio::time::timeout;

/// Takes the place of what writes to files, and waits while a file is there.
const STANDING: &str = r#"
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
static void stand(void) { while (access(getenv("DISK_STANDS"), F_OK) == 0) usleep(2000); }
ssize_t pwrite64(int file, const void *from, size_t count, off64_t at) { stand(); return syscall(SYS_pwrite64, file, from, count, at); }
ssize_t pwrite(int file, const void *from, size_t count, off_t at) { stand(); return syscall(SYS_pwrite64, file, from, count, at); }
int fdatasync(int file) { stand(); return syscall(SYS_fdatasync, file); }
int fsync(int file) { stand(); return syscall(SYS_fsync, file); }
int ftruncate64(int file, off64_t length) { stand(); return syscall(SYS_ftruncate, file, length); }
int ftruncate(int file, off_t length) { stand(); return syscall(SYS_ftruncate, file, length); }
"#;

/// Only a broken promise waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server whose disk can be made to stand still.
struct StalledDiskServer {
    server: ServerProcess,
    folder: TempDir,
}

impl StalledDiskServer {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Self::in_folder(folder.path());
        while get(server.address, "/readyz").await.status != 200 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Self { server, folder }
    }

    fn in_folder(folder: &Path) -> ServerProcess {
        let mut command = pulseboard();
        command.env("LD_PRELOAD", library(folder, STANDING)).env("DISK_STANDS", folder.join("stands"));
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.join("data"));
        ServerProcess::new(&mut command)
    }

    /// Asks until it is answered so.
    async fn until_ready_says(&self, status: u16) -> String {
        let asking = async {
            loop {
                let answer = get(self.server.address, "/readyz").await;
                if answer.status == status {
                    break answer.body;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("/readyz never says {status}"))
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("stands")
    }

    fn stop(&self) {
        fs::write(self.file(), "").expect("written");
    }

    fn go_on(&self) {
        fs::remove_file(self.file()).expect("removed");
    }
}

async fn publish(to: SocketAddr, n: u64) -> u16 {
    let body = format!(r#"{{"topic":"custom/a","data":{n}}}"#);
    post(to, "/api/v1/publish", "application/json", &body).await.status
}

async fn say(to: SocketAddr, topic: &str, id: &str, data: &str) -> u16 {
    let body = format!(r#"{{"id":"{id}","topic":"{topic}","data":{data}}}"#);
    post(to, "/live/send", "application/json", &body).await.status
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[tokio::test]
async fn while_the_disk_stands_still_only_those_wait_who_publish_what_is_stored() {
    let standing = StalledDiskServer::start().await;
    let to = standing.server.address;
    assert_eq!(publish(to, 0).await, 200);
    standing.stop();
    let mut waiting = Vec::new();
    for n in 1..=8 {
        waiting.push(tokio::spawn(async move { publish(to, n).await }));
        let text = r#"{"name":"Kim","text":"Hello"}"#;
        waiting.push(tokio::spawn(async move { say(to, "chat/lobby", &format!("message-{n}"), text).await }));
    }
    let others = async {
        for _ in 0..100 {
            assert_eq!(get(to, "/healthz").await.status, 200);
        }
        assert_eq!(get(to, "/").await.status, 200, "pages are rendered");
        assert_eq!(get(to, "/api/v1/hosts/local").await.status, 200);
        // One who comes now is welcomed and hears six samples, and what was published before.
        let path = "/live/sse?topics=host/local/metrics,custom/a&snapshot=custom/a";
        let heard = stream(to, path, |text| count(text, "\"topic\":\"host/local/metrics\"") >= 6).await;
        assert_eq!(count(&heard, "\"topic\":\"custom/a\""), 1, "{heard}");
        // A client that had a live connection a moment ago may say that someone is there.
        let here = r#"{"client":"client-of-kim","name":"Kim","typing":false}"#;
        assert_eq!(say(to, "presence/lobby", "announcement", here).await, 200);
    };
    assert!(timeout(PATIENCE, others).await.is_ok(), "others wait for the disk");
    assert!(standing.until_ready_says(503).await.contains("the disk has not answered for"));
    assert!(waiting.iter().all(|one| !one.is_finished()), "nothing is called stored");
    standing.go_on();
    for one in waiting {
        assert_eq!(timeout(PATIENCE, one).await.expect("in time").expect("no panic"), 200);
    }
    standing.until_ready_says(200).await;
    let path = "/live/sse?topics=custom/a,chat/lobby&snapshot=custom/a,chat/lobby";
    let heard = stream(to, path, |text| count(text, "\"topic\":") >= 17).await;
    assert_eq!((count(&heard, "\"custom/a\""), count(&heard, "\"text\":\"Hello\"")), (9, 8), "{heard}");
}

#[tokio::test]
async fn a_server_whose_disk_stands_still_ends_and_begins_again_with_all_that_was_told() {
    let mut standing = StalledDiskServer::start().await;
    let to = standing.server.address;
    for n in 0..5 {
        assert_eq!(publish(to, n).await, 200);
    }
    standing.stop();
    let waiting = tokio::spawn(async move { publish(to, 5).await });
    let heard =
        stream(to, "/live/sse?topics=host/local/metrics", |text| count(text, "\"topic\":") >= 2).await;
    assert!(!heard.is_empty() && !waiting.is_finished());
    waiting.abort();
    let pid = rustix::process::Pid::from_child(&standing.server.child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("asked to end");
    let ended = async {
        loop {
            if let Some(status) = standing.server.child.try_wait().expect("a child") {
                break status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let status: ExitStatus = timeout(PATIENCE, ended).await.expect("the disk holds up the end");
    assert!(status.success());
    fs::remove_file(standing.file()).expect("removed");
    let server = StalledDiskServer::in_folder(standing.folder.path());
    let path = "/live/sse?topics=custom/a&snapshot=custom/a";
    let heard = stream(server.address, path, |text| count(text, "\"topic\":\"custom/a\"") >= 5).await;
    for n in 0..5 {
        assert_eq!(count(&heard, &format!("\"data\":{n}")), 1, "{heard}");
    }
}
