//! The file of names: each series, its number, and its first and last sample. It is written anew whenever heads are sealed.
//!
//! The file is a header and records. The body of the first is the number of the next new series; that of each other is a number, the decimals,
//! a byte that says if there is a sample, the first time, the time and the value of the last, and the key.

use std::path::Path;

use crate::{
    bytes::{Bytes, put, put_signed},
    error::HistoryError,
    folder,
    format::{FileKind, HEADER, Header},
    record::{put_record, record},
    resolution::Resolution,
    sample::Sample,
    series_table::SeriesTable,
};

/// No file of names is larger.
const LARGEST: u64 = 1 << 30;

/// Writes all series.
pub(crate) fn encode(table: &SeriesTable) -> Vec<u8> {
    let mut out = FileKind::Names.header().to_vec();
    let mut body = Vec::new();
    put(&mut body, u64::from(table.next_id));
    put_record(&mut out, &body);
    for (_, entry) in table.entries() {
        body.clear();
        put(&mut body, u64::from(entry.id));
        body.push(entry.resolution.get());
        body.push(u8::from(entry.last.is_some()));
        if let Some(last) = entry.last {
            put_signed(&mut body, entry.first.unwrap_or(last.at));
            put_signed(&mut body, last.at);
            body.extend_from_slice(&last.value.to_le_bytes());
        }
        body.extend_from_slice(&entry.key);
        put_record(&mut out, &body);
    }
    out
}

/// Enters all series that a file has, and that are not there. A record that is damaged is left out. Reports that there was none. Of a file that
/// is not the newest it is not known since when a series has samples.
pub(crate) fn read(path: &Path, table: &mut SeriesTable, is_newest: bool) -> Result<bool, HistoryError> {
    let bytes = folder::read(path, LARGEST)?.unwrap_or_default();
    if let Header::Newer(version) = FileKind::Names.read(&bytes) {
        return Err(HistoryError::Newer { path: path.to_owned(), version });
    }
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    let mut is_damaged = FileKind::Names.read(&bytes) == Header::Damaged;
    let mut is_first = true;
    while let Some((body, behind)) = record(rest) {
        let read = match body {
            Some(body) if is_first => Bytes(body).u32().map(|next| table.next_id = table.next_id.max(next)),
            Some(body) => read_series(body, table, is_newest),
            None => None,
        };
        is_damaged |= read.is_none();
        is_first = false;
        rest = behind;
    }
    is_damaged |= is_first || !rest.is_empty();
    if is_damaged {
        tracing::warn!(path = %path.display(), "names of series of the history are damaged, and an older file may have them");
    }
    Ok(!is_damaged)
}

fn read_series(body: &[u8], table: &mut SeriesTable, is_newest: bool) -> Option<()> {
    let mut bytes = Bytes(body);
    let (id, resolution) = (bytes.u32()?, Resolution::decimals(bytes.byte()?)?);
    let (mut first, mut last) = (None, None);
    if bytes.byte()? != 0 {
        first = Some(bytes.signed()?);
        last = Some(Sample { at: bytes.signed()?, value: bytes.float().filter(|value| value.is_finite())? });
    }
    if !is_newest {
        first = Some(0);
    }
    table.insert(id, bytes.0, resolution, first, last);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Series;

    fn table() -> SeriesTable {
        let mut table = SeriesTable::default();
        for n in 0..20_i64 {
            let series =
                table.register(format!("cpu.{n}").as_bytes(), Resolution::WHOLE, 100, 1 << 20).expect("made");
            if n % 3 > 0 {
                table.push(series, Sample { at: 1_000 + n, value: n as f64 }).expect("pushed");
            }
        }
        table
    }

    #[test]
    fn names_come_back_and_a_damaged_one_costs_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("names");
        let table = table();
        let bytes = encode(&table);
        std::fs::write(&path, &bytes).expect("written");
        let mut again = SeriesTable::default();
        read(&path, &mut again, true).expect("read");
        assert_eq!(again.next_id, 20);
        assert_eq!(again.summaries(0), table.summaries(0));
        for place in HEADER..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 0x41;
            std::fs::write(&path, &damaged).expect("written");
            let mut again = SeriesTable::default();
            read(&path, &mut again, true).expect("read");
            let known = again.summaries(0);
            assert!(known.iter().all(|one| table.summaries(0).iter().any(|other| other.key == one.key)));
            assert!(again.entry(Series(0)).is_err() || !known.is_empty());
        }
    }
}
