//! Asks each disk by `smartctl`, which is told to wake none and changes nothing.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;

use super::{answer::SmartAnswer, reading::SmartReading};
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

/// Asks every disk now and then.
pub(crate) struct SmartProbe {
    runner: CommandRunner,
    /// The time that each disk has, by its node.
    deadline: fn(&str) -> Duration,
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
            runner: CommandRunner::default(),
            deadline: |_| DEADLINE,
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
        self.runner.reap();
        if self.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY) {
            self.asked = Some(Instant::now());
            self.last = self.ask((self.program)().as_deref(), moves);
        }
        self.last.clone()
    }

    /// Asks each disk; without a program there is none to ask.
    fn ask(&mut self, program: Option<&Path>, moves: &dyn Fn()) -> SmartReport {
        let mut before: HashMap<String, SmartReading> =
            self.last.0.drain(..).map(|disk| (disk.device.clone(), disk)).collect();
        let mut told = program.map_or_else(Vec::new, |program| self.ask_present(program, &mut before, moves));
        let at = self.clock.unix_millis();
        told.extend(before.into_values().filter_map(|disk| disk.gone(at)));
        told.sort_by(|one, other| one.device.cmp(&other.device));
        told.truncate(MOST_DISKS);
        SmartReport(told)
    }

    /// Asks the disks that are there, and takes each from those of the round before.
    fn ask_present(
        &mut self,
        program: &Path,
        before: &mut HashMap<String, SmartReading>,
        moves: &dyn Fn(),
    ) -> Vec<SmartReading> {
        let mut told = Vec::new();
        for device in physical_disks(&self.block) {
            // A device of `cciss/` has an exclamation mark in `/sys`.
            let node = self.dev.join(device.replace('!', "/"));
            let Some(node) = node.to_str().filter(|_| node.exists()) else { continue };
            let at = self.clock.unix_millis();
            let arguments = [self.arguments, &[node]].concat();
            let output = self.runner.run(program, &arguments, (self.deadline)(node), moves);
            moves();
            let before = before.remove(&device);
            let disk = match output {
                Some(output) => SmartReading::answered(device, before, SmartAnswer::parse(&output.bytes), at),
                None => SmartReading::hanging(device, before, at),
            };
            if !disk.is_empty() {
                told.push(disk);
            }
        }
        told
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
        SmartProbe { block: root.join("block"), dev: root.join("dev"), arguments, deadline: patient, ..probe }
    }

    fn ask(probe: &mut SmartProbe) -> Vec<(String, SmartAnswer, Option<u64>)> {
        probe.last = probe.ask(Some("/bin/sh".as_ref()), &|| ());
        probe.last.0.iter().map(|disk| (disk.device.clone(), disk.answer, disk.silent)).collect()
    }

    fn patient(_: &str) -> Duration {
        Duration::from_secs(120)
    }

    /// The disk that hangs has a short time, the others one that a busy machine keeps.
    fn short_for_sdd(node: &str) -> Duration {
        if node.ends_with("/sdd") { Duration::from_millis(300) } else { patient(node) }
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
        assert_eq!(ask(&mut probe), [("sda".to_owned(), well, None)], "the others say nothing");
        let asleep = r#"{"smartctl":{"messages":[{"string":"Device is in STANDBY mode, exit(2)"}]}}"#;
        fs::write(&disk, asleep).expect("written");
        let kept = SmartAnswer { celsius: None, ..well };
        assert_eq!(ask(&mut probe), [("sda".to_owned(), kept, None)]);
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
        probe.deadline = short_for_sdd;
        let told = ask(&mut probe);
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!((told[0].1.passed, told[0].2), (Some(true), None));
        assert_eq!(told[1], ("sdd".to_owned(), SmartAnswer::default(), Some(7)));
    }

    #[test]
    fn a_failing_disk_that_hangs_goes_or_loses_its_program_keeps_its_verdict() {
        let root = tree();
        let [well, failing] = ["sda", "sdd"].map(|disk| root.path().join("dev").join(disk));
        fs::write(&well, WELL).expect("written");
        fs::write(&failing, WELL.replace("true", "false")).expect("written");
        let mut probe = stand_in(root.path(), ANSWERS);
        let verdict = |told: Vec<(String, SmartAnswer, Option<u64>)>| {
            let (_, answer, silent) = told.into_iter().find(|disk| disk.0 == "sdd")?;
            Some((answer.passed?, silent))
        };
        assert_eq!(verdict(ask(&mut probe)), Some((false, None)));
        (probe.arguments, probe.deadline) = (ONE_HANGS, short_for_sdd);
        assert_eq!(verdict(ask(&mut probe)), Some((false, Some(7))));
        (probe.arguments, probe.deadline) = (ANSWERS, patient);
        fs::remove_file(&failing).expect("removed");
        fs::remove_dir_all(root.path().join("block/sdd")).expect("removed");
        fs::remove_file(&well).expect("removed");
        assert_eq!(verdict(ask(&mut probe)), Some((false, Some(7))));
        assert_eq!(probe.last.0.len(), 1, "one that passed and has gone is not missed");
        probe.program = || None;
        assert_eq!(probe.round(&|| ()).0.len(), 1);
    }

    #[test]
    fn a_program_that_was_left_is_buried_between_two_questions() {
        let root = tree();
        let mut probe = stand_in(root.path(), ANSWERS);
        probe.program = || None;
        probe.round(&|| ());
        let mut child = std::process::Command::new("/bin/true").spawn().expect("started");
        child.wait().expect("ended");
        probe.runner.leave(child);
        probe.round(&|| ());
        assert_eq!(probe.runner.count_left(), 0);
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
