//! Counters from `/proc/self/net/dev`, in one read for all; what stands on what from `/sys/class/net`.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    counters::Counters,
    shares::{InterfaceFacts, InterfaceShare, shares},
};
use crate::collectors::small_file::SmallFile;

/// The stack of interfaces is read again this often; at once if an interface has come or gone.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The file has a line of a hundred bytes or so for each interface.
const LONGEST: usize = 16 << 20;

pub(super) struct InterfaceSource {
    file: SmallFile,
    stack: InterfaceStack,
}

/// The interfaces, and what stands on what.
struct InterfaceStack {
    sys: PathBuf,
    looked: Option<Instant>,
    facts: HashMap<String, InterfaceFacts>,
}

impl InterfaceSource {
    pub(super) fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self {
            file: SmallFile::of_at_most(LONGEST, "/proc/self/net/dev"),
            stack: InterfaceStack::of("/sys/class/net"),
        })
    }

    /// The interfaces that are told, as they are now.
    pub(super) fn read(&mut self) -> Vec<Counters> {
        let Self { file, stack } = self;
        file.read_bytes().map_or_else(Vec::new, |text| stack.told(&parse(text), Instant::now()))
    }
}

impl InterfaceStack {
    fn of(sys: impl Into<PathBuf>) -> Self {
        Self { sys: sys.into(), looked: None, facts: HashMap::new() }
    }

    fn told(&mut self, interfaces: &[(String, [u64; 2])], now: Instant) -> Vec<Counters> {
        let is_known = interfaces.len() == self.facts.len()
            && interfaces.iter().all(|(name, _)| self.facts.contains_key(name));
        if !is_known || self.looked.is_none_or(|looked| now.duration_since(looked) >= LOOK_EVERY) {
            let facts = interfaces.iter().map(|(name, _)| (name.clone(), facts(&self.sys, name)));
            self.facts = facts.collect();
            self.looked = Some(now);
        }
        let shares = shares(&self.facts);
        let told = interfaces.iter().filter_map(|(name, bytes)| {
            let share = shares.get(&**name).copied().filter(|&share| share != InterfaceShare::Hidden)?;
            Some(Counters { name: name.clone(), bytes: *bytes, counted: share == InterfaceShare::Counted })
        });
        told.collect()
    }
}

/// Reads an interface's facts from `/sys`; if that says nothing (it is missing, or belongs to another network), from
/// the interface's name.
fn facts(sys: &Path, name: &str) -> InterfaceFacts {
    let folder = sys.join(name);
    let Ok(entries) = fs::read_dir(&folder) else { return by_name(name) };
    let mut facts = InterfaceFacts::default();
    for entry in entries.flatten() {
        let entry = entry.file_name();
        match &*entry.to_string_lossy() {
            // A card, or what a virtual machine or a USB port has for one.
            "device" => facts.physical = true,
            entry => facts.lowers.extend(entry.strip_prefix("lower_").map(str::to_owned)),
        }
    }
    let master = fs::read_link(folder.join("master")).ok();
    facts.master = master.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let line = |file: &str| {
        fs::read_to_string(folder.join(file)).map(|text| text.trim().to_owned()).unwrap_or_default()
    };
    // ARPHRD_LOOPBACK
    facts.loopback = line("type") == "772";
    // Tunnels and some drivers do not know their state: they count as up.
    facts.down = matches!(&*line("operstate"), "down" | "lowerlayerdown" | "notpresent");
    facts
}

/// The names that systemd and kernels give to cards.
fn by_name(name: &str) -> InterfaceFacts {
    let physical = ["eth", "en", "wl", "ww", "ib"].iter().any(|kind| name.starts_with(kind));
    InterfaceFacts { physical, loopback: name == "lo", ..InterfaceFacts::default() }
}

/// Name, bytes received and bytes sent of each interface (proc_pid_net(5)).
fn parse(text: &[u8]) -> Vec<(String, [u64; 2])> {
    text.split(|&byte| byte == b'\n').filter_map(parse_line).collect()
}

fn parse_line(line: &[u8]) -> Option<(String, [u64; 2])> {
    // An alias may have a colon in its name; numbers have none.
    let colon = line.iter().rposition(|&byte| byte == b':')?;
    let numbers = std::str::from_utf8(&line[colon + 1..]).ok()?;
    let mut numbers = numbers.split_ascii_whitespace();
    let received = numbers.next()?.parse().ok()?;
    let sent = numbers.nth(7)?.parse().ok()?;
    Some((String::from_utf8_lossy(&line[..colon]).trim().to_owned(), [received, sent]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a host with one card on a bridge.
    const RECORDED: &[u8] = b"Inter-|   Receive                                                |  Transmit\n \
        face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    \
        lo:  104000     820    0    0    0     0          0         0   104000     820    0    0    0     0       0          0\n  \
        eth0: 7029346  164498    0    0    0     0          0         3 59314304   34883    0    0    0     0       0          0\n\
        br0:1 1 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n\
        broken: 1 2 3\n";

    #[test]
    fn a_recorded_file_is_read() {
        let read = parse(RECORDED);
        assert_eq!(
            read,
            [
                ("lo".to_owned(), [104_000, 104_000]),
                ("eth0".to_owned(), [7_029_346, 59_314_304]),
                ("br0".to_owned(), [1, 2]),
            ]
        );
    }

    /// A tree as `/sys/class/net` has it.
    fn tree(root: &Path, name: &str, files: &[(&str, &str)], links: &[(&str, &str)]) {
        let folder = root.join(name);
        fs::create_dir_all(&folder).expect("a folder");
        for (file, text) in files {
            fs::write(folder.join(file), text).expect("written");
        }
        for (link, to) in links {
            std::os::unix::fs::symlink(to, folder.join(link)).expect("a link");
        }
    }

    #[test]
    fn a_recorded_tree_says_what_stands_on_what() {
        let root = tempfile::tempdir().expect("a folder");
        let up = [("type", "1\n"), ("operstate", "up\n")];
        tree(root.path(), "eth0", &up, &[("device", "../../../0000:00:03.0"), ("master", "../br0")]);
        tree(root.path(), "br0", &up, &[("lower_eth0", "../eth0")]);
        tree(root.path(), "lo", &[("type", "772\n"), ("operstate", "unknown\n")], &[]);
        let mut source = InterfaceStack::of(root.path());
        let interfaces = parse(RECORDED);
        let told = source.told(&interfaces, Instant::now());
        assert_eq!(told, [Counters { name: "eth0".into(), bytes: [7_029_346, 59_314_304], counted: true }]);
        assert_eq!(source.facts["br0"].lowers, ["eth0"]);
        assert_eq!(source.facts["eth0"].master.as_deref(), Some("br0"));
    }

    #[test]
    fn what_has_come_or_gone_is_looked_at_at_once() {
        let root = tempfile::tempdir().expect("a folder");
        let mut source = InterfaceStack::of(root.path());
        let now = Instant::now();
        let of = |name: &str| (name.to_owned(), [0, 0]);
        source.told(&[of("eth0"), of("lo")], now);
        let told = source.told(&[of("eth1"), of("lo")], now);
        assert_eq!(told.iter().map(|told| &*told.name).collect::<Vec<_>>(), ["eth1"]);
        assert_eq!(source.facts.len(), 2);
    }
}
