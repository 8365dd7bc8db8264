//! A sentence for each reason for which a form is not accepted.

use common::door::{
    NAME_MAX_CHARS, NOTICE_TEXT_MAX_CHARS, NOTICE_TITLE_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS,
};

use crate::{
    door::problem::FormProblem,
    i18n::{Language, Words},
};

/// The sentence for the reader.
pub(in crate::door) fn problem_sentence(language: Language, problem: &FormProblem) -> String {
    match language {
        Language::En => en(problem),
        Language::Ko => ko(problem),
    }
}

fn en(problem: &FormProblem) -> String {
    let text = match problem {
        FormProblem::WrongCredentials => "The name or the password is wrong.",
        FormProblem::TooManyAttempts { retry_after_s } => {
            let wait = wait(*retry_after_s, Words::of(Language::En));
            return ["Too many attempts have failed. Try again in ", &wait, "."].concat();
        }
        FormProblem::SessionEnded => "Your session has ended. Sign in again.",
        FormProblem::FormExpired => {
            "The form has expired, and nothing was changed. Try again. If this stays, allow cookies for this site."
        }
        FormProblem::StoreUnavailable { .. } => {
            "The server cannot reach its accounts right now, and nothing was changed. Try again in a moment."
        }
        FormProblem::NameInvalid => {
            return [
                "Choose a name of 1 to ",
                &NAME_MAX_CHARS.to_string(),
                " characters, without line breaks or invisible characters.",
            ]
            .concat();
        }
        FormProblem::NameTaken => "Another account has this name. Choose a different one.",
        FormProblem::PasswordTooShort => {
            return [
                "The password is too short. Use at least ",
                &PASSWORD_MIN_CHARS.to_string(),
                " characters.",
            ]
            .concat();
        }
        FormProblem::PasswordTooLong => {
            return [
                "The password is too long. Use at most ",
                &PASSWORD_MAX_CHARS.to_string(),
                " characters.",
            ]
            .concat();
        }
        FormProblem::PasswordGuessable => {
            "The password is too easy to guess. Choose one that has nothing to do with your name and is not in common use."
        }
        FormProblem::PasswordsDiffer => "The two passwords are not the same. Type the new password twice.",
        FormProblem::WrongPassword => "The current password is wrong, and nothing was changed.",
        FormProblem::PasswordNeeded => {
            "You signed in more than ten minutes ago. Enter your password, and send the form again."
        }
        FormProblem::SignInNeeded => "You signed in more than ten minutes ago. Sign in again first.",
        FormProblem::WrongCode => {
            "The code is wrong or has been used already. Wait for the next one, and check that the clock of your phone is right."
        }
        FormProblem::WrongRecoveryCode => {
            "The recovery code is wrong or has been used already. Each works once: try another one."
        }
        FormProblem::PasskeyRefused => {
            "The passkey was not accepted. Try again, or sign in another way if it was removed from your account."
        }
        FormProblem::PasskeyTaken => "This passkey is registered already, and nothing was changed.",
        FormProblem::PushServiceInvalid => {
            "The push service that the browser named is not sent to: its address must be public and begin with https. An operator can allow others by push.services."
        }
        FormProblem::PushKeysInvalid => {
            "The browser's keys are not valid, and nothing was changed. Load the page again, then try again."
        }
        FormProblem::PushGone => "The device no longer takes notices, so it was removed. Add it again there.",
        FormProblem::PushTestFailed { reason } => {
            return ["The test was not delivered: ", reason, "."].concat();
        }
        FormProblem::PasskeyNameInvalid => {
            "Give the passkey a name of up to 64 characters, so that you recognize it later."
        }
        FormProblem::TokenNameInvalid => "Give the token a name, so that you recognize it later.",
        FormProblem::NoScope => "Choose at least one thing that the token may do.",
        FormProblem::BadScope(topics) => {
            return [
                topics,
                " is not a family of topics. Write * for all topics, or a family such as custom/*.",
            ]
            .concat();
        }
        FormProblem::NoticeTitleInvalid => {
            return [
                "Write a title of one line, up to ",
                &NOTICE_TITLE_MAX_CHARS.to_string(),
                " characters.",
            ]
            .concat();
        }
        FormProblem::NoticeTextInvalid => {
            return [
                "Shorten the text to ",
                &NOTICE_TEXT_MAX_CHARS.to_string(),
                " characters, without invisible ones.",
            ]
            .concat();
        }
        FormProblem::NoticeLinkInvalid => {
            "Write the page as it stands in the address, such as /chat. Other sites cannot be linked to."
        }
        FormProblem::NoticePersonUnknown => {
            "There is no active account of this name. Check how it is written."
        }
        FormProblem::DashboardNameInvalid => {
            "Choose a name of 1 to 80 characters, without line breaks or invisible characters."
        }
        FormProblem::DashboardInvalid(fault) => return fault.sentence(Language::En),
        FormProblem::SourceInvalid { reason } => return reason.clone(),
        FormProblem::SourceNameTaken => "Another one has this name. Choose a different one.",
        FormProblem::ChangedMeanwhile => {
            "Someone else has changed it meanwhile, and nothing was saved. What you see is what it is now."
        }
        FormProblem::TooFast => "Too many notices were sent at once. Wait a moment, and send it again.",
        FormProblem::LastAdmin => {
            "This is the last active administrator, and nothing was changed. Make someone else an administrator first."
        }
        FormProblem::Gone => {
            "It no longer exists: someone else may have removed it. This list is up to date."
        }
        FormProblem::TooMany { most } => {
            return [
                "The limit of ",
                &most.to_string(),
                " is reached. Remove one that is no longer needed first.",
            ]
            .concat();
        }
    };
    text.to_owned()
}

fn ko(problem: &FormProblem) -> String {
    let text = match problem {
        FormProblem::WrongCredentials => "이름 또는 비밀번호가 올바르지 않습니다.",
        FormProblem::TooManyAttempts { retry_after_s } => {
            let wait = wait(*retry_after_s, Words::of(Language::Ko));
            return ["시도가 너무 많이 실패했습니다. ", &wait, " 후에 다시 시도해 주세요."].concat();
        }
        FormProblem::SessionEnded => "세션이 종료되었습니다. 다시 로그인해 주세요.",
        FormProblem::FormExpired => {
            "양식이 만료되어 아무것도 변경되지 않았습니다. 다시 시도해 주세요. 계속되면 이 사이트의 쿠키를 허용해 주세요."
        }
        FormProblem::StoreUnavailable { .. } => {
            "지금은 서버가 계정 정보에 접근할 수 없어 아무것도 변경되지 않았습니다. 잠시 후 다시 시도해 주세요."
        }
        FormProblem::NameInvalid => {
            return [
                "이름은 1~",
                &NAME_MAX_CHARS.to_string(),
                "자여야 하며, 줄바꿈이나 보이지 않는 문자를 쓸 수 없습니다.",
            ]
            .concat();
        }
        FormProblem::NameTaken => "다른 계정이 사용 중인 이름입니다. 다른 이름을 선택해 주세요.",
        FormProblem::PasswordTooShort => {
            return ["비밀번호가 너무 짧습니다. ", &PASSWORD_MIN_CHARS.to_string(), "자 이상 입력해 주세요."]
                .concat();
        }
        FormProblem::PasswordTooLong => {
            return ["비밀번호가 너무 깁니다. ", &PASSWORD_MAX_CHARS.to_string(), "자 이하로 입력해 주세요."]
                .concat();
        }
        FormProblem::PasswordGuessable => {
            "추측하기 쉬운 비밀번호입니다. 이름과 관련이 없고 널리 쓰이지 않는 비밀번호를 선택해 주세요."
        }
        FormProblem::PasswordsDiffer => {
            "두 비밀번호가 서로 다릅니다. 새 비밀번호를 두 번 똑같이 입력해 주세요."
        }
        FormProblem::WrongPassword => "현재 비밀번호가 올바르지 않아 아무것도 변경되지 않았습니다.",
        FormProblem::PasswordNeeded => {
            "로그인한 지 10분이 지났습니다. 비밀번호를 입력한 뒤 다시 보내 주세요."
        }
        FormProblem::SignInNeeded => "로그인한 지 10분이 지났습니다. 먼저 다시 로그인해 주세요.",
        FormProblem::WrongCode => {
            "코드가 올바르지 않거나 이미 사용되었습니다. 다음 코드를 기다리고, 휴대전화의 시각이 정확한지 확인해 주세요."
        }
        FormProblem::WrongRecoveryCode => {
            "복구 코드가 올바르지 않거나 이미 사용되었습니다. 코드마다 한 번만 사용할 수 있으니 다른 코드를 입력해 주세요."
        }
        FormProblem::PasskeyRefused => {
            "패스키를 확인하지 못했습니다. 다시 시도하거나, 계정에서 제거된 패스키라면 다른 방법으로 로그인해 주세요."
        }
        FormProblem::PasskeyTaken => "이미 등록된 패스키이므로 아무것도 변경되지 않았습니다.",
        FormProblem::PushServiceInvalid => {
            "브라우저가 알려 준 푸시 서비스로는 보낼 수 없습니다. https로 시작하는 공개 주소여야 합니다. 운영자는 push.services로 다른 주소를 허용할 수 있습니다."
        }
        FormProblem::PushKeysInvalid => {
            "브라우저의 키가 올바르지 않아 아무것도 변경되지 않았습니다. 페이지를 새로 고친 다음 다시 시도해 주세요."
        }
        FormProblem::PushGone => {
            "기기가 더 이상 알림을 받지 않아 제거했습니다. 그 기기에서 다시 추가해 주세요."
        }
        FormProblem::PushTestFailed { reason } => {
            return ["테스트를 전달하지 못했습니다: ", reason].concat();
        }
        FormProblem::PasskeyNameInvalid => "나중에 알아볼 수 있도록 패스키 이름을 64자 이하로 입력해 주세요.",
        FormProblem::TokenNameInvalid => "나중에 알아볼 수 있도록 토큰 이름을 입력해 주세요.",
        FormProblem::NoScope => "토큰에 허용할 작업을 하나 이상 선택해 주세요.",
        FormProblem::BadScope(topics) => {
            return [
                "올바른 토픽 묶음이 아닙니다: ",
                topics,
                ". 모든 토픽은 *, 일부는 custom/*와 같이 입력해 주세요.",
            ]
            .concat();
        }
        FormProblem::NoticeTitleInvalid => {
            return ["제목을 한 줄로, 최대 ", &NOTICE_TITLE_MAX_CHARS.to_string(), "자까지 입력해 주세요."]
                .concat();
        }
        FormProblem::NoticeTextInvalid => {
            return [
                "내용을 보이지 않는 문자 없이 ",
                &NOTICE_TEXT_MAX_CHARS.to_string(),
                "자 이하로 줄여 주세요.",
            ]
            .concat();
        }
        FormProblem::NoticeLinkInvalid => {
            "페이지를 주소에 있는 대로, 예를 들면 /chat처럼 입력해 주세요. 다른 사이트로는 연결할 수 없습니다."
        }
        FormProblem::NoticePersonUnknown => "이 이름의 활성 계정이 없습니다. 이름을 확인해 주세요.",
        FormProblem::DashboardNameInvalid => {
            "이름은 1~80자여야 하며, 줄바꿈이나 보이지 않는 문자를 쓸 수 없습니다."
        }
        FormProblem::DashboardInvalid(fault) => return fault.sentence(Language::Ko),
        FormProblem::SourceInvalid { reason } => {
            return ["저장하지 않았습니다. 서버가 알린 이유: ", reason].concat();
        }
        FormProblem::SourceNameTaken => "이미 같은 이름이 있습니다. 다른 이름을 입력해 주세요.",
        FormProblem::ChangedMeanwhile => {
            "그사이 다른 사람이 바꾸었으므로 저장하지 않았습니다. 지금 보이는 것이 현재 내용입니다."
        }
        FormProblem::TooFast => "한 번에 너무 많은 알림을 보냈습니다. 잠시 후 다시 보내 주세요.",
        FormProblem::LastAdmin => {
            "마지막 활성 관리자이므로 아무것도 변경되지 않았습니다. 먼저 다른 사용자를 관리자로 지정해 주세요."
        }
        FormProblem::Gone => {
            "더 이상 존재하지 않는 항목입니다. 다른 사용자가 제거했을 수 있습니다. 이 목록은 최신 상태입니다."
        }
        FormProblem::TooMany { most } => {
            return ["한도 ", &most.to_string(), "개에 도달했습니다. 먼저 필요 없는 항목을 제거해 주세요."]
                .concat();
        }
    };
    text.to_owned()
}

/// A duration to wait, rounded up, so that nobody comes back too early.
fn wait(seconds: u64, words: &Words) -> String {
    match seconds {
        0..=120 => (words.seconds)(seconds.max(1)),
        121..=7200 => (words.minutes)(seconds.div_ceil(60)),
        _ => (words.hours)(seconds.div_ceil(3600)),
    }
}
