//! Every document of the front door, in each of its states.

use app::{
    door::{
        AcceptInvitationPage, ApiAnswer, ApiField, ApiGroup, ApiOperation, ApiPage, ApiSchema, AuditFilter,
        AuditPage, AuditRow, AuditVerdict, DoorContext, DoorUser, FormProblem, InvitationRow, MessagePage,
        PeopleDone, PeoplePage, PersonRow, ProviderProblem, SecondFactorPage, SetUpPage, SignInPage,
        accept_invitation, api, audit, message, people, second_factor, set_up, sign_in,
    },
    i18n::Language,
};
use common::role::Role;
use leptos::prelude::LeptosOptions;

use crate::{
    account_samples::{accounts, question},
    dashboard_samples::all_dashboards,
    host_samples::all_hosts,
    notice_samples::all_notices,
    source_samples::all_sources,
};

/// A name that would break out of a text or an attribute that is not escaped.
pub(crate) const HOSTILE: &str = "<b>&\"'</title><script>";

const MOMENT: u64 = 1_795_938_227_000;
const HOUR: u64 = 3_600_000;

pub(crate) fn context(language: Language, role: Option<Role>, name: &str) -> DoorContext {
    let user = role.map(|role| DoorUser { name: name.to_owned(), role });
    let site = LeptosOptions::builder().output_name("pulseboard").build();
    let document = user.is_none().then(|| "/sign-in?next=%2Flab".to_owned());
    DoorContext { site, base: String::new(), language, theme: None, csrf: "the-token".into(), document, user }
}

/// Every document with its name, for a reader who bears this name.
pub(crate) fn documents(language: Language, name: &str) -> Vec<(&'static str, String)> {
    let out = context(language, None, "");
    let admin = context(language, Some(Role::Admin), name);
    let mut documents = entry(&out, name);
    documents.extend(accounts(&admin, name));
    documents.extend(teams(&admin, name));
    documents.extend(all_notices(&admin, name));
    documents.extend(all_hosts(&admin, name));
    documents.extend(all_sources(&admin, name));
    documents.extend(all_dashboards(&admin, name));
    let needs = Role::Admin;
    documents.extend([
        ("message-invitation", message(&out, MessagePage::InvitationInvalid)),
        ("message-set-up-link", message(&out, MessagePage::SetUpLinkInvalid)),
        ("message-set-up-done", message(&out, MessagePage::AlreadySetUp)),
        ("message-forbidden", message(&admin, MessagePage::Forbidden { needs })),
        ("message-store", message(&out, MessagePage::StoreUnavailable { id: "503-14:03-1".into() })),
        ("api", api(&admin, api_page(name))),
        ("api-out", api(&out, api_page(name))),
        ("message-form", message(&out, MessagePage::FormExpired)),
    ]);
    let id = "502-14:03-1".to_owned();
    let subject = name.to_owned();
    let problems = [
        ("message-provider-away", ProviderProblem::Away { id: id.clone() }),
        ("message-provider-expired", ProviderProblem::Expired),
        ("message-provider-refused", ProviderProblem::Declined),
        ("message-provider-invalid", ProviderProblem::Invalid { id }),
        ("message-provider-role", ProviderProblem::NoRole),
        ("message-provider-account", ProviderProblem::NoAccount { subject }),
    ];
    documents.extend(problems.map(|(document, problem)| {
        (document, message(&out, MessagePage::Provider { name: name.to_owned(), problem }))
    }));
    documents
}

/// An operation of each sort, with everything that there can be.
fn api_page(name: &str) -> ApiPage {
    let field = |name: &str, place: &str, is_required| ApiField {
        name: name.into(),
        place: place.into(),
        shape: "list of [Host] or null".into(),
        is_required,
        description: "As `id` says, see [Host].\n\nMore of it.".into(),
    };
    let operation = |id: &str, role, scopes: &[&str]| ApiOperation {
        id: id.into(),
        method: "POST".into(),
        path: "/api/v1/hosts/{id}".into(),
        summary: ["Change ", name].concat(),
        description: "It is done.".into(),
        role,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        parameters: vec![
            field("id", "path", true),
            field("limit", "query", false),
            field("key", "header", false),
        ],
        body: Some("[Host]".into()),
        answers: vec![
            ApiAnswer { status: "200".into(), shape: "[Host]".into(), description: "Done.".into() },
            ApiAnswer { status: "204".into(), ..ApiAnswer::default() },
        ],
        curl: r#"curl -H "Authorization: Bearer $TOKEN" "https://board.example/api/v1/hosts/local""#.into(),
    };
    let operations = vec![
        operation("changeHost", Some(Role::Operator), &["publish:custom/*", "agent"]),
        operation("changeAll", Some(Role::Admin), &[]),
        operation("changeNothing", None, &[]),
    ];
    let hosts = ApiGroup { name: "hosts".into(), description: "Machines.".into(), operations };
    let host = ApiSchema {
        name: "Host".into(),
        shape: String::new(),
        description: "A machine.".into(),
        fields: vec![field("id", "", true), field("note", "", false)],
    };
    let text = ApiSchema { name: "Text".into(), shape: "string".into(), ..ApiSchema::default() };
    ApiPage { groups: vec![hosts], schemas: vec![host, text] }
}

fn entry(context: &DoorContext, name: &str) -> Vec<(&'static str, String)> {
    let set_up_page =
        |name: &str, problem| SetUpPage { link_token: "secret".into(), name: name.into(), problem };
    let sign_in_page = |name: &str, problem| SignInPage {
        name: name.into(),
        next: Some("/lab?a=1&b=2".into()),
        provider: (!name.is_empty()).then(|| name.into()),
        passkey: Some(question(name)),
        problem,
    };
    let invitation = |role, name: &str, problem| AcceptInvitationPage {
        link_token: "secret".into(),
        role,
        invited_by: name.to_owned(),
        expires: MOMENT,
        name: name.to_owned(),
        problem,
    };
    let wait = FormProblem::TooManyAttempts { retry_after_s: 90 };
    let code = |is_recovery, problem| SecondFactorPage { next: Some("/".into()), is_recovery, problem };
    vec![
        ("set-up", set_up(context, set_up_page("", None))),
        ("set-up-short", set_up(context, set_up_page(name, Some(FormProblem::PasswordTooShort)))),
        ("sign-in", sign_in(context, sign_in_page("", None))),
        ("sign-in-wrong", sign_in(context, sign_in_page(name, Some(FormProblem::WrongCredentials)))),
        ("sign-in-wait", sign_in(context, sign_in_page(name, Some(wait)))),
        ("sign-in-ended", sign_in(context, sign_in_page("", Some(FormProblem::SessionEnded)))),
        ("second-factor", second_factor(context, code(false, None))),
        ("second-factor-wrong", second_factor(context, code(false, Some(FormProblem::WrongCode)))),
        ("recovery-wrong", second_factor(context, code(true, Some(FormProblem::WrongCode)))),
        ("invitation", accept_invitation(context, invitation(Role::Operator, name, None))),
        (
            "invitation-differ",
            accept_invitation(context, invitation(Role::Admin, name, Some(FormProblem::PasswordsDiffer))),
        ),
    ]
}

fn teams(context: &DoorContext, name: &str) -> Vec<(&'static str, String)> {
    let verdict = |broken_at| Some(AuditVerdict { pruned: 96, entries: 1204, broken_at });
    let filter = AuditFilter { actor: name.to_owned(), action: "session.create".into(), before: Some(99) };
    vec![
        ("people", people(context, people_page(name))),
        ("people-two-admins", people(context, two_admins(name))),
        (
            "people-link",
            people(
                context,
                PeoplePage {
                    new_link: Some(
                        "https://board.example/invitation?link=Zk3Rw8LqN5vT1yXc7BdMf2HsJ9pGaEoU".into(),
                    ),
                    done: Some(PeopleDone::InvitationCreated),
                    ..people_page(name)
                },
            ),
        ),
        (
            "people-last-admin",
            people(
                context,
                PeoplePage {
                    problem: Some(FormProblem::LastAdmin),
                    invitations: Vec::new(),
                    ..people_page(name)
                },
            ),
        ),
        ("audit", audit(context, AuditPage { verdict: verdict(None), ..audit_page(name) })),
        (
            "audit-broken",
            audit(context, AuditPage { filter, verdict: verdict(Some(812)), ..audit_page(name) }),
        ),
        ("audit-empty", audit(context, AuditPage::default())),
    ]
}

pub(crate) fn people_page(name: &str) -> PeoplePage {
    let person = |id, name: &str, role, is_disabled, is_me| PersonRow {
        id,
        name: name.to_owned(),
        role,
        is_disabled,
        is_me,
        last_seen: (id != 3).then_some(MOMENT - id * HOUR),
        has_second_factor: id == 1,
    };
    PeoplePage {
        people: vec![
            person(1, name, Role::Admin, false, true),
            person(2, "김서연", Role::Operator, false, false),
            person(3, "night-shift@operations.example.org", Role::Viewer, false, false),
            person(4, "former", Role::Admin, true, false),
        ],
        invitations: vec![InvitationRow {
            id: 31,
            role: Role::Viewer,
            created_by: name.to_owned(),
            created: MOMENT - 4 * HOUR,
            expires: MOMENT + 164 * HOUR,
        }],
        ..PeoplePage::default()
    }
}

pub(crate) fn two_admins(name: &str) -> PeoplePage {
    let mut page = people_page(name);
    for person in &mut page.people {
        person.is_disabled = false;
    }
    page
}

fn audit_page(name: &str) -> AuditPage {
    let row = |id, actor: &str, action: &str, object: &str, address: &str, detail: &str| AuditRow {
        id,
        at: MOMENT - (2000 - id) * HOUR,
        actor: actor.to_owned(),
        action: action.to_owned(),
        object: object.to_owned(),
        address: address.to_owned(),
        detail: detail.to_owned(),
    };
    AuditPage {
        entries: vec![
            row(1204, name, "user.role", "김서연", "192.0.2.17", "viewer → operator"),
            row(1203, name, "invitation.create", "31", "2001:db8:85a3::8a2e:370:7334", ""),
            row(1202, "", "session.refuse", name, "198.51.100.4", "wrong password"),
            row(1201, "김서연", "token.create", "ci-deploy", "192.0.2.20", "publish:custom/*"),
            row(1200, "operator token", "publish", "", "", ""),
        ],
        actions: ["invitation.create", "token.create", "user.role"].map(str::to_owned).into(),
        next_before: Some(1200),
        ..AuditPage::default()
    }
}
