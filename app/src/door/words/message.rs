//! The texts of documents that only say something.

use common::role::Role;

use crate::{door::provider_problem::ProviderProblem, i18n::document_words};

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct MessageWords {
    /// Heading and sentence.
    pub(in crate::door) link_invalid: [&'static str; 2],
    /// Heading and sentence.
    pub(in crate::door) set_up_link_invalid: [&'static str; 2],
    /// Heading and sentence.
    pub(in crate::door) already_set_up: [&'static str; 2],
    /// Heading.
    pub(in crate::door) forbidden: &'static str,
    /// Sentence, from the role that one needs.
    pub(in crate::door) forbidden_needs: fn(Role) -> &'static str,
    /// Heading and sentence.
    pub(in crate::door) unavailable: [&'static str; 2],
    /// Heading and sentence.
    pub(in crate::door) form_expired: [&'static str; 2],
    /// Heading and sentence, from what went wrong at the provider.
    pub(in crate::door) provider: fn(&ProviderProblem) -> [&'static str; 2],
    /// Fact.
    pub(in crate::door) provider_name: &'static str,
    /// Fact.
    pub(in crate::door) subject: &'static str,
    /// Link.
    pub(in crate::door) to_sign_in: &'static str,
}

document_words!(MessageWords, EN, KO);

const EN: MessageWords = MessageWords {
    link_invalid: [
        "This invitation no longer works",
        "It was used, revoked or has expired. Ask whoever sent it for a new one.",
    ],
    set_up_link_invalid: [
        "This link does not work",
        "It is incomplete, or from an earlier start of the server. Use the link that the server's log shows now.",
    ],
    already_set_up: [
        "Pulseboard is set up already",
        "The first account exists, so this link no longer works.",
    ],
    forbidden: "You are not allowed to see this",
    forbidden_needs: |role| match role {
        Role::Viewer => "Your account does not reach this page. Ask an administrator.",
        Role::Operator => {
            "Only operators and administrators may open this page. Ask an administrator for that role."
        }
        Role::Admin => "Only administrators may open this page.",
    },
    unavailable: [
        "The server cannot reach its accounts",
        "Signing in is not possible until it can. The fault is in its log under the id below. Try again in a moment.",
    ],
    form_expired: [
        "The form has expired",
        "Nothing was changed. Go back, reload the page and try again. If this stays, allow cookies for this site.",
    ],
    provider: |problem| match problem {
        ProviderProblem::Away { .. } => [
            "The sign-in provider does not answer",
            "Nobody was signed in. Try again in a moment, or sign in with your password if you have one here. The fault is in the server's log under the id below.",
        ],
        ProviderProblem::Expired => [
            "This sign-in has expired",
            "It took too long, was finished already, or was begun in another browser. Begin again. If this stays, allow cookies for this site.",
        ],
        ProviderProblem::Declined => [
            "The provider has not signed you in",
            "You may have cancelled it there, or it took too long. Begin again, or ask whoever manages your account there.",
        ],
        ProviderProblem::Invalid { .. } => [
            "The provider's answer cannot be trusted",
            "Nobody was signed in. Ask an administrator of this server: the fault is in its log under the id below.",
        ],
        ProviderProblem::NoRole => [
            "You have no role here",
            "The provider knows you, but none of your groups there may use this server. Ask an administrator.",
        ],
        ProviderProblem::NoAccount { .. } => [
            "You have no account here",
            "The provider knows you, but no active account of this server belongs to you. Send an administrator the identifier below.",
        ],
    },
    provider_name: "Provider",
    subject: "Your identifier there",
    to_sign_in: "Sign in",
};

const KO: MessageWords = MessageWords {
    link_invalid: [
        "더 이상 사용할 수 없는 초대입니다",
        "이미 사용되었거나 취소 또는 만료되었습니다. 보낸 사람에게 새 초대를 요청해 주세요.",
    ],
    set_up_link_invalid: [
        "사용할 수 없는 링크입니다",
        "링크가 잘렸거나 서버가 다시 시작되기 전의 것입니다. 서버 로그에 지금 표시된 링크를 사용해 주세요.",
    ],
    already_set_up: [
        "Pulseboard가 이미 설정되어 있습니다",
        "첫 계정이 있으므로 이 링크는 더 이상 사용할 수 없습니다.",
    ],
    forbidden: "볼 수 있는 권한이 없습니다",
    forbidden_needs: |role| match role {
        Role::Viewer => "이 계정으로는 이 페이지를 볼 수 없습니다. 관리자에게 문의해 주세요.",
        Role::Operator => {
            "운영자와 관리자만 열 수 있는 페이지입니다. 필요하면 관리자에게 역할 변경을 요청해 주세요."
        }
        Role::Admin => "관리자만 열 수 있는 페이지입니다.",
    },
    unavailable: [
        "서버가 계정 정보에 접근할 수 없습니다",
        "접근할 수 있을 때까지 로그인할 수 없습니다. 자세한 내용은 서버 로그에서 아래 ID로 찾을 수 있습니다. 잠시 후 다시 시도해 주세요.",
    ],
    form_expired: [
        "양식이 만료되었습니다",
        "아무것도 변경되지 않았습니다. 뒤로 가서 페이지를 새로 고친 다음 다시 시도해 주세요. 계속되면 이 사이트의 쿠키를 허용해 주세요.",
    ],
    provider: |problem| match problem {
        ProviderProblem::Away { .. } => [
            "로그인 제공자가 응답하지 않습니다",
            "로그인되지 않았습니다. 잠시 후 다시 시도하거나, 이 서버의 비밀번호가 있다면 비밀번호로 로그인해 주세요. 자세한 내용은 서버 로그에서 아래 ID로 찾을 수 있습니다.",
        ],
        ProviderProblem::Expired => [
            "로그인이 만료되었습니다",
            "시간이 너무 오래 걸렸거나, 이미 끝났거나, 다른 브라우저에서 시작된 로그인입니다. 처음부터 다시 시도해 주세요. 계속되면 이 사이트의 쿠키를 허용해 주세요.",
        ],
        ProviderProblem::Declined => [
            "로그인 제공자가 로그인을 승인하지 않았습니다",
            "제공자 쪽에서 취소했거나 시간이 너무 오래 걸렸을 수 있습니다. 처음부터 다시 시도하거나 그곳의 계정 담당자에게 문의해 주세요.",
        ],
        ProviderProblem::Invalid { .. } => [
            "로그인 제공자의 응답을 신뢰할 수 없습니다",
            "로그인되지 않았습니다. 이 서버의 관리자에게 문의해 주세요. 자세한 내용은 서버 로그에서 아래 ID로 찾을 수 있습니다.",
        ],
        ProviderProblem::NoRole => [
            "이 서버에서 사용할 수 있는 역할이 없습니다",
            "제공자에서 확인되었지만, 속한 그룹 중 이 서버를 사용할 수 있는 그룹이 없습니다. 관리자에게 문의해 주세요.",
        ],
        ProviderProblem::NoAccount { .. } => [
            "이 서버에 계정이 없습니다",
            "제공자에서 확인되었지만, 이 서버에 연결된 활성 계정이 없습니다. 아래 식별자를 관리자에게 보내 주세요.",
        ],
    },
    provider_name: "제공자",
    subject: "제공자의 내 식별자",
    to_sign_in: "로그인",
};
