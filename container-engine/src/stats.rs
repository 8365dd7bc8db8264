//! Statistics as engines send them, read into [`Reading`]s.
//!
//! An engine's own difference of processors is not used: the first object of a stream has none, and the one after a stop is below zero.
//! Rates come from two objects and the times at which they were read, by [`usage`](crate::usage::usage).

use serde_json::Value;

use crate::{
    error::EngineError,
    json::Json,
    time::EventTime,
    usage::{MemoryBasis, Reading, Transferred},
    version::{EngineVersion, Product},
};

/// Parses an object of statistics. Nothing for one without a measurement: of a stopped container, or Podman's error with status 200.
///
/// # Errors
/// When the object is no JSON.
pub fn parse_stats(body: &[u8], version: &EngineVersion) -> Result<Option<Reading>, EngineError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        // Podman 4 answers so about a stopped container.
        return Ok(None);
    }
    let value: Value =
        serde_json::from_slice(body).map_err(|error| EngineError::malformed(error.to_string()))?;
    let json = Json(Some(&value));
    let cpu = json.get("cpu_stats");
    let (Some(at), Some(total)) =
        (json.get("read").text().and_then(EventTime::parse), cpu.get("cpu_usage").get("total_usage").u64())
    else {
        return Ok(None);
    };
    let pids = json.get("pids_stats");
    let online = cpu.get("online_cpus").u64().and_then(|count| u32::try_from(count).ok());
    Ok(Some(Reading {
        at: at.0,
        cpu: total,
        online_cpus: online.filter(|count| *count > 0),
        memory: memory(json.get("memory_stats"), version),
        memory_limit: json.get("memory_stats").get("limit").u64().filter(|limit| *limit > 0),
        network: network(json.get("networks")),
        disks: Some(disks(json.get("blkio_stats").get("io_service_bytes_recursive"))),
        pids: pids.get("current").u64(),
        // 2^64 - 1 stands for none.
        pids_limit: pids.get("limit").u64().filter(|limit| (1..u64::MAX).contains(limit)),
        oom_kills: None,
    }))
}

fn memory(json: Json<'_>, version: &EngineVersion) -> Option<(u64, MemoryBasis)> {
    let usage = json.get("usage").u64()?;
    let inactive = json.get("stats").any(&["total_inactive_file", "inactive_file"]).u64().unwrap_or(0);
    let used = if inactive < usage { usage - inactive } else { usage };
    let only_anonymous =
        version.product == Product::Podman && version.release().is_none_or(|release| release < (5, 8));
    let basis = if only_anonymous { MemoryBasis::AnonymousOnly } else { MemoryBasis::WithoutInactiveFile };
    Some((used, basis))
}

fn network(networks: Json<'_>) -> Option<Transferred> {
    let mut sum = None;
    for (_, one) in networks.members() {
        let sum: &mut Transferred = sum.get_or_insert_default();
        sum.received = sum.received.saturating_add(one.get("rx_bytes").u64().unwrap_or(0));
        sum.sent = sum.sent.saturating_add(one.get("tx_bytes").u64().unwrap_or(0));
    }
    sum
}

/// Sums what was read and written. Podman puts counts among the bytes, which are left out; no list stands for no bytes.
fn disks(entries: Json<'_>) -> Transferred {
    let mut sum = Transferred::default();
    for entry in entries.elements() {
        let value = entry.get("value").u64().unwrap_or(0);
        match entry.get("op").text() {
            Some("read" | "Read") => sum.received = sum.received.saturating_add(value),
            Some("write" | "Write") => sum.sent = sum.sent.saturating_add(value),
            _ => {}
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::parse_stats;
    use crate::{
        container::Limits,
        usage::{MemoryBasis, Reading, Transferred, usage},
        version::{ApiVersion, EngineVersion, Product},
    };

    fn engine(product: Product, version: &str) -> EngineVersion {
        EngineVersion { api: ApiVersion::OURS, product, version: version.to_owned(), clock: None }
    }

    fn parse(value: &Value, product: Product, version: &str) -> Option<Reading> {
        parse_stats(value.to_string().as_bytes(), &engine(product, version)).unwrap()
    }

    fn recorded(name: &str) -> Value {
        let mut all: Value = serde_json::from_str(include_str!("../fixtures/stats.json")).unwrap();
        all[name].take()
    }

    #[test]
    fn recorded_statistics_of_docker_are_read() {
        let first =
            parse(&recorded("docker 26.1 cgroup v2, first object of a stream"), Product::Docker, "26.1.5")
                .unwrap();
        let second = parse(&recorded("docker 26.1 cgroup v2, second"), Product::Docker, "26.1.5").unwrap();
        assert_eq!(second.memory, Some((888_832 - 192_512, MemoryBasis::WithoutInactiveFile)));
        assert_eq!((second.pids, second.pids_limit, second.network), (Some(1), None, None));
        assert_eq!(second.disks, Some(Transferred { received: 471_040, sent: 0 }));
        let usage = usage(&first, &second, &Limits::default()).unwrap();
        assert_eq!(
            (usage.cpus, usage.cpu_of_host),
            (0.0, Some(0.0)),
            "the first object's own difference is not used"
        );
        let v1 = parse(&recorded("docker 20.10 cgroup v1, second"), Product::Docker, "20.10.24").unwrap();
        assert_eq!(v1.memory, Some((532_480, MemoryBasis::WithoutInactiveFile)), "no inactive file in it");
        assert_eq!((v1.cpu, v1.online_cpus, v1.pids_limit), (47_772_715, Some(2), None));
    }

    #[test]
    fn recorded_statistics_of_podman_are_read() {
        let new = parse(&recorded("podman 5.8 cgroup v2, second"), Product::Podman, "5.8.6").unwrap();
        assert_eq!(new.memory, Some((229_376, MemoryBasis::WithoutInactiveFile)));
        let old = parse(&recorded("podman 4.3 cgroup v1, second"), Product::Podman, "4.3.1").unwrap();
        assert_eq!(old.memory, Some((323_584, MemoryBasis::AnonymousOnly)), "which is said");
        assert_eq!(old.network, Some(Transferred::default()));
        let first = parse(&recorded("podman 5.8 cgroup v2, first"), Product::Podman, "5.8.6").unwrap();
        assert!(usage(&first, &new, &Limits::default()).unwrap().cpus.abs() < f64::EPSILON);
    }

    #[test]
    fn objects_without_a_measurement_are_none() {
        for name in [
            "docker 26.1, the container is stopped or was never started",
            "docker 26.1, first object after the stop",
            "podman 5.4 and 5.8, stopped container, status 200",
        ] {
            assert_eq!(parse(&recorded(name), Product::Docker, "26.1.5"), None, "{name}");
        }
        let version = engine(Product::Podman, "4.3.1");
        assert_eq!(parse_stats(b"", &version), Ok(None));
        assert_eq!(parse_stats(b"\n", &version), Ok(None));
        assert!(parse_stats(b"{", &version).is_err());
    }

    #[test]
    fn podmans_counts_are_not_bytes_and_extremes_do_not_overflow() {
        let mut value = recorded("docker 26.1 cgroup v2, second");
        value["blkio_stats"]["io_service_bytes_recursive"] = json!([
            {"op": "read", "value": 5}, {"op": "rios", "value": 1}, {"op": "wios", "value": 1}, {"op": "dios", "value": 1},
            {"op": "write", "value": u64::MAX}, {"op": "write", "value": 9}
        ]);
        value["networks"] =
            json!({"eth0": {"rx_bytes": u64::MAX, "tx_bytes": 1}, "eth1": {"rx_bytes": 2, "tx_bytes": 1}});
        value["memory_stats"] = json!({"usage": 10, "stats": {"inactive_file": 20}});
        let reading = parse(&value, Product::Docker, "26.1.5").unwrap();
        assert_eq!(reading.disks, Some(Transferred { received: 5, sent: u64::MAX }));
        assert_eq!(reading.network, Some(Transferred { received: u64::MAX, sent: 2 }));
        assert_eq!(reading.memory, Some((10, MemoryBasis::WithoutInactiveFile)), "never below zero");
    }

    proptest! {
        #[test]
        fn no_number_makes_it_panic(total in any::<u64>(), usage in any::<u64>(), inactive in any::<u64>(), limit in any::<u64>()) {
            let value = json!({"read": "2026-11-28T01:49:19.466799446Z", "cpu_stats": {"cpu_usage": {"total_usage": total}},
                               "memory_stats": {"usage": usage, "stats": {"inactive_file": inactive}}, "pids_stats": {"limit": limit}});
            let reading = parse(&value, Product::Docker, "26.1.5").unwrap();
            prop_assert_eq!(reading.cpu, total);
            prop_assert!(reading.memory.unwrap().0 <= usage);
        }
    }
}
