//! The texts of accounts and invitations.

use crate::{door::done::PeopleDone, i18n::document_words};

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct PeopleWords {
    /// Says what was done.
    pub(in crate::door) done: fn(PeopleDone) -> &'static str,
    /// Heading.
    pub(in crate::door) accounts: &'static str,
    /// Marks the reader's own account.
    pub(in crate::door) me: &'static str,
    /// Marks a disabled account.
    pub(in crate::door) disabled: &'static str,
    /// Fact.
    pub(in crate::door) last_seen: &'static str,
    /// Fact.
    pub(in crate::door) second_factor: &'static str,
    /// State.
    pub(in crate::door) on: &'static str,
    /// State.
    pub(in crate::door) off: &'static str,
    /// Fact.
    pub(in crate::door) role: &'static str,
    /// Field's name, from the account's.
    pub(in crate::door) role_of: fn(&str) -> String,
    /// Button.
    pub(in crate::door) change_role: &'static str,
    /// Button's name, from the account's.
    pub(in crate::door) change_role_of: fn(&str) -> String,
    /// Says why the last administrator cannot be changed.
    pub(in crate::door) last_admin: &'static str,
    /// Opens the question.
    pub(in crate::door) disable_ask: &'static str,
    /// Its name, from the account's.
    pub(in crate::door) disable_ask_of: fn(&str) -> String,
    /// Says what is lost, from the account's name.
    pub(in crate::door) disable_loss: fn(&str) -> String,
    /// Button, from the account's name.
    pub(in crate::door) disable: &'static str,
    /// Its name, from the account's.
    pub(in crate::door) disable_of: fn(&str) -> String,
    /// Button.
    pub(in crate::door) enable: &'static str,
    /// Its name, from the account's.
    pub(in crate::door) enable_of: fn(&str) -> String,
    /// Heading.
    pub(in crate::door) invitations: &'static str,
    /// Says what an invitation is.
    pub(in crate::door) invitations_hint: &'static str,
    /// There are none.
    pub(in crate::door) no_invitations: &'static str,
    /// Title.
    pub(in crate::door) new_link: &'static str,
    /// Field.
    pub(in crate::door) link: &'static str,
    /// Says that it cannot be shown again.
    pub(in crate::door) shown_once: &'static str,
    /// Names an invitation, from the name of its role.
    pub(in crate::door) invitation_as: fn(&str) -> String,
    /// Fact.
    pub(in crate::door) created_by: &'static str,
    /// Fact.
    pub(in crate::door) created: &'static str,
    /// Fact.
    pub(in crate::door) expires: &'static str,
    /// Opens the question.
    pub(in crate::door) revoke_ask: &'static str,
    /// Says what is lost.
    pub(in crate::door) revoke_loss: &'static str,
    /// Button.
    pub(in crate::door) revoke: &'static str,
    /// Field.
    pub(in crate::door) valid_for: &'static str,
    /// Heading of the form.
    pub(in crate::door) invite: &'static str,
    /// Button.
    pub(in crate::door) invite_button: &'static str,
}

document_words!(PeopleWords, EN, KO);

const EN: PeopleWords = PeopleWords {
    done: |done| match done {
        PeopleDone::RoleChanged => "The role is changed. It holds at once, for open pages too.",
        PeopleDone::Disabled => {
            "The account is disabled. Its sessions have ended, and its tokens are refused."
        }
        PeopleDone::Enabled => "The account is enabled. It can sign in again.",
        PeopleDone::InvitationCreated => "The invitation is ready. Copy its link now.",
        PeopleDone::InvitationRevoked => "The invitation is revoked. Its link no longer works.",
    },
    accounts: "Accounts",
    me: "You",
    disabled: "Disabled",
    last_seen: "Last seen",
    second_factor: "Second factor",
    on: "on",
    off: "off",
    role: "Role",
    role_of: |name| ["Role of ", name].concat(),
    change_role: "Change role",
    change_role_of: |name| ["Change role of ", name].concat(),
    last_admin: "The only active administrator. To change this account, make someone else an administrator first.",
    disable_ask: "Disable…",
    disable_ask_of: |name| ["Disable… ", name].concat(),
    disable_loss: |name| {
        [
            name,
            " is signed out everywhere at once, and the account's tokens are refused. What was written stays. You can enable the account again.",
        ]
        .concat()
    },
    disable: "Disable account",
    disable_of: |name| ["Disable account ", name].concat(),
    enable: "Enable",
    enable_of: |name| ["Enable ", name].concat(),
    invitations: "Invitations",
    invitations_hint: "An invitation is a link that makes one account. Send it to one person only.",
    no_invitations: "No open invitations.",
    new_link: "The new invitation",
    link: "Link",
    shown_once: "Copy it now: it is not shown again, and works once.",
    invitation_as: |role| ["Invitation as ", role].concat(),
    created_by: "Created by",
    created: "Created",
    expires: "Expires",
    revoke_ask: "Revoke…",
    revoke_loss: "The link stops working at once. Whoever has it needs a new one.",
    revoke: "Revoke invitation",
    valid_for: "Valid for",
    invite: "Invite someone",
    invite_button: "Create invitation",
};

const KO: PeopleWords = PeopleWords {
    done: |done| match done {
        PeopleDone::RoleChanged => "역할을 변경했습니다. 열려 있는 페이지에도 바로 적용됩니다.",
        PeopleDone::Disabled => "계정을 비활성화했습니다. 모든 세션이 종료되었고 토큰은 거부됩니다.",
        PeopleDone::Enabled => "계정을 활성화했습니다. 다시 로그인할 수 있습니다.",
        PeopleDone::InvitationCreated => "초대를 만들었습니다. 지금 링크를 복사해 주세요.",
        PeopleDone::InvitationRevoked => "초대를 취소했습니다. 링크를 더 이상 사용할 수 없습니다.",
    },
    accounts: "계정",
    me: "나",
    disabled: "비활성",
    last_seen: "최근 접속",
    second_factor: "2단계 인증",
    on: "켜짐",
    off: "꺼짐",
    role: "역할",
    role_of: |name| [name, "의 역할"].concat(),
    change_role: "역할 변경",
    change_role_of: |name| ["역할 변경: ", name].concat(),
    last_admin: "유일한 활성 관리자입니다. 이 계정을 변경하려면 먼저 다른 사용자를 관리자로 지정해 주세요.",
    disable_ask: "비활성화…",
    disable_ask_of: |name| ["비활성화… ", name].concat(),
    disable_loss: |name| {
        [
            name,
            " 계정이 모든 곳에서 바로 로그아웃되고 토큰은 거부됩니다. 작성한 내용은 남으며, 나중에 다시 활성화할 수 있습니다.",
        ]
        .concat()
    },
    disable: "계정 비활성화",
    disable_of: |name| ["계정 비활성화 ", name].concat(),
    enable: "활성화",
    enable_of: |name| ["활성화 ", name].concat(),
    invitations: "초대",
    invitations_hint: "초대 링크 하나로 계정 하나를 만들 수 있습니다. 한 사람에게만 보내 주세요.",
    no_invitations: "열려 있는 초대가 없습니다.",
    new_link: "새 초대",
    link: "링크",
    shown_once: "다시 표시되지 않으니 지금 복사해 주세요. 한 번만 사용할 수 있습니다.",
    invitation_as: |role| ["초대: ", role].concat(),
    created_by: "만든 사람",
    created: "생성",
    expires: "만료",
    revoke_ask: "취소…",
    revoke_loss: "링크를 바로 사용할 수 없게 됩니다. 링크를 받은 사람에게는 새 초대가 필요합니다.",
    revoke: "초대 취소",
    valid_for: "유효 기간",
    invite: "사용자 초대",
    invite_button: "초대 만들기",
};
