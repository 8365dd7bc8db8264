//! Servers under a load: one, or several that share what is published.

use anyhow::Result;

use super::{publisher::Publisher, subject::Subject};

/// Something that is published to, and whose processes are measured.
pub(crate) trait Measured {
    /// Its name in tables.
    fn name(&self) -> &'static str;

    /// The connection that publishes, or several.
    fn publisher(&self) -> Result<Publisher>;

    /// All its processes.
    fn pids(&self) -> Result<Vec<u32>>;

    /// Those of them over which several nodes share what is published.
    fn store_pids(&self) -> Vec<u32> {
        Vec::new()
    }
}

impl Measured for Subject {
    fn name(&self) -> &'static str {
        self.name
    }

    fn publisher(&self) -> Result<Publisher> {
        Publisher::connect(self)
    }

    fn pids(&self) -> Result<Vec<u32>> {
        Subject::pids(self)
    }
}
