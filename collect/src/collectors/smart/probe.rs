//! Asks each disk by `smartctl`, which is told to wake none and changes nothing.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;

use super::answer::SmartAnswer;
use crate::{
    collectors::hwmon::{entries, file_name, first_line},
    prober::{CommandRunner, find_program},
};

/// The disks are asked this often.
const ASK_EVERY: Duration = Duration::from_secs(600);
/// One disk is waited for this long.
const DEADLINE: Duration = Duration::from_secs(20);
/// At most this many disks are asked.
const MOST_DISKS: usize = 256;
/// Devices that have no SMART: of hypervisors, optical drives and cards.
const WITHOUT_SMART: [&str; 5] = ["vd", "xvd", "sr", "fd", "mmcblk"];
/// The arguments before the disk: only what is told here, and nothing from a disk that sleeps.
const ARGUMENTS: [&str; 6] =
    ["--json=c", "--nocheck=standby", "--info", "--health", "--attributes", "--log=ssd"];

/// The disks in the last round, by their devices' names.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SmartReport(pub(super) Vec<SmartReading>);

/// One disk.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SmartReading {
    /// The name of its device: `sda`.
    pub(super) device: String,
    /// Its answer, or the time since which there is none, milliseconds since 1970.
    pub(super) answer: Result<SmartAnswer, u64>,
}

/// Asks every disk now and then.
pub(crate) struct SmartProbe {
    runner: CommandRunner,
    clock: Arc<dyn Clock>,
    block: PathBuf,
    dev: PathBuf,
    program: fn() -> Option<PathBuf>,
    arguments: &'static [&'static str],
    asked: Option<Instant>,
    last: SmartReport,
}

impl SmartProbe {
    /// Nothing is asked yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            runner: CommandRunner::new(DEADLINE),
            clock,
            block: "/sys/class/block".into(),
            dev: "/dev".into(),
            program: || find_program("smartctl"),
            arguments: &ARGUMENTS,
            asked: None,
            last: SmartReport::default(),
        }
    }

    /// Asks where it is due; the last answers else. Calls `moves` while it waits.
    pub(crate) fn round(&mut self, moves: &dyn Fn()) -> SmartReport {
        if self.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY) {
            self.asked = Some(Instant::now());
            self.last = match (self.program)() {
                Some(program) => self.ask(&program, moves),
                None => SmartReport::default(),
            };
        }
        self.last.clone()
    }

    fn ask(&mut self, program: &Path, moves: &dyn Fn()) -> SmartReport {
        let mut before: HashMap<String, Result<SmartAnswer, u64>> =
            self.last.0.drain(..).map(|disk| (disk.device, disk.answer)).collect();
        let mut told = Vec::new();
        for device in physical_disks(&self.block) {
            // A device of `cciss/` has an exclamation mark in `/sys`.
            let node = self.dev.join(device.replace('!', "/"));
            let Some(node) = node.to_str().filter(|_| node.exists()) else { continue };
            let at = self.clock.unix_millis();
            let output = self.runner.run(program, &[self.arguments, &[node]].concat(), moves);
            moves();
            let answer = match (output, before.remove(&device)) {
                (Some(output), before) => {
                    let answer = SmartAnswer::parse(&output.bytes);
                    match before {
                        // It says nothing new: its temperature is not known, the rest is as it was.
                        Some(Ok(known)) if answer.asleep => Ok(SmartAnswer { celsius: None, ..known }),
                        _ => Ok(answer),
                    }
                }
                (None, Some(Err(since))) => Err(since),
                (None, _) => Err(at),
            };
            if answer.is_err() || answer.is_ok_and(|answer| !answer.is_empty()) {
                told.push(SmartReading { device, answer });
            }
        }
        SmartReport(told)
    }
}

/// The names of the disks that are devices of their own, each disk once: one that is reached by two paths has one WWID, and the
/// namespaces of an NVMe disk have one controller.
fn physical_disks(block: &Path) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut disks = Vec::new();
    for folder in entries(block) {
        let name = file_name(&folder);
        let is_disk = folder.join("device").exists()
            && !folder.join("partition").exists()
            && first_line(&folder.join("hidden")) != "1"
            // A reader without a card.
            && first_line(&folder.join("size")) != "0"
            && !WITHOUT_SMART.iter().any(|kind| name.starts_with(kind));
        if !is_disk || disks.len() >= MOST_DISKS {
            continue;
        }
        let wwid = first_line(&folder.join("device/wwid"));
        let controller = || fs::canonicalize(folder.join("device")).map(|path| path.display().to_string());
        let identity = if name.starts_with("nvme") { controller().ok() } else { Some(wwid) };
        if identity.filter(|identity| !identity.is_empty()).is_none_or(|identity| seen.insert(identity)) {
            disks.push(name);
        }
    }
    disks
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use broker::ManualClock;

    use super::*;

    fn tree() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for (name, files) in [
            ("sda", &[("device/wwid", "naa.5000cca29063dc00\n"), ("size", "100\n")][..]),
            ("sda1", &[("device/wwid", "x\n"), ("partition", "1\n")]),
            ("sdb", &[("device/wwid", "naa.5000cca29063dc00\n"), ("size", "100\n")]),
            ("sdc", &[("device/wwid", ""), ("size", "0\n")]),
            ("sdd", &[("device/wwid", ""), ("size", "9\n")]),
            ("sde", &[("device/wwid", ""), ("size", "9\n")]),
            ("cciss!c0d0", &[("device/vendor", "HP\n"), ("size", "9\n")]),
            ("nvme0c0n1", &[("device/model", "x\n"), ("hidden", "1\n")]),
            ("vda", &[("device/vendor", "0x1af4\n")]),
            ("sr0", &[("device/vendor", "x\n")]),
            ("loop0", &[("size", "100\n")]),
            ("dm-0", &[("size", "100\n"), ("slaves/sda1", "")]),
        ] {
            for (file, text) in files {
                let file = root.path().join("block").join(name).join(file);
                fs::create_dir_all(file.parent().expect("a folder")).expect("made");
                fs::write(file, text).expect("written");
            }
        }
        fs::create_dir_all(root.path().join("nvme0")).expect("made");
        for name in ["nvme0n1", "nvme0n2"] {
            fs::create_dir_all(root.path().join("block").join(name)).expect("made");
            symlink(root.path().join("nvme0"), root.path().join("block").join(name).join("device"))
                .expect("linked");
        }
        fs::create_dir_all(root.path().join("dev/cciss")).expect("made");
        for node in ["sda", "sdb", "sdd", "cciss/c0d0", "vda"] {
            fs::write(root.path().join("dev").join(node), "").expect("written");
        }
        root
    }

    #[test]
    fn each_physical_disk_is_listed_once() {
        let disks = physical_disks(&tree().path().join("block"));
        assert_eq!(disks, ["cciss!c0d0", "nvme0n1", "sda", "sdd", "sde"]);
        assert!(physical_disks("/no/such/folder".as_ref()).is_empty());
    }

    /// A stand-in for smartctl: a script of the shell, which is given the disk.
    fn stand_in(root: &Path, arguments: &'static [&'static str]) -> SmartProbe {
        let probe = SmartProbe::new(Arc::new(ManualClock::new(7)));
        SmartProbe { block: root.join("block"), dev: root.join("dev"), arguments, ..probe }
    }

    fn ask(probe: &mut SmartProbe) -> Vec<(String, Result<SmartAnswer, u64>)> {
        probe.last = probe.ask("/bin/sh".as_ref(), &|| ());
        probe.last.0.iter().map(|disk| (disk.device.clone(), disk.answer)).collect()
    }

    /// It answers with what the disk's file holds.
    const ANSWERS: &[&str] = &["-c", "exec cat \"$1\"", "sh"];
    const ONE_HANGS: &[&str] = &["-c", "case $1 in */sdd) exec sleep 1000;; esac; exec cat \"$1\"", "sh"];
    const WELL: &str = r#"{"smart_status":{"passed":true},"temperature":{"current":30}}"#;

    #[test]
    fn a_disk_that_sleeps_keeps_its_verdict_and_one_that_says_nothing_is_left_out() {
        let root = tree();
        let mut probe = stand_in(root.path(), ANSWERS);
        let disk = root.path().join("dev/sda");
        fs::write(&disk, WELL).expect("written");
        let well = SmartAnswer { passed: Some(true), wear: None, celsius: Some(30.0), asleep: false };
        assert_eq!(ask(&mut probe), [("sda".to_owned(), Ok(well))], "the others say nothing");
        let asleep = r#"{"smartctl":{"messages":[{"string":"Device is in STANDBY mode, exit(2)"}]}}"#;
        fs::write(&disk, asleep).expect("written");
        let kept = SmartAnswer { celsius: None, ..well };
        assert_eq!(ask(&mut probe), [("sda".to_owned(), Ok(kept))]);
        fs::write(&disk, r#"{"smartctl":{"messages":[{"string":"Permission denied"}]}}"#).expect("written");
        assert!(ask(&mut probe).is_empty());
        fs::write(&disk, asleep).expect("written");
        assert!(ask(&mut probe).is_empty(), "it sleeps, and nothing is known of it");
    }

    #[test]
    fn a_disk_that_hangs_is_told_since_when_and_holds_up_no_other() {
        let root = tree();
        fs::write(root.path().join("dev/sda"), WELL).expect("written");
        let mut probe = stand_in(root.path(), ONE_HANGS);
        probe.runner = CommandRunner::new(Duration::from_secs(2));
        let told = ask(&mut probe);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].1.is_ok());
        assert_eq!(told[1], ("sdd".to_owned(), Err(7)));
    }

    #[test]
    fn without_smartctl_nothing_is_told_and_the_disks_are_not_asked_again_at_once() {
        let root = tree();
        let mut probe = stand_in(root.path(), ANSWERS);
        probe.program = || None;
        assert_eq!(probe.round(&|| ()), SmartReport::default());
        probe.program = || unreachable!("asked a moment ago");
        assert_eq!(probe.round(&|| ()), SmartReport::default());
    }
}
