//! A disk that fails under a running server: nothing is called stored that may not be, and operators are told.
#![cfg(target_os = "linux")]

mod support;

use std::{fs, net::SocketAddr, time::Duration};

use support::{
    Answer,
    binary::{ServerProcess, library, pulseboard},
    get, post,
};

/// Takes the place of the C library's `fdatasync`, and fails as soon as a file is there.
const FAILING: &str = r#"
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
int fdatasync(int file) {
    if (access(getenv("DISK_FAILS"), F_OK) != 0) return syscall(SYS_fdatasync, file);
    errno = EIO;
    return -1;
}
"#;

async fn publish(to: SocketAddr) -> Answer {
    post(to, "/api/v1/publish", "application/json", r#"{"topic":"custom/a","data":1}"#).await
}

/// Asks until it is answered so.
async fn until_ready_says(to: SocketAddr, status: u16) -> Answer {
    for _ in 0..3000 {
        let answer = get(to, "/readyz").await;
        if answer.status == status {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("/readyz never says {status}");
}

#[tokio::test]
async fn a_server_whose_disk_has_failed_is_not_ready_and_stores_nothing_until_it_is_started_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let fails = folder.path().join("fails");
    let library = library(folder.path(), FAILING);
    let start = || {
        let mut command = pulseboard();
        command.env("LD_PRELOAD", &library).env("DISK_FAILS", &fails);
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path().join("data"));
        ServerProcess::new(&mut command)
    };
    let server = start();
    until_ready_says(server.address, 200).await;
    fs::write(&fails, "").expect("written");
    // Nobody waits for this one to be on the disk, so it was told; that the disk failed comes out within a second.
    assert_eq!(publish(server.address).await.status, 200);
    let told = until_ready_says(server.address, 503).await.body;
    assert!(told.contains("the disk failed") && told.contains("restart"), "{told}");
    let refused = publish(server.address).await;
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("\"not_stored\""), "{}", refused.body);
    // It goes on failing even if the disk seems well again: what was lost, no one can say.
    fs::remove_file(&fails).expect("removed");
    assert_eq!(publish(server.address).await.status, 503);
    assert_eq!(get(server.address, "/healthz").await.status, 200, "the rest goes on");
    drop(server);
    let server = start();
    until_ready_says(server.address, 200).await;
    assert_eq!(publish(server.address).await.status, 200);
}
