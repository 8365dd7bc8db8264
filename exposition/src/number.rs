use crate::{content_type::Format, fault::FaultReason};

/// Reads the value of a sample: a decimal number with or without an exponent, `NaN` or an infinity, the words in any case (OpenMetrics 1.0, "ABNF":
/// `realnumber`). Rust reads neither hexadecimal numbers nor underscores, and Prometheus refuses these, too. A number beyond all doubles is refused.
pub(crate) fn value(text: &str) -> Result<f64, FaultReason<'_>> {
    let number = text.parse::<f64>().ok().filter(|number| !number.is_infinite() || is_word(text));
    number.ok_or(FaultReason::BadValue(text.into()))
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| !byte.is_ascii_digit())
}

/// Reads a timestamp as milliseconds since 1970: whole milliseconds in text, a decimal number of seconds in OpenMetrics.
pub(crate) fn timestamp_ms(text: &str, format: Format) -> Result<i64, FaultReason<'_>> {
    let timestamp = match format {
        Format::Text => text.parse().ok(),
        Format::OpenMetrics => seconds_as_ms(text),
    };
    timestamp.ok_or(FaultReason::BadTimestamp(text.into()))
}

/// Rounds a decimal number of seconds to milliseconds, half of one away from zero. It goes through the digits, since most decimal fractions are no doubles.
fn seconds_as_ms(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // The place of a digit is its power of ten in milliseconds.
    let mut place = i64::try_from(whole.len()).ok()? + i64::from(exponent) + 3;
    let mut ms = 0_i64;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = i64::from(byte.checked_sub(b'0').filter(|digit| *digit <= 9)?);
        place -= 1;
        if place >= 0 {
            ms = ms.checked_mul(10)?.checked_add(digit)?;
        } else if place == -1 && digit >= 5 {
            ms = ms.checked_add(1)?;
        }
    }
    // Zeros that the exponent adds: at most eighteen, unless the number is zero.
    if ms != 0 && place > 0 {
        ms = ms.checked_mul(10_i64.checked_pow(u32::try_from(place).ok()?)?)?;
    }
    Some(if is_negative { -ms } else { ms })
}

#[cfg(test)]
mod tests {
    use super::{seconds_as_ms, value};

    #[test]
    fn seconds_become_milliseconds_exactly() {
        let cases = [
            ("1520879607.789", Some(1_520_879_607_789)),
            ("1520879607", Some(1_520_879_607_000)),
            ("1520879607.", Some(1_520_879_607_000)),
            (".5", Some(500)),
            ("0.0005", Some(1)),
            ("0.00049999999999999999999999", Some(0)),
            ("-0.0005", Some(-1)),
            ("-1.5", Some(-1_500)),
            ("+1.0015", Some(1_002)),
            // As a double, this is 1.0049999999999999.
            ("1.0055", Some(1_006)),
            ("1.520879607789e9", Some(1_520_879_607_789)),
            ("1.520879607789E+9", Some(1_520_879_607_789)),
            ("15208796077890e-4", Some(1_520_879_607_789 / 1_000 * 1_000 + 789)),
            ("1e3", Some(1_000_000)),
            ("1e-3", Some(1)),
            ("5e-4", Some(1)),
            ("5e-5", Some(0)),
            ("0e999999999", Some(0)),
            ("1e-999999999", Some(0)),
            ("9223372036854775.807", Some(i64::MAX)),
            ("9223372036854775.808", None),
            ("1e999999999", None),
            ("1e16", None),
            ("", None),
            (".", None),
            ("-", None),
            ("1.2.3", None),
            ("--1", None),
            ("1e", None),
            ("0x10", None),
            ("1_000", None),
            ("NaN", None),
            ("Inf", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(seconds_as_ms(text), wanted, "{text}");
        }
    }

    #[test]
    fn values_are_decimal_numbers_and_three_words() {
        for (text, wanted) in [
            ("1", 1.0),
            ("-1.5", -1.5),
            ("+2", 2.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1.458255915e+09", 1_458_255_915.0),
            ("1e-07", 1e-7),
            ("18446744073709551615", 18_446_744_073_709_551_615.0),
            ("1e-999", 0.0),
            ("+Inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
            ("Infinity", f64::INFINITY),
        ] {
            assert_eq!(value(text), Ok(wanted), "{text}");
        }
        assert!(value("-0").is_ok_and(|zero| zero == 0.0 && zero.is_sign_negative()));
        for text in ["NaN", "Nan", "nan", "-nan"] {
            assert!(value(text).is_ok_and(f64::is_nan), "{text}");
        }
        for text in
            ["0x1F", "0x1p-2", "1_000", "1,5", "1e999", "-1e999", "", "-", "e5", "true", "1\r", "infinit"]
        {
            assert!(value(text).is_err(), "{text}");
        }
    }
}
