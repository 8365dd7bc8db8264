//! Messages of DNS (RFC 1035, 4): the question, and what an answer says.

use std::net::{Ipv4Addr, Ipv6Addr};

use simple_dns::{
    CLASS, Name, OPCODE, Packet, PacketFlag, QTYPE, Question, RCODE, SimpleDnsError, TYPE, header_buffer,
    rdata::{RData, TXT},
};

use crate::{
    DnsRecord, ProbeFault,
    fault::{excerpt, excerpts},
};

/// Bytes of the header.
const HEADER: usize = 12;

/// A question that awaits its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DnsQuestion<'a> {
    pub(crate) id: u16,
    /// An absolute name in ASCII.
    pub(crate) name: &'a str,
    pub(crate) record: DnsRecord,
}

/// A message that has come.
#[derive(Debug, PartialEq)]
pub(crate) enum DnsReply {
    /// It belongs to another question, or is none.
    Foreign,
    /// It has been cut off: TCP has the whole (RFC 7766, 5).
    Truncated,
    /// The values of the records, as zone files write them.
    Records(Vec<String>),
    /// There is no such name (RFC 2308, 2.1).
    NoSuchName,
    /// The name server cannot or does not want to say.
    Error(&'static str),
    /// It belongs to the question, and cannot be read.
    Unreadable(String),
}

const fn type_of(record: DnsRecord) -> TYPE {
    match record {
        DnsRecord::A => TYPE::A,
        DnsRecord::Aaaa => TYPE::AAAA,
        DnsRecord::Caa => TYPE::CAA,
        DnsRecord::Cname => TYPE::CNAME,
        DnsRecord::Mx => TYPE::MX,
        DnsRecord::Ns => TYPE::NS,
        DnsRecord::Ptr => TYPE::PTR,
        DnsRecord::Soa => TYPE::SOA,
        DnsRecord::Srv => TYPE::SRV,
        DnsRecord::Txt => TYPE::TXT,
    }
}

impl DnsQuestion<'_> {
    /// The message for the wire, which asks for recursion. It has no EDNS (RFC 6891): an answer of more than 512 bytes comes over TCP.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, SimpleDnsError> {
        let mut packet = Packet::new_query(self.id);
        packet.set_flags(PacketFlag::RECURSION_DESIRED);
        let record = QTYPE::TYPE(type_of(self.record));
        packet.questions.push(Question::new(Name::new(self.name)?, record, CLASS::IN.into(), false));
        packet.build_bytes_vec()
    }

    /// Reads a message that has come (RFC 5452, 9.1: its number and its question must be ours).
    pub(crate) fn read(&self, message: &[u8]) -> DnsReply {
        if header_buffer::id(message).ok() != Some(self.id)
            || header_buffer::has_flags(message, PacketFlag::RESPONSE).ok() != Some(true)
            || header_buffer::opcode(message).ok() != Some(OPCODE::StandardQuery)
        {
            return DnsReply::Foreign;
        }
        // The other sections say nothing about the question, and records in them may be of any type.
        let mut message = message.to_vec();
        match message.get_mut(8..HEADER) {
            Some(counts) => counts.fill(0),
            None => return DnsReply::Foreign,
        }
        let is_truncated = header_buffer::has_flags(&message, PacketFlag::TRUNCATION).unwrap_or(false);
        if is_truncated {
            // It may end in the middle of a record.
            message[6..8].fill(0);
        }
        match Packet::parse(&message) {
            Ok(packet) if !self.is_of(&packet) => DnsReply::Foreign,
            Ok(_) if is_truncated => DnsReply::Truncated,
            Ok(packet) => self.judge(&packet),
            Err(error) => DnsReply::Unreadable(excerpt(&error.to_string())),
        }
    }

    /// Says that an answer repeats the question. A server that could not read it may leave it out.
    fn is_of(&self, packet: &Packet<'_>) -> bool {
        match packet.questions.as_slice() {
            [question] => {
                question.qtype == QTYPE::TYPE(type_of(self.record))
                    && question.qclass == CLASS::IN.into()
                    && Name::new(self.name).is_ok_and(|name| is_one_name(&name, &question.qname))
            }
            [] => packet.rcode() != RCODE::NoError,
            _ => false,
        }
    }

    fn judge(&self, packet: &Packet<'_>) -> DnsReply {
        match packet.rcode() {
            RCODE::NoError => {
                let is_asked = |data: &RData<'_>| data.type_code() == type_of(self.record);
                let answers = packet.answers.iter().map(|answer| &answer.rdata);
                DnsReply::Records(answers.filter(|data| is_asked(data)).map(value_of).collect())
            }
            RCODE::NameError => DnsReply::NoSuchName,
            other => DnsReply::Error(error_name(other)),
        }
    }
}

/// Names of errors as tools write them (IANA, "DNS RCODEs").
const fn error_name(code: RCODE) -> &'static str {
    match code {
        RCODE::FormatError => "FORMERR",
        RCODE::ServerFailure => "SERVFAIL",
        RCODE::NotImplemented => "NOTIMP",
        RCODE::Refused => "REFUSED",
        RCODE::NOTAUTH => "NOTAUTH",
        _ => "an error that is not expected of a question",
    }
}

/// Compares two names without regard to the case of ASCII letters (RFC 4343, 3).
fn is_one_name(one: &Name<'_>, other: &Name<'_>) -> bool {
    one.as_bytes().count() == other.as_bytes().count()
        && one.as_bytes().zip(other.as_bytes()).all(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// The name as text; the root is a dot.
fn name_text(name: &Name<'_>) -> String {
    let text = name.to_string();
    if text.is_empty() { ".".to_owned() } else { text }
}

/// The value of a record as zone files write it (RFC 1035, 5.1), names without a dot at their end, and texts without quotes.
fn value_of(data: &RData<'_>) -> String {
    match data {
        RData::A(a) => Ipv4Addr::from(a.address).to_string(),
        RData::AAAA(aaaa) => Ipv6Addr::from(aaaa.address).to_string(),
        RData::CNAME(name) => name_text(&name.0),
        RData::NS(name) => name_text(&name.0),
        RData::PTR(name) => name_text(&name.0),
        RData::MX(mx) => format!("{} {}", mx.preference, name_text(&mx.exchange)),
        RData::SRV(srv) => {
            format!("{} {} {} {}", srv.priority, srv.weight, srv.port, name_text(&srv.target))
        }
        RData::SOA(soa) => format!(
            "{} {} {} {} {} {} {}",
            name_text(&soa.mname),
            name_text(&soa.rname),
            soa.serial,
            soa.refresh,
            soa.retry,
            soa.expire,
            soa.minimum
        ),
        RData::CAA(caa) => format!("{} {} {}", caa.flag, caa.tag, String::from_utf8_lossy(&caa.value)),
        RData::TXT(txt) => text_of(txt),
        _ => String::new(),
    }
}

/// The strings of a TXT record, joined (RFC 7208, 3.3).
fn text_of(txt: &TXT<'_>) -> String {
    String::try_from(txt.clone())
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Holds the values of an answer against the expected one.
pub(crate) fn compare(
    record: DnsRecord,
    values: &[String],
    expected: Option<&str>,
) -> Result<(), ProbeFault> {
    if values.is_empty() {
        return Err(ProbeFault::NoRecords(record.name()));
    }
    let Some(expected) = expected else { return Ok(()) };
    let wanted = comparable(record, expected);
    if values.iter().any(|value| comparable(record, value) == wanted) {
        return Ok(());
    }
    Err(ProbeFault::WrongDnsAnswer { expected: excerpt(expected), found: excerpts(values) })
}

/// The one form of a value, in whichever way people write it.
fn comparable(record: DnsRecord, value: &str) -> String {
    let value = value.trim();
    match record {
        DnsRecord::A => value.parse::<Ipv4Addr>().map_or_else(|_| value.to_owned(), |ip| ip.to_string()),
        DnsRecord::Aaaa => value.parse::<Ipv6Addr>().map_or_else(|_| value.to_owned(), |ip| ip.to_string()),
        DnsRecord::Txt => {
            value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value).to_owned()
        }
        DnsRecord::Caa => value.split_whitespace().collect::<Vec<_>>().join(" ").replace('"', ""),
        DnsRecord::Cname
        | DnsRecord::Mx
        | DnsRecord::Ns
        | DnsRecord::Ptr
        | DnsRecord::Soa
        | DnsRecord::Srv => {
            let words = value.split_whitespace().map(|word| match word.strip_suffix('.') {
                Some(name) if !name.is_empty() => name.to_ascii_lowercase(),
                _ => word.to_ascii_lowercase(),
            });
            words.collect::<Vec<_>>().join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use simple_dns::{CLASS, Name, Packet, PacketFlag, RCODE, ResourceRecord, rdata::*};

    use super::{DnsQuestion, DnsReply, compare};
    use crate::DnsRecord;

    fn question(record: DnsRecord) -> DnsQuestion<'static> {
        DnsQuestion { id: 0x1234, name: "Mail.example.org", record }
    }

    /// An answer with each of these records.
    fn reply(record: DnsRecord, data: Vec<RData<'static>>) -> Vec<u8> {
        let query = question(record).encode().expect("a question");
        let mut packet = Packet::parse(&query).expect("a question").into_reply();
        let name = Name::new_unchecked("mail.EXAMPLE.org");
        packet.answers =
            data.into_iter().map(|data| ResourceRecord::new(name.clone(), CLASS::IN, 60, data)).collect();
        packet.build_bytes_vec_compressed().expect("an answer")
    }

    fn records(list: &[&str]) -> DnsReply {
        DnsReply::Records(list.iter().map(|&value| value.to_owned()).collect())
    }

    #[test]
    fn values_are_written_as_in_zone_files() {
        let name = || Name::new_unchecked("a.example");
        let mx = RData::MX(MX { preference: 10, exchange: name() });
        let srv = RData::SRV(SRV { priority: 1, weight: 2, port: 3, target: name() });
        let txt =
            RData::TXT(TXT::new().with_string("one ").expect("a text").with_string("=two").expect("a text"));
        let soa = RData::SOA(SOA {
            mname: name(),
            rname: name(),
            serial: 1,
            refresh: 2,
            retry: 3,
            expire: 4,
            minimum: 5,
        });
        for (record, data, text) in [
            (DnsRecord::A, RData::A(A { address: 0xc000_0201 }), "192.0.2.1"),
            (DnsRecord::Aaaa, RData::AAAA(AAAA { address: 1 }), "::1"),
            (DnsRecord::Cname, RData::CNAME(CNAME(name())), "a.example"),
            (DnsRecord::Ns, RData::NS(NS(name())), "a.example"),
            (DnsRecord::Ptr, RData::PTR(PTR(name())), "a.example"),
            (DnsRecord::Mx, mx, "10 a.example"),
            (DnsRecord::Mx, RData::MX(MX { preference: 0, exchange: Name::new_unchecked("") }), "0 ."),
            (DnsRecord::Srv, srv, "1 2 3 a.example"),
            (DnsRecord::Txt, txt, "one =two"),
            (DnsRecord::Soa, soa, "a.example a.example 1 2 3 4 5"),
        ] {
            assert_eq!(question(record).read(&reply(record, vec![data])), records(&[text]));
        }
    }

    #[test]
    fn only_the_records_of_the_type_count() {
        let alias = RData::CNAME(CNAME(Name::new_unchecked("a.example")));
        let message = reply(DnsRecord::A, vec![alias.clone(), RData::A(A { address: 1 })]);
        assert_eq!(question(DnsRecord::A).read(&message), records(&["0.0.0.1"]));
        assert_eq!(question(DnsRecord::A).read(&reply(DnsRecord::A, vec![alias])), records(&[]));
    }

    #[test]
    fn an_answer_to_another_question_is_foreign() {
        let good = reply(DnsRecord::A, vec![RData::A(A { address: 1 })]);
        let question = question(DnsRecord::A);
        let others = [
            DnsQuestion { id: 0x1235, ..question },
            DnsQuestion { name: "other.example.org", ..question },
            DnsQuestion { name: "mail.example.org.uk", ..question },
            DnsQuestion { record: DnsRecord::Aaaa, ..question },
        ];
        for other in others {
            assert_eq!(other.read(&good), DnsReply::Foreign, "{other:?}");
        }
        // A question that comes back as it is answers nothing.
        assert_eq!(question.read(&question.encode().expect("a question")), DnsReply::Foreign);
        for length in 0..12 {
            assert_eq!(question.read(&good[..length]), DnsReply::Foreign, "{length}");
        }
    }

    #[test]
    fn errors_are_told_apart() {
        let with = |code: RCODE, has_question: bool| {
            let message = reply(DnsRecord::A, Vec::new());
            let mut packet = Packet::parse(&message).expect("an answer");
            *packet.rcode_mut() = code;
            if !has_question {
                packet.questions.clear();
            }
            question(DnsRecord::A).read(&packet.build_bytes_vec().expect("an answer"))
        };
        assert_eq!(with(RCODE::NameError, true), DnsReply::NoSuchName);
        assert_eq!(with(RCODE::ServerFailure, true), DnsReply::Error("SERVFAIL"));
        assert_eq!(with(RCODE::FormatError, false), DnsReply::Error("FORMERR"));
        assert_eq!(with(RCODE::NoError, false), DnsReply::Foreign);
    }

    #[test]
    fn a_truncated_answer_is_known_wherever_it_ends() {
        let whole = reply(DnsRecord::A, vec![RData::A(A { address: 1 })]);
        let mut packet = Packet::parse(&whole).expect("an answer");
        packet.set_flags(PacketFlag::TRUNCATION);
        let message = packet.build_bytes_vec().expect("an answer");
        let question = question(DnsRecord::A);
        let end_of_question = question.encode().expect("a question").len();
        for length in end_of_question..message.len() {
            assert_eq!(question.read(&message[..length]), DnsReply::Truncated, "{length}");
        }
    }

    #[test]
    fn a_name_that_leads_to_itself_cannot_be_read() {
        let question = question(DnsRecord::Cname);
        let head = reply(DnsRecord::Cname, Vec::new());
        let at = u8::try_from(head.len()).expect("short");
        // The owner's name and the value are pointers: to themselves, to each other, forward, and beyond the end.
        for (owner, value) in [(at, 12), (12, at + 12), (at + 12, at), (12, 255), (255, 12)] {
            let mut message = head.clone();
            message[6..8].copy_from_slice(&[0, 1]);
            message.extend([0xc0, owner, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, value]);
            let read = question.read(&message);
            assert!(matches!(read, DnsReply::Unreadable(_)), "{owner} {value} {read:?}");
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        let mx = RData::MX(MX { preference: 10, exchange: Name::new_unchecked("a.example.org") });
        let txt = RData::TXT(TXT::new().with_string("v=spf1").expect("a text"));
        for (record, data) in [(DnsRecord::Mx, mx), (DnsRecord::Txt, txt)] {
            let good = reply(record, vec![data]);
            for at in 0..good.len() {
                for byte in 0..=255 {
                    let mut message = good.clone();
                    message[at] = byte;
                    question(record).read(&message);
                }
                let read = question(record).read(&good[..at]);
                assert!(!matches!(read, DnsReply::Records(_)), "{at} {read:?}");
            }
        }
        let many =
            [&[0x12, 0x34, 0x80, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0; 500].as_slice()]
                .concat();
        assert!(matches!(question(DnsRecord::A).read(&many), DnsReply::Unreadable(_)));
    }

    #[test]
    fn an_expected_value_may_be_written_in_many_ways() {
        for (record, value, expected) in [
            (DnsRecord::A, "192.0.2.1", " 192.0.2.1 "),
            (DnsRecord::Aaaa, "2001:db8::1", "2001:DB8:0:0:0:0:0:1"),
            (DnsRecord::Mx, "10 mx.example.org", "10  MX.example.org."),
            (DnsRecord::Mx, "0 .", "0 ."),
            (DnsRecord::Txt, "v=spf1 -all", "\"v=spf1 -all\""),
            (DnsRecord::Caa, "0 issue ca.example", "0 issue \"ca.example\""),
        ] {
            let values = ["other".to_owned(), value.to_owned()];
            assert_eq!(compare(record, &values, Some(expected)), Ok(()), "{expected}");
        }
        let fault =
            compare(DnsRecord::Txt, &["V=spf1".to_owned()], Some("v=spf1")).expect_err("another case");
        assert_eq!(fault.to_string(), "The answer is V=spf1, not v=spf1.");
        assert_eq!(
            compare(DnsRecord::A, &[], None).expect_err("none").to_string(),
            "The name has no A records."
        );
    }
}
