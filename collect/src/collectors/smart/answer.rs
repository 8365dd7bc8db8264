//! Reads the JSON of smartctl (smartctl(8), `--json`), of ATA, SCSI and NVMe.

use common::Percent;
use serde_json::Value;

/// Temperatures in degrees Celsius that a disk can have.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = -60.0..=200.0;
/// Attributes of SSDs whose normalized value is the rest of their life, percent, as smartmontools' drive database names them.
const LIFE_LEFT: [&str; 5] = [
    "SSD_Life_Left",
    "Percent_Lifetime_Remain",
    "Remaining_Lifetime_Perc",
    "Media_Wearout_Indicator",
    "Wear_Leveling_Count",
];

/// A disk's words on itself; none for each that it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct SmartAnswer {
    /// Its verdict on itself.
    pub(super) passed: Option<bool>,
    /// Used share of its life, percent.
    pub(super) wear: Option<f64>,
    pub(super) celsius: Option<f64>,
    /// True if it sleeps, and was not woken for an answer.
    pub(super) asleep: bool,
}

impl SmartAnswer {
    /// Reads an answer. One that cannot be read says nothing, and so does the answer of a disk that may not be opened.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let Ok(json) = serde_json::from_slice::<Value>(bytes) else { return Self::default() };
        let number = |place: &str| json.pointer(place).and_then(Value::as_f64);
        let wear = [
            "/endurance_used/current_percent",
            "/nvme_smart_health_information_log/percentage_used",
            "/scsi_percentage_used_endurance_indicator",
        ];
        let wear = wear.into_iter().find_map(number).or_else(|| attribute_wear(&json));
        Self {
            passed: json.pointer("/smart_status/passed").and_then(Value::as_bool),
            wear: wear.filter(|wear| *wear >= 0.0).map(|wear| Percent::from(wear).get()),
            celsius: number("/temperature/current").filter(|celsius| PLAUSIBLE.contains(celsius)),
            asleep: is_asleep(&json),
        }
    }

    /// Returns true if there is nothing to tell.
    pub(super) fn is_empty(self) -> bool {
        (self.passed, self.wear, self.celsius) == (None, None, None)
    }
}

/// The wear of an SSD by its attributes. A disk that turns has attributes of these numbers for other things.
fn attribute_wear(json: &Value) -> Option<f64> {
    if json.pointer("/rotation_rate").and_then(Value::as_u64) != Some(0) {
        return None;
    }
    let table = json.pointer("/ata_smart_attributes/table")?.as_array()?;
    let left = LIFE_LEFT.iter().find_map(|name| {
        let attribute = table.iter().find(|row| row.get("name").and_then(Value::as_str) == Some(name))?;
        attribute.get("value")?.as_f64().filter(|left| (0.0..=100.0).contains(left))
    })?;
    Some(100.0 - left)
}

/// Returns true if smartctl left the disk asleep: "Device is in STANDBY mode, exit(2)".
fn is_asleep(json: &Value) -> bool {
    let messages = json.pointer("/smartctl/messages").and_then(Value::as_array);
    let says = |message: &Value| {
        let text = message.get("string").and_then(Value::as_str).unwrap_or_default();
        text.contains("STANDBY") || text.contains("SLEEP") || text.contains("IDLE")
    };
    messages.is_some_and(|messages| messages.iter().any(says))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the form of smartctl 7.5, shortened: an NVMe disk.
    const NVME: &[u8] = br#"{"json_format_version":[1,0],"smartctl":{"version":[7,5],"exit_status":0},
        "device":{"name":"/dev/nvme0n1","type":"nvme","protocol":"NVMe"},"temperature":{"current":61},
        "smart_status":{"passed":true,"nvme":{"value":0}},
        "nvme_smart_health_information_log":{"critical_warning":0,"temperature":61,"percentage_used":4},
        "endurance_used":{"current_percent":4}}"#;
    /// In the form of smartctl 7.3: an SSD at SATA that fails, which smartctl ends with 8 for.
    const SSD: &[u8] = br#"{"smartctl":{"version":[7,3],"exit_status":8},"rotation_rate":0,
        "smart_status":{"passed":false},"ata_smart_attributes":{"revision":1,"table":[
        {"id":9,"name":"Power_On_Hours","value":100,"worst":100,"thresh":50},
        {"id":177,"name":"Wear_Leveling_Count","value":88,"worst":88,"thresh":0}]},"temperature":{"current":31}}"#;
    /// In the form of smartctl 7.3: a disk at SAS.
    const SAS: &[u8] =
        br#"{"smartctl":{"version":[7,3],"exit_status":0},"device":{"type":"scsi","protocol":"SCSI"},
        "rotation_rate":7200,"smart_status":{"passed":true},"temperature":{"current":34,"drive_trip":85},
        "scsi_grown_defect_list":0}"#;
    const ASLEEP: &[u8] = br#"{"smartctl":{"version":[7,3],"messages":[
        {"string":"Device is in STANDBY mode, exit(2)","severity":"information"}],"exit_status":2}}"#;
    /// Recorded: smartctl 7.3 of a virtual machine's disk.
    const VIRTUAL: &[u8] =
        br#"{"json_format_version":[1,0],"smartctl":{"version":[7,3],"svn_revision":"5338",
        "argv":["smartctl","--json=c","/dev/vda"],"messages":[
        {"string":"/dev/vda: Unable to detect device type","severity":"error"}],"exit_status":1}}"#;

    fn answer(passed: bool, wear: Option<f64>, celsius: f64) -> SmartAnswer {
        SmartAnswer { passed: Some(passed), wear, celsius: Some(celsius), asleep: false }
    }

    #[test]
    fn disks_of_each_kind_are_read() {
        assert_eq!(SmartAnswer::parse(NVME), answer(true, Some(4.0), 61.0));
        assert_eq!(SmartAnswer::parse(SSD), answer(false, Some(12.0), 31.0));
        assert_eq!(SmartAnswer::parse(SAS), answer(true, None, 34.0));
        let asleep = SmartAnswer::parse(ASLEEP);
        assert!(asleep.asleep && asleep.is_empty());
        assert_eq!(SmartAnswer::parse(VIRTUAL), SmartAnswer::default());
    }

    #[test]
    fn a_disk_that_turns_has_no_wear() {
        let turning = String::from_utf8_lossy(SSD).replace("\"rotation_rate\":0", "\"rotation_rate\":5400");
        assert_eq!(SmartAnswer::parse(turning.as_bytes()).wear, None);
    }

    #[test]
    fn a_worn_out_disk_is_at_100_and_what_cannot_be_is_left_out() {
        let nvme = |percent: &str, celsius: &str| {
            let text = String::from_utf8_lossy(NVME).replace("percent\":4", &format!("percent\":{percent}"));
            SmartAnswer::parse(text.replace("\"current\":61", &format!("\"current\":{celsius}")).as_bytes())
        };
        assert_eq!(nvme("255", "61").wear, Some(100.0));
        assert_eq!(nvme("-3", "61").wear, None);
        assert_eq!(nvme("4", "-273").celsius, None);
        assert_eq!(nvme("4", "1e300").celsius, None);
        assert_eq!(nvme("4", "\"61\"").celsius, None);
    }

    #[test]
    fn garbage_says_nothing() {
        for bytes in [
            &b""[..],
            b"{",
            b"null",
            b"[]",
            b"\xff\xfe",
            b"smartctl 7.3",
            br#"{"smart_status":{"passed":1}}"#,
        ] {
            assert!(SmartAnswer::parse(bytes).is_empty(), "{bytes:?}");
        }
        let deep = "[".repeat(100_000);
        assert!(SmartAnswer::parse(deep.as_bytes()).is_empty());
    }
}
