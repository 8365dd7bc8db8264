//! Explains each limit that can be reached: one sentence for each limit in each language.

use common::limit::{Limit, LimitName};

/// In English.
pub(super) fn en(limit: Limit) -> String {
    let (before, after) = match limit.name {
        LimitName::Rooms => ("there are already ", " rooms, as many as there may be."),
        LimitName::RoomsPerAddress => ("your address has already made ", " rooms, as many as one may."),
        LimitName::PeoplePerRoom => ("the room already has ", " people, as many as it may."),
        LimitName::PeoplePerAddress => {
            ("your address may be ", " people in the chat, as many as it has live connections.")
        }
        LimitName::MessagesPerSecond => {
            ("more than ", " messages a second came from your address. Try again in a moment.")
        }
        LimitName::MessageBytes => ("a message may have ", " bytes. Make it shorter."),
        LimitName::UnsentMessages => ("", " messages are already waiting to be sent."),
        LimitName::PublicationsPerSecond => {
            ("more than ", " publications a second came from your address. Try again in a moment.")
        }
        LimitName::PublicationBytes => ("a publication may have ", " bytes."),
        LimitName::BodyBytes => ("a request may have ", " bytes."),
        LimitName::Topics => ("it already keeps ", " topics of this kind, as many as it may."),
        LimitName::TopicsPerConnection => ("one connection follows at most ", " topics."),
        LimitName::Labs => {
            ("", " labs are already under way, as many as there may be. Try again in a minute.")
        }
        LimitName::SilentAnswers => {
            ("", " tests of silence are already under way, as many as there may be. Try again in a minute.")
        }
        LimitName::FollowedConnections => {
            ("", " connections are already followed, as many as there may be. Stop following another one.")
        }
        LimitName::Streams => ("", " streams are already open, as many as there may be."),
        LimitName::PlainConnections => {
            ("it is already answering ", " connections, as many as it may at once. Try again in a moment.")
        }
        LimitName::PlainConnectionsPerAddress => (
            "it is already answering ",
            " connections from your address, as many as one may have. Try again in a moment.",
        ),
    };
    [before, &limit.max.to_string(), after].concat()
}

/// In Korean.
pub(super) fn ko(limit: Limit) -> String {
    let (before, after) = match limit.name {
        LimitName::Rooms => ("채팅방이 이미 최대 개수인 ", "개입니다."),
        LimitName::RoomsPerAddress => ("주소 하나로 만들 수 있는 채팅방 ", "개를 이미 모두 만들었습니다."),
        LimitName::PeoplePerRoom => ("이 채팅방에는 이미 최대 인원인 ", "명이 있습니다."),
        LimitName::PeoplePerAddress => {
            ("이 주소에서 채팅에 참여할 수 있는 인원은 실시간 연결 수와 같은 ", "명입니다.")
        }
        LimitName::MessagesPerSecond => {
            ("이 주소에서 메시지를 1초에 ", "개보다 많이 보냈습니다. 잠시 후 다시 시도해 주세요.")
        }
        LimitName::MessageBytes => ("메시지는 ", "바이트를 넘을 수 없습니다. 더 짧게 써 주세요."),
        LimitName::UnsentMessages => ("메시지 ", "개가 이미 전송을 기다리고 있습니다."),
        LimitName::PublicationsPerSecond => {
            ("이 주소에서 1초에 ", "건보다 많이 발행했습니다. 잠시 후 다시 시도해 주세요.")
        }
        LimitName::PublicationBytes => ("발행 내용은 ", "바이트를 넘을 수 없습니다."),
        LimitName::BodyBytes => ("요청 본문은 ", "바이트를 넘을 수 없습니다."),
        LimitName::Topics => ("이 종류의 토픽이 이미 최대 개수인 ", "개입니다."),
        LimitName::TopicsPerConnection => ("연결 하나로 받을 수 있는 토픽은 최대 ", "개입니다."),
        LimitName::Labs => ("실험이 이미 최대 개수인 ", "개 진행 중입니다. 1분 후 다시 시도해 주세요."),
        LimitName::SilentAnswers => {
            ("유휴 연결 검사가 이미 최대 개수인 ", "개 진행 중입니다. 1분 후 다시 시도해 주세요.")
        }
        LimitName::FollowedConnections => {
            ("이미 최대 개수인 연결 ", "개를 추적하고 있습니다. 다른 연결의 추적을 멈춰 주세요.")
        }
        LimitName::Streams => ("스트림이 이미 최대 개수인 ", "개 열려 있습니다."),
        LimitName::PlainConnections => {
            ("서버가 동시에 응답할 수 있는 연결 ", "개를 모두 쓰고 있습니다. 잠시 후 다시 시도해 주세요.")
        }
        LimitName::PlainConnectionsPerAddress => {
            ("주소 하나로 동시에 쓸 수 있는 연결 ", "개를 모두 쓰고 있습니다. 잠시 후 다시 시도해 주세요.")
        }
    };
    [before, &limit.max.to_string(), after].concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_limit_has_a_sentence_of_its_own_with_its_figure_in_each_language() {
        for language in [en, ko] {
            let said = LimitName::ALL.map(|name| language(Limit { name, max: 1_234 }));
            assert!(said.iter().all(|text| text.contains("1234") && text.ends_with('.')), "{said:?}");
            assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len(), "{said:?}");
        }
        for name in LimitName::ALL {
            let limit = Limit { name, max: 7 };
            assert!(en(limit).is_ascii() && ko(limit).contains(|c| ('가'..='힣').contains(&c)), "{name:?}");
        }
    }

    #[test]
    fn the_rooms_are_counted_in_the_readers_language() {
        let rooms = Limit::new(LimitName::Rooms, 100);
        assert_eq!(en(rooms), "there are already 100 rooms, as many as there may be.");
        assert_eq!(ko(rooms), "채팅방이 이미 최대 개수인 100개입니다.");
    }
}
