//! A real nginx in front of a server.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::TestServer;

pub struct Nginx {
    child: Child,
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Nginx {
    /// In front of `server`, with nothing set but where it is.
    pub async fn before(server: &TestServer) -> Self {
        Self::with(server, "").await
    }

    /// With these lines beside `proxy_pass`.
    pub async fn with(server: &TestServer, lines: &str) -> Self {
        Self::set_up("", &format!("proxy_pass http://{}; {lines}", server.address)).await
    }

    /// With connections to `server` that it keeps and shares among its clients, and these lines beside.
    pub async fn keeping_connections(server: &TestServer, connections: usize, lines: &str) -> Self {
        let upstream = format!("upstream board {{ server {}; keepalive {connections}; }}", server.address);
        let location = format!(
            "proxy_pass http://board; proxy_http_version 1.1; proxy_set_header Connection \"\"; \
             proxy_set_header Host localhost; {lines}"
        );
        Self::set_up(&upstream, &location).await
    }

    async fn set_up(http: &str, location: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().display();
        // nginx takes no port 0: one is found by having it for a moment.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {at}/{name};"))
            .concat();
        let configuration = format!(
            "daemon off; worker_processes 1; pid {at}/pid; error_log {at}/error.log;\n\
             events {{}}\n\
             http {{ {paths} access_log off;\n\
             {http}\n\
             server {{ listen {address}; location / {{ {location} }} }} }}\n"
        );
        let file = folder.path().join("nginx.conf");
        fs::write(&file, configuration).expect("written");
        // Debian keeps it off the path of people who are not root.
        let elsewhere = std::path::Path::new("/usr/sbin/nginx");
        let nginx = if elsewhere.exists() { elsewhere } else { "nginx".as_ref() };
        let child = Command::new(nginx)
            .args(["-e", "stderr", "-p"])
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("run `cargo xtask setup --tests` first: this test needs nginx");
        let nginx = Self { child, address, _folder: folder };
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return nginx;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nginx does not listen");
    }
}

impl Drop for Nginx {
    /// Its master ends its workers when it is asked to, not when it is killed.
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-s", "TERM", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
