//! Whether the line is well, judged by how long it has been silent.

/// How often something is to be heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The longest silence that the server has promised, milliseconds.
    pub heartbeat_ms: f64,
    /// How often the busiest topic speaks, milliseconds, where one has a rhythm.
    pub cadence_ms: Option<f64>,
}

/// What a silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Nothing.
    Live,
    /// The next frame is late.
    Late,
    /// The numbers are old.
    Stale,
    /// The line is dead, though no one has said so: a proxy that went, a laptop that slept.
    Dead,
}

impl Pace {
    /// When a silence becomes late, stale and deadly, milliseconds.
    fn bounds(self) -> [f64; 3] {
        match self.cadence_ms {
            Some(cadence) => {
                [(4.0 * cadence).max(2_500.0), (20.0 * cadence).max(10_000.0), (30.0 * cadence).max(15_000.0)]
            }
            None => [1.25 * self.heartbeat_ms, 1.75 * self.heartbeat_ms, 2.0 * self.heartbeat_ms + 5_000.0],
        }
    }

    /// What this silence means, and after how much more of it that changes.
    #[must_use]
    pub fn judge(self, silence_ms: f64) -> (Health, f64) {
        let [late, stale, dead] = self.bounds();
        match silence_ms {
            silence if silence < late => (Health::Live, late - silence),
            silence if silence < stale => (Health::Late, stale - silence),
            silence if silence < dead => (Health::Stale, dead - silence),
            _ => (Health::Dead, f64::INFINITY),
        }
    }
}
