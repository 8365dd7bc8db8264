//! The origins that may ask: the guard against CSRF and cross-site WebSocket hijacking. A page of another origin must not read this server through its reader's browser, and a name
//! that was made to point here (DNS rebinding) must not either; so both `Origin` and `Host` are checked on every request,
//! whatever the transport.

use axum::http::{HeaderMap, HeaderName, Uri, header};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use common::frame::ErrorCode;

use super::{Client, HostName, api_rejection::ApiRejection};

/// The names under which this server may be asked. Loopback names always may.
#[derive(Debug, Clone, Default)]
pub struct OriginPolicy {
    hosts: std::sync::Arc<[HostName]>,
    /// The path prefix of files that are the same for everyone.
    files: Option<&'static str>,
    /// The path that says no more than that the server lives.
    probe: Option<&'static str>,
}

impl OriginPolicy {
    /// Loopback and these.
    #[must_use]
    pub fn new(hosts: impl IntoIterator<Item = HostName>) -> Self {
        Self { hosts: hosts.into_iter().collect(), files: None, probe: None }
    }

    /// Adds a path prefix of files that are the same for everyone: an Origin says nothing there.
    #[must_use]
    pub fn with_files(self, path: &'static str) -> Self {
        Self { files: Some(path), ..self }
    }

    /// Adds the path of a liveness probe. Load balancers ask for it by an address or without a name, and it tells no more than the open
    /// port does.
    #[must_use]
    pub fn with_probe(self, path: &'static str) -> Self {
        Self { probe: Some(path), ..self }
    }

    /// Checks that a request with these headers may be answered.
    ///
    /// # Errors
    /// 403 when `Host` is not a name of this server, or when `Origin` is there and is not the site that `Host` names
    /// (RFC 6455 §10.2, and the same for plain HTTP). Where a browser says itself that site and page are one (Fetch Metadata,
    /// `Sec-Fetch-Site: same-origin`), that is believed.
    /// `told` is the `Host` that the client named to a trusted proxy, where that told it.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap, told: Option<&str>) -> Result<(), ApiRejection> {
        let is_probe = self.probe == Some(uri.path());
        let Some(host) = authority(uri, headers) else {
            let may = is_probe && !headers.contains_key(header::ORIGIN);
            return if may { Ok(()) } else { Err(forbidden("a request names its Host")) };
        };
        // No name that was made to point here is an address.
        let may = |host| self.knows(host) || (is_probe && is_address(host));
        if ![Some(host), told].into_iter().flatten().all(may) {
            return Err(forbidden("this Host is not among the server's `hosts`"));
        }
        // A page elsewhere can send a request without an Origin (an image, a no-cors fetch); browsers say so here.
        let from = text(headers, &HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
        let mode = text(headers, &HeaderName::from_static("sec-fetch-mode"));
        let navigates = mode.is_some_and(|mode| mode == "navigate");
        if !navigates && !matches!(from, "none" | "same-origin") {
            return Err(forbidden("a page of another site may not ask"));
        }
        // Behind a proxy that changes the Host, an Origin cannot be compared. The browser's own word, which no page can give, does as
        // well; and for scripts browsers send an Origin, of which an old one gives no word.
        if from == "same-origin" || self.files.is_some_and(|files| uri.path().starts_with(files)) {
            return Ok(());
        }
        match text(headers, &header::ORIGIN) {
            Some(origin) if ![Some(host), told].into_iter().flatten().any(|host| same_site(origin, host)) => {
                Err(forbidden("this Origin is not the site that was asked"))
            }
            _ => Ok(()),
        }
    }

    fn knows(&self, authority: &str) -> bool {
        HostName::of_authority(authority).is_some_and(|host| host.is_loopback() || self.hosts.contains(&host))
    }
}

fn is_address(authority: &str) -> bool {
    HostName::of_authority(authority).is_some_and(|host| host.is_address())
}

fn authority<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    uri.authority().map(axum::http::uri::Authority::as_str).or_else(|| text(headers, &header::HOST))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

fn forbidden(message: &str) -> ApiRejection {
    ApiRejection::new(ErrorCode::ForbiddenOrigin, message)
}

/// Origins carry no path: `scheme://host[:port]`. The scheme is not compared, for a proxy may have taken TLS off.
fn same_site(origin: &str, host: &str) -> bool {
    let Some((scheme, site)) = origin.split_once("://") else { return false };
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    // A name may end with a dot, before its port, and is the same without.
    let plain = |text: &str| {
        let text = text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
        match text.split_once(".:") {
            Some((name, port)) => [name, ":", port].concat(),
            None => text.strip_suffix('.').unwrap_or(&text).to_owned(),
        }
    };
    plain(site) == plain(host)
}

/// The check as a layer over a whole router.
///
/// # Errors
/// As [`OriginPolicy::check`], as a response.
pub async fn guard(State(origins): State<OriginPolicy>, request: Request, next: Next) -> Response {
    let told = request.extensions().get::<Client>().and_then(|client| client.host.as_deref());
    match origins.check(request.uri(), request.headers(), told) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: Option<&str>, origin: Option<&str>) -> bool {
        let named = [("host", host), ("origin", origin)];
        check_all(
            &named
                .map(|(name, value)| value.map(|value| (name, value)))
                .into_iter()
                .flatten()
                .collect::<Vec<_>>(),
        )
    }

    fn check_all(all: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.insert(*name, value.parse().expect("a header"));
        }
        sites().check(&Uri::from_static("/live/sse"), &headers, None).is_ok()
    }

    fn sites() -> OriginPolicy {
        OriginPolicy::new(["Board.example:8443".parse().expect("a host")])
    }

    #[test]
    fn a_host_that_a_trusted_proxy_tells_must_be_known_and_is_the_site_of_its_pages() {
        let asked = |told, origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "127.0.0.1:3000".parse().expect("a header"));
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
            sites().check(&Uri::from_static("/live/ws"), &headers, told).is_ok()
        };
        assert!(asked(Some("board.example"), "https://board.example"));
        assert!(asked(Some("board.example:8443"), "https://board.example:8443"));
        assert!(asked(Some("board.example"), "http://127.0.0.1:3000"));
        assert!(!asked(None, "https://board.example"));
        assert!(!asked(Some("board.example"), "https://evil.example"));
        assert!(!asked(Some("evil.example"), "https://evil.example"));
        assert!(!asked(Some("a b"), "http://127.0.0.1:3000"));
    }

    #[test]
    fn a_name_may_end_with_a_dot() {
        for host in ["board.example.", "board.example.:8443", "localhost.", "localhost.:3000"] {
            assert!(check(Some(host), None), "{host}");
        }
        assert!(check(Some("board.example.:8443"), Some("https://board.example:8443")));
        assert!(check(Some("board.example"), Some("https://board.example.")));
        assert!(!check(Some("board.example."), Some("https://board.example:8443")));
        assert!(!check(Some("board.example.."), None));
    }

    #[test]
    fn own_names_may_ask_and_others_may_not() {
        for host in
            ["localhost", "localhost:3000", "127.0.0.1:3000", "[::1]:3000", "127.8.0.1", "board.EXAMPLE:8443"]
        {
            assert!(check(Some(host), None), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "192.168.0.1:3000", "", "[::2]:80"] {
            assert!(!check(Some(host), None), "{host}");
        }
        assert!(!check(None, None));
    }

    #[test]
    fn an_origin_must_be_the_site_that_was_asked() {
        let host = Some("localhost:3000");
        assert!(check(host, Some("http://localhost:3000")));
        assert!(check(Some("board.example"), Some("https://board.example:443")));
        for origin in [
            "http://localhost:3001",
            "http://127.0.0.1:3000",
            "null",
            "file://localhost:3000",
            "http://evil.example",
        ] {
            assert!(!check(host, Some(origin)), "{origin}");
        }
    }

    #[test]
    fn behind_a_proxy_that_changes_the_host_a_browsers_word_holds_and_hosts_are_known_all_the_same() {
        let asked = |host: &'static str, site: &'static str| {
            check_all(&[("host", host), ("origin", "https://board.example"), ("sec-fetch-site", site)])
        };
        assert!(asked("127.0.0.1:3000", "same-origin"));
        for site in ["none", "same-site", "cross-site", "Same-Origin"] {
            assert!(!asked("127.0.0.1:3000", site), "{site}");
        }
        assert!(!asked("evil.example", "same-origin"));
    }

    #[test]
    fn files_are_everyones_who_asks_by_a_known_name() {
        let sites = OriginPolicy::new([]).with_files("/pkg/");
        let asked = |path: &'static str, host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("a header"));
            headers.insert(header::ORIGIN, "http://board.example".parse().expect("a header"));
            sites.check(&Uri::from_static(path), &headers, None).is_ok()
        };
        assert!(asked("/pkg/a.js", "127.0.0.1:3000"));
        assert!(!asked("/pkg/a.js", "evil.example") && !asked("/live/sse", "127.0.0.1:3000"));
    }

    #[test]
    fn a_liveness_probe_is_answered_by_an_address_or_without_a_name_and_nothing_beside_it_is() {
        let sites = OriginPolicy::new([]).with_probe("/healthz");
        let asked = |path: &'static str, named: &[(HeaderName, &'static str)]| {
            let named = named.iter().map(|(name, value)| (name.clone(), value.parse().expect("a header")));
            sites.check(&Uri::from_static(path), &named.collect(), None).is_ok()
        };
        let by = |host| [(header::HOST, host)];
        assert!(asked("/healthz", &[]) && asked("/healthz?x", &by("10.0.0.7:3000")));
        assert!(asked("/healthz", &by("[2001:db8::7]:80")) && asked("/healthz", &by("localhost")));
        for path in ["/healthz/", "/healthz/..", "/readyz", "/", "/HEALTHZ"] {
            assert!(!asked(path, &[]) && !asked(path, &by("10.0.0.7:3000")), "{path}");
        }
        // A name may have been made to point here, and a page elsewhere may not ask.
        assert!(!asked("/healthz", &by("evil.example")) && !asked("/healthz", &by("10.0.0.7.evil.example")));
        let origin = (header::ORIGIN, "http://evil.example");
        assert!(
            !asked("/healthz", &[(header::HOST, "10.0.0.7"), origin.clone()])
                && !asked("/healthz", &[origin])
        );
    }

    #[test]
    fn what_a_page_elsewhere_embeds_is_refused_and_a_link_to_us_is_not() {
        let fetched = |site, mode| {
            check_all(&[("host", "localhost"), ("sec-fetch-site", site), ("sec-fetch-mode", mode)])
        };
        assert!(!fetched("cross-site", "no-cors") && !fetched("same-site", "no-cors"));
        assert!(
            fetched("cross-site", "navigate")
                && fetched("same-origin", "cors")
                && fetched("none", "navigate")
        );
    }
}
