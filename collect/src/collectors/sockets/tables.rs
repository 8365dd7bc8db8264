//! The kernel's tables and counts of TCP sockets (Documentation/networking/proc_net_tcp.rst, snmp_counter.rst).

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::collectors::small_file::SmallFile;

/// At most this many sockets are looked at one by one: some ten milliseconds of the kernel's time.
const MOST_SOCKETS: u64 = 10_000;
/// The sockets are counted at most this often.
const COUNT_EVERY: Duration = Duration::from_secs(10);
/// After a round there is a rest of this many times as long, where that is more: a round of up to a tenth of a second changes nothing.
///
/// The bound of [`MOST_SOCKETS`] knows this network alone, but to list its sockets the kernel walks a table that all networks share,
/// of as many places as the machine's memory has room for.
const REST: u32 = 100;

/// The states of RFC 9293 §3.3.2 by the kernel's number (include/net/tcp_states.h), from 1. CLOSED is no socket's state for long and is
/// not told.
const STATES: [&str; 11] = [
    "ESTABLISHED",
    "SYN-SENT",
    "SYN-RECEIVED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "TIME-WAIT",
    CLOSED,
    "CLOSE-WAIT",
    "LAST-ACK",
    "LISTEN",
    "CLOSING",
];
const CLOSED: &str = "CLOSED";
/// A connection that was asked for and has no socket yet: one more SYN-RECEIVED.
const NEW_SYN_RECV: usize = 12;
const SYN_RECV: usize = 3;

/// The number of sockets in each state; none where they are too many to be counted, or where there are no tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SocketReport(Option<[u64; STATES.len()]>);

impl SocketReport {
    /// Returns the states with their numbers.
    pub(super) fn states(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self.0.into_iter().flatten();
        STATES.into_iter().zip(counts).filter(|(state, _)| *state != CLOSED)
    }
}

/// Counts the sockets by state.
pub(crate) struct SocketProbe {
    proc: PathBuf,
    counts: [SmallFile; 2],
    line: Vec<u8>,
    /// The next round is not before this.
    due: Option<Instant>,
    last: SocketReport,
}

impl SocketProbe {
    /// A probe of this process's network.
    pub(crate) fn new() -> Self {
        Self::below("/proc/net".into())
    }

    fn below(proc: PathBuf) -> Self {
        let counts = ["sockstat", "sockstat6"].map(|file| SmallFile::new(proc.join(file)));
        Self { proc, counts, line: Vec::new(), due: None, last: SocketReport::default() }
    }

    /// Counts them where it is due; the last numbers else.
    pub(crate) fn round(&mut self) -> SocketReport {
        let began = Instant::now();
        if self.due.is_none_or(|due| began >= due) {
            self.last = SocketReport(self.states());
            let ended = Instant::now();
            self.due = Some(ended + rest_after(ended.duration_since(began)));
        }
        self.last
    }

    fn states(&mut self) -> Option<[u64; STATES.len()]> {
        let [v4, v6] = &mut self.counts;
        let total = parse_socket_counts(v4.read()?)?.total();
        // A machine without IPv6 has no second file.
        let total =
            total.saturating_add(v6.read().and_then(parse_socket_counts).map_or(0, SocketCounts::total));
        if total > MOST_SOCKETS {
            return None;
        }
        let mut states = [0; STATES.len()];
        self.count("tcp", &mut states)?;
        if self.proc.join("tcp6").exists() {
            self.count("tcp6", &mut states)?;
        }
        Some(states)
    }

    /// Adds the sockets of a table; none where it cannot be read, or has more lines than there may be.
    fn count(&mut self, table: &str, states: &mut [u64; STATES.len()]) -> Option<()> {
        let mut lines = BufReader::with_capacity(32 * 1024, File::open(self.proc.join(table)).ok()?);
        for _ in 0..=2 * MOST_SOCKETS {
            self.line.clear();
            if lines.read_until(b'\n', &mut self.line).ok()? == 0 {
                return Some(());
            }
            let state = parse_state(&self.line);
            if let Some(count) = state.and_then(|state| states.get_mut(state.checked_sub(1)?)) {
                *count += 1;
            }
        }
        None
    }
}

/// The time from the end of a round, which took so long, to the next.
fn rest_after(took: Duration) -> Duration {
    took.saturating_mul(REST).max(COUNT_EVERY)
}

/// The state of a table's line; none for its heading.
fn parse_state(line: &[u8]) -> Option<usize> {
    let state = std::str::from_utf8(line).ok()?.split_ascii_whitespace().nth(3)?;
    let state = usize::from_str_radix(state, 16).ok()?;
    Some(if state == NEW_SYN_RECV { SYN_RECV } else { state })
}

/// Sockets as `sockstat` or `sockstat6` counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SocketCounts {
    in_use: u64,
    /// TIME-WAIT, of both families; only in the first file, and so are the orphans.
    time_wait: Option<u64>,
    pub(super) orphans: Option<u64>,
}

impl SocketCounts {
    fn total(self) -> u64 {
        self.in_use.saturating_add(self.time_wait.unwrap_or(0))
    }
}

/// Reads the line of TCP.
pub(super) fn parse_socket_counts(text: &str) -> Option<SocketCounts> {
    let line = text.lines().find_map(|line| line.strip_prefix("TCP: ").or(line.strip_prefix("TCP6: ")))?;
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let number = |name: &str| words.chunks_exact(2).find(|pair| pair[0] == name)?[1].parse().ok();
    Some(SocketCounts { in_use: number("inuse")?, time_wait: number("tw"), orphans: number("orphan") })
}

/// Reads `CurrEstab`: a line of names and a line of numbers in their order.
pub(super) fn parse_established(text: &str) -> Option<u64> {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("Tcp: "));
    let (names, numbers) = (lines.next()?, lines.next()?);
    let mut pairs = names.split_ascii_whitespace().zip(numbers.split_ascii_whitespace());
    pairs.find(|(name, _)| *name == "CurrEstab")?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of Linux 6.18.
    const SOCKSTAT: &str = "\
sockets: used 11
TCP: inuse 3 orphan 2 tw 1 alloc 4 mem 110
UDP: inuse 0 mem 0
";
    const SOCKSTAT6: &str = "TCP6: inuse 1\nUDP6: inuse 0\n";
    const SNMP: &str = "\
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs
Tcp: 1 200 120000 -1 594938 586053 8567 96459 2 16756479
";
    const TCP: &str = "  \
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1608 1 00000000378de0a5 100 0 0 10 0
   1: 0100007F:AA8B 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 3152525 1 000000003e5930ae 100 0 0 10 0
   2: 0100007F:1F90 0100007F:AA8B 08 00000000:00000000 00:00000000 00000000     0        0 3152526 1 000000003e5930af 100 0 0 10 0
   3: 0100007F:AA8C 0100007F:1F90 06 00000000:00000000 03:00001770 00000000     0        0 0 3 00000000a0ad12c1
";
    const TCP6: &str = "\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:AA8B 0C 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000000000000 100 0 0 10 0
   2: garbage
   3: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:AA8B FFFFFFFFFFFFFFFFFF 0
   4: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:AA8B 00 0
";

    fn states(files: &[(&str, &str)]) -> Option<Vec<(&'static str, u64)>> {
        let proc = tempfile::tempdir().expect("a folder");
        for (file, text) in files {
            std::fs::write(proc.path().join(file), text).expect("written");
        }
        let report = SocketProbe::below(proc.path().to_owned()).round();
        report.0.is_some().then(|| report.states().collect())
    }

    #[test]
    fn sockets_of_both_families_are_counted_by_state() {
        let told = states(&[("sockstat", SOCKSTAT), ("sockstat6", SOCKSTAT6), ("tcp", TCP), ("tcp6", TCP6)]);
        let told = told.expect("states");
        let some: Vec<_> = told.iter().filter(|(_, count)| *count > 0).copied().collect();
        assert_eq!(
            some,
            [("ESTABLISHED", 1), ("SYN-RECEIVED", 1), ("TIME-WAIT", 1), ("CLOSE-WAIT", 1), ("LISTEN", 2)]
        );
        assert_eq!(told.len(), 10, "a state without sockets has a true zero");
    }

    #[test]
    fn a_machine_without_ipv6_has_states_and_one_without_tables_has_none() {
        assert!(states(&[("sockstat", SOCKSTAT), ("tcp", TCP)]).is_some());
        assert_eq!(states(&[("sockstat", SOCKSTAT)]), None);
        assert_eq!(states(&[("tcp", TCP)]), None, "there may be a million");
        assert_eq!(states(&[]), None);
    }

    #[test]
    fn too_many_sockets_are_not_looked_at_one_by_one() {
        let many = SOCKSTAT.replace("inuse 3", "inuse 9000").replace("tw 1", "tw 1001");
        assert_eq!(states(&[("sockstat", &many), ("tcp", TCP)]), None);
        let huge = SOCKSTAT.replace("inuse 3", "inuse 18446744073709551615");
        assert_eq!(states(&[("sockstat", &huge), ("tcp", TCP)]), None);
        let more_lines = TCP.lines().nth(1).expect("a line").to_owned() + "\n";
        let table = more_lines.repeat(2 * 10_000 + 2);
        assert_eq!(states(&[("sockstat", SOCKSTAT), ("tcp", &table)]), None, "the table has grown since");
    }

    #[test]
    fn sockets_are_counted_at_most_every_ten_seconds() {
        let proc = tempfile::tempdir().expect("a folder");
        let write = |file: &str, text: &str| std::fs::write(proc.path().join(file), text).expect("written");
        write("sockstat", SOCKSTAT);
        write("tcp", TCP);
        let mut probe = SocketProbe::below(proc.path().to_owned());
        let first = probe.round();
        assert!(first.0.is_some());
        write("tcp", "");
        assert_eq!(probe.round(), first, "counted a moment ago");
        probe.due = Some(Instant::now());
        assert_ne!(probe.round(), first);
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
    fn after_a_round_that_took_long_there_is_a_rest_of_a_hundred_times_as_long() {
        assert_eq!(rest_after(Duration::from_millis(1)), Duration::from_secs(10));
        assert_eq!(rest_after(Duration::from_millis(100)), Duration::from_secs(10));
        assert_eq!(rest_after(Duration::from_millis(300)), Duration::from_secs(30));
        let proc = tempfile::tempdir().expect("a folder");
        std::fs::write(proc.path().join("sockstat"), SOCKSTAT).expect("written");
        let table = proc.path().join("tcp");
        // A table that is slow: a pipe, whose writer takes its time.
        let made = std::process::Command::new("mkfifo").arg(&table).status().expect("started");
        assert!(made.success());
        let writer = std::thread::spawn(move || {
            let mut table = File::options().write(true).open(table).expect("opened");
            std::thread::sleep(Duration::from_millis(300));
            std::io::Write::write_all(&mut table, TCP.as_bytes()).expect("written");
        });
        let mut probe = SocketProbe::below(proc.path().to_owned());
        let began = Instant::now();
        assert!(probe.round().0.is_some());
        writer.join().expect("ended");
        assert!(probe.due.expect("a rest") > began + Duration::from_secs(30));
    }

    #[test]
    fn recorded_counts_are_read_and_garbage_is_none() {
        let counts = parse_socket_counts(SOCKSTAT).expect("counts");
        assert_eq!((counts.total(), counts.orphans), (4, Some(2)));
        assert_eq!(parse_socket_counts(SOCKSTAT6).map(SocketCounts::total), Some(1));
        assert_eq!(parse_established(SNMP), Some(2));
        for text in ["", "TCP: ", "TCP: inuse", "TCP: inuse -4", "TCP: inuse x orphan 3"] {
            assert_eq!(parse_socket_counts(text), None, "{text:?}");
        }
        for text in ["", "Tcp: CurrEstab", "Tcp: CurrEstab\nTcp: -1\n", "Tcp: A B\nTcp: 1 2\n"] {
            assert_eq!(parse_established(text), None, "{text:?}");
        }
    }
}
