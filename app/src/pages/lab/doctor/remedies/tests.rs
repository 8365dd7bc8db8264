use super::{Proxy, RemedyLines, recognise};

const PAGE: &str = include_str!("../../../../../../docs/proxies.md");

/// The fenced lines below a heading.
fn fenced(heading: &str) -> String {
    let section = PAGE.split(&["\n### ", heading, "\n"].concat()).nth(1).expect("a heading");
    let section =
        section.split("\n## ").next().and_then(|text| text.split("\n### ").next()).unwrap_or_default();
    let blocks = section.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.split_once('\n')).map(|(_, lines)| lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_proxys_lines_are_those_of_the_document() {
    let headings = PAGE.lines().filter_map(|line| line.strip_prefix("### "));
    assert_eq!(Proxy::all().map(Proxy::name).collect::<Vec<_>>(), headings.collect::<Vec<_>>());
    for proxy in Proxy::all() {
        let lines = RemedyLines::Whole.of(proxy, "127.0.0.1:3000").expect("lines");
        assert_eq!(lines, fenced(proxy.name()).trim_end(), "{}", proxy.name());
    }
}

#[test]
fn lines_name_the_server_where_it_listens() {
    for proxy in Proxy::all() {
        let [there, here] = ["127.0.0.1:3000", "10.0.0.1:4000"]
            .map(|listen| RemedyLines::Whole.of(proxy, listen).expect("lines"));
        // HAProxy's say nothing of who is behind it.
        let names_it = there.contains("127.0.0.1");
        assert_eq!((here.contains("10.0.0.1"), here.contains("4000")), (names_it, names_it), "{here}");
        assert!(!here.contains("127.0.0.1"), "{here}");
    }
    let nginx = RemedyLines::Whole.of(Proxy::FIRST, "0.0.0.0:4000").expect("lines");
    assert!(nginx.contains("proxy_pass http://127.0.0.1:4000;"), "{nginx}");
}

#[test]
fn http2_is_switched_on_as_each_version_of_nginx_wants_it() {
    let lines = RemedyLines::Http2.of(Proxy::FIRST, "127.0.0.1:3000").expect("lines");
    assert_eq!(lines, "# before 1.25.1\nlisten 443 ssl http2;\n# from 1.25.1 on\nlisten 443 ssl;\nhttp2 on;");
    assert_eq!(RemedyLines::Http2.of(Proxy::of("tinyproxy").expect("known"), ""), None);
}

#[test]
fn a_proxy_is_known_by_what_it_adds_and_says() {
    let name = |told: &[&str]| recognise(told.iter().copied()).map(Proxy::name);
    assert_eq!(name(&["x-forwarded-for", "x-varnish"]), Some("Varnish"));
    assert_eq!(name(&["http/1.1 board (ApacheTrafficServer/9.2.9)", "client-ip"]), Some("Traffic Server"));
    assert_eq!(name(&["1.1 vm (squid/5.7)"]), Some("Squid"));
    assert_eq!(name(&["nginx/1.22.1"]), Some("nginx"));
    assert_eq!(name(&["Apache/2.4.71 (Debian)"]), Some("Apache"));
    assert_eq!(name(&["1.1 Caddy"]), Some("Caddy"));
    assert_eq!(name(&["x-forwarded-for", ""]), None);
    assert_eq!(name(&[]), None);
    assert_eq!(recognise(["x-varnish"].into_iter()).and_then(Proxy::life_s), Some(600));
}
