//! The settings of Web Push.

use anyhow::bail;
use serde::{Deserialize, Serialize};
use transports::gate::HostName;

use super::endpoint::origin;

/// Web Push. Its defaults do for the push services of browsers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushConfig {
    /// The address at which a push service finds the operator: `mailto:` or `https:`. Without it, the first of `hosts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Push services that are asked although they are not public or not https: origins, as `http://127.0.0.1:8080`.
    pub services: Vec<String>,
}

/// The settings, once they were checked.
#[derive(Debug)]
pub(super) struct PushSettings {
    /// The `sub` of VAPID (RFC 8292 §2.1).
    pub(super) contact: String,
    pub(super) services: Vec<String>,
}

impl PushConfig {
    /// Checks the settings.
    ///
    /// # Errors
    /// When they cannot be used; the error names the key.
    pub(super) fn read(&self, hosts: &[HostName]) -> anyhow::Result<PushSettings> {
        let contact = match (&self.contact, hosts.first()) {
            (Some(contact), _) => contact.clone(),
            (None, Some(host)) => format!("https://{host}"),
            // Nobody else reaches a server without a name. Some push services refuse a contact at `localhost`.
            (None, None) => "https://pulseboard.invalid".to_owned(),
        };
        let rest = contact.strip_prefix("mailto:").or_else(|| contact.strip_prefix("https://"));
        let is_one = rest.is_some_and(|rest| {
            !rest.is_empty() && rest.len() <= 300 && rest.bytes().all(|byte| (0x21..0x7f).contains(&byte))
        });
        if !is_one {
            bail!(
                "push.contact is {contact:?}: it must be an address such as mailto:ops@board.example or https://board.example"
            );
        }
        let mut services = Vec::new();
        for service in &self.services {
            let uri = service.parse().ok();
            match uri.as_ref().and_then(origin).filter(|origin| origin == service.trim_end_matches('/')) {
                Some(origin) => services.push(origin),
                None => bail!(
                    "push.services has {service:?}: it must be an origin such as http://127.0.0.1:8080, in lower case and without a path"
                ),
            }
        }
        Ok(PushSettings { contact, services })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_an_address_and_the_servers_own_by_default() {
        let hosts: Vec<HostName> = vec!["board.example".parse().expect("a name")];
        let config = PushConfig::default();
        assert_eq!(config.read(&hosts).expect("it can").contact, "https://board.example");
        assert!(config.read(&[]).expect("it can").contact.starts_with("https://"));
        let named = PushConfig { contact: Some("mailto:ops@board.example".into()), ..PushConfig::default() };
        assert_eq!(named.read(&hosts).expect("it can").contact, "mailto:ops@board.example");
        for bad in ["", "mailto:", "ops@board.example", "http://board.example", "https://a b"] {
            let config = PushConfig { contact: Some(bad.into()), ..PushConfig::default() };
            assert!(config.read(&hosts).expect_err(bad).to_string().contains("push.contact"));
        }
    }

    #[test]
    fn a_service_is_an_origin() {
        let of =
            |service: &str| PushConfig { services: vec![service.into()], ..PushConfig::default() }.read(&[]);
        for good in
            ["http://127.0.0.1:8080", "https://push.example", "https://[::1]:8443", "https://push.example/"]
        {
            assert_eq!(of(good).expect("it can").services, [good.trim_end_matches('/')]);
        }
        for bad in [
            "",
            "push.example",
            "ftp://push.example",
            "https://push.example/a",
            "https://a@push.example",
            "*",
        ] {
            assert!(of(bad).expect_err(bad).to_string().contains("push.services"));
        }
    }
}
