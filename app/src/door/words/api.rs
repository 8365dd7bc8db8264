//! The texts of the page of the REST API.

use common::role::Role;

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct ApiWords {
    /// Says what the page holds.
    pub(in crate::door) lead: &'static str,
    /// Link.
    pub(in crate::door) document: &'static str,
    /// Names the contents.
    pub(in crate::door) contents: &'static str,
    /// Fact.
    pub(in crate::door) role: &'static str,
    /// A role and those above it.
    pub(in crate::door) role_or_higher: fn(Role) -> &'static str,
    /// Nobody has to sign in.
    pub(in crate::door) everyone: &'static str,
    /// Fact.
    pub(in crate::door) scope: &'static str,
    /// No token will do.
    pub(in crate::door) no_token: &'static str,
    /// Heading.
    pub(in crate::door) parameters: &'static str,
    /// Heading.
    pub(in crate::door) body: &'static str,
    /// Heading.
    pub(in crate::door) answers: &'static str,
    /// Heading.
    pub(in crate::door) schemas: &'static str,
    /// A parameter that is a part of the address.
    pub(in crate::door) in_path: &'static str,
    /// A parameter of the query.
    pub(in crate::door) in_query: &'static str,
    /// A parameter that is a header.
    pub(in crate::door) in_header: &'static str,
    /// It may be left out.
    pub(in crate::door) optional: &'static str,
}

document_words!(ApiWords, EN, KO);

const EN: ApiWords = ApiWords {
    lead: "Everything that programs can ask this server for over HTTP. Make a token on the account page and send it with each request.",
    document: "OpenAPI document",
    contents: "Contents",
    role: "Role",
    role_or_higher: |role| match role {
        Role::Viewer => "Viewer or higher",
        Role::Operator => "Operator or higher",
        Role::Admin => "Administrator",
    },
    everyone: "No sign-in needed",
    scope: "Token scope",
    no_token: "Tokens cannot do this; sign in",
    parameters: "Parameters",
    body: "Body",
    answers: "Answers",
    schemas: "Types",
    in_path: "in the address",
    in_query: "query",
    in_header: "header",
    optional: "optional",
};

const KO: ApiWords = ApiWords {
    lead: "프로그램이 HTTP로 이 서버에 요청할 수 있는 모든 기능입니다. 계정 페이지에서 토큰을 만들어 요청마다 함께 보내 주세요. API 설명은 영어로 제공됩니다.",
    document: "OpenAPI 문서",
    contents: "목차",
    role: "역할",
    role_or_higher: |role| match role {
        Role::Viewer => "뷰어 이상",
        Role::Operator => "운영자 이상",
        Role::Admin => "관리자",
    },
    everyone: "로그인 필요 없음",
    scope: "토큰 범위",
    no_token: "토큰으로는 사용할 수 없으며 로그인이 필요합니다",
    parameters: "매개변수",
    body: "본문",
    answers: "응답",
    schemas: "타입",
    in_path: "주소",
    in_query: "쿼리",
    in_header: "헤더",
    optional: "선택",
};
