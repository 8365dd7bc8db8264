//! Sensors that are called alike, and one that never answers.

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
    let snapshot = host.until("the zones are told", |snapshot| {
        (!names(snapshot.system.as_ref()?, "temperature").is_empty()).then(|| snapshot.clone())
    });
    let system = snapshot.system.expect("it is told");
    let told = ["thermal_zone0", "thermal_zone2", "thermal_zone1"].map(|zone| {
        (snapshot.names.get(zone).unwrap_or_default(), system.values.get_labelled("temperature", zone))
    });
    assert_eq!(
        told,
        [
            ("acpitz (thermal_zone0)", Some(41.0)),
            ("acpitz (thermal_zone2)", Some(27.8)),
            ("x86_pkg_temp", Some(52.5))
        ]
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
        (system.no_answer.instances("temperature").count() > 0).then_some(system)
    });
    assert_eq!(system.no_answer.instances("temperature").next().expect("one").0, "thermal_zone0");
    assert_eq!(system.values.get_labelled("temperature", "thermal_zone1"), Some(52.5));
    assert!(system.value("uptime").is_some());
    drop(watch);
    assert!(host.stop().is_some_and(|took| took.as_secs() < 5));
}
