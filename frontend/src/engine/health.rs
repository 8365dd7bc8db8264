//! Judges a connection's health by the time for which it has been silent.

/// The expected intervals between frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The longest silence that the server has promised, milliseconds.
    pub heartbeat_ms: f64,
    /// The interval of the busiest topic, milliseconds, if one has a cadence.
    pub cadence_ms: Option<f64>,
}

/// The health of a connection.
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

/// Shorter silences are those of a busy machine, however quick a topic or a heartbeat is, milliseconds.
const SHORTEST: [f64; 3] = [2_500.0, 10_000.0, 15_000.0];

impl Pace {
    /// When a silence becomes late, stale and deadly, milliseconds.
    fn bounds(self) -> [f64; 3] {
        let Self { heartbeat_ms: beat, cadence_ms } = self;
        // The server has promised a heartbeat, so no topic is so slow that a longer silence would be well.
        let promised = [1.25 * beat, 1.75 * beat, 2.0 * beat + 5_000.0];
        let expected = cadence_ms.map_or(promised, |cadence| {
            // A heartbeat comes on a healthy connection even if measuring hangs: the connection is not given up before
            // one is due.
            [4.0 * cadence, 20.0 * cadence, (30.0 * cadence).max(beat + 2_000.0)]
        });
        std::array::from_fn(|n| expected[n].min(promised[n]).max(SHORTEST[n]))
    }

    /// Judges a silence, and returns the further silence after which the judgement changes.
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
