//! Which proxy it is: by what it adds to requests, and by what it says of itself in answers.

use super::Proxy;

/// A proxy's id, and what tells of it: the name of a header of requests, or a word in `Via` or `Server`, lower case.
type ProxySignature = (&'static str, &'static str);

/// The surest first.
const MARKS: [ProxySignature; 18] = [
    ("varnish", "x-varnish"),
    ("varnish", "varnish"),
    ("traffic-server", "apachetrafficserver"),
    ("traffic-server", "client-ip"),
    ("traffic-server", "ats/"),
    ("squid", "squid"),
    ("nghttpx", "nghttpx"),
    ("tinyproxy", "tinyproxy"),
    ("h2o", "h2o"),
    ("caddy", "caddy"),
    ("lighttpd", "lighttpd"),
    ("lighttpd", "x-host"),
    ("apache", "apache/"),
    ("apache", "x-forwarded-server"),
    ("nginx", "nginx"),
    ("haproxy", "haproxy"),
    ("mitmproxy", "mitmproxy"),
    ("vite", "vite"),
];

/// The first that one of these speaks of: names of headers, `Via`, `Server`.
pub(in super::super) fn recognise<'a>(told: impl Iterator<Item = &'a str> + Clone) -> Option<Proxy> {
    let is_told = |word: &str| {
        told.clone()
            .any(|text| text.to_ascii_lowercase().split([' ', ',', '(']).any(|part| part.starts_with(word)))
    };
    MARKS.iter().find(|(_, word)| is_told(word)).and_then(|(id, _)| Proxy::of(id))
}
