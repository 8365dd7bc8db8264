//! The binary as people start it: settings, refusals, signals.

mod listening;
#[path = "../support/mod.rs"]
mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        self, ClientConfig, DigitallySignedStruct, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, ring},
    },
};

use support::{
    binary::{ServerProcess, library, pulseboard, refusal},
    get, request, stream,
};

#[test]
fn what_keeps_it_from_starting_is_one_clear_line_and_exit_code_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serve = |arguments: &[&str]| {
        let mut command = pulseboard();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data).args(arguments);
        command
    };
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    };

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").to_string();
    let mut command = pulseboard();
    let told = refusal(command.args(["--listen", &port, "--data-dir"]).arg(&data));
    assert!(told.contains(&port) && told.contains("in use"), "{told}");

    let told = refusal(&mut serve(&["--config", "/no/such/file.toml"]));
    assert!(told.contains("/no/such/file.toml"), "{told}");

    let unknown = file("unknown.toml", "[limits]\nmesage_bytes = 5\n");
    let told = refusal(&mut serve(&["--config", &unknown]));
    assert!(told.contains("mesage_bytes") && told.contains(&unknown), "names the key and the file: {told}");

    let wrong = file("wrong.toml", "[limits]\nmessage_bytes = \"many\"\n");
    let told = refusal(&mut serve(&["--config", &wrong]));
    assert!(
        told.contains("limits.message_bytes") && told.contains(&wrong),
        "names the key and the file: {told}"
    );

    let broken = file("broken.toml", "[limits\n");
    let told = refusal(&mut serve(&["--config", &broken]));
    assert!(told.contains(&broken), "{told}");

    let told = refusal(serve(&[]).env("PULSEBOARD_COLLECT__FAST_MS", "often"));
    assert!(told.to_lowercase().contains("collect.fast_ms") && told.contains("environment"), "{told}");
    let told = refusal(serve(&[]).env("PULSEBOARD_COLLECT__FAST_MS", "1"));
    assert!(told.contains("collect.fast_ms") && told.contains("10"), "{told}");
    let told = refusal(serve(&[]).env("PULSEBOARD_NO_SUCH_THING", "1"));
    assert!(told.to_lowercase().contains("no_such_thing"), "{told}");

    let mut command = pulseboard();
    let told = refusal(command.args(["--listen", "0.0.0.0:0"]));
    assert!(told.contains("0.0.0.0:0") && told.contains("hosts = [\"board.example\"]"), "{told}");

    let plain = file("plain", "");
    let mut command = pulseboard();
    let told = refusal(command.args(["--listen", "127.0.0.1:0", "--data-dir", &format!("{plain}/data")]));
    assert!(told.contains(&plain) && told.contains("--data-dir"), "{told}");
}

#[tokio::test]
async fn flags_win_over_the_environment_which_wins_over_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.toml");
    fs::write(&file, "listen = \"127.0.0.1:1\"\n[live]\nheartbeat_ms = 7000\nretry_ms = 700\n")
        .expect("written");
    let mut command = pulseboard();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(&file)
        .arg("--data-dir")
        .arg(folder.path().join("data"))
        .env("PULSEBOARD_LISTEN", "127.0.0.1:2")
        .env("PULSEBOARD_LIVE__HEARTBEAT_MS", "9000");
    let server = ServerProcess::new(&mut command);
    let path = "/live/sse?topics=custom/x";
    let text = stream(server.address, path, |text| text.contains("heartbeat_ms")).await;
    assert!(text.contains("\"heartbeat_ms\":9000") && text.contains("retry: 700\n"), "{text}");
}

#[tokio::test]
async fn asked_to_end_it_tells_its_clients_when_to_come_back_and_ends_in_five_seconds() {
    for signal in ["TERM", "INT", "HUP"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = pulseboard();
        let mut server =
            ServerProcess::new(command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path()));
        let address = server.address;
        let reading = tokio::spawn(async move {
            stream(address, "/live/sse?topics=host/local/metrics", |text| text.contains("event: bye")).await
        });
        stream(address, "/live/sse?topics=host/local/metrics", |text| text.contains("id: ")).await;
        let pid = server.child.id().to_string();
        let asked = Instant::now();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().expect("kill").success());
        let text = reading.await.expect("the stream was told");
        assert!(text.contains("\"reason\":\"shutdown\"") && text.contains("retry: "), "{text}");
        let status = server.child.wait().expect("it ends");
        assert!(status.success(), "{signal}: {status}");
        assert!(asked.elapsed() < Duration::from_secs(5), "{signal}: {:?}", asked.elapsed());
    }
}

/// Takes the place of what opens files: under /proc it stands still while a file is there, and says that it does.
const STANDING: &str = r#"
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
static void stand(const char *path) {
    if (strncmp(path, "/proc/", 6) != 0) return;
    while (access(getenv("PROC_STANDS"), F_OK) == 0) {
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, getenv("PROC_STOOD"), O_CREAT | O_WRONLY, 0600));
        usleep(2000);
    }
}
int open64(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest);
    stand(path); return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest);
    stand(path); return syscall(SYS_openat, at, path, flags, mode);
}
"#;

#[cfg(target_os = "linux")]
#[tokio::test]
async fn asked_to_end_it_ends_though_what_measures_hangs() {
    let folder = tempfile::tempdir().expect("a folder");
    let (stands, stood) = (folder.path().join("stands"), folder.path().join("stood"));
    let mut command = pulseboard();
    command.env("LD_PRELOAD", library(folder.path(), STANDING)).env("PROC_STANDS", &stands);
    command.env("PROC_STOOD", &stood).args(["--listen", "127.0.0.1:0", "--data-dir"]);
    let mut server = ServerProcess::new(command.arg(folder.path().join("data")));
    let there = async |file: &Path| {
        while !file.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    while get(server.address, "/readyz").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    fs::write(&stands, "").expect("written");
    there(&stood).await;
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-s", "TERM", &pid]).status().expect("kill").success());
    let ended = async {
        while server.child.try_wait().expect("a child").is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // Only a broken promise waits for it.
    tokio::time::timeout(Duration::from_secs(60), ended).await.expect("it ends");
}

/// A certificate for localhost, in these files.
fn write_certificate(cert: &Path, key: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    fs::write(key, made.signing_key.serialize_pem()).expect("written");
    fs::write(cert, made.cert.pem()).expect("written");
    made.cert.der().clone()
}

/// The certificate that a server shows.
async fn shown(to: std::net::SocketAddr) -> CertificateDer<'static> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AcceptAnyCertificate(provider)))
        .with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(to).await.expect("the server accepts");
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("TLS");
    stream.get_ref().1.peer_certificates().expect("a certificate")[0].clone().into_owned()
}

/// Believes every certificate: the test looks at it afterwards.
#[derive(Debug)]
struct AcceptAnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// A server to start with a certificate, and where that lies.
struct Certified {
    cert: PathBuf,
    key: PathBuf,
    first: CertificateDer<'static>,
    command: Command,
}

impl Certified {
    fn new(folder: &Path) -> Self {
        let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        let first = write_certificate(&cert, &key);
        let mut command = pulseboard();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.join("data"));
        command.arg("--tls-cert").arg(&cert).arg("--tls-key").arg(&key);
        Self { cert, key, first, command }
    }
}

#[tokio::test]
async fn hung_up_it_reads_its_certificate_anew_and_keeps_the_old_one_where_that_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let Certified { cert, key, first, mut command } = Certified::new(folder.path());
    let log = folder.path().join("log");
    let mut server = ServerProcess::logging(&mut command, fs::File::create(&log).expect("a log").into());
    assert_eq!(shown(server.address).await, first);
    let hang_up = |server: &ServerProcess| {
        let pid = server.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "HUP", &pid]).status().expect("kill").success());
    };
    let logged = async |text: &str| {
        while !fs::read_to_string(&log).expect("the log").contains(text) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let second = write_certificate(&cert, &key);
    hang_up(&server);
    logged("read anew").await;
    assert_eq!(shown(server.address).await, second);
    fs::write(&cert, "none").expect("written");
    hang_up(&server);
    logged("stays as it was").await;
    assert_eq!(shown(server.address).await, second);
    assert!(server.child.try_wait().expect("a child").is_none(), "it lives on");
}

#[tokio::test]
async fn a_certificate_that_is_renewed_is_shown_without_a_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let Certified { cert, key, first, mut command } = Certified::new(folder.path());
    let server = ServerProcess::new(&mut command);
    assert_eq!(shown(server.address).await, first);
    // Renewed as programs do it: the key first, and for a while the two do not belong together.
    let second = write_certificate(&folder.path().join("cert.new"), &folder.path().join("key.new"));
    fs::rename(folder.path().join("key.new"), &key).expect("renamed");
    assert_eq!(shown(server.address).await, first);
    fs::rename(folder.path().join("cert.new"), &cert).expect("renamed");
    while shown(server.address).await != second {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_built_is_answered_with_the_id_in_the_log() {
    // A site whose list of pieces cannot be read: Leptos then panics while it renders.
    let folder = tempfile::tempdir().expect("a folder");
    let pkg = folder.path().join("target/site/pkg");
    fs::create_dir_all(&pkg).expect("a folder");
    fs::write(pkg.join("__wasm_split_manifest.json"), "no JSON").expect("written");
    let log = folder.path().join("log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pulseboard"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path().join("data"));
    command.env_remove("LEPTOS_SITE_ROOT").env("RUST_BACKTRACE", "0").current_dir(folder.path());
    let started = ServerProcess::logging(&mut command, fs::File::create(&log).expect("a log").into());

    let ask = |language: &str| {
        let own = started.address;
        format!("GET / HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\naccept-language: {language}\r\n\r\n")
    };
    let answer = request(started.address, &ask("en")).await;
    assert_eq!(answer.status, 500, "{}", answer.body);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(!answer.header("content-security-policy").expect("a policy").contains("script-src"));
    assert!(answer.body.contains("The server could not build this page"), "{}", answer.body);
    let id = answer.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("an id");
    assert!(id.starts_with("500-"), "{id}");
    let told = fs::read_to_string(&log).expect("the log");
    assert!(told.contains(id) && told.contains("could not read manifest file"), "{id} is not in {told}");

    let next = request(started.address, &ask("ko")).await;
    assert!(next.body.contains("<html lang=\"ko\"") && !next.body.contains(id), "each has an id of its own");
    assert_eq!(get(started.address, "/healthz").await.status, 200, "the rest lives on");
}

/// Huge pages would be resident as soon as a byte of each is used.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_idle_server_holds_little_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let server =
        ServerProcess::new(pulseboard().args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path()));
    while get(server.address, "/readyz").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).expect("of this machine");
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
    };
    // Kernels before 5.0 do not tell.
    assert!(of("THP_enabled").is_none_or(|enabled| enabled == 0), "{status}");
    let own = own_memory_kib(server.child.id());
    assert!((1..10 * 1024).contains(&own), "its own memory is {own} KiB, more than 10 MiB: {status}");
}

/// The resident memory that a process has asked for. Pages of its executable that the loader has written addresses into are not counted: a build
/// for tests has four MiB of them.
#[cfg(target_os = "linux")]
fn own_memory_kib(pid: u32) -> u64 {
    let maps = fs::read_to_string(format!("/proc/{pid}/smaps")).expect("of this user");
    let (mut of_a_file, mut kib) = (false, 0);
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("Anonymous:") if !of_a_file => {
                kib += words.next().and_then(|number| number.parse::<u64>().ok()).expect("a number of kB");
            }
            // A mapping begins with its addresses; the sixth word is its file.
            Some(first) if !first.ends_with(':') => {
                of_a_file = words.nth(4).is_some_and(|path| path.starts_with('/'));
            }
            _ => {}
        }
    }
    kib
}
