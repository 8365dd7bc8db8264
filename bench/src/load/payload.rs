//! Writes payloads: each is a JSON string of an exact size with the publication's number and time.

/// The number and the time in one publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PayloadStamp {
    /// 1, 2, 3, …
    pub(crate) number: u64,
    /// Nanoseconds on the load generator's clock.
    pub(crate) sent_at: u64,
}

/// Stands before the number and before the time; no server puts one into its framing.
const SIGN: u8 = b'~';
/// Decimal digits of each.
const DIGITS: usize = 15;
/// The smallest payload: two quotes, two signs, the digits.
const SMALLEST: usize = 2 + 2 * (1 + DIGITS);

impl PayloadStamp {
    /// The payload, `size` bytes with its quotes.
    pub(crate) fn payload(self, size: usize) -> String {
        let fill = "x".repeat(size.saturating_sub(SMALLEST));
        format!("\"~{:0DIGITS$}~{:0DIGITS$}{fill}\"", self.number, self.sent_at)
    }

    /// Hands over each mark in a message: none where it is no publication, several where several ride in one.
    pub(crate) fn each(mut message: &[u8], mut on_publication: impl FnMut(Self)) {
        while let Some(start) = message.iter().position(|&byte| byte == SIGN) {
            message = &message[start..];
            match Self::read(message) {
                Some(mark) => {
                    on_publication(mark);
                    message = &message[2 * (1 + DIGITS)..];
                }
                None => message = &message[1..],
            }
        }
    }

    fn read(signed: &[u8]) -> Option<Self> {
        let number = digits(signed)?;
        let sent_at = digits(signed.get(1 + DIGITS..)?)?;
        Some(Self { number, sent_at })
    }
}

fn digits(text: &[u8]) -> Option<u64> {
    let (&SIGN, digits) = text.get(..=DIGITS)?.split_first()? else { return None };
    digits
        .iter()
        .try_fold(0, |value, &digit| digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(message: &[u8]) -> Vec<PayloadStamp> {
        let mut found = Vec::new();
        PayloadStamp::each(message, |mark| found.push(mark));
        found
    }

    #[test]
    fn a_payload_has_its_size_and_says_what_it_is() {
        let mark = PayloadStamp { number: 17, sent_at: 123_456_789_012_345 };
        for size in [256, 16 * 1024] {
            let payload = mark.payload(size);
            assert_eq!(payload.len(), size);
            let framed = format!("data: {{\"topic\":\"custom/bench\",\"data\":{payload}}}\nid: 1-2");
            assert_eq!(marks(framed.as_bytes()), [mark]);
            assert_eq!(marks(format!("{payload}{payload}").as_bytes()), [mark, mark]);
        }
    }

    #[test]
    fn other_messages_have_no_mark() {
        for text in ["", "~", "~12~34", "heartbeat", "~00000000000001x~000000000000002"] {
            assert_eq!(marks(text.as_bytes()), [], "{text}");
        }
    }
}
