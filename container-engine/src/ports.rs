//! Ports of containers.

use crate::{json::Json, text};

/// The most ports that are kept of one container.
const MOST: usize = 512;

/// A port of a container, published on the host or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    /// The port inside of the container.
    pub inside: u16,
    /// The protocol: `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// The address and the port on the host where it is published; an empty address is every address.
    pub published: Option<(String, u16)>,
}

/// Reads `Ports` of a list.
pub(crate) fn listed(ports: Json<'_>) -> Vec<Port> {
    let port = |json: Json<'_>| {
        let inside = port_number(json.get("PrivatePort").u64()?)?;
        let published = json.get("PublicPort").u64().and_then(port_number);
        let address = text::clean(json.get("IP").text().unwrap_or_default(), text::NAME);
        let protocol = text::clean(json.get("Type").word().unwrap_or("tcp"), text::NAME);
        Some(Port { inside, protocol, published: published.map(|published| (address, published)) })
    };
    sorted(ports.elements().take(MOST).filter_map(port).collect())
}

/// Reads `NetworkSettings.Ports` of an inspection, `{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}`.
pub(crate) fn inspected(ports: Json<'_>) -> Vec<Port> {
    let mut found = Vec::new();
    for (name, bindings) in ports.members().take(MOST) {
        let (inside, protocol) = name.split_once('/').unwrap_or((name, "tcp"));
        let Some(inside) = inside.parse().ok().and_then(port_number) else { continue };
        let protocol = text::clean(protocol, text::NAME);
        let published = bindings.elements().take(MOST).filter_map(|binding| {
            let address = text::clean(binding.get("HostIp").text().unwrap_or_default(), text::NAME);
            Some((address, binding.get("HostPort").text()?.parse().ok().and_then(port_number)?))
        });
        let before = found.len();
        found.extend(published.map(|published| Port {
            inside,
            protocol: protocol.clone(),
            published: Some(published),
        }));
        if found.len() == before {
            found.push(Port { inside, protocol, published: None });
        }
    }
    sorted(found)
}

fn port_number(number: u64) -> Option<u16> {
    u16::try_from(number).ok().filter(|port| *port > 0)
}

fn sorted(mut ports: Vec<Port>) -> Vec<Port> {
    ports.sort();
    ports.dedup();
    ports.truncate(MOST);
    ports
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Port, inspected, listed};
    use crate::json::Json;

    #[test]
    fn list_and_inspection_tell_the_same_ports() {
        let of_list = json!([
            {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
            {"PrivatePort": 53, "Type": "udp"}, {"PrivatePort": 99999}, {"IP": 7}, 3, null
        ]);
        let of_inspection = json!({
            "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "53/udp": null, "x/tcp": [], "70000/tcp": null
        });
        let wanted = [
            Port { inside: 53, protocol: "udp".to_owned(), published: None },
            Port { inside: 80, protocol: "tcp".to_owned(), published: Some(("0.0.0.0".to_owned(), 8080)) },
        ];
        assert_eq!(listed(Json(Some(&of_list))), wanted);
        assert_eq!(inspected(Json(Some(&of_inspection))), wanted);
        assert!(listed(Json(None)).is_empty() && inspected(Json(Some(&json!([])))).is_empty());
    }
}
