//! One disk over the rounds: its verdict stays while there is none newer.

use std::time::{Duration, Instant};

use super::answer::SmartAnswer;

/// The verdict of a disk that predicted its failure is told for this long after it has gone: it may have been taken out for good.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);

/// One disk.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SmartReading {
    /// The name of its device: `sda`.
    pub(super) device: String,
    /// Its answer; while it is silent, its last verdict and what it says besides.
    pub(super) answer: SmartAnswer,
    /// The time since which it says nothing on its health, milliseconds since 1970.
    pub(super) silent: Option<u64>,
    /// Since when it has been gone, or has answered without a verdict.
    unheard: Option<Instant>,
}

impl SmartReading {
    /// A disk that has answered.
    pub(super) fn heard(device: String, answer: SmartAnswer) -> Self {
        Self { device, answer, silent: None, unheard: None }
    }

    /// A disk that has not answered at the moment `at`: the last verdict stays for as long as it does not.
    pub(super) fn hanging(device: String, before: Option<Self>, at: u64) -> Self {
        let passed = before.as_ref().and_then(|before| before.answer.passed);
        let silent = before.and_then(|before| before.silent).unwrap_or(at);
        let answer = SmartAnswer { passed, ..SmartAnswer::default() };
        Self { device, answer, silent: Some(silent), unheard: None }
    }

    /// A disk that has answered; `before` is its reading in the last round.
    pub(super) fn answered(device: String, before: Option<Self>, answer: SmartAnswer, at: u64) -> Self {
        match before {
            // It says nothing new: its temperature is not known, the rest is as it was.
            Some(before) if answer.asleep => {
                Self::heard(device, SmartAnswer { celsius: None, ..before.answer })
            }
            Some(before) if answer.passed.is_none() => {
                before.kept(answer, at).unwrap_or(Self::heard(device, answer))
            }
            _ => Self::heard(device, answer),
        }
    }

    /// A disk that is not there any more.
    pub(super) fn gone(self, at: u64) -> Option<Self> {
        self.kept(SmartAnswer::default(), at)
    }

    /// The verdict of a disk that has predicted its failure, for [`KEPT_FOR`]; none of another.
    fn kept(self, answer: SmartAnswer, at: u64) -> Option<Self> {
        if self.answer.passed != Some(false) {
            return None;
        }
        let unheard = self.unheard.unwrap_or_else(Instant::now);
        let answer = SmartAnswer { passed: Some(false), ..answer };
        let silent = Some(self.silent.unwrap_or(at));
        (unheard.elapsed() < KEPT_FOR).then_some(Self { answer, silent, unheard: Some(unheard), ..self })
    }

    /// Returns true if there is nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.silent.is_none() && self.answer.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILING: SmartAnswer =
        SmartAnswer { passed: Some(false), wear: Some(3.0), celsius: Some(50.0), asleep: false };
    const WELL: SmartAnswer = SmartAnswer { passed: Some(true), ..FAILING };
    const ASLEEP: SmartAnswer = SmartAnswer { passed: None, wear: None, celsius: None, asleep: true };

    fn heard(answer: SmartAnswer) -> SmartReading {
        SmartReading::heard("sda".to_owned(), answer)
    }

    fn told(reading: &SmartReading) -> (Option<bool>, Option<u64>) {
        (reading.answer.passed, reading.silent)
    }

    #[test]
    fn a_disk_that_hangs_keeps_its_verdict_and_the_time_since_which_it_does() {
        for (answer, verdict) in [(FAILING, Some(false)), (WELL, Some(true)), (ASLEEP, None)] {
            let first = SmartReading::hanging("sda".to_owned(), Some(heard(answer)), 7);
            assert_eq!(told(&first), (verdict, Some(7)));
            assert_eq!((first.answer.wear, first.answer.celsius), (None, None));
            let second = SmartReading::hanging("sda".to_owned(), Some(first), 8);
            assert_eq!(told(&second), (verdict, Some(7)));
            let asleep = SmartReading::answered("sda".to_owned(), Some(second.clone()), ASLEEP, 9);
            assert_eq!(told(&asleep), (verdict, None));
            let well = SmartReading::answered("sda".to_owned(), Some(second), WELL, 9);
            assert_eq!(told(&well), (Some(true), None));
        }
        let unknown = SmartReading::hanging("sda".to_owned(), None, 7);
        assert_eq!(told(&unknown), (None, Some(7)));
    }

    #[test]
    fn a_failing_disk_that_goes_keeps_its_verdict_for_a_day() {
        assert_eq!(heard(WELL).gone(7), None);
        let mut gone = heard(FAILING).gone(7).expect("kept");
        assert_eq!(told(&gone), (Some(false), Some(7)));
        gone = gone.gone(8).expect("kept");
        assert_eq!(told(&gone), (Some(false), Some(7)));
        gone.unheard = Instant::now().checked_sub(KEPT_FOR);
        assert!(gone.unheard.is_some());
        assert_eq!(gone.gone(9), None);
    }

    #[test]
    fn a_failing_disk_that_answers_without_a_verdict_keeps_it_and_tells_the_rest() {
        let answer = SmartAnswer { passed: None, celsius: Some(61.0), ..WELL };
        let next = |before| SmartReading::answered("sda".to_owned(), before, answer, 7);
        let mut kept = next(Some(heard(FAILING)));
        assert_eq!(told(&kept), (Some(false), Some(7)));
        assert_eq!(kept.answer.celsius, Some(61.0));
        kept.unheard = Instant::now().checked_sub(KEPT_FOR);
        assert_eq!(next(Some(kept)), heard(answer));
        assert_eq!(next(Some(heard(WELL))), heard(answer));
        assert_eq!(next(None), heard(answer));
    }
}
