use base64::Engine as _;
use proptest::prelude::*;
use serde_json::Value;

use super::{LineAssembler, LogLine, MAX_LINE};
use crate::{
    logs::frames::{FrameDecoder, StdStream},
    time::EventTime,
    version::Product,
};

const STAMP: &str = "2026-11-28T01:54:03.251997531Z ";

fn framed(product: Product, bytes: &[u8], size: usize) -> Vec<LogLine> {
    let mut decoder = FrameDecoder::default();
    let mut assembler = LineAssembler::new(product);
    for mut chunk in bytes.chunks(size) {
        while let Some(part) = decoder.next_part(&mut chunk).unwrap() {
            assembler.push_part(part);
        }
    }
    assembler.finish(false);
    std::iter::from_fn(|| assembler.pop()).collect()
}

fn raw(product: Product, bytes: &[u8], size: usize) -> Vec<LogLine> {
    let mut assembler = LineAssembler::new(product);
    bytes.chunks(size).for_each(|chunk| assembler.push_raw(chunk));
    assembler.finish(true);
    std::iter::from_fn(|| assembler.pop()).collect()
}

fn frame(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[kind, 0, 0, 0], &length[..], content].concat()
}

fn texts(lines: &[LogLine]) -> Vec<String> {
    lines.iter().map(|line| String::from_utf8_lossy(&line.text).into_owned()).collect()
}

fn recorded(name: &str) -> Vec<u8> {
    let all: Value = serde_json::from_str(include_str!("../../../fixtures/logs.json")).unwrap();
    base64::engine::general_purpose::STANDARD.decode(all[name]["body_base64"].as_str().unwrap()).unwrap()
}

#[test]
fn recorded_lines_are_read_in_any_chunks() {
    for (engine, product) in [("docker-20.10.24", Product::Docker), ("podman-4.3.1", Product::Podman)] {
        for size in [1, 7, 10_000] {
            let lines = framed(product, &recorded(&format!("{engine} no tty timestamps")), size);
            let mut said: Vec<_> =
                texts(&lines).into_iter().zip(lines.iter().map(|line| line.stream)).collect();
            // Both outputs are pipes of their own, and their order is not kept.
            said.sort_by_key(|(text, _)| {
                ["out1", "err1", "bad\u{fffd}byte", "", "no newline"].iter().position(|wanted| wanted == text)
            });
            let out = StdStream::Out;
            let wanted = [
                ("out1", out),
                ("err1", StdStream::Err),
                ("bad\u{fffd}byte", out),
                ("", out),
                ("no newline", out),
            ];
            assert_eq!(said, wanted.map(|(text, stream)| (text.to_owned(), stream)), "{engine} {size}");
            assert!(lines.iter().all(|line| line.time.is_some() && !line.cut), "{engine}");

            let lines = raw(product, &recorded(&format!("{engine} tty timestamps")), size);
            assert_eq!(
                texts(&lines),
                ["out1", "err1", "bad\u{fffd}byte", "", "no newline"],
                "{engine} {size}"
            );
            assert!(
                lines.iter().all(|line| line.time.is_some() && line.stream == StdStream::Out),
                "{engine}"
            );
        }
        // Without timestamps they are lines, too.
        assert_eq!(texts(&raw(product, &recorded(&format!("{engine} tty")), 3)).len(), 5);
        let plain = framed(product, &recorded(&format!("{engine} no tty")), 3);
        assert_eq!((plain.len(), plain.iter().filter(|line| line.time.is_some()).count()), (5, 0));
    }
    let lines = framed(Product::Docker, &recorded("docker-20.10.24 no tty timestamps"), 4096);
    assert_eq!(lines[0].time, EventTime::parse("2026-11-28T02:35:40.026264031Z"));
}

#[test]
fn pieces_of_a_long_line_are_joined_also_when_the_other_output_stands_between() {
    let long = "x".repeat(16 * 1024);
    let bytes = [
        frame(1, format!("{STAMP}{long}").as_bytes()),
        frame(2, format!("{STAMP}err\n").as_bytes()),
        frame(1, format!("{STAMP}{long}").as_bytes()),
        frame(1, format!("{STAMP}end\n").as_bytes()),
    ]
    .concat();
    let lines = framed(Product::Docker, &bytes, 1000);
    assert_eq!(texts(&lines), ["err".to_owned(), format!("{long}{long}end")]);
    // Podman's pieces have times of their own.
    let bytes = [frame(1, b"2026-11-28T02:35:42Z one"), frame(1, b"2026-11-28T02:35:43Z two\n")].concat();
    let lines = framed(Product::Podman, &bytes, 5);
    assert_eq!(texts(&lines), ["onetwo"]);
    assert_eq!(lines[0].time, EventTime::parse("2026-11-28T02:35:42Z"), "that of the beginning");
}

#[test]
fn a_line_without_an_end_is_no_beginning_of_the_next_lifes() {
    let bytes =
        [frame(1, format!("{STAMP}prompt").as_bytes()), frame(1, b"2026-11-28T01:54:04.000000001Z next\n")]
            .concat();
    assert_eq!(texts(&framed(Product::Docker, &bytes, 11)), ["prompt", "next"]);
}

#[test]
fn timestamps_in_the_middle_of_a_terminals_line_are_taken_out() {
    let long = "x".repeat(16 * 1024);
    let bytes = format!("{STAMP}{long}{STAMP}{long}{STAMP}end\r\n{STAMP}next\r\n");
    for size in [1, 999, 1 << 20] {
        assert_eq!(
            texts(&raw(Product::Docker, bytes.as_bytes(), size)),
            [format!("{long}{long}end"), "next".to_owned()]
        );
    }
    let long = "x".repeat(8 * 1024);
    let bytes = format!("2026-11-28T02:35:42Z {long}2026-11-28T02:35:43Z {long}2026-11-28T02:35:43Z end\r\n");
    assert_eq!(texts(&raw(Product::Podman, bytes.as_bytes(), 100)), [format!("{long}{long}end")]);
    let (short, rest) = ("x".repeat(10), "x".repeat(4_095));
    let bytes =
        format!("2026-11-28T02:35:42Z {short}2026-11-28T02:35:42Z {rest}2026-11-28T02:35:42Z {rest}\r\n");
    assert_eq!(texts(&raw(Product::Podman, bytes.as_bytes(), 100)), [format!("{short}{rest}{rest}")]);
    // A piece may end anywhere, as one was seen to end between `a` and the end of its line.
    let bytes =
        b"2026-11-28T02:35:42Z a2026-11-28T02:35:42Z \r\n2026-11-28T02:35:42Z on2026-11-28T02:35:43Z e\r2026-11-28T02:35:43Z \n";
    for size in [1, 7, 100] {
        assert_eq!(texts(&raw(Product::Podman, bytes, size)), ["a", "one"]);
    }
    // A program's own timestamps stay.
    let own = b"2026-11-28T02:35:42Z at 2026-11-28T02:35:42Z it began\r\n";
    assert_eq!(texts(&raw(Product::Podman, own, 9)), ["at 2026-11-28T02:35:42Z it began"]);
    let own = format!("{STAMP}a 2026-11-28T01:54:03.251997531Z b {long}{long}2026-11-28T09:00:00Z c\r\n");
    let line = &texts(&raw(Product::Docker, own.as_bytes(), 100))[0];
    assert!(
        line.starts_with("a 2026-11-28T01:54:03.251997531Z b ") && line.ends_with("2026-11-28T09:00:00Z c")
    );
}

#[test]
fn a_line_that_never_ends_has_a_bound_and_says_so() {
    let mut assembler = LineAssembler::new(Product::Docker);
    let chunk = vec![b'x'; 64 * 1024];
    assembler.push_raw(STAMP.as_bytes());
    for _ in 0..160 {
        assembler.push_raw(&chunk);
    }
    assert!(assembler.pop().is_none());
    assembler.push_raw(b"\r\nnext\r\n");
    let line = assembler.pop().unwrap();
    assert_eq!((line.text.len(), line.cut, line.length), (MAX_LINE, true, 160 * 64 * 1024));
    let next = assembler.pop().unwrap();
    assert_eq!((next.text.as_slice(), next.cut, next.length), (&b"next"[..], false, 4));
    assert!(!next.is_open);
    assembler.push_raw(STAMP.as_bytes());
    assembler.push_raw(b"half");
    assembler.finish(true);
    assert!(assembler.pop().unwrap().is_open);
}

proptest! {
    #[test]
    fn any_bytes_in_any_chunks_give_the_same_lines(bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b' '), Just(b'Z'), any::<u8>()], 0..200), size in 1_usize..30, docker in any::<bool>()) {
        let product = if docker { Product::Docker } else { Product::Podman };
        prop_assert_eq!(raw(product, &bytes, size), raw(product, &bytes, 1000));
        let content = frame(2, &bytes);
        prop_assert_eq!(framed(product, &content, size), framed(product, &content, 1000));
    }

    #[test]
    fn lines_come_back(lines in proptest::collection::vec("[a-z ]{0,30}", 0..8), size in 1_usize..50) {
        let bytes: Vec<u8> = lines.iter().flat_map(|line| frame(1, format!("{STAMP}{line}\n").as_bytes())).collect();
        prop_assert_eq!(texts(&framed(Product::Docker, &bytes, size)), lines.clone());
        let bytes: String = lines.iter().map(|line| format!("{STAMP}{line}\r\n")).collect();
        prop_assert_eq!(texts(&raw(Product::Docker, bytes.as_bytes(), size)), lines);
    }
}
