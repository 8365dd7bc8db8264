//! Bodies of real exporters, compared with what prometheus_client's own reader for Python finds in them.
//!
//! `bodies/expected.py` wrote the table. The bodies are of node_exporter 1.5.0, blackbox_exporter 0.23.0, pushgateway 1.5.1, Prometheus 2.42.0, Caddy 2.6.2,
//! Dovecot 2.3.19, Kamailio 5.6.3, Knot Resolver 5.6.0, Netdata 1.37.1, RabbitMQ 3.10.8 and VictoriaMetrics 1.79.5 as Debian has them, prometheus_client 0.26.0,
//! prom-client 15.1.3 and OpenTelemetry's exporter for JavaScript 0.223.0; some families are left out, and names of machines are changed.

mod common;

use std::{fmt::Write, fs, path::Path};

use common::{OPEN_METRICS, TEXT, faults};
use exposition::{FaultReason, Limits, Reader, Sample};

/// A file, its samples, gaps and hidden samples, and a sum of all samples.
const BODIES: &[(&str, [usize; 3], u64)] = &[
    ("blackbox_exporter.txt", [17, 0, 0], 0x7d19_3ae4_3e00_f311),
    ("caddy.txt", [68, 0, 0], 0xe31e_a847_0eeb_f38b),
    ("dovecot.openmetrics", [26, 0, 0], 0x2321_026b_1deb_e9fa),
    ("kamailio.txt", [56, 0, 0], 0x8831_b349_e7cb_85f9),
    ("knot_resolver.txt", [69, 0, 0], 0x27a1_f74e_6c08_0b20),
    ("netdata.txt", [19, 0, 0], 0x24e7_e767_8dfe_dd2e),
    ("node_exporter.txt", [126, 0, 0], 0x2567_d974_6e1c_37bd),
    ("opentelemetry_js.txt", [9, 0, 0], 0x07ad_61fc_24b2_7c97),
    ("prom_client.openmetrics", [14, 1, 0], 0x37e9_ee80_f8a6_9669),
    ("prom_client.txt", [14, 1, 0], 0x37e9_ee80_f8a6_9669),
    ("prometheus.txt", [128, 14, 0], 0x6f7f_bc8f_c50a_36b7),
    ("prometheus_client.openmetrics", [26, 1, 5], 0x8c3f_f2aa_f720_3804),
    ("prometheus_client.txt", [26, 1, 5], 0x88d7_71a5_ad96_1bef),
    ("prometheus_client_1.0.0.txt", [26, 1, 5], 0x48cb_5a4e_4ae3_478a),
    ("prometheus_federate.txt", [42, 0, 0], 0x0bf7_be23_ca1a_44a8),
    ("pushgateway.txt", [35, 0, 2], 0x97d7_6ab9_036c_0396),
    ("rabbitmq.txt", [66, 0, 0], 0x72d6_e0c1_ab01_a917),
    ("victoria_metrics.txt", [101, 0, 0], 0xf963_9c74_68cb_a9fb),
];

/// Returns a sample as `expected.py` sums it up.
fn summed(sample: &Sample<'_>) -> String {
    let labels: Vec<_> =
        sample.labels.iter().map(|label| format!("{}={}", label.name, label.value)).collect();
    let mut line = format!(
        "{:?}\t{}\t{}\t{:016x}\t",
        sample.metric_type,
        sample.name,
        labels.join(","),
        sample.value.to_bits()
    );
    match sample.timestamp_ms {
        Some(timestamp) => writeln!(line, "{timestamp}").expect("a text"),
        None => line.push_str("-\n"),
    }
    line
}

fn body(file: &str) -> (&'static str, Vec<u8>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bodies").join(file);
    let content_type = if file.ends_with(".txt") { TEXT } else { OPEN_METRICS };
    (content_type, fs::read(path).expect("a body"))
}

#[test]
fn real_bodies_are_read_as_another_reader_reads_them() {
    for (file, counts, sum) in BODIES {
        let (content_type, body) = body(file);
        let mut reader = Reader::new(Some(content_type), &body, Limits::default()).expect("a known type");
        let mut seen = 0xcbf2_9ce4_8422_2325_u64;
        while let Some(sample) = reader.next_sample() {
            for byte in summed(&sample).bytes() {
                seen = (seen ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
        let report = reader.finish();
        assert_eq!([report.samples, report.gaps, report.hidden], *counts, "{file}");
        assert_eq!(seen, *sum, "{file}");
        assert_eq!((faults(&report), report.cut_off), (vec![], false), "{file}");
    }
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bodies")).expect("bodies");
    assert_eq!(folder.count(), BODIES.len() + 1, "each body is in the table, beside the script");
}

#[test]
fn chosen_lines_of_real_bodies_are_right() {
    for (file, wanted) in [
        (
            "node_exporter.txt",
            "Gauge backup_size_bytes comment=say \"hi\"\nbye,path=C:\\data\\nas 1500000000.0",
        ),
        ("node_exporter.txt", "Gauge process_virtual_memory_max_bytes 1.8446744073709552e19"),
        ("prometheus_client.openmetrics", "Gauge outdoor_celsius place=yard -2.5 @1785000001001"),
        ("prometheus_client.openmetrics", "Counter 서버.요청 수_total 라벨.이름=값 1.0"),
        ("prometheus_client.openmetrics", "GaugeHistogram queue_age_seconds_gsum q=a 7.5"),
        ("prometheus_client.txt", "Gauge floor -inf"),
        ("prometheus_client.txt", "Counter orders_total shop=a \"b\" \\c\nd 3.0"),
        ("prom_client.txt", "Gauge tiny 1.5e-9"),
        ("pushgateway.txt", "Gauge stock_created job=batch 7.0"),
    ] {
        let (content_type, body) = body(file);
        let (lines, _) = common::read(content_type, &body, Limits::default());
        assert!(lines.iter().any(|line| line == wanted), "{wanted} in {file}: {lines:#?}");
    }
}

#[test]
fn every_beginning_of_a_real_body_is_read_to_its_last_line() {
    let (content_type, body) = body("prometheus_client.openmetrics");
    let (whole, _) = common::read(content_type, &body, Limits::default());
    for end in 0..body.len() - "# EOF\n".len() {
        let (lines, report) = common::read(content_type, &body[..end], Limits::default());
        assert!(report.cut_off && whole.starts_with(&lines), "{end}");
        assert!(report.faults.iter().all(|fault| fault.reason == FaultReason::CutOff), "{end}");
    }
    // In text, only the last line can be another one.
    let (content_type, body) = self::body("prometheus_client_1.0.0.txt");
    let (whole, _) = common::read(content_type, &body, Limits::default());
    for end in 0..body.len() {
        let (lines, report) = common::read(content_type, &body[..end], Limits::default());
        let before = lines.split_last().map_or(&[][..], |(_, before)| before);
        assert!(whole.starts_with(before) && report.faulty_lines <= 1, "{end}");
    }
}
