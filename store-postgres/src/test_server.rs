//! A real PostgreSQL server for tests: on loopback, with its data in a folder that goes with it.
//!
//! `cargo xtask setup --tests` installs Debian's; the folder of other programs is named by `PULSEBOARD_POSTGRES_DIR`.

#![allow(missing_docs, clippy::missing_panics_doc, reason = "only tests read it")]

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use store::Store;
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use crate::PostgresStore;

/// Debian and Ubuntu have a folder for each version here.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The oldest version that is supported, which Debian 12 has.
const OLDEST: u32 = 15;
/// The time that a server may take to start on a busy machine.
const START: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// Ports are free when they are chosen, and another test may be quicker.
const ATTEMPTS: usize = 5;
pub const PASSWORD: &str = "hunter2";

/// A server's certificate and its key, PEM.
#[derive(Debug)]
pub struct ServerTls {
    pub certificate: String,
    pub key: String,
}

/// A server, which ends with this value.
#[derive(Debug)]
pub struct TestServer {
    child: Option<Child>,
    folder: TempDir,
    port: u16,
    /// The user that the server runs as, where the tests are root's: PostgreSQL refuses root.
    user: Option<&'static str>,
}

impl TestServer {
    /// Makes a server with a certificate or without, and waits until it answers.
    pub async fn start(tls: Option<&ServerTls>) -> Self {
        for _ in 0..ATTEMPTS {
            let mut server = Self::prepare(tls);
            server.spawn();
            if server.answers().await {
                return server;
            }
            assert!(server.log().contains("Address already in use"), "it did not start: {}", server.log());
        }
        panic!("servers start at ports that stay free");
    }

    /// The address of a database, without a word on TLS.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://pulseboard:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// The address of a database, without TLS.
    pub fn plain(&self, database: &str) -> String {
        self.address(database) + "?sslmode=disable"
    }

    /// Makes an empty database.
    pub async fn database(&self, name: &str) {
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        self.client("postgres").await.batch_execute(&sql).await.expect("a database");
    }

    /// Connects beside the store.
    pub async fn client(&self, database: &str) -> Client {
        self.connection(database).await.expect("it connects")
    }

    async fn connection(&self, database: &str) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.plain(database), NoTls).await?;
        // It ends with the client.
        tokio::spawn(connection);
        Ok(client)
    }

    /// Opens the store in a database.
    pub async fn store(&self, database: &str) -> PostgresStore {
        PostgresStore::connect(&self.plain(database)).await.expect("it opens")
    }

    /// Ends it as a crash does, and starts it again.
    pub async fn restart(&mut self) {
        self.stop();
        self.spawn();
        assert!(self.answers().await, "it did not start again: {}", self.log());
    }

    /// Ends it as a crash does: its connections break, and it goes through its log when it starts again.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let sent = Command::new("kill").arg("-QUIT").arg(child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -QUIT failed");
        child.wait().expect("it ends");
    }

    /// Starts it again, and does not wait.
    pub fn spawn(&mut self) {
        let log = fs::File::create(self.folder.path().join("log")).expect("the folder is writable");
        let child = self
            .program("postgres")
            .arg("-D")
            .arg(self.data())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.child = Some(child.unwrap_or_else(|error| panic!("postgres does not start: {error}")));
    }

    fn prepare(tls: Option<&ServerTls>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let is_root = fs::metadata(folder.path()).expect("it is there").uid() == 0;
        let user = is_root.then(|| if exists("postgres") { "postgres" } else { "nobody" });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let server = Self { child: None, folder, port, user };
        let password = server.write("password", PASSWORD);
        server.give(server.folder.path());
        let made = server
            .program("initdb")
            .args([
                "--username=pulseboard",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--auth=scram-sha-256",
            ])
            .arg(format!("--pwfile={}", password.display()))
            .arg(server.data())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut lines = format!(
            "\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n"
        );
        if let Some(tls) = tls {
            let files = [server.write("cert.pem", &tls.certificate), server.write("key.pem", &tls.key)];
            let [certificate, key] = files.map(|path| path.display().to_string());
            lines += &format!("ssl = on\nssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n");
        }
        let path = server.data().join("postgresql.conf");
        let before = fs::read_to_string(&path).expect("initdb wrote it");
        fs::write(path, before + &lines).expect("the folder is writable");
        server
    }

    /// Writes a file that the server may read, and only it.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("the folder is writable");
        let set = Command::new("chmod").arg("600").arg(&path).status();
        assert!(set.is_ok_and(|status| status.success()), "chmod failed");
        self.give(&path);
        path
    }

    fn give(&self, path: &Path) {
        let Some(user) = self.user else { return };
        let given = Command::new("chown").arg(user).arg(path).status();
        assert!(given.is_ok_and(|status| status.success()), "chown {user} failed");
    }

    fn program(&self, name: &str) -> Command {
        let program = binaries().join(name);
        assert!(
            program.exists(),
            "PostgreSQL is not at {}: `cargo xtask setup --tests` installs it",
            program.display()
        );
        let mut command = match self.user {
            Some(user) => {
                // It becomes the program, so the number of its process stays.
                let mut command = Command::new("setpriv");
                command.args([&format!("--reuid={user}"), "--clear-groups", "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir(self.folder.path());
        command
    }

    async fn answers(&mut self) -> bool {
        let started = Instant::now();
        while self.connection("postgres").await.is_err() {
            let ended = self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || started.elapsed() > START {
                return false;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        true
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Opens the store at an address, and expects the kind of its error and words of its sentence.
pub async fn assert_refused(address: &str, kind: &str, words: &str) {
    let error = PostgresStore::connect(address).await.expect_err("it is refused");
    let sentence = error.to_string();
    assert_eq!(error.kind(), kind, "{sentence}");
    assert!(sentence.contains(words), "{sentence}");
    assert!(!sentence.contains(PASSWORD), "{sentence}");
}

/// Waits for a store to end.
pub async fn close(store: PostgresStore) {
    store.close().await;
}

/// The programs of the oldest version that is here and supported.
fn binaries() -> PathBuf {
    if let Some(folder) = env::var_os("PULSEBOARD_POSTGRES_DIR") {
        return folder.into();
    }
    let here = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let versions = here.filter_map(|version| version.file_name().to_str()?.parse().ok());
    let oldest = versions.filter(|version| *version >= OLDEST).min().unwrap_or(OLDEST);
    Path::new(VERSIONS).join(oldest.to_string()).join("bin")
}

fn exists(user: &str) -> bool {
    Command::new("id").arg(user).output().is_ok_and(|output| output.status.success())
}
