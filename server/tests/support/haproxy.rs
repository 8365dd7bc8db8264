//! A real HAProxy in front of a server.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::TestServer;

pub struct Haproxy {
    child: Child,
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Haproxy {
    /// In this mode (`http` or `tcp`), with these words behind the server's address.
    pub async fn before(server: &TestServer, mode: &str, words: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // It takes no port 0: one is found by having it for a moment.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
        let configuration = format!(
            "defaults\n  mode {mode}\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n\
             frontend in\n  bind {address}\n  default_backend out\n\
             backend out\n  server pulseboard {} {words}\n",
            server.address
        );
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, configuration).expect("written");
        // Debian keeps it off the path of people who are not root.
        let elsewhere = Path::new("/usr/sbin/haproxy");
        let haproxy = if elsewhere.exists() { elsewhere } else { "haproxy".as_ref() };
        let child = Command::new(haproxy)
            .args(["-db", "-q", "-f"])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("run `cargo xtask setup --tests` first: this test needs HAProxy");
        let haproxy = Self { child, address, _folder: folder };
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return haproxy;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("HAProxy does not listen");
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
