//! Asks fans through the prober.

use std::{path::Path, sync::Arc};

use broker::Clock;

use crate::{
    collectors::hwmon::{InputProbe, InputReading, InputRules, PolledInput, hwmon_inputs},
    prober::Prober,
};

/// No fan turns faster, a minute.
const FASTEST: f64 = 1_000_000.0;

/// The answers of the fans in one round.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct FanReport(pub(super) Vec<InputReading>);

/// Asks each fan how fast it turns.
pub(crate) struct FanProbe(InputProbe);

impl FanProbe {
    /// Nothing is asked yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self::below("/sys/class".as_ref(), clock)
    }

    fn below(sys: &Path, clock: Arc<dyn Clock>) -> Self {
        let find = |sys: &Path| hwmon_inputs(&sys.join("hwmon"), "fan");
        Self(InputProbe::new(InputRules { find, take }, sys, clock))
    }

    /// Asks them all. Calls `moves` after each answer, and after each that did not come in time.
    pub(crate) fn round(&mut self, prober: &mut Prober, moves: &dyn Fn()) -> FanReport {
        FanReport(self.0.round(prober, moves))
    }

    /// Returns true if a file is one of its fans.
    pub(crate) fn asks(&self, path: &Path) -> bool {
        self.0.asks(path)
    }
}

fn take(fan: &mut PolledInput, answer: Option<&[u8]>, at: u64) {
    let speed = answer.and_then(|answer| std::str::from_utf8(answer).ok()?.trim().parse::<f64>().ok());
    let speed = speed.filter(|speed| (0.0..=FASTEST).contains(speed));
    fan.alive |= speed.is_some_and(|speed| speed > 0.0);
    match speed {
        Some(speed) => fan.answer = fan.alive.then_some(Ok(speed)),
        // One that never turned is not missed.
        None if fan.alive => fan.no_answer(at),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use broker::ManualClock;

    use super::*;

    #[test]
    fn a_fan_is_told_from_when_it_first_turned_and_a_silent_one_says_since_when() {
        let sys = tempfile::tempdir().expect("a folder");
        let chip = sys.path().join("hwmon/hwmon0");
        fs::create_dir_all(&chip).expect("made");
        let write = |file: &str, text: &str| fs::write(chip.join(file), text).expect("written");
        write("name", "nct6775\n");
        write("fan1_label", "CPU\n");
        write("fan2_input", "0\n");
        write("fan2_target", "1200\n");
        write("temp1_input", "40000\n");
        let mut probe = FanProbe::below(sys.path(), Arc::new(ManualClock::new(7)));
        let mut prober = Prober::new(None, Duration::from_secs(2));
        let mut told = |speed: &str| {
            write("fan1_input", speed);
            let report = probe.round(&mut prober, &|| ()).0;
            report.into_iter().map(|one| (one.id, one.name, one.answer)).collect::<Vec<_>>()
        };
        let one = |answer| [("hwmon0/fan1".to_owned(), "nct6775 CPU".to_owned(), answer)];
        for never_turned in ["0\n", "", "-5\n", "99999999999999999999\n", "NaN", "inf"] {
            assert!(told(never_turned).is_empty(), "{never_turned:?}");
        }
        assert_eq!(told("1350\n"), one(Ok(1350.0)));
        assert_eq!(told("0\n"), one(Ok(0.0)), "it stands still");
        assert_eq!(told("no number"), one(Err(7)));
        assert_eq!(told("900\n"), one(Ok(900.0)));
        fs::remove_file(chip.join("fan1_input")).expect("removed");
        let gone = probe.round(&mut prober, &|| ()).0;
        assert_eq!(gone[0].answer, Err(7));
        assert!(probe.asks(&fs::canonicalize(&chip).expect("a folder").join("fan1_input")));
    }

    #[test]
    fn a_card_that_sleeps_is_not_asked_for_its_fan() {
        let sys = tempfile::tempdir().expect("a folder");
        let card = sys.path().join("devices/0000:03:00.0");
        let chip = sys.path().join("hwmon/hwmon0");
        fs::create_dir_all(&chip).expect("made");
        fs::create_dir_all(card.join("power")).expect("made");
        std::os::unix::fs::symlink(&card, chip.join("device")).expect("linked");
        fs::write(chip.join("name"), "amdgpu\n").expect("written");
        let mut probe = FanProbe::below(sys.path(), Arc::new(ManualClock::new(7)));
        let mut prober = Prober::new(None, Duration::from_secs(2));
        let mut told = |status: &str, speed: &str| {
            fs::write(card.join("power/runtime_status"), status).expect("written");
            fs::write(chip.join("fan1_input"), speed).expect("written");
            let report = probe.round(&mut prober, &|| ()).0;
            report.into_iter().map(|one| one.answer).collect::<Vec<_>>()
        };
        assert_eq!(told("active\n", "900\n"), [Ok(900.0)]);
        assert_eq!(told("suspended\n", "1000\n"), []);
        assert_eq!(told("suspending\n", "1000\n"), []);
        assert_eq!(told("resuming\n", "0\n"), [Ok(0.0)], "it has turned before");
        assert_eq!(told("unsupported\n", "1100\n"), [Ok(1100.0)]);
        let status = fs::canonicalize(&card).expect("a folder").join("power/runtime_status");
        assert!(probe.asks(&status));
    }
}
