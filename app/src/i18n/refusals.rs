//! Explains the server's refusals, by their code and the limit that they name: one sentence for each in each language. The server's own
//! sentence is English and for programs; the console has it.

use std::borrow::Cow;

use common::{api::Reason, frame::ErrorCode};

use super::limits;

/// In English.
pub(super) fn en(Reason { code, limit }: Reason) -> Cow<'static, str> {
    match limit {
        Some(limit) => limits::en(limit).into(),
        None => code_en(code).into(),
    }
}

const fn code_en(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadRequest | ErrorCode::BadCursor | ErrorCode::BadFrame | ErrorCode::MethodNotAllowed => {
            "it does not understand the page, which may be of another version. Reload the page."
        }
        ErrorCode::BadTopic | ErrorCode::UnknownTopic | ErrorCode::NotFound => "it has nothing of that name.",
        ErrorCode::TooManyTopics => "one connection follows no more topics than this.",
        ErrorCode::ForbiddenOrigin => {
            "a proxy has changed the address of the request, so it looks like another site's. The Doctor says what to change."
        }
        ErrorCode::NotSignedIn | ErrorCode::NotAllowed => "sign in with an account that may.",
        ErrorCode::OperatorOnly => "this takes the operator's token.",
        ErrorCode::LimitReached => "a limit is reached. Try again in a moment.",
        ErrorCode::ShuttingDown => "it is stopping. Try again in a moment.",
        ErrorCode::StreamEnded => "the stream has ended.",
        ErrorCode::BadMessage => "it takes no such message.",
        ErrorCode::NotStored => "it could not store this. Its disk is full or has failed.",
        ErrorCode::LogUnavailable => "it cannot reach its log now. It tries again by itself.",
        ErrorCode::SourceUnavailable => "it cannot read this now. Try again in a moment.",
        ErrorCode::StoreUnavailable | ErrorCode::Internal => "it has failed. Its log says more.",
    }
}

/// In Korean.
pub(super) fn ko(Reason { code, limit }: Reason) -> Cow<'static, str> {
    match limit {
        Some(limit) => limits::ko(limit).into(),
        None => code_ko(code).into(),
    }
}

const fn code_ko(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadRequest | ErrorCode::BadCursor | ErrorCode::BadFrame | ErrorCode::MethodNotAllowed => {
            "서버가 페이지의 요청을 이해하지 못했습니다. 버전이 다를 수 있으니 페이지를 새로 고쳐 주세요."
        }
        ErrorCode::BadTopic | ErrorCode::UnknownTopic | ErrorCode::NotFound => {
            "그런 이름의 항목이 서버에 없습니다."
        }
        ErrorCode::TooManyTopics => "연결 하나로 받을 수 있는 토픽 수를 넘었습니다.",
        ErrorCode::ForbiddenOrigin => {
            "프록시가 요청의 주소를 바꿔서 다른 사이트의 요청으로 보입니다. 진단에서 무엇을 바꿔야 하는지 알려 줍니다."
        }
        ErrorCode::NotSignedIn | ErrorCode::NotAllowed => "권한이 있는 계정으로 로그인하세요.",
        ErrorCode::OperatorOnly => "운영자 토큰이 필요합니다.",
        ErrorCode::LimitReached => "제한에 도달했습니다. 잠시 후 다시 시도해 주세요.",
        ErrorCode::ShuttingDown => "서버가 종료되는 중입니다. 잠시 후 다시 시도해 주세요.",
        ErrorCode::StreamEnded => "이 스트림은 이미 끝났습니다.",
        ErrorCode::BadMessage => "서버가 받을 수 없는 메시지입니다.",
        ErrorCode::NotStored => "저장하지 못했습니다. 디스크가 가득 찼거나 고장 났습니다.",
        ErrorCode::LogUnavailable => "지금은 로그에 연결할 수 없습니다. 자동으로 다시 시도합니다.",
        ErrorCode::SourceUnavailable => "지금은 서버가 이것을 읽을 수 없습니다. 잠시 후 다시 시도해 주세요.",
        ErrorCode::StoreUnavailable | ErrorCode::Internal => {
            "서버에 오류가 생겼습니다. 자세한 내용은 서버 로그에 있습니다."
        }
    }
}

#[cfg(test)]
mod tests {
    use common::limit::{Limit, LimitName};

    use super::*;

    #[test]
    fn each_code_has_a_sentence_in_each_language() {
        for code in ErrorCode::ALL {
            let (en, ko) = [en, ko].map(|told| told(Reason { code, limit: None })).into();
            assert!(en.ends_with('.') && en.is_ascii(), "{code:?}");
            assert!(ko.ends_with('.') && ko.contains(|c| ('가'..='힣').contains(&c)), "{code:?}");
        }
    }

    #[test]
    fn a_limit_that_is_named_says_more_than_the_code() {
        let limit = Some(Limit::new(LimitName::Labs, 8));
        for told in [en, ko] {
            let reason = |limit| Reason { code: ErrorCode::LimitReached, limit };
            assert!(told(reason(limit)).contains('8'));
            assert_ne!(told(reason(limit)), told(reason(None)));
        }
    }
}
