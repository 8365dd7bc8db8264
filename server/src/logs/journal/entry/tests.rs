use proptest::prelude::*;

use super::*;

fn one(json: &str) -> JournalEntry {
    let mut entries = EntryLines::default().push([json, "\n"].concat().as_bytes());
    assert_eq!(entries.len(), 1, "{json}");
    entries.remove(0)
}

#[test]
fn an_entry_is_read_whatever_form_its_fields_have() {
    let entry = one(
        r#"{"PRIORITY":"3","__CURSOR":"s=ab;i=1;b=2;m=3;t=4;x=5","_SYSTEMD_UNIT":"ssh.service","MESSAGE":"multi\nline","__REALTIME_TIMESTAMP":"1795830896000101","MORE":{"a":[1]},"_COMM":"sshd"}"#,
    );
    assert_eq!((entry.line.at, entry.line.level), (1_795_830_896_000_101, Some(LogLevel::Error)));
    assert_eq!((entry.line.from.as_deref(), &*entry.line.text), (Some("ssh.service"), &b"multi\nline"[..]));
    assert_eq!(entry.cursor.as_deref(), Some("s=ab;i=1;b=2;m=3;t=4;x=5"));
    for (json, text, from) in [
        (r#"{"MESSAGE":[27,91,255],"SYSLOG_IDENTIFIER":"cron"}"#, &b"\x1b[\xff"[..], Some("cron")),
        (r#"{"MESSAGE":null,"_COMM":"x"}"#, &b""[..], Some("x")),
        (r#"{"MESSAGE":["one","two"],"PRIORITY":["9","1"]}"#, &b"one"[..], None),
        (r#"{"MESSAGE":[[104,105],"two"]}"#, &b"hi"[..], None),
        (r#"{"PRIORITY":"high","_SYSTEMD_UNIT":""}"#, &b""[..], None),
        ("{", &b""[..], None),
    ] {
        let entry = one(json);
        assert_eq!((&*entry.line.text, entry.line.from.as_deref()), (text, from), "{json}");
        assert_eq!((entry.line.level, entry.line.length), (None, text.len() as u64), "{json}");
    }
    for cursor in ["--file=/etc/shadow x", "s=ab\"", &"a".repeat(600)] {
        assert_eq!(one(&serde_json::json!({ "__CURSOR": cursor }).to_string()).cursor, None, "{cursor}");
    }
}

#[test]
fn an_entry_that_is_longer_than_all_bounds_keeps_its_fields_and_its_beginning() {
    let long = format!("{}\\\"PRIORITY\\\":\\\"0\\\"", "웹".repeat(3 << 20));
    let numbers = "7,".repeat(4 << 20) + "7";
    for (message, begins) in
        [(format!("\"{long}\""), "웹웹".as_bytes()), (format!("[{numbers}]"), &[7_u8; 9][..])]
    {
        let json = format!(
            r#"{{"_COMM":"before","MESSAGE":{message},"__REALTIME_TIMESTAMP":"17","PRIORITY":"4","__CURSOR":"s=1"}}"#
        );
        let entry = one(&json);
        assert_eq!((entry.line.at, entry.line.level), (17, Some(LogLevel::Warning)));
        assert_eq!((entry.line.from.as_deref(), entry.cursor.as_deref()), (Some("before"), Some("s=1")));
        assert!(entry.line.text.starts_with(begins) && entry.line.text.len() > 256 << 10);
        assert_eq!(entry.line.length, json.len() as u64);
    }
}

proptest! {
    #[test]
    fn entries_that_come_in_any_pieces_are_the_same(
        texts in proptest::collection::vec("[ -~é웹]{0,20}", 0..6), size in 1_usize..30,
    ) {
        let json: String = texts.iter().map(|text| serde_json::json!({"MESSAGE": text}).to_string() + "\n").collect();
        let mut lines = EntryLines::default();
        let told: Vec<Vec<u8>> =
            json.as_bytes().chunks(size).flat_map(|chunk| lines.push(chunk)).map(|entry| entry.line.text).collect();
        prop_assert_eq!(told, texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>());
    }
}
