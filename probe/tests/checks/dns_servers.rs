//! A real name server: dnsmasq, as Debian has it.

use std::net::SocketAddr;

use probe::{DnsProbe, DnsRecord, ProbeKind, ProbeOutcome};

use crate::{
    programs::{Program, free_port},
    support::{LONG, code, run},
};

/// More than fits into a datagram of 512 bytes.
const MANY: usize = 60;

async fn dnsmasq() -> (Program, SocketAddr) {
    let address = free_port().await;
    let port = format!("--port={}", address.port());
    let many: Vec<_> = (1..=MANY).map(|n| format!("--host-record=many.example,192.0.2.{n}")).collect();
    let mut arguments = vec![
        "--keep-in-foreground",
        "--log-facility=-",
        "--conf-file=/dev/null",
        "--no-resolv",
        "--no-hosts",
        "--listen-address=127.0.0.1",
        "--bind-interfaces",
        "--pid-file=",
        "--user=root",
        &port,
        "--local=/example/",
        "--host-record=www.example,192.0.2.7,2001:db8::7",
        "--cname=alias.example,www.example",
        "--mx-host=example,mx.example,10",
        "--txt-record=example,v=spf1 -all",
        "--srv-host=_xmpp._tcp.example,xmpp.example,5222,1,2",
        "--ptr-record=7.2.0.192.in-addr.arpa,www.example",
        "--caa-record=example,0,issue,ca.example",
    ];
    arguments.extend(many.iter().map(String::as_str));
    let mut program = Program::start(tempfile::tempdir().expect("a folder"), "dnsmasq", &arguments);
    program.says("started").await;
    (program, address)
}

async fn ask(server: SocketAddr, record: DnsRecord, name: &str, expect: Option<&str>) -> ProbeOutcome {
    let (server, expect) = (Some(server.to_string()), expect.map(Into::into));
    run(ProbeKind::Dns(DnsProbe { name: name.into(), record, server, expect }), LONG).await
}

#[tokio::test]
async fn records_of_each_type_are_read() {
    let (_dnsmasq, server) = dnsmasq().await;
    for (record, name, expected) in [
        (DnsRecord::A, "www.example", "192.0.2.7"),
        (DnsRecord::A, "WWW.Example.", "192.0.2.7"),
        (DnsRecord::A, "alias.example", "192.0.2.7"),
        (DnsRecord::Aaaa, "www.example", "2001:db8:0::7"),
        (DnsRecord::Cname, "alias.example", "www.example."),
        (DnsRecord::Mx, "example", "10 mx.example"),
        (DnsRecord::Txt, "example", "v=spf1 -all"),
        (DnsRecord::Srv, "_xmpp._tcp.example", "1 2 5222 xmpp.example"),
        (DnsRecord::Ptr, "7.2.0.192.in-addr.arpa", "www.example"),
        (DnsRecord::Caa, "example", "0 issue \"ca.example\""),
    ] {
        let outcome = ask(server, record, name, Some(expected)).await;
        assert_eq!(code(&outcome), "up", "{record:?} {name} {outcome:?}");
        let outcome = ask(server, record, name, Some("other")).await;
        assert_eq!(code(&outcome), "wrong_dns_answer", "{record:?} {name} {outcome:?}");
    }
}

#[tokio::test]
async fn a_long_answer_comes_over_tcp() {
    let (_dnsmasq, server) = dnsmasq().await;
    for n in 1..=MANY {
        let outcome = ask(server, DnsRecord::A, "many.example", Some(&format!("192.0.2.{n}"))).await;
        assert_eq!(code(&outcome), "up", "{n} {outcome:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_not_there_is_told_from_one_without_records() {
    let (_dnsmasq, server) = dnsmasq().await;
    assert_eq!(code(&ask(server, DnsRecord::A, "nobody.example", None).await), "no_such_name");
    assert_eq!(code(&ask(server, DnsRecord::Mx, "www.example", None).await), "no_records");
    // It knows no other server to ask.
    let outcome = ask(server, DnsRecord::A, "elsewhere.test", None).await;
    assert_eq!(outcome.why.expect("a fault").to_string(), "The name server answers REFUSED.");
    assert!(outcome.latency_ms.is_none());
}
