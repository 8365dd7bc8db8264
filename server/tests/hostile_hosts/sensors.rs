//! Sensors that are called alike, and one that never answers.

use common::series::id;

use crate::host::{Host, Plan, names};

/// No chips, and the zones of the folder; of networks and disks only the names are known then.
const SETUP: &str = "mount --bind $T/class /sys/class";

#[test]
fn two_zones_are_two_rows_with_their_names_and_equal_ones_are_told_apart() {
    let files = [
        ("class/thermal/thermal_zone0/type", "acpitz\n"),
        ("class/thermal/thermal_zone0/temp", "41000\n"),
        ("class/thermal/thermal_zone1/type", "x86_pkg_temp\n"),
        ("class/thermal/thermal_zone1/temp", "52500\n"),
        ("class/thermal/thermal_zone2/type", "acpitz\n"),
        ("class/thermal/thermal_zone2/temp", "27800\n"),
    ];
    let host = Host::start(&Plan { setup: SETUP, files: &files, ..Plan::default() });
    let _watch = host.watch();
    let system = host.until("the zones are told", |snapshot| {
        let system = snapshot.system.clone()?;
        (!names(&system, id::TEMPERATURE).is_empty()).then_some(system)
    });
    let told: Vec<_> = system.instances(id::TEMPERATURE).collect();
    assert_eq!(
        told,
        [("acpitz (thermal_zone0)", 41.0), ("acpitz (thermal_zone2)", 27.8), ("x86_pkg_temp", 52.5)]
    );
}

#[test]
fn a_sensor_that_never_answers_says_since_when_and_the_others_go_on() {
    let files = [
        ("class/thermal/thermal_zone0/type", "stuck\n"),
        ("class/thermal/thermal_zone1/type", "well\n"),
        ("class/thermal/thermal_zone1/temp", "52500\n"),
    ];
    let setup = "mkfifo $T/class/thermal/thermal_zone0/temp; ".to_owned() + SETUP;
    let mut host = Host::start(&Plan { setup: &setup, files: &files, ..Plan::default() });
    let watch = host.watch();
    let system = host.until("the stuck one is told", |snapshot| {
        let system = snapshot.system.clone()?;
        (system.unanswered(id::TEMPERATURE).count() > 0).then_some(system)
    });
    assert_eq!(system.unanswered(id::TEMPERATURE).next().expect("one").0, "stuck");
    assert_eq!(system.value("temperature:well"), Some(52.5));
    assert!(system.value(id::UPTIME).is_some());
    drop(watch);
    assert!(host.stop().is_some_and(|took| took.as_secs() < 5));
}
