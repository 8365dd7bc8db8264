//! Echoes of this machine, in every way that Linux may allow or forbid them. Each runs in a network of its own, for which the test needs
//! root, unshare(1), setpriv(1) and ip(8).

use probe::{IcmpProbe, ProbeKind};

use crate::support::{LONG, SHORT, code, run};

/// The variable that says which result the inner test expects.
const EXPECTED: &str = "PULSEBOARD_PROBE_EXPECTED";

fn icmp(host: &str) -> ProbeKind {
    ProbeKind::Icmp(IcmpProbe { host: host.into() })
}

#[tokio::test]
#[ignore = "the other tests run it, each in a network of its own"]
async fn inner() {
    let expected = std::env::var(EXPECTED).expect("the variable");
    for host in ["127.0.0.1", "::1", "[::1]", "localhost"] {
        let outcome = run(icmp(host), LONG).await;
        assert_eq!(code(&outcome), expected, "{host} {outcome:?}");
        let is_up = expected == "up";
        assert_eq!((outcome.latency_ms.is_some(), outcome.timings.answer_ms.is_some()), (is_up, is_up));
    }
    if expected == "up" {
        let together = (0..50).map(|_| run(icmp("127.0.0.1"), LONG));
        for outcome in futures_util::future::join_all(together).await {
            assert_eq!(code(&outcome), "up", "{outcome:?}");
        }
        // The network has nothing but itself (RFC 5737, RFC 3849).
        for host in ["192.0.2.1", "2001:db8::1"] {
            assert_eq!(code(&run(icmp(host), LONG).await), "no_route", "{host}");
        }
    }
}

/// Runs the inner test as a process with other rights, in a network with these groups.
async fn inner_as(groups: &str, rights: &[&str], expected: &str) {
    let test = std::env::current_exe().expect("this test");
    let script = format!(
        "ip link set lo up && echo '{groups}' > /proc/sys/net/ipv4/ping_group_range && exec setpriv {} \"$0\" --ignored --exact icmp::inner",
        rights.join(" ")
    );
    let output = tokio::process::Command::new("unshare")
        .args(["--net", "sh", "-c", &script])
        .arg(test)
        .env(EXPECTED, expected)
        .output()
        .await
        .expect("unshare(1)");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}\n{errors}");
}

const NO_CAPABILITIES: [&str; 2] = ["--inh-caps=-all", "--bounding-set=-all"];
const NOBODY: [&str; 3] = ["--reuid=65534", "--regid=65534", "--clear-groups"];

#[tokio::test]
async fn a_group_that_may_ping_needs_no_privileges() {
    inner_as("0 65534", &[NO_CAPABILITIES.as_slice(), &NOBODY].concat(), "up").await;
}

#[tokio::test]
async fn a_raw_socket_stands_in_where_the_group_may_not() {
    inner_as("1 0", &["--clear-groups"], "up").await;
}

#[tokio::test]
async fn a_process_that_may_neither_says_so() {
    inner_as("1 0", &[NO_CAPABILITIES.as_slice(), &NOBODY].concat(), "ping_not_permitted").await;
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_ended_by_the_deadline() {
    // An address of this machine's loop to which Linux sends no reply: echoes to a broadcast are ignored.
    let outcome = run(icmp("255.255.255.255"), SHORT).await;
    assert!(!outcome.is_up && outcome.latency_ms.is_none(), "{outcome:?}");
}
