//! A proxy before several nodes, with the lines of docs/scaling.md.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::TcpStream, time::sleep};

const PAGE: &str = include_str!("../../../docs/scaling.md");

/// Starts one kind of proxy. In its file `@LINES@` are those of the document, `@PORT@` its port and `@FOLDER@` its folder.
pub(crate) struct Setup {
    pub(crate) program: &'static str,
    /// The language of the block in the document.
    pub(crate) language: &'static str,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) file: &'static str,
}

pub(crate) const NGINX: Setup = Setup {
    program: "nginx",
    language: "nginx",
    arguments: &["-e", "stderr", "-p", "@FOLDER@", "-c"],
    file: "daemon off; worker_processes 2; pid @FOLDER@/pid; error_log stderr; events {}\n\
           http { access_log off; client_body_temp_path @FOLDER@/1; proxy_temp_path @FOLDER@/2; fastcgi_temp_path @FOLDER@/3;\n\
           uwsgi_temp_path @FOLDER@/4; scgi_temp_path @FOLDER@/5;\n@LINES@\n\
           server { listen 127.0.0.1:@PORT@; location / { proxy_pass http://board; proxy_http_version 1.1;\n\
           proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_buffering off; } } }\n",
};

pub(crate) const HAPROXY: Setup = Setup {
    program: "haproxy",
    language: "haproxy",
    arguments: &["-db", "-q", "-f"],
    file: "defaults\n mode http\n timeout connect 5s\n timeout client 1h\n timeout server 1h\n option http-no-delay\n option forwardfor\n\
           frontend web\n bind 127.0.0.1:@PORT@\n default_backend board\n@LINES@\n",
};

pub(crate) const CADDY: Setup = Setup {
    program: "caddy",
    language: "caddy",
    arguments: &["run", "--adapter", "caddyfile", "--config"],
    file: "{\n admin off\n auto_https off\n storage file_system @FOLDER@\n}\nhttp://127.0.0.1:@PORT@ {\n@LINES@\n}\n",
};

/// A proxy, which ends with this value.
pub(crate) struct Proxy {
    child: Child,
    pub(crate) address: SocketAddr,
    _folder: TempDir,
}

impl Proxy {
    /// Starts one before these nodes, which the document calls `n1:3000` and so on.
    pub(crate) async fn start(setup: &Setup, nodes: &[SocketAddr]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // A proxy takes no port 0: one is found by having it for a moment.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
        let at = folder.path().to_str().expect("a path that is text");
        let fill = |text: &str| text.replace("@FOLDER@", at).replace("@PORT@", &address.port().to_string());
        let lines = nodes.iter().enumerate().fold(lines(setup.language), |lines, (number, node)| {
            lines.replace(&format!("n{}:3000", number + 1), &node.to_string())
        });
        let file = folder.path().join("settings");
        std::fs::write(&file, fill(setup.file).replace("@LINES@", &lines)).expect("the folder is writable");
        // Debian keeps servers off the path of people who are not root.
        let elsewhere = Path::new("/usr/sbin").join(setup.program);
        let program = if elsewhere.exists() { elsewhere } else { setup.program.into() };
        let child = Command::new(program)
            .args(setup.arguments.iter().map(|argument| fill(argument)))
            .arg(&file)
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("run `cargo xtask setup --tests` first: this test needs nginx, HAProxy and Caddy");
        let mut proxy = Self { child, address, _folder: folder };
        while TcpStream::connect(address).await.is_err() {
            let ended = proxy.child.try_wait().expect("a child");
            assert!(ended.is_none(), "{} ended before it listened: {ended:?}", setup.program);
            sleep(Duration::from_millis(20)).await;
        }
        proxy
    }
}

impl Drop for Proxy {
    /// The master of nginx ends its workers when it is asked to, not when it is killed.
    fn drop(&mut self) {
        let asked = Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// The document's block in a language.
fn lines(language: &str) -> String {
    let fence = format!("```{language}");
    let block = PAGE.lines().skip_while(|line| line.trim() != fence).skip(1);
    let lines: Vec<_> = block.take_while(|line| line.trim() != "```").collect();
    assert!(!lines.is_empty(), "docs/scaling.md has no block for {language}");
    lines.join("\n")
}
