//! Space as `df` tells it, of the mounts in `/proc/self/mountinfo`.

use std::{
    collections::{BTreeMap, HashMap},
    ffi::{OsStr, OsString},
    fs, io,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;

use super::report::{DiskRow, DiskState, Space, SpaceReport};
use crate::{
    collectors::{
        label_value::label_value,
        mountinfo,
        mounts::{Disk, DiskId, Role, disks},
        readings::MOST_NAMED,
    },
    prober::{ProbeError, Prober, SpaceStat},
};

/// The list of mounts is read again this often; the known ones are asked in every round.
const LIST_EVERY: Duration = Duration::from_secs(10);
/// Mounts that are only watched (other machines' and programs') are asked this often.
const WATCH_EVERY: Duration = Duration::from_secs(20);
/// At most this many watched mounts are asked beyond those that have rows.
const MOST_WATCHED: usize = 64;
/// One round waits at most this long for mounts that do not answer; the rest of them has its turn in the next.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks each disk how full it is.
pub(crate) struct SpaceProbe {
    prober: Prober,
    clock: Arc<dyn Clock>,
    listed: Option<Instant>,
    watched: Option<Instant>,
    disks: Vec<PolledDisk>,
    /// Since when each disk gives no answer, milliseconds since 1970.
    silent: HashMap<DiskId, u64>,
    /// The last answer of each disk.
    last: HashMap<DiskId, SpaceStat>,
    left_out: usize,
}

/// A disk to ask.
struct PolledDisk {
    disk: Disk,
    /// True if the disk can be unplugged.
    removable: bool,
    /// The first of its places that is a folder.
    place: usize,
}

impl SpaceProbe {
    /// Nothing is asked yet.
    pub(crate) fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self {
        Self {
            prober,
            clock,
            listed: None,
            watched: None,
            disks: Vec::new(),
            silent: HashMap::new(),
            last: HashMap::new(),
            left_out: 0,
        }
    }

    /// Asks them all. Calls `moves` after each answer, and after each that did not come in time.
    pub(crate) fn round(&mut self, moves: &dyn Fn()) -> SpaceReport {
        let began = Instant::now();
        if self.listed.is_none_or(|listed| began.duration_since(listed) >= LIST_EVERY) {
            self.list();
            self.listed = Some(began);
        }
        let watch = self.watched.is_none_or(|watched| began.duration_since(watched) >= WATCH_EVERY);
        if watch {
            self.watched = Some(began);
        }
        let mut asked = std::mem::take(&mut self.disks);
        // Those that gave no answer last: they may cost the time of all others.
        asked.sort_by_key(|asked| self.silent.contains_key(&asked.disk.id));
        for asked in &mut asked {
            let is_due = watch || asked.disk.role != Role::Watched;
            if is_due && began.elapsed() < PATIENCE {
                self.ask(asked);
                moves();
            }
        }
        let report = self.report(&asked);
        self.disks = asked;
        report
    }

    /// Needs no process until the next round.
    pub(crate) fn rest(&mut self) {
        self.prober.rest();
    }

    fn list(&mut self) {
        let Ok(text) = fs::read("/proc/self/mountinfo") else { return };
        let found = disks(&mountinfo::parse(&text));
        let (mut told, mut watched): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|disk| disk.role != Role::Watched);
        self.left_out = told.len().saturating_sub(MOST_NAMED);
        told.truncate(MOST_NAMED);
        watched.truncate(MOST_WATCHED);
        told.append(&mut watched);
        let asked = |disk: Disk| PolledDisk { removable: is_removable(&disk.id), disk, place: 0 };
        self.disks = told.into_iter().map(asked).collect();
        let is_known = |id: &DiskId| self.disks.iter().any(|asked| asked.disk.id == *id);
        self.silent.retain(|id, _| is_known(id));
        self.last.retain(|id, _| is_known(id));
        let points: Vec<&OsStr> =
            self.disks.iter().flat_map(|asked| &asked.disk.points).map(|p| &**p).collect();
        self.prober.retain(|path| points.contains(&path.as_os_str()));
    }

    fn ask(&mut self, asked: &mut PolledDisk) {
        let at = self.clock.unix_millis();
        let id = &asked.disk.id;
        while let Some(point) = asked.disk.points.get(asked.place) {
            match self.prober.space(Path::new(point)) {
                Ok(stat) if stat.folder => {
                    self.silent.remove(id);
                    self.last.insert(id.clone(), stat);
                    return;
                }
                Ok(_) => asked.place += 1,
                Err(error) if is_silence(&error) => {
                    self.silent.entry(id.clone()).or_insert(at);
                    return;
                }
                // Unmounted since, or not for us.
                Err(_) => asked.place += 1,
            }
        }
        self.silent.remove(id);
        self.last.remove(id);
    }

    fn report(&self, asked: &[PolledDisk]) -> SpaceReport {
        let roots: Vec<&SpaceStat> = asked
            .iter()
            .filter(|asked| asked.disk.role == Role::Overlay)
            .filter_map(|asked| self.last.get(&asked.disk.id))
            .collect();
        let lies_below =
            |stat: &SpaceStat| roots.iter().any(|root| (root.total, root.files) == (stat.total, stat.files));
        let mut rows: BTreeMap<&OsString, DiskState> = BTreeMap::new();
        for asked in asked {
            let Some(point) = asked.disk.points.get(asked.place).or(asked.disk.points.first()) else {
                continue;
            };
            let id = &asked.disk.id;
            let state = match (self.silent.get(id), self.last.get(id)) {
                (Some(&since), _) => DiskState::NoAnswer(since),
                (None, Some(stat)) if asked.disk.role != Role::Watched && has_room(stat) => {
                    if asked.disk.role != Role::Overlay && lies_below(stat) {
                        continue;
                    }
                    DiskState::Answered {
                        space: Space {
                            used: stat.total.saturating_sub(stat.free),
                            available: stat.available,
                        },
                        read_only: stat.read_only,
                        counts: asked.disk.system || !asked.removable,
                    }
                }
                _ => continue,
            };
            rows.insert(point, state);
        }
        let row = |(point, state): (&OsString, DiskState)| DiskRow { mount: label_value(point), state };
        SpaceReport { rows: rows.into_iter().map(row).collect(), left_out: self.left_out }
    }
}

/// Returns true if something can be stored there, or was: not an image, which is always full, and not a file system
/// without a size.
fn has_room(stat: &SpaceStat) -> bool {
    stat.total > 0 && !(stat.read_only && stat.free == 0)
}

/// Returns true if the mount exists and nothing answers for it: no answer in time, or a server that is known to be
/// gone.
fn is_silence(error: &ProbeError) -> bool {
    use io::ErrorKind::{
        HostUnreachable, NetworkUnreachable, NotConnected, StaleNetworkFileHandle, TimedOut,
    };
    match error {
        ProbeError::NoAnswer => true,
        ProbeError::Failed(error) => {
            let gone = [HostUnreachable, NetworkUnreachable, NotConnected, StaleNetworkFileHandle, TimedOut];
            // EIO: a disk that fails, or a mount whose server said so.
            gone.contains(&error.kind()) || error.raw_os_error() == Some(5)
        }
    }
}

/// Returns true if the kernel says that the device is removable, or if it is plugged into USB.
fn is_removable(id: &DiskId) -> bool {
    let DiskId::Device(major @ 1.., minor) = id else { return false };
    let Ok(device) = fs::canonicalize(format!("/sys/dev/block/{major}:{minor}")) else { return false };
    let says_so = |folder: &Path| fs::read(folder.join("removable")).is_ok_and(|text| text.starts_with(b"1"));
    let on_usb = device.components().any(|part| part.as_os_str().to_string_lossy().starts_with("usb"));
    // A partition's disk is the folder above.
    on_usb || says_so(&device) || device.parent().is_some_and(says_so)
}

#[cfg(test)]
mod tests {
    use broker::SystemClock;

    use super::*;

    fn probe() -> SpaceProbe {
        SpaceProbe::new(Prober::new(None, Duration::from_secs(2)), Arc::new(SystemClock))
    }

    fn asked(n: u32, point: &str, role: Role, stat: SpaceStat, probe: &mut SpaceProbe) -> PolledDisk {
        let id = DiskId::Device(8, n);
        probe.last.insert(id.clone(), stat);
        let disk = Disk { id, role, points: vec![point.into()], system: point == "/" };
        PolledDisk { disk, removable: false, place: 0 }
    }

    fn stat(total: u64, free: u64) -> SpaceStat {
        SpaceStat { total, free, available: free, files: total, read_only: false, folder: true }
    }

    fn names(report: &SpaceReport) -> Vec<&str> {
        report.rows.iter().map(|row| &*row.mount).collect()
    }

    #[test]
    fn this_machine_is_told_each_disk_once() {
        let mut probe = probe();
        let report = probe.round(&|| ());
        assert!(!report.rows.is_empty(), "this machine has a disk");
        let ids: std::collections::HashSet<_> = probe.disks.iter().map(|asked| &asked.disk.id).collect();
        assert_eq!(ids.len(), probe.disks.len());
    }

    #[test]
    fn an_overlay_and_the_disk_below_it_are_one_row() {
        let mut probe = probe();
        let root = asked(1, "/", Role::Overlay, stat(100, 50), &mut probe);
        let below = asked(2, "/srv/data", Role::Listed, stat(100, 49), &mut probe);
        let other = asked(3, "/srv/more", Role::Listed, stat(200, 49), &mut probe);
        assert_eq!(names(&probe.report(&[root, below, other])), ["/", "/srv/more"]);
    }

    #[test]
    fn a_read_only_image_that_is_full_is_no_disk_and_a_read_only_disk_is() {
        let mut probe = probe();
        let image = SpaceStat { read_only: true, ..stat(100, 0) };
        let image = asked(1, "/", Role::Listed, image, &mut probe);
        let disk = SpaceStat { read_only: true, ..stat(100, 10) };
        let disk = asked(2, "/srv", Role::Listed, disk, &mut probe);
        let report = probe.report(&[image, disk]);
        assert_eq!(names(&report), ["/srv"]);
        assert!(matches!(report.rows[0].state, DiskState::Answered { read_only: true, .. }));
    }

    #[test]
    fn what_is_only_watched_has_a_row_while_it_is_silent() {
        let mut probe = probe();
        let remote = asked(1, "/net", Role::Watched, stat(100, 10), &mut probe);
        assert!(probe.report(std::slice::from_ref(&remote)).rows.is_empty());
        probe.silent.insert(remote.disk.id.clone(), 7);
        let report = probe.report(&[remote]);
        assert_eq!(report.rows, [DiskRow { mount: "/net".into(), state: DiskState::NoAnswer(7) }]);
    }

    #[test]
    fn two_names_that_look_alike_are_two_rows() {
        use std::os::unix::ffi::OsStringExt;
        let mut probe = probe();
        let mut one = asked(1, "/x", Role::Listed, stat(100, 10), &mut probe);
        let mut two = asked(2, "/x", Role::Listed, stat(100, 10), &mut probe);
        one.disk.points = vec![OsString::from_vec(b"/mnt/caf\xe9".to_vec())];
        two.disk.points = vec![OsString::from_vec(b"/mnt/caf\xe8".to_vec())];
        let report = probe.report(&[one, two]);
        assert_eq!(names(&report), ["/mnt/caf\\xe8", "/mnt/caf\\xe9"]);
    }
}
