//! A proxy of other people's, in front of a server.

use std::{
    fs::{self, Permissions},
    io::Read,
    net::{SocketAddr, TcpListener},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use rustls_pki_types::CertificateDer;
use tempfile::TempDir;

use super::{document::Section, reader::Reader, setups::Setup};

/// Debian keeps servers off the path of people who are not root.
const ELSEWHERE: &str = "/usr/sbin";
/// Looks at the port, and the time between two, milliseconds: half a minute in all, for a busy machine.
const LOOKS: (u32, u64) = (1_500, 20);

/// Ends with the test, and with it what it has started.
pub struct Proxy {
    child: Child,
    folder: TempDir,
    pub reader: Reader,
}

impl Proxy {
    /// With the lines of the document.
    pub async fn by_the_document(setup: &Setup, server: SocketAddr) -> Self {
        let section = Section::of(setup.name);
        Self::start(setup, server, section.lines(), &section.arguments()).await
    }

    /// As it comes.
    pub async fn as_it_comes(setup: &Setup, server: SocketAddr) -> Self {
        let arguments = if setup.files.is_empty() { Section::of(setup.name).arguments() } else { Vec::new() };
        Self::start(setup, server, setup.as_it_comes, &arguments).await
    }

    async fn start(setup: &Setup, server: SocketAddr, lines: &str, more: &[String]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // A proxy that root starts works as another user, who keeps files there.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("open to its worker");
        // Proxies take no port 0: one is found by having it for a moment.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
        let at = folder.path().to_str().expect("a path that is text");
        let fill = |text: &str| {
            let text = setup.instead.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
            let text = here(&text, server);
            text.replace("@FOLDER@", at).replace("@PORT@", &address.port().to_string())
        };
        let trusts = setup.tls.then(|| certificate(folder.path()));
        for (name, frame) in setup.files {
            fs::write(folder.path().join(name), fill(&framed(frame, lines))).expect("written");
        }
        let arguments = setup.arguments.iter().map(|text| fill(text));
        let child = Command::new(program(setup.program))
            .args(arguments.chain(more.iter().map(|text| fill(text))))
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        let child = child.unwrap_or_else(|error| {
            panic!("run `cargo xtask setup --tests` (nginx, HAProxy, Caddy, lighttpd) or `cargo xtask proxies` first: {} does not start: {error}", setup.program)
        });
        let mut proxy = Self { child, folder, reader: Reader::new(address, trusts) };
        proxy.listens(address).await;
        proxy
    }

    async fn listens(&mut self, address: SocketAddr) {
        for _ in 0..LOOKS.0 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return;
            }
            if let Some(status) = self.child.try_wait().expect("a child") {
                let mut told = String::new();
                let _ = self.child.stderr.take().map(|mut out| out.read_to_string(&mut told));
                panic!("it ended ({status}) before it listened: {told}{}", self.logs());
            }
            tokio::time::sleep(Duration::from_millis(LOOKS.1)).await;
        }
        panic!("it does not listen: {}", self.logs());
    }

    /// Returns the proxy's log files, to show why it did not start.
    fn logs(&self) -> String {
        let files = fs::read_dir(self.folder.path()).into_iter().flatten().flatten();
        let logs = files.filter(|file| file.file_name().to_string_lossy().contains("log"));
        logs.filter_map(|file| fs::read_to_string(file.path()).ok()).collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // With its workers: all are of its group, and none has anything to finish.
        let group = Pid::from_raw(self.child.id().cast_signed());
        let _ = group.map(|group| kill_process_group(group, Signal::KILL));
        let _ = self.child.wait();
    }
}

fn program(name: &str) -> PathBuf {
    let elsewhere = Path::new(ELSEWHERE).join(name);
    if elsewhere.exists() { elsewhere } else { name.into() }
}

/// The document's server becomes the test's.
fn here(text: &str, server: SocketAddr) -> String {
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let mut whole = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("3000") {
        let (before, after) = (&rest[..at], &rest[at + 4..]);
        whole += before;
        let is_port = !is_digit(before.chars().next_back()) && !is_digit(after.chars().next());
        whole += &if is_port { server.port().to_string() } else { "3000".to_owned() };
        rest = after;
    }
    whole + rest
}

/// The lines in their frame, as far in as their mark stands.
fn framed(frame: &str, lines: &str) -> String {
    let is_root = rustix::process::geteuid().is_root();
    let fill = |line: &str| match (line.strip_suffix("@LINES@"), line.strip_prefix("@ROOT@")) {
        (Some(space), _) => lines.lines().map(|line| [space, line, "\n"].concat()).collect(),
        (None, Some(line)) if is_root => [line, "\n"].concat(),
        (None, Some(_)) => String::new(),
        (None, None) => [line, "\n"].concat(),
    };
    frame.lines().map(fill).collect()
}

/// A certificate with its key, as proxies want them: in one file.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let both = [made.signing_key.serialize_pem(), made.cert.pem()].concat();
    let file = folder.join("both.pem");
    fs::write(&file, both).expect("written");
    fs::set_permissions(file, Permissions::from_mode(0o644)).expect("readable");
    made.cert.der().clone()
}
