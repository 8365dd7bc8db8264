//! Prometheus' remote write 1.0: a protobuf in Snappy's block format.
//!
//! Snappy's stream may hold its bytes as they are (a literal): for the peer that is a copy, the least that it could have to do.

use crate::spread::SeriesName;

/// Labels of a series as a protobuf has them.
#[derive(Debug)]
pub(crate) struct Labels(Vec<u8>);

/// A name as Prometheus allows it.
pub(crate) fn metric_name(name: &SeriesName) -> String {
    name.metric.replace('.', "_")
}

impl Labels {
    pub(crate) fn new(name: &SeriesName) -> Self {
        let mut out = Vec::new();
        let metric = metric_name(name);
        for (name, value) in [("__name__", metric.as_str()), ("host", name.host.as_str()), ("of", name.label)]
        {
            if !value.is_empty() {
                let mut label = Vec::new();
                put_bytes(&mut label, 1, name.as_bytes());
                put_bytes(&mut label, 2, value.as_bytes());
                put_bytes(&mut out, 1, &label);
            }
        }
        Self(out)
    }

    /// The fields of the labels.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A write request that is being made.
#[derive(Debug, Default)]
pub(crate) struct WriteRequest {
    body: Vec<u8>,
    series: Vec<u8>,
}

impl WriteRequest {
    /// Appends samples of a series: times in milliseconds since 1970, and values.
    pub(crate) fn add(&mut self, labels: &Labels, samples: impl IntoIterator<Item = (i64, f64)>) {
        self.series.clear();
        self.series.extend_from_slice(&labels.0);
        for (at, value) in samples {
            let mut sample = [0_u8; 20];
            sample[0] = 1 << 3 | 1;
            sample[1..9].copy_from_slice(&value.to_le_bytes());
            sample[9] = 2 << 3;
            let mut length = 10;
            let mut left = at as u64;
            while left >= 0x80 {
                sample[length] = left as u8 | 0x80;
                left >>= 7;
                length += 1;
            }
            sample[length] = left as u8;
            put_bytes(&mut self.series, 2, &sample[..=length]);
        }
        put_bytes(&mut self.body, 1, &self.series);
    }

    /// The request as it is posted; this begins anew.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.body.len() + 16);
        put_varint(&mut out, self.body.len() as u64);
        // Snappy's format description, 2.1: a literal with its length in four bytes.
        out.push(63 << 2);
        out.extend_from_slice(&(self.body.len().saturating_sub(1) as u32).to_le_bytes());
        out.extend_from_slice(&self.body);
        self.body.clear();
        out
    }
}

fn put_bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
