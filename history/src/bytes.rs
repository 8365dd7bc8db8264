//! Numbers in bytes: LEB128, seven bits a byte, the lowest first; signed ones by zigzag.

/// Appends a number.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(0x80 | (number & 0x7f) as u8);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a signed number, which is short where it is near zero.
pub(crate) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, zigzag(number));
}

/// Folds the sign of a number into its lowest bit.
pub(crate) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// Undoes [`zigzag`].
pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Bytes that are read from their beginning. Each call gives nothing where they are not what was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn number(&mut self) -> Option<u64> {
        // Most numbers are one byte.
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        let mut number = u64::from(first & 0x7f);
        let mut more = first & 0x80 != 0;
        let mut shift = 7;
        while more {
            let (&byte, rest) = self.0.split_first()?;
            if shift > 63 {
                return None;
            }
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            more = byte & 0x80 != 0;
            shift += 7;
        }
        Some(number)
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        self.number().map(unzigzag)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    /// A number that four bytes hold, the lowest first.
    pub(crate) fn fixed(&mut self) -> Option<u32> {
        let (four, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*four))
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    pub(crate) fn float(&mut self) -> Option<f64> {
        let (eight, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(f64::from_le_bytes(*eight))
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// Bytes behind their length.
    pub(crate) fn slice(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut out = Vec::new();
        let numbers = [0, 1, 127, 128, 16_384, u64::from(u32::MAX), u64::MAX];
        let signed = [0, -1, 1, -64, 64, i64::MIN, i64::MAX];
        numbers.iter().for_each(|number| put(&mut out, *number));
        signed.iter().for_each(|number| put_signed(&mut out, *number));
        let mut bytes = Bytes(&out);
        assert!(numbers.iter().all(|number| bytes.number() == Some(*number)));
        assert!(signed.iter().all(|number| bytes.signed() == Some(*number)));
        assert_eq!(bytes.number(), None);
        assert_eq!(Bytes(&[0xff; 12]).number(), None);
    }
}
