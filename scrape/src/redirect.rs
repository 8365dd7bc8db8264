//! Redirects: the address that one leads to, and the ones that may be followed.

use http::{StatusCode, Uri};

use crate::{error::ScrapeError, origin::Origin};

/// Redirects that are followed in one scrape.
pub(crate) const MOST_REDIRECTS: usize = 3;
/// The most letters of an address that an error repeats.
const LONGEST_TOLD: usize = 200;

/// Returns true for a status that leads elsewhere by its `Location` (RFC 9110, 15.4).
pub(crate) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Returns the address that a `Location` leads to from an address, with its origin.
///
/// It may be on the same host and port, or go from `http` to `https` of the same host. So an endpoint in public cannot make this server ask addresses in
/// its own network.
///
/// # Errors
/// When it leads elsewhere, or is no address.
pub(crate) fn follow(from: &Uri, origin: &Origin, location: &str) -> Result<(Uri, Origin), ScrapeError> {
    let bad = || ScrapeError::BadRedirect(shown(location));
    let text = resolve(from, location).ok_or_else(bad)?;
    // It is a whole address, though none of HTTP.
    if scheme_of(&text).is_some_and(|scheme| !is_http(scheme)) {
        return Err(ScrapeError::RedirectElsewhere(shown(&text)));
    }
    let uri: Uri = text.parse().map_err(|_| bad())?;
    let to = Origin::of(&uri).ok_or_else(bad)?;
    let is_upgrade = to.is_tls && !origin.is_tls && to.host == origin.host;
    if to != *origin && !is_upgrade {
        return Err(ScrapeError::RedirectElsewhere(shown(&text)));
    }
    Ok((uri, to))
}

/// Makes a whole address of a reference (RFC 3986, 5.2).
fn resolve(from: &Uri, location: &str) -> Option<String> {
    let location = location.split('#').next().unwrap_or_default().trim();
    if scheme_of(location).is_some() {
        return Some(location.to_owned());
    }
    let scheme = from.scheme_str()?;
    if location.starts_with("//") {
        return Some(format!("{scheme}:{location}"));
    }
    let authority = from.authority()?;
    let (reference, query) = match location.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (location, None),
    };
    let path = if reference.is_empty() {
        from.path().to_owned()
    } else if reference.starts_with('/') {
        without_dots(reference)
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        without_dots(&format!("{folder}/{reference}"))
    };
    let query = match (query, reference.is_empty()) {
        (Some(query), _) => Some(query),
        (None, true) => from.query(),
        (None, false) => None,
    };
    Some(match query {
        Some(query) => format!("{scheme}://{authority}{path}?{query}"),
        None => format!("{scheme}://{authority}{path}"),
    })
}

/// Takes `.` and `..` out of a path that begins with a slash (RFC 3986, 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            part => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}

fn scheme_of(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    is_scheme.then_some(scheme)
}

fn is_http(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// Returns an address as people are shown it: without a user, a password and a query, which may be secret, and not too long.
fn shown(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let (start, rest) = match address.split_once("//") {
        Some((start, rest)) => (format!("{start}//"), rest),
        None => (String::new(), address),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{start}{host}{path}").chars().filter(|letter| !letter.is_control()).take(LONGEST_TOLD).collect()
}

#[cfg(test)]
mod tests {
    use http::Uri;

    use super::{follow, resolve};
    use crate::origin::Origin;

    fn outcome(from: &str, location: &str) -> String {
        let from: Uri = from.parse().unwrap();
        match follow(&from, &Origin::of(&from).unwrap(), location) {
            Ok((uri, _)) => uri.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn references_become_whole_addresses() {
        let from: Uri = "http://a:9100/one/two?q=1".parse().unwrap();
        // RFC 3986, 5.4.
        for (reference, expected) in [
            ("/metrics", "http://a:9100/metrics"),
            ("three", "http://a:9100/one/three"),
            ("./three/", "http://a:9100/one/three/"),
            ("../three", "http://a:9100/three"),
            ("../../../three", "http://a:9100/three"),
            (".", "http://a:9100/one/"),
            ("", "http://a:9100/one/two?q=1"),
            ("?q=2", "http://a:9100/one/two?q=2"),
            ("three?to=http://b/", "http://a:9100/one/three?to=http://b/"),
            ("//b/x", "http://b/x"),
            ("https://a/x#y", "https://a/x"),
        ] {
            assert_eq!(resolve(&from, reference).as_deref(), Some(expected), "{reference}");
        }
    }

    #[test]
    fn the_same_host_is_followed_and_tls_may_begin() {
        assert_eq!(outcome("http://a:9100/m", "/metrics"), "http://a:9100/metrics");
        assert_eq!(outcome("http://a:9100/m", "http://A:9100/metrics"), "http://A:9100/metrics");
        assert_eq!(outcome("http://a/m", "http://a:80/metrics"), "http://a:80/metrics");
        assert_eq!(outcome("http://a:9100/m", "https://a:9443/m"), "https://a:9443/m");
    }

    #[test]
    fn everywhere_else_is_an_error_that_names_it_without_its_secrets() {
        for (from, location, named) in [
            ("http://a/m", "http://b/m", "`http://b/m`"),
            (
                "http://a/m",
                "http://169.254.169.254/latest/meta-data?x=secret",
                "`http://169.254.169.254/latest/meta-data`",
            ),
            ("http://a/m", "http://a:9100/m", "`http://a:9100/m`"),
            ("http://a/m", "//user:secret@b/m", "`http://b/m`"),
            ("http://a/m", "http://a@b/m", "`http://b/m`"),
            ("https://a/m", "http://a/m", "`http://a/m`"),
            ("https://a/m", "https://a:8443/m", "`https://a:8443/m`"),
            ("http://a/m", "file:///etc/passwd", "`file:///etc/passwd`"),
        ] {
            let said = outcome(from, location);
            assert!(said.contains(named) && said.contains("elsewhere") && !said.contains("secret"), "{said}");
        }
        assert!(outcome("http://a/m", "http://").contains("no address"));
        assert!(outcome("http://a/m", "http://a:99999/").contains("no address"));
    }
}
