//! Computes the offset of the server's clock from the browser's, like NTP (RFC 5905 §8): half of the time between
//! question and answer is taken for the way there. The error is at most that half, so of the last looks the quickest
//! is believed.

use std::collections::VecDeque;

use crate::ports::ClockLook;

/// So many looks are remembered: a clock that is set anew is believed after as many.
const LOOKS: usize = 8;

#[derive(Debug, Clone, Default)]
pub(super) struct Offset {
    looks: VecDeque<ClockLook>,
}

impl Offset {
    pub(super) fn add(&mut self, look: ClockLook) {
        if self.looks.len() == LOOKS {
            self.looks.pop_front();
        }
        self.looks.push_back(look);
    }

    /// The server's clock less the browser's, milliseconds; none before the first look.
    pub(super) fn ms(&self) -> Option<f64> {
        let best = self.best()?;
        Some(best.server - best.asked.midpoint(best.answered))
    }

    /// Returns the greatest error of the offset, milliseconds.
    pub(super) fn error_ms(&self) -> Option<f64> {
        Some(round_trip(self.best()?) / 2.0)
    }

    fn best(&self) -> Option<&ClockLook> {
        self.looks.iter().min_by(|one, other| round_trip(one).total_cmp(&round_trip(other)))
    }
}

fn round_trip(look: &ClockLook) -> f64 {
    look.answered - look.asked
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A look at a clock that is `ahead`, with so much time on the way there and back.
    fn look(ahead: f64, there: f64, back: f64) -> ClockLook {
        let asked = 1_795_183_407_000.0;
        ClockLook { asked, server: asked + there + ahead, answered: asked + there + back }
    }

    #[test]
    fn the_quickest_look_is_believed_and_its_error_is_half_of_its_time() {
        let mut offset = Offset::default();
        assert_eq!(offset.ms(), None);
        for (there, back) in [(90.0, 10.0), (2.0, 4.0), (500.0, 1.0)] {
            offset.add(look(3_600_000.0, there, back));
        }
        assert_eq!((offset.ms(), offset.error_ms()), (Some(3_599_999.0), Some(3.0)));
    }

    #[test]
    fn a_clock_that_was_set_anew_is_believed_after_a_while() {
        let mut offset = Offset::default();
        offset.add(look(0.0, 1.0, 1.0));
        for _ in 0..LOOKS {
            offset.add(look(-500.0, 20.0, 20.0));
        }
        assert_eq!(offset.ms(), Some(-500.0));
    }
}
