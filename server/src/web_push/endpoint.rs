//! The address of a subscription at its push service. It is a secret: whoever has it can send there.

use std::{fmt, net::IpAddr};

use axum::http::Uri;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use store::{PUSH_AUTH_BYTES, PUSH_ENDPOINT_BYTES, PUSH_KEY_BYTES, PUSH_SERVICE_BYTES};

use super::public_address::is_public;

/// Why an address or a key that came from a browser is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadEndpoint {
    /// The address is none, is too long, or has a user, a fragment or no host.
    #[error("the address of the push service is none")]
    Address,
    /// The address is not https.
    #[error("the address of the push service is not https")]
    NotHttps,
    /// The address is one within a network.
    #[error("the address of the push service is not public")]
    NotPublic,
    /// A key is none.
    #[error("the keys of the subscription are none")]
    Keys,
}

/// A subscription that may be kept: its address and its keys are some.
pub(crate) struct PushEndpoint {
    pub(crate) url: String,
    /// The origin of the address.
    pub(crate) service: String,
    pub(crate) p256dh: Vec<u8>,
    pub(crate) auth: Vec<u8>,
}

impl fmt::Debug for PushEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PushEndpoint").field(&self.service).finish()
    }
}

impl PushEndpoint {
    /// Checks what a browser says of its subscription (`PushSubscription.toJSON`). A name is looked up when it is asked, and not before.
    pub(super) fn read(
        url: &str,
        keys: [&str; 2],
        is_allowed: impl Fn(&str) -> bool,
    ) -> Result<Self, BadEndpoint> {
        let uri: Uri = url.parse().map_err(|_| BadEndpoint::Address)?;
        let service = origin(&uri).ok_or(BadEndpoint::Address)?;
        if url.len() > PUSH_ENDPOINT_BYTES || service.len() > PUSH_SERVICE_BYTES || url.contains('#') {
            return Err(BadEndpoint::Address);
        }
        if !is_allowed(&service) {
            if uri.scheme_str() != Some("https") {
                return Err(BadEndpoint::NotHttps);
            }
            let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
            let is_here = host == "localhost" || host.ends_with(".localhost");
            if is_here || host.parse::<IpAddr>().is_ok_and(|address| !is_public(address)) {
                return Err(BadEndpoint::NotPublic);
            }
        }
        // Browsers leave the padding out, and may not.
        let [p256dh, auth] = keys.map(|key| URL_SAFE_NO_PAD.decode(key.trim_end_matches('=')));
        let (Ok(p256dh), Ok(auth)) = (p256dh, auth) else { return Err(BadEndpoint::Keys) };
        // A point that is not compressed begins with 4 (SEC 1 §2.3.3); one that is not on the curve fails when it is first used.
        if p256dh.len() != PUSH_KEY_BYTES || p256dh[0] != 4 || auth.len() != PUSH_AUTH_BYTES {
            return Err(BadEndpoint::Keys);
        }
        Ok(Self { url: url.to_owned(), service, p256dh, auth })
    }
}

/// Returns the origin of an address of HTTP without a user; none where it is something else.
pub(super) fn origin(uri: &Uri) -> Option<String> {
    let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme))?;
    let (host, authority) = (uri.host()?, uri.authority()?);
    if host.is_empty() || authority.as_str().contains('@') {
        return None;
    }
    let port = uri.port_u16().filter(|port| *port != default_port(scheme));
    // `a:` and `a:x` have no port that is one.
    if uri.port().is_none() && authority.as_str() != host {
        return None;
    }
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{}{port}", host.to_ascii_lowercase()))
}

/// The port of a scheme.
pub(super) fn default_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    fn read(url: &str) -> Result<PushEndpoint, BadEndpoint> {
        PushEndpoint::read(url, [P256DH, AUTH], |service| service == "http://127.0.0.1:8080")
    }

    #[test]
    fn a_service_is_public_and_https_or_named() {
        for (url, service) in [
            ("https://fcm.example/fcm/send/a:b", "https://fcm.example"),
            ("https://FCM.example:443/a?b=c", "https://fcm.example"),
            ("https://push.example:8443/a", "https://push.example:8443"),
            ("https://8.8.8.8/a", "https://8.8.8.8"),
            ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080"),
        ] {
            let read = read(url).expect(url);
            assert_eq!((read.url.as_str(), read.service.as_str()), (url, service));
            assert_eq!(format!("{read:?}"), format!("PushEndpoint({service:?})"));
        }
        let long = format!("https://push.example/{}", "x".repeat(PUSH_ENDPOINT_BYTES));
        for (url, why) in [
            ("", BadEndpoint::Address),
            ("/a", BadEndpoint::Address),
            ("push.example", BadEndpoint::Address),
            ("ftp://push.example/a", BadEndpoint::Address),
            ("https://kim@push.example/a", BadEndpoint::Address),
            ("https://kim:secret@push.example/a", BadEndpoint::Address),
            ("https://push.example:x/a", BadEndpoint::Address),
            ("https://push.example/a#b", BadEndpoint::Address),
            ("https://", BadEndpoint::Address),
            (&long, BadEndpoint::Address),
            ("http://push.example/a", BadEndpoint::NotHttps),
            ("http://127.0.0.1:8081/a", BadEndpoint::NotHttps),
            ("https://127.0.0.1:8080/a", BadEndpoint::NotPublic),
            ("https://10.0.0.1/a", BadEndpoint::NotPublic),
            ("https://[::1]/a", BadEndpoint::NotPublic),
            ("https://[::ffff:10.0.0.1]/a", BadEndpoint::NotPublic),
            ("https://localhost/a", BadEndpoint::NotPublic),
        ] {
            assert_eq!(read(url).expect_err(url), why, "{url}");
        }
    }

    #[test]
    fn keys_are_a_point_and_a_secret() {
        let url = "https://push.example/a";
        let padded = format!("{AUTH}==");
        assert!(PushEndpoint::read(url, [P256DH, &padded], |_| false).is_ok());
        let other_point = P256DH.replacen('B', "A", 1);
        let long = format!("{AUTH}AA");
        for keys in
            [["", ""], [AUTH, P256DH], [P256DH, ""], [P256DH, &long], ["!", AUTH], [&other_point, AUTH]]
        {
            assert_eq!(PushEndpoint::read(url, keys, |_| false).expect_err("none"), BadEndpoint::Keys);
        }
    }
}
