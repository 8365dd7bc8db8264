//! A disk that hangs under a running server: who publishes what is stored waits, and nobody else does.
#![cfg(target_os = "linux")]

mod support;

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use support::{
    Answer,
    binary::{ServerProcess, library, pulseboard},
    get, post, stream,
};

/// Takes the place of the C library's `pwrite`, which hangs while a file is there, and says that it does.
const HANGING: &str = r#"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    while (access(getenv("DISK_HANGS"), F_OK) == 0) {
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, getenv("DISK_HUNG"), O_CREAT | O_WRONLY, 0600));
        usleep(2000);
    }
    return syscall(SYS_pwrite64, file, bytes, count, at);
}
"#;

async fn publish(to: SocketAddr, n: u32) -> Answer {
    let body = format!(r#"{{"topic":"custom/a","data":{n}}}"#);
    post(to, "/api/v1/publish", "application/json", &body).await
}

async fn there(file: &Path) {
    while !file.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn who_publishes_waits_for_a_disk_that_hangs_and_no_reader_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hangs, hung) = (folder.path().join("hangs"), folder.path().join("hung"));
    let mut command = pulseboard();
    command.env("LD_PRELOAD", library(folder.path(), HANGING)).env("DISK_HANGS", &hangs);
    command.env("DISK_HUNG", &hung).args(["--listen", "127.0.0.1:0", "--data-dir"]);
    let server = ServerProcess::new(command.arg(folder.path().join("data")));
    let to = server.address;
    // The first makes the segment on a thread, and those that follow are short writes.
    let first = publish(to, 0).await.body;
    let cursor = first.split('"').find(|word| word.contains('-')).expect("a cursor").to_owned();
    for n in 1..20 {
        assert_eq!(publish(to, n).await.status, 200);
    }
    fs::write(&hangs, "").expect("written");
    let waiting = [20, 21, 22].map(|n| tokio::spawn(publish(to, n)));
    there(&hung).await;
    for _ in 0..20 {
        assert_eq!(get(to, "/healthz").await.status, 200);
    }
    // Values that are in memory only go on coming, by the clock of the collector.
    for way in ["sse", "stream"] {
        let path = format!("/live/{way}?topics=host/local/metrics,custom/a");
        let told = stream(to, &path, |text| text.matches("host/local/metrics").count() > 6).await;
        assert!(!told.contains("\"gap\""), "{told}");
    }
    assert!(waiting.iter().all(|publishing| !publishing.is_finished()), "the disk hangs");
    fs::remove_file(&hangs).expect("removed");
    for publishing in waiting {
        assert_eq!(publishing.await.expect("no panic").status, 200);
    }
    let path = format!("/live/sse?topics=custom/a&since={cursor}");
    let told = stream(to, &path, |text| text.matches("\"data\":").count() >= 22).await;
    for n in 1..23 {
        assert_eq!(told.matches(&format!("\"data\":{n}}}")).count(), 1, "{n}: {told}");
    }
}
