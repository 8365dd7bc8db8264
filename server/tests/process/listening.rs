//! The places where it listens, its health, and its words to systemd.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    os::{
        fd::OwnedFd,
        unix::{
            fs::PermissionsExt,
            net::{UnixDatagram, UnixStream},
        },
    },
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{
    binary::{pulseboard, refusal},
    get,
};

/// A server whose lines are read as it writes them.
struct Started {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Started {
    fn new(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, lines }
    }

    /// The next place that it says it listens on.
    fn place(&mut self) -> String {
        let line = self.lines.next().expect("a line").expect("text");
        line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).to_owned()
    }

    fn end(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().expect("kill").success());
        assert!(self.child.wait().expect("a child").success());
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(listen: &str, data: &Path) -> Command {
    let mut command = pulseboard();
    command.args(["serve", "--listen", listen, "--data-dir"]).arg(data);
    command
}

/// One request over a unix socket; the answer whole.
fn ask_over(socket: &Path, lines: &str) -> String {
    let mut stream = UnixStream::connect(socket).expect("it accepts");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    write!(stream, "{lines}connection: close\r\n\r\n").expect("written");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("read");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn it_listens_on_several_addresses_and_on_a_unix_socket_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("board.sock");
    let listen = format!("127.0.0.1:0,[::1]:0,unix:{}", socket.display());
    let mut server = Started::new(&mut serve(&listen, &folder.path().join("data")));
    for begin in ["http://127.0.0.1:", "http://[::1]:"] {
        let place = server.place();
        assert!(place.starts_with(begin), "{place}");
        let address = place["http://".len()..].parse().expect("an address");
        assert_eq!(get(address, "/healthz").await.status, 200);
    }
    assert_eq!(server.place(), format!("unix:{}", socket.display()));
    let mode = fs::metadata(&socket).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o660, "its owner and its group");

    // It is made for a proxy, so nobody is at home there before there is an account.
    let closed = ask_over(&socket, "GET /api/v1/hosts HTTP/1.1\r\nhost: localhost\r\n");
    assert!(closed.starts_with("HTTP/1.1 401 "), "{closed}");
    let command = |arguments: &[&str]| {
        let done = pulseboard().args(arguments).arg("--data-dir").arg(folder.path().join("data")).output();
        String::from_utf8(done.expect("it runs").stdout).expect("text")
    };
    command(&["user", "add", "kim", "--role", "admin"]);
    let told = command(&["token", "create", "t", "--user", "kim", "--scope", "read:*"]);
    let token = told.split_whitespace().find(|word| word.starts_with("pbt_")).expect("a token").to_owned();
    // It looks for a first account again and again; until then its only page is that of the set-up link.
    let begun = Instant::now();
    let page = loop {
        let page = ask_over(&socket, "GET /sign-in HTTP/1.1\r\nhost: localhost\r\n");
        if page.starts_with("HTTP/1.1 200 ") || begun.elapsed() > Duration::from_secs(20) {
            break page;
        }
    };
    assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("<html"), "{page}");
    let foreign = ask_over(&socket, "GET / HTTP/1.1\r\nhost: evil.example\r\n");
    assert!(foreign.starts_with("HTTP/1.1 403 "), "{foreign}");
    // A line that stays open leaves hyper; it is carried there, too.
    let mut line = UnixStream::connect(&socket).expect("it accepts");
    line.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    let ask = "GET /live/sse?topics=host/local/metrics HTTP/1.1\r\nhost: localhost\r\n";
    write!(line, "{ask}authorization: Bearer {token}\r\n\r\n").expect("written");
    let mut told = BufReader::new(line).lines();
    assert!(told.any(|line| line.expect("text").starts_with("data: ")), "it ends without an event");

    server.end();
    assert!(!socket.exists(), "the socket goes with its server");
}

#[test]
fn a_unix_socket_is_taken_from_the_dead_and_from_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("board.sock");
    let listen = format!("unix:{}", socket.display());
    let mut first = Started::new(&mut serve(&listen, &folder.path().join("data")));
    first.place();
    let told = refusal(&mut serve(&listen, &folder.path().join("other")));
    assert!(told.contains("in use by another program"), "{told}");
    // Killed, it leaves its socket.
    first.child.kill().expect("killed");
    first.child.wait().expect("gone");
    assert!(socket.exists());
    Started::new(&mut serve(&listen, &folder.path().join("data"))).place();

    let file = folder.path().join("file");
    fs::write(&file, "mine").expect("written");
    let told = refusal(&mut serve(&format!("unix:{}", file.display()), &folder.path().join("data")));
    assert!(
        told.contains("no socket") && fs::read_to_string(&file).is_ok_and(|text| text == "mine"),
        "{told}"
    );
    let mut command = pulseboard();
    command
        .args(["serve", "--data-dir"])
        .arg(folder.path().join("data"))
        .env("PULSEBOARD_LISTEN", "localhost:80");
    let told = refusal(&mut command);
    assert!(told.contains("listen: \"localhost:80\" is no address to listen on"), "{told}");
}

#[tokio::test]
async fn it_takes_the_socket_that_systemd_hands_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let given = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = given.local_addr().expect("an address");
    let server = pulseboard();
    // The protocol of sd_listen_fds(3): descriptor 3, and the number of the process that they are for.
    let mut command = Command::new("sh");
    command
        .args(["-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\" 3<&0 0</dev/null", "sh"])
        .arg(server.get_program());
    command.args(["serve", "--listen", "127.0.0.1:1", "--data-dir"]).arg(folder.path());
    command.stdin(Stdio::from(OwnedFd::from(given)));
    let mut started = Started::new(&mut command);
    assert_eq!(started.place(), format!("http://{address}"));
    assert_eq!(get(address, "/healthz").await.status, 200);
}

#[test]
fn it_tells_systemd_that_it_is_ready_that_it_lives_and_that_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify");
    let heard = UnixDatagram::bind(&path).expect("a socket");
    heard.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    let mut command = serve("127.0.0.1:0", &folder.path().join("data"));
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "300000");
    let mut server = Started::new(&mut command);
    let mut told = Vec::new();
    let mut hear = |wanted: &str| {
        while !told.iter().any(|line: &String| line == wanted) {
            let mut bytes = [0; 512];
            let length =
                heard.recv(&mut bytes).unwrap_or_else(|error| panic!("{error}: no {wanted} in {told:?}"));
            told.extend(String::from_utf8_lossy(&bytes[..length]).lines().map(ToOwned::to_owned));
        }
    };
    hear("READY=1");
    hear("WATCHDOG=1");
    server.end();
    hear("STOPPING=1");
}

#[test]
fn its_health_is_asked_by_a_command_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let socket = format!("unix:{}", folder.path().join("board.sock").display());
    let free =
        || TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port").to_string();
    let (plain, proxied, tls) = (free(), free(), free());
    let proxy = [("PULSEBOARD_TRUSTED_PROXIES", "[\"127.0.0.1\"]"), ("PULSEBOARD_PROXY_PROTOCOL", "true")];
    for (listen, flags, env) in [
        (&socket, &[][..], &[][..]),
        (&plain, &[], &[]),
        (&proxied, &[], &proxy),
        (&tls, &["--tls-self-signed"], &[]),
    ] {
        let of = |command: &str| {
            let mut run = pulseboard();
            run.args([command, "--listen", listen, "--data-dir"])
                .arg(&data)
                .args(flags)
                .envs(env.iter().copied());
            run
        };
        assert!(refusal(&mut of("health")).contains(listen.as_str()), "nobody is there");
        let mut server = Started::new(&mut of("serve"));
        server.place();
        let asked = of("health").output().expect("it runs");
        assert!(asked.status.success(), "{listen}: {}", String::from_utf8_lossy(&asked.stderr));
        server.end();
    }
}
