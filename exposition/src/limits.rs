/// Bounds of what a reader takes from one body. What is beyond them is skipped and told.
///
/// The caller bounds the body. Beside it, a reader needs at most
/// `samples × 500 + labels × 100 + faults × 100 + line_bytes × 3` bytes, and three times the bytes of names that are quoted and have escapes. A series costs 20 to
/// 60 bytes of tables, and a family 100 to 450, half of which is there only while a table grows; there are at most as many families as series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Different series, those with gaps among them; as many families may be declared. In OpenMetrics a series may have points at several times, and each counts.
    pub samples: usize,
    /// Labels of a series.
    pub labels: usize,
    /// Bytes of the name of a metric or a label, as written.
    pub name_bytes: usize,
    /// Bytes of the value of a label, as written.
    pub value_bytes: usize,
    /// Bytes of a line.
    pub line_bytes: usize,
    /// Faults that are told; the others are counted.
    pub faults: usize,
}

impl Default for Limits {
    /// Returns limits that no exporter in good order meets: 100,000 series of 64 labels, names of 1 KiB, values of 8 KiB, lines of 64 KiB.
    fn default() -> Self {
        Self {
            samples: 100_000,
            labels: 64,
            name_bytes: 1_024,
            value_bytes: 8_192,
            line_bytes: 65_536,
            faults: 10,
        }
    }
}
