//! The team: accounts and invitations.

use common::{
    door::{INVITATION_DAYS, paths},
    role::Role,
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    done::PeopleDone,
    form::{
        asks_once, button, choose, copy_field, danger_button, done_box, fact, form, main_button, problem_box,
        row_id, section, shared, time,
    },
    problem::FormProblem,
    words::PeopleWords,
};

/// The page of accounts and invitations.
#[derive(Debug, Clone, Default)]
pub struct PeoplePage {
    /// Every account, in the order in which they are shown.
    pub people: Vec<PersonRow>,
    /// The invitations that can still be accepted.
    pub invitations: Vec<InvitationRow>,
    /// The link of the invitation that was just made: it is shown this once.
    pub new_link: Option<String>,
    /// The reason for which a form was not accepted.
    pub problem: Option<FormProblem>,
    /// The thing that was done.
    pub done: Option<PeopleDone>,
}

/// An account.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// True where it cannot sign in.
    pub is_disabled: bool,
    /// True for the account of this request.
    pub is_me: bool,
    /// The moment of its last request, Unix milliseconds.
    pub last_seen: Option<u64>,
    /// True where signing in takes a code.
    pub has_second_factor: bool,
}

/// An invitation that can still be accepted.
#[derive(Debug, Clone)]
pub struct InvitationRow {
    /// Its number.
    pub id: u64,
    /// The role that the account gets.
    pub role: Role,
    /// The name of whoever made it.
    pub created_by: String,
    /// The moment at which it was made, Unix milliseconds.
    pub created: u64,
    /// The moment from which it is refused, Unix milliseconds.
    pub expires: u64,
}

/// Renders the document at [`paths::PEOPLE`], by which every form of it is answered, too.
#[must_use]
pub fn people(context: &DoorContext, page: PeoplePage) -> String {
    let words = PeopleWords::of(context.language);
    let admins =
        page.people.iter().filter(|person| person.role == Role::Admin && !person.is_disabled).count();
    let rows: Vec<_> = page.people.into_iter().map(|one| person(context, one, admins)).collect();
    let body = view! {
        {page.done.map(|done| done_box((words.done)(done).to_owned()))}
        {problem_box(context, page.problem.as_ref())}
        {section(context, "accounts", words.accounts, None, view! { <ul class="rows">{rows}</ul> }.into_any())}
        {section(
            context,
            "invitations",
            words.invitations,
            None,
            invitations(context, page.invitations, page.new_link),
        )}
    };
    let (title, is_refused) = (shared(context).people, page.problem.is_some());
    document(context, DoorPage { title, is_refused, path: Some(paths::PEOPLE), body: body.into_any() })
}

fn person(context: &DoorContext, person: PersonRow, admins: usize) -> AnyView {
    let (words, shared) = (PeopleWords::of(context.language), shared(context));
    let is_last = admins == 1 && person.role == Role::Admin && !person.is_disabled;
    let me = person.is_me.then(|| view! { <span class="tag">{words.me}</span> });
    let disabled = person.is_disabled.then(|| view! { <span class="tag tag--off">{words.disabled}</span> });
    let factor = if person.has_second_factor { words.on } else { words.off };
    let last_seen = person.last_seen.map_or_else(|| shared.never.into_any(), time);
    // The choice of a role shows the present one.
    let role_fact = is_last.then(|| fact(words.role, (shared.role)(person.role).into_any()));
    let acts = if is_last {
        view! { <p class="field__hint">{words.last_admin}</p> }.into_any()
    } else {
        view! {
            {role(context, &person)}
            {if person.is_disabled { enable(context, &person) } else { disable(context, &person) }}
        }
        .into_any()
    };
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name">{person.name}</p>
                {me}
                {disabled}
            </div>
            <dl class="row__facts">
                {role_fact}
                {fact(words.second_factor, factor.into_any())}
                {fact(words.last_seen, last_seen)}
            </dl>
            <div class="row__act">{acts}</div>
        </li>
    }
    .into_any()
}

fn role(context: &DoorContext, person: &PersonRow) -> AnyView {
    let words = PeopleWords::of(context.language);
    let id = ["role-", &person.id.to_string()].concat();
    let fields = view! {
        {row_id(person.id)}
        {choose(id, "role", (words.role_of)(&person.name), false, roles(context, person.role, false))}
        {button(words.change_role, Some((words.change_role_of)(&person.name)))}
    };
    form(context, paths::PEOPLE_ROLE, "door__line", fields.into_any())
}

fn disable(context: &DoorContext, person: &PersonRow) -> AnyView {
    let (words, name) = (PeopleWords::of(context.language), person.name.as_str());
    let fields = view! { {row_id(person.id)} {danger_button(words.disable, Some((words.disable_of)(name)))} };
    let form = form(context, paths::PEOPLE_DISABLE, "door__act", fields.into_any());
    asks_once(words.disable_ask, (words.disable_ask_of)(name), (words.disable_loss)(name), form)
}

fn enable(context: &DoorContext, person: &PersonRow) -> AnyView {
    let words = PeopleWords::of(context.language);
    let fields = view! { {row_id(person.id)} {button(words.enable, Some((words.enable_of)(&person.name)))} };
    form(context, paths::PEOPLE_ENABLE, "door__act", fields.into_any())
}

/// The roles to choose from, with or without their rights.
fn roles(context: &DoorContext, chosen: Role, with_rights: bool) -> Vec<(String, String, bool)> {
    let shared = shared(context);
    let text = |role| match with_rights {
        true => [(shared.role)(role), ": ", (shared.role_may)(role)].concat(),
        false => (shared.role)(role).to_owned(),
    };
    Role::ALL.map(|role| (role.to_string(), text(role), role == chosen)).into()
}

fn invitations(context: &DoorContext, rows: Vec<InvitationRow>, new_link: Option<String>) -> AnyView {
    let (words, shared) = (PeopleWords::of(context.language), shared(context));
    let new_link = new_link.map(|link| {
        view! {
            <div class="door__secret" role="status">
                <p class="door__secret-title">{words.new_link}</p>
                {copy_field("new-link", words.link, words.shown_once, link)}
            </div>
        }
    });
    let list = if rows.is_empty() {
        view! { <p class="door__none">{words.no_invitations}</p> }.into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|one| invitation(context, one)).collect();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let days = INVITATION_DAYS.iter().enumerate();
    let days = days.map(|(index, days)| (days.to_string(), (shared.days)(*days), index == 0)).collect();
    let fields = view! {
        {choose("invitation-role".into(), "role", words.role.into(), true, roles(context, Role::Viewer, true))}
        {choose("invitation-days".into(), "days", words.valid_for.into(), true, days)}
        {main_button(words.invite_button)}
    };
    view! {
        <p class="field__hint">{words.invitations_hint}</p>
        {new_link}
        {list}
        <h3 class="door__sub">{words.invite}</h3>
        {form(context, paths::INVITATIONS_CREATE, "door__form", fields.into_any())}
    }
    .into_any()
}

fn invitation(context: &DoorContext, invitation: InvitationRow) -> AnyView {
    let (words, shared) = (PeopleWords::of(context.language), shared(context));
    let fields = view! { {row_id(invitation.id)} {danger_button(words.revoke, None)} };
    let revoke = form(context, paths::INVITATIONS_REVOKE, "door__act", fields.into_any());
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name">{(words.invitation_as)((shared.role)(invitation.role))}</p>
            </div>
            <dl class="row__facts">
                {fact(words.created_by, invitation.created_by.into_any())}
                {fact(words.created, time(invitation.created))}
                {fact(words.expires, time(invitation.expires))}
            </dl>
            <div class="row__act">
                {asks_once(words.revoke_ask, words.revoke_ask.to_owned(), words.revoke_loss.to_owned(), revoke)}
            </div>
        </li>
    }
    .into_any()
}
