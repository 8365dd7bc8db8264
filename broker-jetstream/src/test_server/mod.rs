//! Real NATS servers for tests: alone or as a cluster, on loopback, with their data in a folder that goes with them.
//!
//! `cargo xtask setup --tests` installs the binaries into `target/nats/<version>/`; another folder like it is named by
//! `PULSEBOARD_NATS_DIR`.

mod cluster;
mod relay;

use std::{
    env, fs, io,
    io::{Read, Write},
    iter,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

pub use self::{cluster::TestCluster, relay::TestRelay};

/// The releases that the tests go through: the oldest line that is supported, the one before the newest, and the newest.
pub const VERSIONS: [&str; 3] = ["2.10.26", "2.11.11", "2.15.1"];
/// Debian 12's, which is too old.
pub const TOO_OLD: &str = "2.9.10";

/// The time that a server may take to start on a busy machine.
const START: Duration = Duration::from_secs(60);
/// Ports are free when they are chosen, and another test may be quicker; new servers may not become one cluster.
const ATTEMPTS: usize = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// A server's options.
#[derive(Debug, Clone, Default)]
pub struct ServerOptions {
    /// Starts it without JetStream.
    pub without_jetstream: bool,
    /// Certificates, for a server that asks its clients for TLS.
    pub tls: Option<ServerTls>,
    /// Lines for its configuration.
    pub lines: String,
    /// The port of its clients; none for any free one.
    pub port: Option<u16>,
}

/// A server's certificate, and whose clients' it takes; all PEM.
#[derive(Debug, Clone)]
pub struct ServerTls {
    /// The authority of certificates that clients show; none where they show none.
    pub clients: Option<String>,
    /// The server's certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
}

/// A server, which ends with this value.
#[derive(Debug)]
pub struct TestServer {
    child: Option<Child>,
    binary: PathBuf,
    folder: TempDir,
    port: u16,
    health_port: u16,
}

impl TestServer {
    /// Starts a server of a version, and waits until it is ready.
    ///
    /// # Panics
    /// When the binary is missing, or the server does not start.
    #[must_use]
    pub fn start(version: &str, options: &ServerOptions) -> Self {
        some_attempt(|| {
            let mut server = Self::launch(version, options);
            server.starts().then_some(server)
        })
    }

    /// Starts a server without waiting for it.
    fn launch(version: &str, options: &ServerOptions) -> Self {
        let mut server = Self::prepare(version, options);
        server.spawn();
        server
    }

    /// Writes what a server needs, and does not start it.
    fn prepare(version: &str, options: &ServerOptions) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (port, health_port) = (options.port.unwrap_or_else(free_port), free_port());
        let mut text = format!(
            "listen: 127.0.0.1:{port}\nhttp: 127.0.0.1:{health_port}\nlog_file: {:?}\n",
            folder.path().join("log")
        );
        if !options.without_jetstream {
            // A test machine's memory says little of what the server may take.
            text += &format!(
                "jetstream {{ store_dir: {:?}, max_memory_store: 256MB, max_file_store: 1GB }}\n",
                folder.path().join("data")
            );
        }
        if let Some(tls) = &options.tls {
            text += &tls.write(folder.path());
        }
        text += &options.lines;
        fs::write(folder.path().join("conf"), text).expect("the folder is writable");
        Self { child: None, binary: binary(version), folder, port, health_port }
    }

    /// The address for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// The port for clients.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The number of its process; none while it is killed.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// The folder with its data.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends it as a power cut does, but for the disk: SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts it again, with its data, and waits until it is ready.
    pub fn restart(&mut self) {
        some_attempt(|| {
            self.kill();
            self.spawn();
            self.starts().then_some(())
        });
    }

    /// Starts it, again where it runs, without waiting.
    pub fn respawn(&mut self) {
        self.kill();
        self.spawn();
    }

    /// Stops it without ending it: SIGSTOP. Its connections stay open.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Has it go on: SIGCONT.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let Some(child) = &self.child else { return };
        let sent = Command::new("kill").arg(signal).arg(child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill {signal} failed");
    }

    fn spawn(&mut self) {
        // Its log tells of this life. There is none before the first.
        let _ = fs::remove_file(self.folder.path().join("log"));
        let child = Command::new(&self.binary)
            .arg("-c")
            .arg(self.folder.path().join("conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child =
            Some(child.unwrap_or_else(|error| panic!("{} does not start: {error}", self.binary.display())));
    }

    /// Waits until it says that it is healthy; false where someone took one of its ports before it did.
    fn starts(&mut self) -> bool {
        let ready = self.becomes_ready(START);
        assert!(ready || self.has_lost_a_port(), "nats-server did not start: {}", self.log());
        ready
    }

    /// Waits until it says that it is healthy; false where it does not in time, or cannot.
    #[expect(clippy::disallowed_methods, reason = "a test waits for its server before anything else runs")]
    fn becomes_ready(&mut self, patience: Duration) -> bool {
        let started = Instant::now();
        while !self.is_healthy().unwrap_or(false) {
            if self.has_lost_a_port() || started.elapsed() >= patience {
                return false;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        true
    }

    fn has_lost_a_port(&self) -> bool {
        self.log().contains("address already in use")
    }

    fn is_healthy(&self) -> io::Result<bool> {
        Ok(self.ask("/healthz")?.contains(" 200 "))
    }

    /// Reports that its cluster's leader was chosen among three.
    fn is_one_of_three(&self) -> bool {
        self.ask("/jsz").is_ok_and(|told| told.contains("\"cluster_size\": 3"))
    }

    fn ask(&self, path: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.health_port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl ServerTls {
    /// Writes the files; returns the block that names them.
    fn write(&self, folder: &Path) -> String {
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).expect("the folder is writable");
            path
        };
        let (certificate, key) = (write("cert.pem", &self.certificate), write("key.pem", &self.key));
        let clients = self.clients.as_ref().map(|text| write("clients.pem", text));
        let verify = clients.map_or_else(String::new, |path| format!(", ca_file: {path:?}, verify: true"));
        format!("tls {{ cert_file: {certificate:?}, key_file: {key:?}{verify} }}\n")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Tries to start servers a few times.
fn some_attempt<T>(start: impl FnMut() -> Option<T>) -> T {
    iter::repeat_with(start).take(ATTEMPTS).flatten().next().expect("servers start at ports that stay free")
}

/// Returns true if the binary of a version is there.
#[must_use]
pub fn is_installed(version: &str) -> bool {
    path(version).exists()
}

fn path(version: &str) -> PathBuf {
    let folder = env::var_os("PULSEBOARD_NATS_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/nats"), PathBuf::from);
    folder.join(version).join("nats-server")
}

/// The binary of a version.
fn binary(version: &str) -> PathBuf {
    let binary = path(version);
    assert!(
        binary.exists(),
        "nats-server {version} is not at {}: `cargo xtask setup --tests` installs it",
        binary.display()
    );
    binary
}

/// A port on which nobody listens at this moment.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}
