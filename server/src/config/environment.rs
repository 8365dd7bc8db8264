//! `PULSEBOARD_*` in the environment, without what Kubernetes puts there: for each service of a pod's namespace it sets variables with the
//! service's name before them, and a service is often called `pulseboard`.

use figment::providers::Env;

const PREFIX: &str = "PULSEBOARD_";

/// The environment's settings, and the names of the variables that are none of ours.
pub(super) fn settings() -> (Env, Vec<String>) {
    let all = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let ignored: Vec<String> = all
        .filter(|(name, value)| {
            let value = value.to_str().unwrap_or_default();
            name.strip_prefix(PREFIX).is_some_and(|name| is_service(name, value))
        })
        .map(|(name, _)| name)
        .collect();
    // The commonest slip, `PULSEBOARD_LOG_FORMAT` for `PULSEBOARD_LOG`, must not pass unheard: so what is left out is told by name.
    let names: Vec<String> = ignored.iter().map(|name| name[PREFIX.len()..].to_owned()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (Env::prefixed(PREFIX).ignore(&names).split("__"), ignored)
}

/// Returns true if a variable describes a service (Kubernetes, "Environment variables" of services; Docker's links
/// before it): `SERVICE_HOST`, `SERVICE_PORT`, `SERVICE_PORT_<NAME>`, `PORT`, `PORT_<N>_TCP`, and of that `_PROTO`,
/// `_PORT` and `_ADDR`; with more of the service's name before them.
fn is_service(name: &str, value: &str) -> bool {
    // Levels of settings are joined by two underscores, and no service's name has two.
    if name.contains("__") {
        return false;
    }
    let parts: Vec<&str> = name.split('_').collect();
    (0..parts.len()).any(|from| match &parts[from..] {
        ["SERVICE", "HOST"] | ["SERVICE", "PORT", ..] => true,
        ["PORT"] => value.contains("://"),
        ["PORT", number, protocol, rest @ ..] => {
            number.parse::<u16>().is_ok()
                && matches!(*protocol, "TCP" | "UDP" | "SCTP")
                && matches!(rest, [] | ["PROTO" | "PORT" | "ADDR"])
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kubernetes_sets_is_no_setting() {
        for (name, value) in [
            ("PORT", "tcp://10.0.0.7:3000"),
            ("SERVICE_HOST", "10.0.0.7"),
            ("SERVICE_PORT", "3000"),
            ("SERVICE_PORT_HTTP_METRICS", "3000"),
            ("PORT_3000_TCP", "tcp://10.0.0.7:3000"),
            ("PORT_3000_TCP_PROTO", "tcp"),
            ("PORT_3000_TCP_PORT", "3000"),
            ("PORT_3000_TCP_ADDR", "10.0.0.7"),
            ("WEB_SERVICE_HOST", "10.0.0.8"),
            ("WEB_PORT", "udp://10.0.0.8:53"),
            ("WEB_2_PORT_53_UDP_ADDR", "10.0.0.8"),
        ] {
            assert!(is_service(name, value), "{name}");
        }
        for (name, value) in [
            ("LISTEN", "127.0.0.1:3000"),
            ("PORT", "3000"),
            ("LOG_FORMAT", "json"),
            ("LIMITS__CONNECTIONS", "3"),
            ("PORT_X_TCP", "tcp://10.0.0.7:3000"),
            ("LIMITS__SERVICE_HOST", "3"),
        ] {
            assert!(!is_service(name, value), "{name}");
        }
    }
}
