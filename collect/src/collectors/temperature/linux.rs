//! `/sys/class/hwmon`, and `/sys/class/thermal` where that has nothing (Documentation/hwmon/sysfs-interface.rst).

use std::{path::Path, sync::Arc};

use broker::Clock;

use super::report::SensorReport;
use crate::{
    collectors::hwmon::{InputProbe, InputRules, PolledInput, entries, file_name, first_line, hwmon_inputs},
    prober::Prober,
};

/// Colder than this is no machine, but a sensor that is not connected.
const COLDEST: f64 = -40.0;
/// The values of a sensor that is not connected; a sensor that shows only these from the beginning is left out.
const STUCK: [f64; 3] = [0.0, 127.0, 128.0];

/// Asks each sensor how warm it is.
pub(crate) struct SensorProbe(InputProbe);

impl SensorProbe {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self::below("/sys/class".as_ref(), clock)
    }

    fn below(sys: &Path, clock: Arc<dyn Clock>) -> Self {
        Self(InputProbe::new(InputRules { find, take }, sys, clock))
    }

    /// Asks them all. Calls `moves` after each answer, and after each that did not come in time.
    pub(crate) fn round(&mut self, prober: &mut Prober, moves: &dyn Fn()) -> SensorReport {
        SensorReport(self.0.round(prober, moves))
    }

    /// Returns true if a file is one of its sensors.
    pub(crate) fn asks(&self, path: &Path) -> bool {
        self.0.asks(path)
    }
}

fn find(sys: &Path) -> Vec<PolledInput> {
    let found = hwmon_inputs(&sys.join("hwmon"), "temp");
    if found.is_empty() { thermal(&sys.join("thermal")) } else { found }
}

fn take(sensor: &mut PolledInput, answer: Option<&[u8]>, at: u64) {
    let celsius = answer.and_then(celsius);
    sensor.alive |= celsius.is_some_and(|celsius| celsius > COLDEST && !STUCK.contains(&celsius));
    let is_believed = |celsius: &f64| *celsius > COLDEST && (sensor.alive || !STUCK.contains(celsius));
    match celsius.filter(is_believed) {
        Some(celsius) => sensor.answer = Some(Ok(celsius)),
        None => sensor.no_answer(at),
    }
}

/// Thousandths of a degree, as a line of text.
fn celsius(answer: &[u8]) -> Option<f64> {
    let millis: i64 = std::str::from_utf8(answer).ok()?.trim().parse().ok()?;
    Some(millis as f64 / 1000.0)
}

/// The zones that the kernel watches.
fn thermal(folder: &Path) -> Vec<PolledInput> {
    let zones = entries(folder).into_iter().filter(|zone| file_name(zone).starts_with("thermal_zone"));
    zones
        .map(|zone| PolledInput::new(zone.join("temp"), first_line(&zone.join("type")), file_name(&zone)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

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
        SensorProbe::below(sys, Arc::new(SystemClock))
    }

    fn round(probe: &mut SensorProbe) -> Vec<crate::collectors::hwmon::InputReading> {
        probe.round(&mut Prober::new(None, Duration::from_secs(2)), &|| ()).0
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
        let told = round(&mut probe(sys.path()));
        let told: Vec<_> = told.iter().map(|one| (&*one.id, &*one.name, one.answer)).collect();
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
        let told = round(&mut probe(sys.path()));
        let names: Vec<&str> = told.iter().map(|one| &*one.name).collect();
        assert_eq!(
            names,
            ["coretemp Core 0 (hwmon0/temp2)", "coretemp Core 0 (hwmon1/temp2)", "drivetemp temp1"]
        );
        assert_eq!(told.iter().map(|one| one.answer).collect::<Vec<_>>(), [Ok(41.0), Ok(62.0), Ok(33.0)]);
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
            let told = round(&mut probe(sys.path()));
            told.into_iter().find(|one| one.answer == Ok(41.0)).map(|one| (one.id, one.name))
        };
        let id = "platform/coretemp.0/temp2".to_owned();
        assert_eq!(start(3, false), Some((id.clone(), "coretemp Core 0".to_owned())));
        assert_eq!(start(5, true), Some((id.clone(), format!("coretemp Core 0 ({id})"))));
    }

    #[test]
    fn a_sensor_of_a_device_that_sleeps_is_left_out_and_those_of_others_are_told() {
        let sys = tree(&[
            ("hwmon/hwmon0/name", "amdgpu\n"),
            ("hwmon/hwmon0/temp1_input", "41000\n"),
            ("hwmon/hwmon0/device/power/runtime_status", "suspended\n"),
            ("hwmon/hwmon1/name", "drivetemp\n"),
            ("hwmon/hwmon1/temp1_input", "33000\n"),
        ]);
        let mut probe = probe(sys.path());
        let mut told = || round(&mut probe).into_iter().map(|one| one.answer).collect::<Vec<_>>();
        assert_eq!(told(), [Ok(33.0)]);
        let status = sys.path().join("hwmon/hwmon0/device/power/runtime_status");
        fs::write(status, "active\n").expect("written");
        assert_eq!(told(), [Ok(41.0), Ok(33.0)]);
    }

    #[test]
    fn a_sensor_that_is_not_connected_says_nothing_until_it_moves() {
        let sys = tree(&[("hwmon/hwmon0/name", "nct6775\n"), ("hwmon/hwmon0/temp1_input", "127000\n")]);
        let mut probe = probe(sys.path());
        let input = sys.path().join("hwmon/hwmon0/temp1_input");
        let mut say = |text: &str| {
            fs::write(&input, text).expect("written");
            round(&mut probe).remove(0).answer
        };
        let Err(since) = say("127000\n") else { panic!("127 is no temperature") };
        assert_eq!(say("-128000\n"), Err(since));
        assert_eq!(say("no number\n"), Err(since));
        assert_eq!(say("35500\n"), Ok(35.5));
        assert_eq!(say("0\n"), Ok(0.0), "it has moved, and may be as cold as that");
    }
}
