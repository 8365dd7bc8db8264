//! The form of a probe, read into a check, and a check written into a form.

use ::probe::{DnsProbe, DnsRecord, ExpectedStatus, HttpProbe, IcmpProbe, ProbeKind, ProbeSpec, TcpProbe};
use common::{door::source_forms::ProbeForm, host::HostId};
use store::Source;

use crate::sources::{
    changes::WantedSource,
    error::SourceChangeError,
    form_number::{milliseconds, number, seconds_text},
};

/// A probe as somebody wants it to be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WantedProbe {
    pub(super) name: String,
    /// The host that asks.
    pub(super) from: String,
    pub(super) spec: ProbeSpec,
    pub(super) interval_ms: u64,
    pub(super) parent: Option<u64>,
    pub(super) is_paused: bool,
}

impl WantedProbe {
    /// The probe as the store keeps it.
    pub(super) fn wanted(self) -> Result<WantedSource, SourceChangeError> {
        let Self { name, from, spec, interval_ms, parent, is_paused } = self;
        let spec =
            serde_json::to_string(&spec).map_err(|error| SourceChangeError::Invalid(error.to_string()))?;
        Ok(WantedSource { name, host: from, spec, interval_ms, parent, is_paused })
    }
}

/// As the form stands before anyone has typed.
pub(super) fn empty() -> ProbeForm {
    ProbeForm {
        csrf: String::new(),
        id: String::new(),
        seen: String::new(),
        name: String::new(),
        from: HostId::local().as_str().to_owned(),
        kind: "http".to_owned(),
        target: String::new(),
        interval: "60".to_owned(),
        timeout: "5".to_owned(),
        retries: "1".to_owned(),
        parent: String::new(),
        status: String::new(),
        keyword: String::new(),
        absent: None,
        days_left: String::new(),
        unverified: None,
        record: "A".to_owned(),
        server: String::new(),
        expect: String::new(),
    }
}

/// Reads what somebody wants. `before` is the check of the one that is changed: what the form does not show stays.
pub(super) fn read(form: &ProbeForm, before: Option<&ProbeSpec>) -> Result<WantedProbe, SourceChangeError> {
    let invalid = |why: String| SourceChangeError::Invalid(why);
    let given = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let target = form.target.trim().to_owned();
    let kind = match form.kind.as_str() {
        "tcp" => ProbeKind::Tcp(TcpProbe { address: target }),
        "icmp" => ProbeKind::Icmp(IcmpProbe { host: target }),
        "dns" => ProbeKind::Dns(DnsProbe {
            name: target,
            record: record(&form.record)?,
            server: given(&form.server),
            expect: given(&form.expect),
        }),
        "http" => {
            let expect_status = match given(&form.status) {
                Some(list) => list.parse::<ExpectedStatus>().map_err(|error| invalid(error.to_string()))?,
                None => ExpectedStatus::default(),
            };
            let days_left = given(&form.days_left).map(|text| number(&text, "The days")).transpose()?;
            let plain = HttpProbe::of(target);
            let (method, follow_redirects) = match before.map(ProbeSpec::kind) {
                Some(ProbeKind::Http(http)) => (http.method, http.follow_redirects),
                _ => (plain.method, plain.follow_redirects),
            };
            ProbeKind::Http(HttpProbe {
                method,
                follow_redirects,
                expect_status,
                keyword: Some(form.keyword.clone()).filter(|text| !text.is_empty()),
                keyword_absent: form.absent.is_some(),
                days_left,
                verify: form.unverified.is_none(),
                ..plain
            })
        }
        other => {
            let kind: String = other.chars().take(40).collect();
            return Err(invalid(format!("{kind:?} is no kind of probe: it is http, tcp, icmp or dns.")));
        }
    };
    let timeout = milliseconds(&form.timeout, "The time to wait")?;
    let spec = ProbeSpec::new(
        kind,
        std::time::Duration::from_millis(timeout),
        number(&form.retries, "The number of further attempts")?,
    );
    Ok(WantedProbe {
        name: form.name.trim().to_owned(),
        from: given(&form.from).unwrap_or_else(|| HostId::local().as_str().to_owned()),
        spec: spec.map_err(|error| invalid(error.to_string()))?,
        interval_ms: milliseconds(&form.interval, "The time from one question to the next")?,
        parent: given(&form.parent).map(|text| number(&text, "The probe that it hangs on")).transpose()?,
        is_paused: false,
    })
}

fn record(name: &str) -> Result<DnsRecord, SourceChangeError> {
    serde_json::from_value(name.into())
        .map_err(|_| SourceChangeError::Invalid("This type of record is not asked for.".to_owned()))
}

/// Writes a probe into a form, to be changed.
pub(super) fn write(row: &Source, spec: &ProbeSpec) -> ProbeForm {
    let mut form = ProbeForm {
        id: row.id.0.to_string(),
        seen: row.changed_ms.to_string(),
        name: row.name.clone(),
        from: row.host.clone(),
        kind: kind_of(spec).to_owned(),
        target: target_of(spec),
        interval: seconds_text(row.interval_ms),
        timeout: seconds_text(u64::try_from(spec.timeout().as_millis()).unwrap_or(u64::MAX)),
        retries: spec.retries().to_string(),
        parent: row.parent.map(|parent| parent.0.to_string()).unwrap_or_default(),
        ..empty()
    };
    match spec.kind() {
        ProbeKind::Http(http) => {
            if http.expect_status != ExpectedStatus::default() {
                form.status = http.expect_status.to_string();
            }
            form.keyword = http.keyword.clone().unwrap_or_default();
            form.absent = http.keyword_absent.then(|| "on".to_owned());
            form.days_left = http.days_left.map(|days| days.to_string()).unwrap_or_default();
            form.unverified = (!http.verify).then(|| "on".to_owned());
        }
        ProbeKind::Dns(dns) => {
            form.record = dns.record.name().to_owned();
            form.server = dns.server.clone().unwrap_or_default();
            form.expect = dns.expect.clone().unwrap_or_default();
        }
        ProbeKind::Tcp(_) | ProbeKind::Icmp(_) => {}
    }
    form
}

/// The word for a kind of check, as the form has it.
pub(super) fn kind_of(spec: &ProbeSpec) -> &'static str {
    match spec.kind() {
        ProbeKind::Http(_) => "http",
        ProbeKind::Tcp(_) => "tcp",
        ProbeKind::Icmp(_) => "icmp",
        ProbeKind::Dns(_) => "dns",
    }
}

/// The address, host or name that is asked.
pub(super) fn target_of(spec: &ProbeSpec) -> String {
    match spec.kind() {
        ProbeKind::Http(http) => http.url.clone(),
        ProbeKind::Tcp(tcp) => tcp.address.clone(),
        ProbeKind::Icmp(icmp) => icmp.host.clone(),
        ProbeKind::Dns(dns) => dns.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use ::probe::HttpMethod;
    use store::{SourceKind, SourceNumber};

    use super::*;

    #[test]
    fn a_probe_that_is_written_into_the_form_is_read_back_the_same() {
        for (kind, target, more) in [
            ("http", "https://shop.example.org/health", ["200, 204", "ready", "on", "14", "on", "A", "", ""]),
            ("http", "http://127.0.0.1:8080/", ["", "", "", "", "", "A", "", ""]),
            ("tcp", "[2001:db8::7]:22", ["", "", "", "", "", "A", "", ""]),
            ("icmp", "router.example.org", ["", "", "", "", "", "A", "", ""]),
            ("dns", "example.org", ["", "", "", "", "", "MX", "192.0.2.53", "10 mx.example.org"]),
        ] {
            let [status, keyword, absent, days_left, unverified, record, server, expect] =
                more.map(str::to_owned);
            let ticked = |text: String| Some(text).filter(|text| !text.is_empty());
            let form = ProbeForm {
                name: " shop ".to_owned(),
                from: "web-1".to_owned(),
                kind: kind.to_owned(),
                target: target.to_owned(),
                interval: "1.5".to_owned(),
                timeout: "0.25".to_owned(),
                retries: "2".to_owned(),
                parent: "7".to_owned(),
                absent: ticked(absent),
                unverified: ticked(unverified),
                ..ProbeForm { status, keyword, days_left, record, server, expect, ..empty() }
            };
            let wanted = read(&form, None).expect(target);
            assert_eq!((wanted.name.as_str(), wanted.interval_ms, wanted.parent), ("shop", 1_500, Some(7)));
            let row = Source {
                id: SourceNumber(3),
                kind: SourceKind::Probe,
                name: wanted.name.clone(),
                host: wanted.from.clone(),
                spec: String::new(),
                interval_ms: wanted.interval_ms,
                parent: wanted.parent.map(SourceNumber),
                is_paused: false,
                created_by: None,
                created_ms: 1,
                changed_ms: 2,
            };
            let written = write(&row, &wanted.spec);
            assert_eq!((written.id.as_str(), written.seen.as_str()), ("3", "2"));
            assert_eq!(read(&written, None).expect(target), wanted, "{target}");
        }
    }

    #[test]
    fn what_the_form_does_not_show_stays() {
        let form = ProbeForm { name: "a".into(), target: "http://a/".into(), ..empty() };
        let head =
            HttpProbe { method: HttpMethod::Head, follow_redirects: false, ..HttpProbe::of("http://a/") };
        let before =
            ProbeSpec::new(ProbeKind::Http(head), std::time::Duration::from_secs(1), 0).expect("a check");
        let read = read(&form, Some(&before)).expect("read");
        let ProbeKind::Http(http) = read.spec.kind() else { panic!("it is one of HTTP") };
        assert_eq!((http.method, http.follow_redirects), (HttpMethod::Head, false));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_sentence() {
        let http = || ProbeForm { name: "a".into(), target: "http://a/".into(), ..empty() };
        for (form, why) in [
            (ProbeForm { target: "ftp://a/".into(), ..http() }, "must begin with http"),
            (ProbeForm { kind: "smtp".into(), ..http() }, "is no kind of probe"),
            (ProbeForm { kind: "tcp".into(), target: "a".into(), ..http() }, "not a host and a port"),
            (ProbeForm { interval: "often".into(), ..http() }, "is not a number"),
            (ProbeForm { interval: "-1".into(), ..http() }, "is not a number"),
            (ProbeForm { timeout: "1e300".into(), ..http() }, "is not a number"),
            (ProbeForm { timeout: "600".into(), ..http() }, "timeout"),
            (ProbeForm { retries: "99".into(), ..http() }, "retries"),
            (ProbeForm { retries: "x".into(), ..http() }, "is not a number"),
            (ProbeForm { status: "9999".into(), ..http() }, "9999"),
            (ProbeForm { absent: Some("on".into()), ..http() }, "needs a keyword"),
            (ProbeForm { kind: "dns".into(), record: "ANY".into(), ..http() }, "not asked for"),
        ] {
            let told = read(&form, None).expect_err(why).to_string();
            assert!(told.contains(why), "{why}: {told}");
        }
    }
}
