//! `/sys/class/hwmon`, and `/sys/class/thermal` where that has nothing (Documentation/hwmon/sysfs-interface.rst).

use std::{
    collections::HashMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;

use super::report::{SensorReading, SensorReport};
use crate::{
    collectors::names::{NameCandidate, distinct},
    prober::Prober,
};

/// The list of sensors is read again this often.
const LIST_EVERY: Duration = Duration::from_secs(60);
/// One round waits at most this long for sensors that do not answer; the rest of them has its turn in the next.
const PATIENCE: Duration = Duration::from_secs(4);
/// At most this many sensors are asked.
const MOST: usize = 256;
/// Colder than this is no machine, but a sensor that is not connected.
const COLDEST: f64 = -40.0;
/// The values of a sensor that is not connected; a sensor that shows only these from the beginning is left out.
const STUCK: [f64; 3] = [0.0, 127.0, 128.0];

/// Asks each sensor how warm it is.
pub(crate) struct SensorProbe {
    prober: Prober,
    clock: Arc<dyn Clock>,
    sys: PathBuf,
    listed: Option<Instant>,
    sensors: Vec<Sensor>,
}

/// One sensor.
#[derive(Debug)]
struct Sensor {
    /// The file to read, on the device's own path.
    file: PathBuf,
    label: OsString,
    /// The bus, the device and the input, `platform/coretemp.0/temp2`: no two devices of a bus have one name, and a device has its
    /// name at every start, which `hwmon3` has not.
    id: String,
    /// The last answer; none before the first.
    said: Option<Result<f64, u64>>,
    /// True if the sensor has ever shown a value that only a connected sensor shows.
    alive: bool,
}

impl SensorProbe {
    pub(crate) fn new(prober: Prober, clock: Arc<dyn Clock>) -> Self {
        Self { prober, clock, sys: "/sys/class".into(), listed: None, sensors: Vec::new() }
    }

    /// Asks them all. Calls `moves` after each answer, and after each that did not come in time.
    pub(crate) fn round(&mut self, moves: &dyn Fn()) -> SensorReport {
        let began = Instant::now();
        if self.listed.is_none_or(|listed| began.duration_since(listed) >= LIST_EVERY) {
            self.list();
            self.listed = Some(began);
        }
        // Those that gave no answer last: they may cost the time of all others.
        self.sensors.sort_by_key(|sensor| matches!(sensor.said, Some(Err(_))));
        for sensor in &mut self.sensors {
            if began.elapsed() < PATIENCE {
                let answer = self.prober.read(&sensor.file).ok();
                sensor.take(answer.as_deref(), self.clock.unix_millis());
                moves();
            }
        }
        self.report()
    }

    /// Needs no process until the next round.
    pub(crate) fn rest(&mut self) {
        self.prober.rest();
    }

    fn list(&mut self) {
        let mut known: HashMap<PathBuf, Sensor> =
            self.sensors.drain(..).map(|sensor| (sensor.file.clone(), sensor)).collect();
        let mut found = hwmon(&self.sys.join("hwmon"));
        if found.is_empty() {
            found = thermal(&self.sys.join("thermal"));
        }
        found.truncate(MOST);
        tell_apart(&mut found);
        self.sensors = found.into_iter().map(|sensor| known.remove(&sensor.file).unwrap_or(sensor)).collect();
        let files: Vec<&Path> = self.sensors.iter().map(|sensor| &*sensor.file).collect();
        self.prober.retain(|path| files.contains(&path));
    }

    fn report(&self) -> SensorReport {
        let mut told: Vec<(&Sensor, Result<f64, u64>)> =
            self.sensors.iter().filter_map(|sensor| Some((sensor, sensor.said?))).collect();
        told.sort_by(|(one, _), (other, _)| (&one.label, &one.file).cmp(&(&other.label, &other.file)));
        let things: Vec<NameCandidate<'_>> =
            told.iter().map(|(one, _)| NameCandidate { label: &one.label, identity: &one.id }).collect();
        let names = distinct(&things).into_iter().zip(told);
        let reading = |(name, (sensor, said)): (String, (&Sensor, _))| SensorReading {
            id: sensor.id.clone(),
            name,
            said,
        };
        SensorReport(names.map(reading).collect())
    }
}

impl Sensor {
    fn take(&mut self, answer: Option<&[u8]>, at: u64) {
        let celsius = answer.and_then(celsius);
        self.alive |= celsius.is_some_and(|celsius| celsius > COLDEST && !STUCK.contains(&celsius));
        let believed =
            celsius.filter(|&celsius| celsius > COLDEST && (self.alive || !STUCK.contains(&celsius)));
        self.said = Some(match (believed, self.said) {
            (Some(celsius), _) => Ok(celsius),
            (None, Some(Err(since))) => Err(since),
            (None, _) => Err(at),
        });
    }
}

/// Thousandths of a degree, as a line of text.
fn celsius(answer: &[u8]) -> Option<f64> {
    let millis: i64 = std::str::from_utf8(answer).ok()?.trim().parse().ok()?;
    Some(millis as f64 / 1000.0)
}

/// The sensors of every chip.
fn hwmon(folder: &Path) -> Vec<Sensor> {
    let mut sensors = Vec::new();
    for chip in entries(folder) {
        let name = line(&chip.join("name"));
        // The device that it belongs to says which of two equal ones it is, after every start.
        let device = fs::canonicalize(chip.join("device")).or_else(|_| fs::canonicalize(&chip));
        let device = device.unwrap_or_else(|_| chip.clone());
        let real = fs::canonicalize(&chip).unwrap_or_else(|_| chip.clone());
        let bus = fs::read_link(device.join("subsystem")).map(|bus| format!("{}/", end(&bus)));
        let place = bus.unwrap_or_default() + &end(&device);
        for file in entries(&chip) {
            let Some(input) = file.file_name().and_then(|name| name.to_str()?.strip_suffix("_input")) else {
                continue;
            };
            if !input.starts_with("temp") {
                continue;
            }
            let label = line(&chip.join(format!("{input}_label")));
            let label = if label.is_empty() { input } else { &label };
            sensors.push(Sensor {
                file: real.join(format!("{input}_input")),
                label: format!("{name} {label}").trim().into(),
                id: format!("{place}/{input}"),
                said: None,
                alive: false,
            });
        }
    }
    sensors
}

/// Two chips of one device have inputs of one name: the later ones get a number, in the order of the chips.
fn tell_apart(sensors: &mut [Sensor]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for sensor in sensors {
        let count = seen.entry(sensor.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            sensor.id = format!("{}#{count}", sensor.id);
        }
    }
}

/// The zones that the kernel watches.
fn thermal(folder: &Path) -> Vec<Sensor> {
    let zones = entries(folder).into_iter().filter(|zone| end(zone).starts_with("thermal_zone"));
    let sensor = |zone: PathBuf| Sensor {
        file: zone.join("temp"),
        label: line(&zone.join("type")).into(),
        id: end(&zone),
        said: None,
        alive: false,
    };
    zones.map(sensor).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

fn line(file: &Path) -> String {
    fs::read(file).map(|text| String::from_utf8_lossy(&text).trim().to_owned()).unwrap_or_default()
}

fn end(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use broker::SystemClock;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let sys = tempfile::tempdir().expect("a folder");
        for (file, text) in files {
            let file = sys.path().join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, text).expect("written");
        }
        sys
    }

    fn probe(sys: &Path) -> SensorProbe {
        let prober = Prober::new(None, Duration::from_secs(2));
        SensorProbe { sys: sys.to_owned(), ..SensorProbe::new(prober, Arc::new(SystemClock)) }
    }

    #[test]
    fn two_zones_are_two_named_rows() {
        let sys = tree(&[
            ("thermal/thermal_zone0/type", "acpitz\n"),
            ("thermal/thermal_zone0/temp", "40000\n"),
            ("thermal/thermal_zone1/type", "x86_pkg_temp\n"),
            ("thermal/thermal_zone1/temp", "51000\n"),
            ("thermal/cooling_device0/type", "Fan\n"),
        ]);
        let told = probe(sys.path()).round(&|| ()).0;
        let told: Vec<_> = told.iter().map(|one| (&*one.id, &*one.name, one.said)).collect();
        assert_eq!(
            told,
            [("thermal_zone0", "acpitz", Ok(40.0)), ("thermal_zone1", "x86_pkg_temp", Ok(51.0))]
        );
    }

    #[test]
    fn equal_labels_of_two_devices_are_two_rows_with_their_own_values() {
        let sys = tree(&[
            ("hwmon/hwmon0/name", "coretemp\n"),
            ("hwmon/hwmon0/temp2_label", "Core 0\n"),
            ("hwmon/hwmon0/temp2_input", "41000\n"),
            ("hwmon/hwmon1/name", "coretemp\n"),
            ("hwmon/hwmon1/temp2_label", "Core 0\n"),
            ("hwmon/hwmon1/temp2_input", "62000\n"),
            ("hwmon/hwmon2/name", "drivetemp\n"),
            ("hwmon/hwmon2/temp1_input", "33000\n"),
            ("thermal/thermal_zone0/type", "acpitz\n"),
            ("thermal/thermal_zone0/temp", "40000\n"),
        ]);
        let told = probe(sys.path()).round(&|| ()).0;
        let names: Vec<&str> = told.iter().map(|one| &*one.name).collect();
        assert_eq!(
            names,
            ["coretemp Core 0 (hwmon0/temp2)", "coretemp Core 0 (hwmon1/temp2)", "drivetemp temp1"]
        );
        assert_eq!(told.iter().map(|one| one.said).collect::<Vec<_>>(), [Ok(41.0), Ok(62.0), Ok(33.0)]);
    }

    #[test]
    fn a_sensor_keeps_its_identity_whoever_comes_and_whatever_number_its_chip_has() {
        let place = "devices/platform/coretemp.0";
        let chip = |n: u32| format!("{place}/hwmon/hwmon{n}");
        let start = |n: u32, twin: bool| {
            let chip = chip(n);
            let (name, label, input) =
                (format!("{chip}/name"), format!("{chip}/temp2_label"), format!("{chip}/temp2_input"));
            let mut files = vec![
                (&*name, "coretemp\n"),
                (&*label, "Core 0\n"),
                (&*input, "41000\n"),
                ("bus/platform/x", ""),
            ];
            if twin {
                files.push(("hwmon/hwmon0/name", "coretemp\n"));
                files.push(("hwmon/hwmon0/temp2_label", "Core 0\n"));
                files.push(("hwmon/hwmon0/temp2_input", "62000\n"));
            }
            let sys = tree(&files);
            let link = |from: String, to: &str| {
                let from = sys.path().join(from);
                fs::create_dir_all(from.parent().expect("a folder")).expect("made");
                std::os::unix::fs::symlink(sys.path().join(to), from).expect("linked");
            };
            link(format!("hwmon/hwmon{n}"), &chip);
            link(format!("{chip}/device"), place);
            link(format!("{place}/subsystem"), "bus/platform");
            let told = probe(sys.path()).round(&|| ()).0;
            told.into_iter().find(|one| one.said == Ok(41.0)).map(|one| (one.id, one.name))
        };
        let id = "platform/coretemp.0/temp2".to_owned();
        assert_eq!(start(3, false), Some((id.clone(), "coretemp Core 0".to_owned())));
        assert_eq!(start(5, true), Some((id.clone(), format!("coretemp Core 0 ({id})"))));
    }

    #[test]
    fn a_sensor_that_is_not_connected_says_nothing_until_it_moves() {
        let sys = tree(&[("hwmon/hwmon0/name", "nct6775\n"), ("hwmon/hwmon0/temp1_input", "127000\n")]);
        let mut probe = probe(sys.path());
        let input = sys.path().join("hwmon/hwmon0/temp1_input");
        let mut say = |text: &str| {
            fs::write(&input, text).expect("written");
            probe.round(&|| ()).0.remove(0).said
        };
        let Err(since) = say("127000\n") else { panic!("127 is no temperature") };
        assert_eq!(say("-128000\n"), Err(since));
        assert_eq!(say("no number\n"), Err(since));
        assert_eq!(say("35500\n"), Ok(35.5));
        assert_eq!(say("0\n"), Ok(0.0), "it has moved, and may be as cold as that");
    }
}
