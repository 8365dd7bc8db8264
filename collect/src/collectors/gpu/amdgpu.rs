//! The files of amdgpu below `/sys/class/drm`.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;

use crate::{
    collectors::{
        hwmon::{device_path, entries, file_name, first_line, is_asleep},
        names::{NameCandidate, distinct},
    },
    prober::{ProbeError, Prober},
};

/// The list of cards is read again this often.
const LIST_EVERY: Duration = Duration::from_secs(60);
/// At most this many cards are asked.
const MOST_CARDS: usize = 64;

/// The cards in one round.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct GpuReport(pub(super) Vec<GpuReading>);

/// One card.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GpuReading {
    /// The place of its device.
    pub(super) id: String,
    /// Its name for people, which no other has now.
    pub(super) name: String,
    /// Busy share, percent.
    pub(super) busy: Option<f64>,
    /// Bytes in use and in all.
    pub(super) memory: Option<(u64, u64)>,
    /// Since when it gives no answer, milliseconds since 1970.
    pub(super) no_answer: Option<u64>,
}

/// Asks each card.
pub(crate) struct GpuProbe {
    clock: Arc<dyn Clock>,
    drm: PathBuf,
    listed: Option<Instant>,
    cards: Vec<PolledCard>,
}

#[derive(Debug)]
struct PolledCard {
    id: String,
    name: OsString,
    device: PathBuf,
    no_answer: Option<u64>,
}

/// One round of one card; an error where it does not answer.
type CardAnswer = Result<Option<(Option<f64>, Option<(u64, u64)>)>, ()>;

impl GpuProbe {
    /// Nothing is asked yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, drm: "/sys/class/drm".into(), listed: None, cards: Vec::new() }
    }

    /// Asks them all. Calls `moves` after each card.
    pub(crate) fn round(&mut self, prober: &mut Prober, moves: &dyn Fn()) -> GpuReport {
        let now = Instant::now();
        if self.listed.is_none_or(|listed| now.duration_since(listed) >= LIST_EVERY) {
            self.list();
            self.listed = Some(now);
        }
        let things: Vec<NameCandidate<'_>> =
            self.cards.iter().map(|card| NameCandidate { label: &card.name, identity: &card.id }).collect();
        let names = distinct(&things);
        let mut told = Vec::new();
        for (card, name) in self.cards.iter_mut().zip(names) {
            let at = self.clock.unix_millis();
            let answer = card.ask(prober);
            moves();
            card.no_answer = answer.is_err().then(|| card.no_answer.unwrap_or(at));
            let (busy, memory) = match answer {
                Ok(None) => continue,
                Ok(Some(answer)) => answer,
                Err(()) => (None, None),
            };
            told.push(GpuReading { id: card.id.clone(), name, busy, memory, no_answer: card.no_answer });
        }
        GpuReport(told)
    }

    /// Returns true if a file is one of its cards'.
    pub(crate) fn asks(&self, path: &Path) -> bool {
        self.cards.iter().any(|card| path.starts_with(&card.device))
    }

    fn list(&mut self) {
        let since: Vec<(PathBuf, Option<u64>)> =
            self.cards.drain(..).map(|card| (card.device, card.no_answer)).collect();
        let is_card = |path: &PathBuf| {
            let name = file_name(path);
            // A connector is named `card0-DP-1`.
            name.strip_prefix("card").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let devices = entries(&self.drm).into_iter().filter(is_card);
        let mut devices: Vec<PathBuf> =
            devices.filter_map(|card| fs::canonicalize(card.join("device")).ok()).collect();
        devices.sort();
        // One device may have several nodes.
        devices.dedup();
        devices.retain(|device| device.join("gpu_busy_percent").exists());
        devices.truncate(MOST_CARDS);
        let card = |device: PathBuf| {
            let product = first_line(&device.join("product_name"));
            let name = if product.is_empty() { "amdgpu".to_owned() } else { product };
            let no_answer = since.iter().find(|known| known.0 == device).and_then(|known| known.1);
            PolledCard { id: device_path(&device), name: name.into(), device, no_answer }
        };
        self.cards = devices.into_iter().map(card).collect();
    }
}

impl PolledCard {
    /// Asks how busy it is and for its memory; none while it sleeps: asking would wake it.
    fn ask(&self, prober: &mut Prober) -> CardAnswer {
        if is_asleep(prober, &self.device).map_err(|_| ())? {
            return Ok(None);
        }
        let mut read = |file: &str| match prober.read(&self.device.join(file)) {
            Ok(bytes) => Ok(String::from_utf8(bytes).ok().map(|text| text.trim().to_owned())),
            Err(ProbeError::NoAnswer) => Err(()),
            // Not for us, or not of this card.
            Err(ProbeError::Failed(_)) => Ok(None),
        };
        let busy = read("gpu_busy_percent")?.and_then(|text| text.parse::<u8>().ok());
        let busy = busy.filter(|busy| *busy <= 100).map(f64::from);
        let mut bytes = |file: &str| Ok(read(file)?.and_then(|text| text.parse::<u64>().ok()));
        let memory = match (bytes("mem_info_vram_used")?, bytes("mem_info_vram_total")?) {
            (Some(used), Some(total)) if total > 0 && used <= total => Some((used, total)),
            _ => None,
        };
        Ok((busy.is_some() || memory.is_some()).then_some((busy, memory)))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use broker::ManualClock;

    use super::*;

    /// Two cards of AMD, one of them asleep, a card of another maker, and a connector.
    fn tree() -> tempfile::TempDir {
        let sys = tempfile::tempdir().expect("a folder");
        let drm = sys.path().join("class/drm");
        for (card, place, files) in [
            (
                "card0",
                "0000:03:00.0",
                &[
                    ("gpu_busy_percent", "17\n"),
                    ("mem_info_vram_used", "1073741824\n"),
                    ("mem_info_vram_total", "17163091968\n"),
                    ("product_name", "Radeon RX 6800\n"),
                    ("power/runtime_status", "active\n"),
                ][..],
            ),
            (
                "card1",
                "0000:04:00.0",
                &[("gpu_busy_percent", "0\n"), ("power/runtime_status", "suspended\n")],
            ),
            ("card2", "0000:00:02.0", &[("vendor", "0x8086\n")]),
            ("card0-DP-1", "0000:09:00.0", &[("gpu_busy_percent", "99\n")]),
        ] {
            let device = sys.path().join("devices").join(place);
            for (file, text) in files {
                let file = device.join(file);
                fs::create_dir_all(file.parent().expect("a folder")).expect("made");
                fs::write(file, text).expect("written");
            }
            symlink("../bus/pci", device.join("subsystem")).expect("linked");
            fs::create_dir_all(drm.join(card)).expect("made");
            symlink(&device, drm.join(card).join("device")).expect("linked");
        }
        sys
    }

    fn told(probe: &mut GpuProbe) -> Vec<GpuReading> {
        probe.round(&mut Prober::new(None, Duration::from_secs(2)), &|| ()).0
    }

    fn probe(sys: &Path) -> GpuProbe {
        let clock = Arc::new(ManualClock::new(7));
        GpuProbe { drm: sys.join("class/drm"), ..GpuProbe::new(clock) }
    }

    #[test]
    fn a_card_is_told_by_its_place_and_one_that_sleeps_is_left_alone() {
        let sys = tree();
        let mut probe = probe(sys.path());
        let one = GpuReading {
            id: "pci/0000:03:00.0".to_owned(),
            name: "Radeon RX 6800".to_owned(),
            busy: Some(17.0),
            memory: Some((1 << 30, 17_163_091_968)),
            no_answer: None,
        };
        assert_eq!(told(&mut probe), [one]);
        let device = fs::canonicalize(sys.path().join("devices/0000:04:00.0")).expect("a device");
        assert!(probe.asks(&device.join("gpu_busy_percent")));
        fs::write(device.join("power/runtime_status"), "active\n").expect("written");
        let both = told(&mut probe);
        assert_eq!((both.len(), both[1].busy, both[1].memory), (2, Some(0.0), None));
        assert_eq!((&*both[1].id, &*both[1].name), ("pci/0000:04:00.0", "amdgpu"));
    }

    #[test]
    fn garbage_is_left_out() {
        let sys = tree();
        let mut probe = probe(sys.path());
        let device = sys.path().join("devices/0000:03:00.0");
        let write = |file: &str, text: &[u8]| fs::write(device.join(file), text).expect("written");
        for garbage in [&b""[..], b"101\n", b"-1\n", b"1e999", b"\xff", b"99999999999999999999999\n"] {
            write("gpu_busy_percent", garbage);
            assert_eq!(told(&mut probe)[0].busy, None, "{garbage:?}");
        }
        write("mem_info_vram_total", b"0\n");
        assert!(told(&mut probe).is_empty(), "nothing is left to tell");
        write("mem_info_vram_total", b"5\n");
        assert!(told(&mut probe).is_empty(), "more in use than there is");
        fs::remove_dir_all(sys.path().join("class")).expect("removed");
        probe.listed = None;
        assert!(told(&mut probe).is_empty());
    }
}
