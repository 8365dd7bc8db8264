//! The programs beside which the agent is measured: Debian's prometheus-node-exporter and netdata, and PyPI's glances, each at one second.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::request::KeptConnection;
use crate::load::{child::Running, pause::pause, version};

const NODE_EXPORTER: &str = "/usr/bin/prometheus-node-exporter";
const NETDATA: &str = "/usr/sbin/netdata";
/// Made by the set-up of `cargo xtask bench`.
const GLANCES: &str = "peers/.venv/bin/glances";

/// The head of a scrape, as Prometheus 2.42 sends it.
const SCRAPE: &str = "User-Agent: Prometheus/2.42.0\r\nX-Prometheus-Scrape-Timeout-Seconds: 1\r\n\
    Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n";
const EACH: Duration = Duration::from_secs(1);

/// A program that runs, and whatever asks it each second.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) version: String,
    running: Running,
    scraper: Option<Scraper>,
}

impl Peer {
    /// Starts all that are installed. Each has a folder of its own in `folder`.
    ///
    /// # Errors
    /// When one that is there does not start.
    pub(super) fn start_all(folder: &Path) -> Result<Vec<Self>> {
        let mut peers = Vec::new();
        let starts: [fn(&Path) -> Result<Self>; 4] =
            [node_exporter_plain, node_exporter_gzip, netdata, glances];
        for (index, start) in starts.into_iter().enumerate() {
            let own = folder.join(format!("peer-{index}"));
            fs::create_dir_all(&own)?;
            peers.push(start(&own)?);
        }
        Ok(peers)
    }

    pub(super) fn pid(&self) -> u32 {
        self.running.id()
    }

    /// Ends it, and returns how often it was asked, where it is asked.
    ///
    /// # Errors
    /// When it did not answer a question.
    pub(super) fn end(self) -> Result<Option<u64>> {
        self.scraper.map(Scraper::end).transpose()
    }
}

fn node_exporter_plain(folder: &Path) -> Result<Peer> {
    node_exporter("node_exporter, scraped without compression", folder, String::new())
}

fn node_exporter_gzip(folder: &Path) -> Result<Peer> {
    node_exporter(
        "node_exporter, scraped as Prometheus does (gzip)",
        folder,
        "Accept-Encoding: gzip\r\n".to_owned(),
    )
}

/// Each runs from a copy of its own: pages that two processes share would count half for each.
fn node_exporter(name: &'static str, folder: &Path, lines: String) -> Result<Peer> {
    let binary = copy(Path::new(NODE_EXPORTER), folder)?;
    let address = free_address()?;
    let mut running = start(Command::new(&binary).arg(format!("--web.listen-address={address}")), folder)?;
    running.wait_until(|| TcpStream::connect(address).is_ok())?;
    let version = version::first_line(Command::new(&binary).arg("--version"))?;
    let scraper = Scraper::begin(address, SCRAPE.to_owned() + &lines)?;
    Ok(Peer { name, version, running, scraper: Some(scraper) })
}

/// As Debian sets it up, but for its folders, its port and its user; it keeps its default of one second.
fn netdata(folder: &Path) -> Result<Peer> {
    let address = free_address()?;
    let own = |name: &str| -> Result<PathBuf> {
        let own = folder.join(name);
        fs::create_dir_all(&own)?;
        Ok(own)
    };
    let settings = folder.join("netdata.conf");
    let text = format!(
        "[global]\nrun as user = root\n[directories]\ncache = {}\nlib = {}\nlog = {}\n[web]\nbind to = {address}\n",
        own("cache")?.display(),
        own("lib")?.display(),
        own("log")?.display()
    );
    fs::write(&settings, text)?;
    // It tells nobody anything of this machine.
    let mut command = Command::new(NETDATA);
    command.arg("-D").arg("-c").arg(&settings).env("DO_NOT_TRACK", "1").env("DISABLE_TELEMETRY", "1");
    let mut running = start(&mut command, folder)?;
    running.wait_until(|| TcpStream::connect(address).is_ok())?;
    let version = version::first_line(Command::new(NETDATA).arg("-V"))?;
    Ok(Peer { name: "netdata", version, running, scraper: None })
}

/// Without a screen, each second into a table: the least that it does with what it measures.
fn glances(folder: &Path) -> Result<Peer> {
    let binary = Path::new(env!("CARGO_MANIFEST_DIR")).join(GLANCES);
    let table = folder.join("glances.csv");
    let mut command = Command::new(&binary);
    command.args([
        "--quiet",
        "--disable-check-update",
        "--time",
        "1",
        "--export",
        "csv",
        "--export-csv-file",
    ]);
    let mut running = start(command.arg(&table), folder)?;
    running.wait_until(|| fs::metadata(&table).is_ok_and(|table| table.len() > 0))?;
    let version = version::first_line(Command::new(&binary).arg("--version"))?;
    Ok(Peer { name: "glances", version, running, scraper: None })
}

fn start(command: &mut Command, folder: &Path) -> Result<Running> {
    let log = File::create(folder.join("output"))?;
    let program = command.get_program().to_owned();
    ensure!(
        Path::new(&program).exists(),
        "{} is not there: `cargo xtask bench --agent` installs it",
        program.display()
    );
    Running::start(command.stdout(log.try_clone()?).stderr(Stdio::from(log)))
}

/// Copies a program into a folder.
pub(super) fn copy(program: &Path, folder: &Path) -> Result<PathBuf> {
    let name = program.file_name().context("a program has a name")?;
    let own = folder.join(name);
    fs::copy(program, &own).with_context(|| {
        format!("{} is not there: `cargo xtask bench --agent` installs what is measured", program.display())
    })?;
    // A page that is not on the disk yet would count as written by the process.
    File::open(&own)?.sync_all()?;
    Ok(own)
}

/// An address of the loopback that nobody has.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// A thread that scrapes each second on a connection that it keeps.
#[derive(Debug)]
struct Scraper {
    stop: Arc<AtomicBool>,
    /// Returns the number of scrapes.
    thread: JoinHandle<Result<u64>>,
}

impl Scraper {
    fn begin(address: SocketAddr, lines: String) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let mut connection = KeptConnection::open(address)?;
        let thread = thread::spawn(move || {
            let (begun, mut scrapes) = (Instant::now(), 0_u32);
            while !told.load(Ordering::Relaxed) {
                let body = connection.get("/metrics", &lines)?;
                ensure!(body.len() > 1_000, "a scrape has only {} bytes", body.len());
                scrapes += 1;
                pause((EACH * scrapes).saturating_sub(begun.elapsed()));
            }
            Ok(u64::from(scrapes))
        });
        Ok(Self { stop, thread })
    }

    fn end(self) -> Result<u64> {
        self.stop.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(scrapes) => scrapes,
            Err(_) => bail!("the thread that scrapes has panicked"),
        }
    }
}
