//! One of many agents, on the real wire: a report each second of forty series, whose numbers can be told again from the host, the series and the second.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail, ensure};
use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

use super::request::KeptConnection;
use crate::load::pause::pause;

/// A tier's metrics, each with its labels; one without has an empty one.
type Metrics = &'static [(&'static str, usize)];

/// Fast and slow metrics, each with the number of its series. One series has no label.
pub(super) const FAST: Metrics =
    &[("cpu.total", 1), ("memory.percent", 1), ("disk.percent", 1), ("cpu.core", 16)];
pub(super) const SLOW: Metrics =
    &[("uptime", 1), ("network.received", 2), ("network.sent", 2), ("filesystem.used", 16)];
/// The series of a host.
pub(super) const SERIES: usize = 40;

/// After a failure it is tried again after this, with what has come meanwhile.
const REST: Duration = Duration::from_secs(1);
/// An agent gives up after so many failures in a row.
const FAILURES: u32 = 60;
const NDJSON: &str = "Content-Type: application/x-ndjson\r\n";

/// An agent that has enrolled.
#[derive(Debug, Clone)]
pub(super) struct SimulatedAgent {
    pub(super) index: usize,
    pub(super) hub: SocketAddr,
    pub(super) is_web_socket: bool,
}

/// The reports of an agent, and their answers.
#[derive(Debug)]
pub(super) struct Reported {
    pub(super) reports: u64,
    /// Samples that the server said it took.
    pub(super) samples: u64,
    /// Reports that were not answered, and sent again.
    pub(super) failures: u64,
    /// From a report to its answer, microseconds.
    pub(super) times: Histogram<u64>,
}

enum Link {
    WebSocket(KeptConnection),
    Post(KeptConnection),
}

impl SimulatedAgent {
    pub(super) fn name(&self) -> String {
        format!("host-{:03}", self.index)
    }

    fn key(&self) -> String {
        format!("pba_{:064x}", self.index + 1)
    }

    fn info(&self) -> Value {
        json!({
            "id": self.name(), "hostname": self.name(), "os": "Debian GNU/Linux 12 (bookworm)", "kernel": "6.1.0-28-amd64",
            "cpu_model": "AMD EPYC 7763 64-Core Processor", "cores": 16, "fast_ms": 1000, "slow_ms": 1000
        })
    }

    /// Enrols with a code.
    ///
    /// # Errors
    /// When the server does not take it.
    pub(super) fn enrol(&self, code: &str) -> Result<()> {
        let question = json!({ "code": code, "key": self.key(), "name": self.name(), "info": self.info() });
        let lines = "Content-Type: application/json\r\n";
        KeptConnection::open(self.hub)?.post(
            "/api/v1/agents/enrol",
            lines,
            question.to_string().as_bytes(),
        )?;
        Ok(())
    }

    /// Reports each second from `first` to before `last`, in seconds since 1970, at its own moment of the second.
    ///
    /// # Errors
    /// When the server refuses what it says, or is away for a minute.
    pub(super) fn report(&self, first: u64, last: u64, moment: Duration) -> Result<Reported> {
        let mut reported = Reported {
            reports: 0,
            samples: 0,
            failures: 0,
            times: Histogram::new_with_bounds(1, 120_000_000, 3)?,
        };
        let (mut link, mut in_a_row) = (None, 0);
        let (mut waiting, mut second): (Vec<u64>, u64) = (Vec::new(), first);
        while second < last || !waiting.is_empty() {
            let due = Duration::from_secs(second) + moment;
            if second < last {
                pause(due.saturating_sub(now()));
                while second < last && Duration::from_secs(second) + moment <= now() {
                    waiting.push(second);
                    second += 1;
                }
            }
            let began = std::time::Instant::now();
            match self.tell(&mut link, &waiting) {
                Ok(()) => {
                    reported.reports += 1;
                    reported.samples += (waiting.len() * SERIES) as u64;
                    reported.times.saturating_record(u64::try_from(began.elapsed().as_micros())?);
                    waiting.clear();
                    in_a_row = 0;
                }
                Err(error) => {
                    link = None;
                    reported.failures += 1;
                    in_a_row += 1;
                    if in_a_row == FAILURES {
                        return Err(error.context(self.name()));
                    }
                    pause(REST);
                }
            }
        }
        Ok(reported)
    }

    fn tell(&self, link: &mut Option<Link>, seconds: &[u64]) -> Result<()> {
        let link = match link {
            Some(link) => link,
            None => link.insert(self.connect()?),
        };
        let report = self.lines(seconds)?;
        let answer = match link {
            Link::Post(connection) => {
                let lines = format!("{NDJSON}Authorization: Bearer {}\r\n", self.key());
                serde_json::from_slice(&connection.post("/api/v1/agents/report", &lines, &report)?)?
            }
            Link::WebSocket(connection) => {
                connection.send(&frame(&report))?;
                let text: Value = serde_json::from_slice(&read_frame(connection)?)?;
                text.get("answer").cloned().with_context(|| format!("no answer: {text}"))?
            }
        };
        let taken = (answer["taken"].as_u64(), answer["refused"].as_u64());
        ensure!(taken == (Some(2 * seconds.len() as u64), Some(0)), "not all was taken: {answer}");
        Ok(())
    }

    fn connect(&self) -> Result<Link> {
        let mut connection = KeptConnection::open(self.hub)?;
        if !self.is_web_socket {
            return Ok(Link::Post(connection));
        }
        let head = format!(
            "GET /api/v1/agents/live HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {}\r\n\r\n",
            self.hub,
            self.key()
        );
        connection.send(head.as_bytes())?;
        let head = connection.read_head()?;
        ensure!(head.starts_with("HTTP/1.1 101 "), "{head}");
        Ok(Link::WebSocket(connection))
    }

    /// The report of some seconds: two lines for each, as an agent has them while nobody looks.
    fn lines(&self, seconds: &[u64]) -> Result<Vec<u8>> {
        let now = u64::try_from(now().as_millis())?;
        let head = json!({ "info": self.info(), "version": "0.1.0", "now": now, "run": self.index + 1 });
        let mut report = serde_json::to_vec(&head)?;
        for second in seconds {
            for (kind, metrics) in [("fast", FAST), ("slow", SLOW)] {
                let values: Map<String, Value> = metrics
                    .iter()
                    .map(|(metric, count)| (String::from(*metric), self.values(metric, *count, *second)))
                    .collect();
                report.push(b'\n');
                serde_json::to_writer(
                    &mut report,
                    &json!({ kind: { "at": second * 1000, "values": values } }),
                )?;
            }
        }
        Ok(report)
    }

    fn values(&self, metric: &str, count: usize, second: u64) -> Value {
        match count {
            1 => json!(self.value(metric, 0, second)),
            _ => (0..count)
                .map(|n| (n.to_string(), json!(self.value(metric, n, second))))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// The number of a series at a second: percent have two decimals, and bytes none.
    pub(super) fn value(&self, metric: &str, label: usize, second: u64) -> f64 {
        let name = metric
            .bytes()
            .fold(label as u64 + 1, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mixed =
            (name ^ (self.index as u64) << 32).wrapping_add(second).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        match metric {
            "uptime" => (second % 1_000_000) as f64,
            "network.received" | "network.sent" => (mixed % 100_000) as f64,
            "filesystem.used" => ((second / 10 + name % 1_000_000) * 4_096) as f64,
            _ => (mixed % 10_001) as f64 / 100.0,
        }
    }
}

/// The time since 1970.
pub(super) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// A whole message of a client, masked with zeros (RFC 6455 §5.3): what is masked stays as it is.
fn frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x82];
    match u16::try_from(payload.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length as u8),
        Ok(length) => {
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// Reads a whole message of the server, which is of text.
fn read_frame(connection: &mut KeptConnection) -> Result<Vec<u8>> {
    let head = connection.read_exactly(2)?;
    if head[0] != 0x81 {
        bail!("the server says something else than text: opcode {:#x}", head[0] & 0x0f);
    }
    let length = match head[1] {
        126 => connection.read_exactly(2)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        127 => bail!("an answer is too long"),
        length => usize::from(length),
    };
    connection.read_exactly(length)
}
