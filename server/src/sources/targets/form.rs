//! The form of a target, read into settings, and settings written into a form.

use common::{door::source_forms::TargetForm, host::HostId};
use scrape::{Outbound, Target, TargetSpec};
use serde_json::{Map, Value, json};
use store::Source;

use crate::sources::{
    changes::WantedSource,
    error::SourceChangeError,
    form_number::{milliseconds, seconds_text},
};

/// The settings that are secrets: they are taken, and told to nobody.
pub(super) const SECRETS: [&str; 2] = ["bearer_token", "basic_auth"];

/// As the form stands before anyone has typed.
pub(super) fn empty() -> TargetForm {
    TargetForm {
        csrf: String::new(),
        id: String::new(),
        seen: String::new(),
        name: String::new(),
        url: String::new(),
        interval: "15".to_owned(),
        timeout: "10".to_owned(),
        metrics: String::new(),
        token: String::new(),
        unverified: None,
    }
}

/// Reads what somebody wants. `before` are the settings of the one that is changed: what the form does not show stays.
pub(super) fn read(form: &TargetForm, before: Option<&str>) -> Result<WantedSource, SourceChangeError> {
    let before: Option<Map<String, Value>> = before.and_then(|text| serde_json::from_str(text).ok());
    let mut spec = before.unwrap_or_default();
    let timeout = milliseconds(&form.timeout, "The time to wait")?;
    // A secret goes nowhere but where it was meant to go.
    let (url, verify) = (json!(form.url.trim()), json!(form.unverified.is_none()));
    if !goes_to(&spec, &url, &verify) {
        SECRETS.iter().for_each(|secret| drop(spec.remove(*secret)));
    }
    let metrics: Vec<&str> = form.metrics.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    spec.insert("url".to_owned(), url);
    spec.insert("timeout_seconds".to_owned(), json!(timeout.div_ceil(1_000)));
    spec.insert("metrics".to_owned(), json!(metrics));
    spec.insert("verify".to_owned(), verify);
    if !form.token.is_empty() {
        spec.insert("bearer_token".to_owned(), json!(form.token));
        spec.remove("basic_auth");
    }
    Ok(WantedSource {
        host: HostId::local().as_str().to_owned(),
        name: form.name.trim().to_owned(),
        spec: checked(&Value::Object(spec))?,
        interval_ms: milliseconds(&form.interval, "The time from one scrape to the next")?,
        parent: None,
        is_paused: false,
    })
}

/// True where settings are of this address, and look at its certificate as these do.
pub(super) fn goes_to(before: &Map<String, Value>, url: &Value, verify: &Value) -> bool {
    before.get("url") == Some(url) && before.get("verify").unwrap_or(&json!(true)) == verify
}

/// Checks settings. Returns them as a text.
pub(super) fn checked(spec: &Value) -> Result<String, SourceChangeError> {
    let invalid = |error: &dyn std::fmt::Display| SourceChangeError::Invalid(error.to_string());
    let read: TargetSpec = serde_json::from_value(spec.clone()).map_err(|error| invalid(&error))?;
    // A file of the server is for whoever has its machine to name, not for whoever has an account.
    if read.ca_file.is_some() {
        return Err(SourceChangeError::Invalid("`ca_file` cannot be given here".to_owned()));
    }
    // Nothing is asked by it.
    let outbound = Outbound::without_verification().map_err(|error| invalid(&error))?;
    Target::new(read, &outbound).map_err(|error| invalid(&error))?;
    serde_json::to_string(spec).map_err(|error| invalid(&error))
}

/// Writes a target into a form, to be changed. Its secrets stay where they are.
pub(super) fn write(row: &Source, spec: &TargetSpec) -> TargetForm {
    TargetForm {
        id: row.id.0.to_string(),
        seen: row.changed_ms.to_string(),
        name: row.name.clone(),
        url: spec.url.clone(),
        interval: seconds_text(row.interval_ms),
        timeout: spec.timeout_seconds.to_string(),
        metrics: spec.metrics.join("\n"),
        unverified: (!spec.verify).then(|| "on".to_owned()),
        ..empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_does_not_show_stays_and_a_new_token_takes_the_old_ones_place() {
        let form = TargetForm {
            name: "db".into(),
            url: "http://localhost:9187/metrics".into(),
            metrics: "pg_*\n\n !pg_settings_* ".into(),
            ..empty()
        };
        let before = r#"{"url":"http://localhost:9187/metrics","buckets":true,"bearer_token":"old"}"#;
        let read_spec = |form: &TargetForm| {
            let wanted = read(form, Some(before)).expect("read");
            serde_json::from_str::<Value>(&wanted.spec).expect("JSON")
        };
        let spec = read_spec(&form);
        assert_eq!(spec["url"], "http://localhost:9187/metrics");
        assert_eq!(spec["metrics"], json!(["pg_*", "!pg_settings_*"]));
        assert_eq!((&spec["buckets"], &spec["bearer_token"]), (&json!(true), &json!("old")));
        let spec = read_spec(&TargetForm { token: "new".into(), ..form.clone() });
        assert_eq!(spec["bearer_token"], "new");
        for elsewhere in [
            TargetForm { url: "http://elsewhere/metrics".into(), ..form.clone() },
            TargetForm { unverified: Some("on".into()), ..form.clone() },
        ] {
            assert!(
                read_spec(&elsewhere).get("bearer_token").is_none(),
                "a secret goes where it was meant to go"
            );
        }
        for (form, why) in [
            (TargetForm { url: "nowhere".into(), ..form.clone() }, "no address of an endpoint"),
            (TargetForm { timeout: "4000".into(), ..form.clone() }, "must be 1 to 300"),
            (TargetForm { interval: "soon".into(), ..form.clone() }, "is not a number"),
        ] {
            let told = read(&form, None).expect_err(why).to_string();
            assert!(told.contains(why), "{told}");
        }
        let told = checked(&json!({"url": "http://a/", "ca_file": "/etc/shadow"})).expect_err("a file");
        assert!(told.to_string().contains("cannot be given"), "{told}");
        let told = checked(&json!({"url": "http://a/", "no_such": 1})).expect_err("unknown");
        assert!(told.to_string().contains("no_such"), "{told}");
    }
}
