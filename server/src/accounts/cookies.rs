//! The cookies of sessions and forms (RFC 6265bis).

use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use transports::gate::Client;

use crate::BasePath;

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

/// The requests with which a browser sends a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CookieScope {
    /// The browser speaks TLS, with us or with a trusted proxy.
    is_secure: bool,
    base: BasePath,
}

impl CookieScope {
    /// Returns the scope of the cookies of a request. `tls` is true where the server itself speaks TLS.
    pub(crate) fn of(parts: &Parts, tls: bool, base: &BasePath) -> Self {
        let told = parts.extensions.get::<Client>().and_then(|client| client.scheme.as_deref());
        let is_secure = told.map_or(tls, |scheme| scheme.eq_ignore_ascii_case("https"));
        Self { is_secure, base: base.clone() }
    }

    /// True where the browser speaks TLS.
    pub(crate) const fn is_secure(&self) -> bool {
        self.is_secure
    }
}

impl Cookie {
    /// Over TLS the prefix keeps other hosts and plain HTTP from setting it; a plain one is not believed there. Below a base path it has a
    /// path, which `__Host-` forbids, and a name of its own: a board at `/` may be on the same host.
    fn name(self, scope: &CookieScope) -> String {
        let prefix = match (scope.is_secure, scope.base.is_root()) {
            (true, true) => "__Host-",
            (true, false) => "__Secure-",
            (false, _) => "",
        };
        let word = match self {
            Self::Session => "session",
            Self::Form => "form",
            Self::Pending => "pending",
            Self::Provider => "provider",
        };
        let below = scope.base.as_str().replace('/', "~");
        format!("{prefix}pulseboard-{word}{below}")
    }

    /// Reads its value out of a request. One that comes twice is none: nobody can say which was ours.
    pub(crate) fn read<'a>(self, headers: &'a HeaderMap, scope: &CookieScope) -> Option<&'a str> {
        let ours = self.name(scope);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut found = pairs.filter(|(name, _)| *name == ours).map(|(_, value)| value);
        let first = found.next().filter(|value| !value.is_empty());
        if found.next().is_some() { None } else { first }
    }

    /// Returns the header that gives it to a browser for so many seconds.
    pub(crate) fn set(self, value: &str, scope: &CookieScope, seconds: u64) -> Option<HeaderValue> {
        let secure = if scope.is_secure { "; Secure" } else { "" };
        let name = self.name(scope);
        let path = &scope.base;
        let line = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::try_from(line).ok()
    }

    /// Returns the header that takes it away.
    pub(crate) fn clear(self, scope: &CookieScope) -> Option<HeaderValue> {
        self.set("", scope, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "/";

    fn scope(is_secure: bool, base: &str) -> CookieScope {
        CookieScope { is_secure, base: base.parse().expect("a base path") }
    }

    fn read(lines: &[&str], is_secure: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, line.parse().expect("a value"));
        }
        Cookie::Session.read(&headers, &scope(is_secure, ROOT)).map(str::to_owned)
    }

    #[test]
    fn a_cookie_is_read_where_it_was_set_and_nowhere_else() {
        assert_eq!(read(&["lang=ko; pulseboard-session=abc"], false).as_deref(), Some("abc"));
        assert_eq!(read(&["lang=ko", "__Host-pulseboard-session=abc"], true).as_deref(), Some("abc"));
        assert_eq!(read(&["pulseboard-session=abc"], true), None, "plain HTTP may have set it");
        assert_eq!(read(&["__Host-pulseboard-session=abc"], false), None);
        assert_eq!(read(&["pulseboard-session=a; pulseboard-session=b"], false), None);
        assert_eq!(read(&["pulseboard-session="], false), None);
        assert_eq!(read(&[], false), None);
    }

    #[test]
    fn a_cookie_is_for_this_host_and_no_script() {
        let line =
            |cookie: Cookie, is_secure| cookie.set("abc", &scope(is_secure, ROOT), 60).expect("a value");
        assert_eq!(
            line(Cookie::Session, true),
            "__Host-pulseboard-session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            line(Cookie::Form, false),
            "pulseboard-form=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
        );
        let cleared = Cookie::Session.clear(&scope(false, ROOT)).expect("a value");
        assert_eq!(cleared, "pulseboard-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        assert_eq!(Cookie::Session.set("a\nb", &scope(false, ROOT), 1), None);
    }

    #[test]
    fn a_board_below_a_base_path_has_cookies_of_its_own() {
        let line = |is_secure, base| {
            let line = Cookie::Session.set("abc", &scope(is_secure, base), 60).expect("a value");
            line.to_str().expect("text").to_owned()
        };
        assert_eq!(
            line(true, "/pulse/"),
            "__Secure-pulseboard-session~pulse=abc; Path=/pulse/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            line(false, "/a/b/"),
            "pulseboard-session~a~b=abc; Path=/a/b/; Max-Age=60; HttpOnly; SameSite=Lax"
        );
    }
}
