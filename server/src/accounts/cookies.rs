//! The cookies of sessions and forms (RFC 6265bis).

use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use transports::gate::Client;

/// A cookie of the server's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A person's session.
    Session,
    /// The tie between forms and a browser that has not signed in.
    Form,
    /// The account whose password was right, while its second factor is asked for.
    Pending,
    /// A sign-in at the provider that is under way.
    Provider,
}

/// The way to a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestScheme {
    /// The browser speaks TLS, with us or with a trusted proxy.
    is_secure: bool,
}

impl RequestScheme {
    /// Returns the way on which a request came. `tls` is true where the server itself speaks TLS.
    pub(crate) fn of(parts: &Parts, tls: bool) -> Self {
        let told = parts.extensions.get::<Client>().and_then(|client| client.scheme.as_deref());
        Self { is_secure: told.map_or(tls, |scheme| scheme.eq_ignore_ascii_case("https")) }
    }
}

impl RequestScheme {
    /// True where the browser speaks TLS.
    pub(crate) const fn is_secure(self) -> bool {
        self.is_secure
    }
}

impl Cookie {
    /// Over TLS the prefix keeps other hosts and plain HTTP from setting it; a plain one is not believed there.
    const fn name(self, way: RequestScheme) -> &'static str {
        match (self, way.is_secure) {
            (Self::Session, true) => "__Host-pulseboard-session",
            (Self::Session, false) => "pulseboard-session",
            (Self::Form, true) => "__Host-pulseboard-form",
            (Self::Form, false) => "pulseboard-form",
            (Self::Pending, true) => "__Host-pulseboard-pending",
            (Self::Pending, false) => "pulseboard-pending",
            (Self::Provider, true) => "__Host-pulseboard-provider",
            (Self::Provider, false) => "pulseboard-provider",
        }
    }

    /// Reads its value out of a request. One that comes twice is none: nobody can say which was ours.
    pub(crate) fn read(self, headers: &HeaderMap, way: RequestScheme) -> Option<&str> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut ours = pairs.filter(|(name, _)| *name == self.name(way)).map(|(_, value)| value);
        let first = ours.next().filter(|value| !value.is_empty());
        if ours.next().is_some() { None } else { first }
    }

    /// Returns the header that gives it to a browser for so many seconds.
    pub(crate) fn set(self, value: &str, way: RequestScheme, seconds: u64) -> Option<HeaderValue> {
        let secure = if way.is_secure { "; Secure" } else { "" };
        let name = self.name(way);
        let line = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::try_from(line).ok()
    }

    /// Returns the header that takes it away.
    pub(crate) fn clear(self, way: RequestScheme) -> Option<HeaderValue> {
        self.set("", way, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: RequestScheme = RequestScheme { is_secure: false };
    const SECURE: RequestScheme = RequestScheme { is_secure: true };

    fn read(lines: &[&str], way: RequestScheme) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, line.parse().expect("a value"));
        }
        Cookie::Session.read(&headers, way).map(str::to_owned)
    }

    #[test]
    fn a_cookie_is_read_where_it_was_set_and_nowhere_else() {
        assert_eq!(read(&["lang=ko; pulseboard-session=abc"], PLAIN).as_deref(), Some("abc"));
        assert_eq!(read(&["lang=ko", "__Host-pulseboard-session=abc"], SECURE).as_deref(), Some("abc"));
        assert_eq!(read(&["pulseboard-session=abc"], SECURE), None, "plain HTTP may have set it");
        assert_eq!(read(&["__Host-pulseboard-session=abc"], PLAIN), None);
        assert_eq!(read(&["pulseboard-session=a; pulseboard-session=b"], PLAIN), None);
        assert_eq!(read(&["pulseboard-session="], PLAIN), None);
        assert_eq!(read(&[], PLAIN), None);
    }

    #[test]
    fn a_cookie_is_for_this_host_and_no_script() {
        let line = |cookie: Cookie, way| cookie.set("abc", way, 60).expect("a value");
        assert_eq!(
            line(Cookie::Session, SECURE),
            "__Host-pulseboard-session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            line(Cookie::Form, PLAIN),
            "pulseboard-form=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
        );
        let cleared = Cookie::Session.clear(PLAIN).expect("a value");
        assert_eq!(cleared, "pulseboard-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        assert_eq!(Cookie::Session.set("a\nb", PLAIN, 1), None);
    }
}
