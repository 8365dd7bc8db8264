//! Checks as JSON, and those that make no sense.

use std::time::Duration;

use probe::{
    DnsProbe, DnsRecord, HttpMethod, HttpProbe, IcmpProbe, ProbeKind, ProbeSpec, SpecError, TcpProbe,
};
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);

fn parse(kind: Value) -> Result<ProbeSpec, String> {
    serde_json::from_value(json!({ "kind": kind, "timeout_ms": 1000 })).map_err(|error| error.to_string())
}

#[test]
fn a_check_is_written_and_read() {
    let dns = DnsProbe {
        name: "example.org".into(),
        record: DnsRecord::Mx,
        server: Some("192.0.2.53".into()),
        expect: Some("10 mx.example.org".into()),
    };
    let http = HttpProbe {
        method: HttpMethod::Head,
        expect_status: "204, 300-399".parse().expect("a list"),
        days_left: Some(14),
        verify: false,
        ..HttpProbe::of("https://example.org")
    };
    for kind in [
        ProbeKind::Http(http),
        ProbeKind::Tcp(TcpProbe { address: "[::1]:22".into() }),
        ProbeKind::Icmp(IcmpProbe { host: "::1".into() }),
        ProbeKind::Dns(dns),
    ] {
        let spec = ProbeSpec::new(kind, SECOND, 3).expect("a check");
        let text = serde_json::to_string(&spec).expect("JSON");
        assert_eq!(serde_json::from_str::<ProbeSpec>(&text).expect(&text), spec);
    }
}

#[test]
fn all_that_is_usual_may_be_left_out() {
    let spec = parse(json!({ "type": "http", "url": "https://example.org" })).expect("a check");
    assert_eq!(spec.kind(), &ProbeKind::Http(HttpProbe::of("https://example.org")));
    assert_eq!((spec.timeout(), spec.retries()), (SECOND, 0));
    parse(json!({ "type": "dns", "name": "_xmpp._tcp.example.org", "record": "SRV" })).expect("a check");
}

#[test]
fn what_is_unknown_is_refused() {
    for kind in [
        json!({ "type": "http", "url": "https://example.org", "keywrod": "x" }),
        json!({ "type": "tcp", "address": "a:1", "port": 1 }),
        json!({ "type": "udp", "address": "a:1" }),
        json!({ "type": "dns", "name": "a", "record": "AXFR" }),
        json!({ "type": "http", "url": "https://example.org", "method": "POST" }),
        json!({ "type": "http", "url": "https://example.org", "expect_status": ["2xx"] }),
    ] {
        assert!(parse(kind.clone()).is_err(), "{kind}");
    }
    let further = json!({ "kind": { "type": "tcp", "address": "a:1" }, "timeout_ms": 1000, "interval": 1 });
    assert!(serde_json::from_value::<ProbeSpec>(further).is_err());
}

#[test]
fn what_makes_no_sense_is_refused_also_as_json() {
    let error = parse(json!({ "type": "http", "url": "https://" })).expect_err("no host");
    assert!(error.contains("is not an address such as"), "{error}");
    let long = json!({ "kind": { "type": "tcp", "address": "a:1" }, "timeout_ms": 60_001 });
    assert!(serde_json::from_value::<ProbeSpec>(long).is_err());
}

#[test]
fn a_check_that_makes_no_sense_says_why() {
    let http = |url: &str| HttpProbe::of(url);
    let good = "https://example.org";
    let keyword = |keyword: &str| HttpProbe { keyword: Some(keyword.into()), ..http(good) };
    let cases = [
        (ProbeKind::Http(http("")), "such as https"),
        (ProbeKind::Http(http("example.org")), "such as https"),
        (ProbeKind::Http(http("http://:80/")), "such as https"),
        (ProbeKind::Http(http("http://a:0/")), "such as https"),
        (ProbeKind::Http(http("http://a:66666/")), "such as https"),
        (ProbeKind::Http(http("http://[::1/")), "such as https"),
        (ProbeKind::Http(http("ftp://example.org")), "not with ftp:"),
        (ProbeKind::Http(http("https://user:pass@example.org")), "user name or a password"),
        (ProbeKind::Http(http(&format!("https://example.org/{}", "a".repeat(3000)))), "more than 2048 bytes"),
        (ProbeKind::Http(keyword("")), "keyword is empty"),
        (ProbeKind::Http(HttpProbe { method: HttpMethod::Head, ..keyword("a") }), "method GET"),
        (ProbeKind::Http(HttpProbe { keyword_absent: true, ..http(good) }), "needs a keyword"),
        (
            ProbeKind::Http(HttpProbe { days_left: Some(1), follow_redirects: false, ..http("http://a") }),
            "begins with https",
        ),
        (ProbeKind::Tcp(TcpProbe { address: "db".into() }), "a host and a port"),
        (ProbeKind::Tcp(TcpProbe { address: ":80".into() }), "a host and a port"),
        (ProbeKind::Icmp(IcmpProbe { host: String::new() }), "name of a host"),
        (ProbeKind::Icmp(IcmpProbe { host: "a/b".into() }), "name of a host"),
    ];
    for (kind, text) in cases {
        let error = ProbeSpec::new(kind.clone(), SECOND, 0).expect_err(text).to_string();
        assert!(error.contains(text) && error.ends_with('.'), "{kind:?}: {error}");
    }
    let dns = |name: &str, server: Option<&str>, expect: Option<&str>| {
        let (server, expect) = (server.map(Into::into), expect.map(Into::into));
        let kind = ProbeKind::Dns(DnsProbe { name: name.into(), record: DnsRecord::A, server, expect });
        ProbeSpec::new(kind, SECOND, 0).expect_err("no sense")
    };
    assert!(matches!(dns("a..b", None, None), SpecError::BadName(_)));
    assert!(matches!(dns("", None, None), SpecError::BadName(_)));
    assert!(matches!(dns("a b", None, None), SpecError::BadName(_)));
    assert!(matches!(dns("a", Some("ns.example.org"), None), SpecError::BadServer(_)));
    assert_eq!(dns("a", None, Some(" ")), SpecError::EmptyAnswer);
}

#[test]
fn bounds_are_kept() {
    let kind = || ProbeKind::Tcp(TcpProbe { address: "a:1".into() });
    for (milliseconds, is_good) in [(99, false), (100, true), (60_000, true), (60_001, false)] {
        let spec = ProbeSpec::new(kind(), Duration::from_millis(milliseconds), 0);
        assert_eq!(spec.is_ok(), is_good, "{milliseconds}");
    }
    assert_eq!(ProbeSpec::new(kind(), SECOND, 6), Err(SpecError::Retries));
    assert!(ProbeSpec::new(kind(), SECOND, 5).is_ok());
}
