//! The texts of the documents by which one comes in: set-up, invitation, sign-in, second factor.

use common::role::Role;

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct EntryWords {
    /// Heading.
    pub(in crate::door) set_up: &'static str,
    /// Says which account it makes.
    pub(in crate::door) set_up_lead: &'static str,
    /// Says what happens afterwards.
    pub(in crate::door) set_up_then: &'static str,
    /// Button.
    pub(in crate::door) set_up_button: &'static str,
    /// Heading.
    pub(in crate::door) accept: &'static str,
    /// Says who invites, and to which role.
    pub(in crate::door) invited: fn(&str, Role) -> String,
    /// Stands before the moment at which a link ends.
    pub(in crate::door) link_until: &'static str,
    /// Button.
    pub(in crate::door) accept_button: &'static str,
    /// Heading.
    pub(in crate::door) sign_in: &'static str,
    /// Button.
    pub(in crate::door) sign_in_button: &'static str,
    /// Link, from the provider's name.
    pub(in crate::door) at_provider: fn(&str) -> String,
    /// Button.
    pub(in crate::door) by_passkey: &'static str,
    /// Says that the browser gave no answer.
    pub(in crate::door) no_passkey: &'static str,
    /// Advises who cannot sign in.
    pub(in crate::door) forgotten: &'static str,
    /// Field.
    pub(in crate::door) name: &'static str,
    /// Says how the name is used.
    pub(in crate::door) name_hint: &'static str,
    /// Field.
    pub(in crate::door) password: &'static str,
    /// Says how long it has to be.
    pub(in crate::door) password_hint: fn(usize) -> String,
    /// Field.
    pub(in crate::door) password_again: &'static str,
    /// Heading.
    pub(in crate::door) second_factor: &'static str,
    /// Field.
    pub(in crate::door) code: &'static str,
    /// Says where the code is found.
    pub(in crate::door) code_hint: &'static str,
    /// Button.
    pub(in crate::door) confirm_button: &'static str,
    /// Opens the form for a recovery code.
    pub(in crate::door) recovery: &'static str,
    /// Says what a recovery code is.
    pub(in crate::door) recovery_hint: &'static str,
    /// Field.
    pub(in crate::door) recovery_code: &'static str,
    /// Button.
    pub(in crate::door) recovery_button: &'static str,
    /// Says above a page that whoever has not signed in sees a part.
    pub(in crate::door) wall_display: &'static str,
    /// Link back to name and password.
    pub(in crate::door) other_account: &'static str,
}

document_words!(EntryWords, EN, KO);

const EN: EntryWords = EntryWords {
    set_up: "Set up Pulseboard",
    set_up_lead: "Create the first account. It is an administrator: it can invite others and manage their accounts.",
    set_up_then: "From then on, everyone has to sign in.",
    set_up_button: "Create account",
    accept: "Accept the invitation",
    invited: |by, role| {
        let role = match role {
            Role::Viewer => "a viewer: you can see everything and chat.",
            Role::Operator => "an operator: you can see everything, chat, publish and manage connections.",
            Role::Admin => "an administrator: you can do everything, including managing people.",
        };
        [by, " has invited you as ", role].concat()
    },
    link_until: "The link works until",
    accept_button: "Create account",
    sign_in: "Sign in",
    sign_in_button: "Sign in",
    at_provider: |name| ["Sign in with ", name].concat(),
    by_passkey: "Sign in with a passkey",
    no_passkey: "The browser gave no passkey: it was cancelled, or took too long. Try again.",
    forgotten: "Forgot your password, or have no account? Ask an administrator of this server.",
    name: "Name",
    name_hint: "You sign in with it, and others see it.",
    password: "Password",
    password_hint: |least| {
        ["At least ", &least.to_string(), " characters. Several words are easy to remember."].concat()
    },
    password_again: "Password again",
    second_factor: "Enter your code",
    code: "Six-digit code",
    code_hint: "Your authenticator app shows it.",
    confirm_button: "Sign in",
    recovery: "Use a recovery code instead",
    recovery_hint: "One of the codes that you saved when you turned on the second factor. Each works once.",
    recovery_code: "Recovery code",
    recovery_button: "Sign in with recovery code",
    wall_display: "You are not signed in: this is what everyone may see.",
    other_account: "Sign in to another account",
};

const KO: EntryWords = EntryWords {
    set_up: "Pulseboard 시작하기",
    set_up_lead: "첫 계정을 만듭니다. 이 계정은 관리자로, 다른 사용자를 초대하고 계정을 관리할 수 있습니다.",
    set_up_then: "계정을 만들면 모든 사용자가 로그인해야 합니다.",
    set_up_button: "계정 만들기",
    accept: "초대 수락",
    invited: |by, role| {
        let role = match role {
            Role::Viewer => "뷰어로 초대했습니다. 모든 내용을 보고 채팅할 수 있습니다.",
            Role::Operator => {
                "운영자로 초대했습니다. 모든 내용을 보고 채팅하며, 메시지를 전송하고 연결을 관리할 수 있습니다."
            }
            Role::Admin => "관리자로 초대했습니다. 사용자 관리를 포함한 모든 작업을 할 수 있습니다.",
        };
        [by, " 님이 ", role].concat()
    },
    link_until: "링크 유효 기한:",
    accept_button: "계정 만들기",
    sign_in: "로그인",
    sign_in_button: "로그인",
    at_provider: |name| [name, "(으)로 로그인"].concat(),
    by_passkey: "패스키로 로그인",
    no_passkey: "브라우저에서 패스키를 받지 못했습니다. 취소되었거나 시간이 초과되었습니다. 다시 시도해 주세요.",
    forgotten: "비밀번호를 잊었거나 계정이 없다면 이 서버의 관리자에게 문의해 주세요.",
    name: "이름",
    name_hint: "로그인할 때 사용하며, 다른 사용자에게도 보입니다.",
    password: "비밀번호",
    password_hint: |least| [&least.to_string(), "자 이상. 여러 단어를 이어 쓰면 기억하기 쉽습니다."].concat(),
    password_again: "비밀번호 확인",
    second_factor: "인증 코드 입력",
    code: "6자리 코드",
    code_hint: "인증 앱에 표시됩니다.",
    confirm_button: "로그인",
    recovery: "복구 코드 사용하기",
    recovery_hint: "2단계 인증을 켤 때 저장해 둔 코드 중 하나입니다. 코드마다 한 번만 사용할 수 있습니다.",
    recovery_code: "복구 코드",
    recovery_button: "복구 코드로 로그인",
    wall_display: "로그인하지 않았습니다. 누구나 볼 수 있는 내용만 표시됩니다.",
    other_account: "다른 계정으로 로그인",
};
