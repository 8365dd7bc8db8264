//! Records: a length and a crc32 of four bytes each, little-endian, and a body.

use crate::bytes::Bytes;

/// Appends a record.
pub(crate) fn put_record(out: &mut Vec<u8>, body: &[u8]) {
    let length = u32::try_from(body.len()).expect("a body is cut long before four gigabytes");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&crc32fast::hash(body).to_le_bytes());
    out.extend_from_slice(body);
}

/// The body of the first record, none where it is damaged; and the bytes behind it. None where there is no whole record.
pub(crate) fn record(bytes: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let mut bytes = Bytes(bytes);
    let (length, crc) = (bytes.fixed()?, bytes.fixed()?);
    let body = bytes.take(length as usize)?;
    Some(((crc32fast::hash(body) == crc).then_some(body), bytes.0))
}
