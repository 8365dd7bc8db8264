//! The steps of the times of samples. Rounds are never on time to the millisecond; on a grid their times take no room.

/// The grid of one kind of sample. It begins anew where samples no longer lie near it: after a pause, or as clocks drift apart.
#[derive(Debug)]
pub(crate) struct TimeGrid {
    step: i64,
    last: Option<i64>,
}

impl TimeGrid {
    pub(crate) fn new(step_ms: u64) -> Self {
        Self { step: i64::try_from(step_ms).unwrap_or(i64::MAX).max(1), last: None }
    }

    /// The place on the grid of a sample of this time.
    pub(crate) fn place(&mut self, at: i64) -> i64 {
        let place = match self.last {
            Some(last) => {
                let steps = (at - last + self.step / 2).div_euclid(self.step);
                let near = last + steps * self.step;
                if (at - near).abs() <= self.step / 3 { near } else { at }
            }
            None => at,
        };
        self.last = Some(place);
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_near_the_grid_are_on_it_and_others_begin_a_new_one() {
        let mut grid = TimeGrid::new(500);
        let times = [1_003, 1_501, 2_010, 2_495, 4_003, 4_760, 5_260, 900];
        assert_eq!(times.map(|at| grid.place(at)), [1_003, 1_503, 2_003, 2_503, 4_003, 4_760, 5_260, 760]);
    }

    #[test]
    fn a_slow_drift_costs_a_step_now_and_then() {
        let mut grid = TimeGrid::new(1_000);
        let places: Vec<i64> = (0..2_000).map(|round| grid.place(round * 1_001)).collect();
        let others = places.windows(2).filter(|two| two[1] - two[0] != 1_000).count();
        assert!(others <= 7, "{others} steps are others");
        assert!(places.is_sorted_by(|one, next| one < next));
    }
}
