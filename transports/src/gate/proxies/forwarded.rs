//! The `Forwarded` header's grammar (RFC 7239 §4): elements between commas, pairs between semicolons, values that may be quoted.

/// The parameters of one element that are of use here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hop {
    /// The client of that proxy.
    pub(super) by_for: Option<String>,
    /// The `Host` that the proxy was asked for.
    pub(super) host: Option<String>,
    /// The scheme by which the proxy was asked, lower case.
    pub(super) proto: Option<String>,
}

/// Reads a list; `None` where it does not follow the grammar, for then nobody knows where an element ends.
pub(super) fn hops(list: &str) -> Option<Vec<Hop>> {
    let (mut hops, mut hop) = (Vec::new(), Hop::default());
    let mut rest = list.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (value, after) = value(after)?;
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "for" => Some(&mut hop.by_for),
            "host" => Some(&mut hop.host),
            "proto" => Some(&mut hop.proto),
            name if name.is_empty() || !name.bytes().all(is_token) => return None,
            _ => None,
        };
        if let Some(place) = place {
            // A parameter stands once in an element.
            if place.replace(value).is_some() {
                return None;
            }
        }
        let after = after.trim_start();
        let next = after.chars().next();
        rest = after.get(1..).unwrap_or_default().trim_start();
        match next {
            Some(';') => {}
            Some(',') => hops.push(std::mem::take(&mut hop)),
            None => break,
            Some(_) => return None,
        }
    }
    hops.push(hop);
    for hop in &mut hops {
        hop.proto = hop.proto.take().map(|proto| proto.to_ascii_lowercase());
    }
    Some(hops)
}

/// A token or a quoted string, and what stands behind it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.bytes().position(|byte| !is_token(byte)).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, next)) = chars.next() {
        match next {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            _ => value.push(next),
        }
    }
    None
}

/// RFC 9110 §5.6.2; and `:`, `[` and `]`, which many proxies forget to quote.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:[]".contains(&byte)
}
