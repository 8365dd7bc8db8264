//! The REST API: each operation with its parameters, body and answers, and a line for curl. The API's own words are English.

use common::{door::paths, role::Role};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    form::{fact, shared},
    words::ApiWords,
};

/// The page of the REST API.
///
/// Descriptions are plain text in which code stands between backticks. Types are written so, too, and the name of a schema between
/// brackets: it becomes a link.
#[derive(Debug, Clone, Default)]
pub struct ApiPage {
    /// The operations, by what they are about.
    pub groups: Vec<ApiGroup>,
    /// The schemas of bodies and answers.
    pub schemas: Vec<ApiSchema>,
}

/// The operations that belong together.
#[derive(Debug, Clone, Default)]
pub struct ApiGroup {
    /// Its name.
    pub name: String,
    /// Says what it is about.
    pub description: String,
    /// Its operations.
    pub operations: Vec<ApiOperation>,
}

/// A method at an address.
#[derive(Debug, Clone, Default)]
pub struct ApiOperation {
    /// Its name in generated programs, and the fragment of the page's address.
    pub id: String,
    /// The method.
    pub method: String,
    /// The address, with the names of its variable segments in braces.
    pub path: String,
    /// Says in a few words what it does.
    pub summary: String,
    /// Says more; may be empty.
    pub description: String,
    /// The least role; none where nobody has to sign in.
    pub role: Option<Role>,
    /// Scopes of which a token needs one; none where no token reaches so far.
    pub scopes: Vec<String>,
    /// Its parameters.
    pub parameters: Vec<ApiField>,
    /// The type of its body.
    pub body: Option<String>,
    /// Its answers.
    pub answers: Vec<ApiAnswer>,
    /// A line for curl.
    pub curl: String,
}

/// A parameter, or a field of a schema.
#[derive(Debug, Clone, Default)]
pub struct ApiField {
    /// Its name.
    pub name: String,
    /// The part of the request in which it stands, as OpenAPI says it; empty for a field.
    pub place: String,
    /// Its type.
    pub shape: String,
    /// It may not be left out.
    pub is_required: bool,
    /// Says what it is; may be empty.
    pub description: String,
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct ApiAnswer {
    /// The status.
    pub status: String,
    /// The type of the body; empty for none.
    pub shape: String,
    /// Says when it comes.
    pub description: String,
}

/// The schema of a body or an answer.
#[derive(Debug, Clone, Default)]
pub struct ApiSchema {
    /// Its name.
    pub name: String,
    /// Its type, where it is no object of fields; empty otherwise.
    pub shape: String,
    /// Says what it is; may be empty.
    pub description: String,
    /// Its fields.
    pub fields: Vec<ApiField>,
}

/// Renders the document at [`paths::API`].
#[must_use]
pub fn api(context: &DoorContext, page: ApiPage) -> String {
    let words = ApiWords::of(context.language);
    let contents: Vec<_> = page.groups.iter().map(contents_of).collect();
    let groups: Vec<_> = page.groups.into_iter().map(|all| group(context, all)).collect();
    let schemas: Vec<_> = page.schemas.into_iter().map(|one| schema(context, one)).collect();
    let body = view! {
        <p class="door__lead">{words.lead}</p>
        <p>
            <a class="door__export" href=context.href(paths::API_DOCUMENT)>
                {words.document}
            </a>
        </p>
        <nav class="api__contents" aria-label=words.contents>
            <ul lang="en">{contents}</ul>
        </nav>
        {groups}
        <section class="api__group" aria-labelledby="schemas">
            <h2 id="schemas">{words.schemas}</h2>
            {schemas}
        </section>
    };
    let page = DoorPage {
        title: shared(context).api,
        is_refused: false,
        path: Some(paths::API),
        body: body.into_any(),
    };
    document(context, page)
}

fn contents_of(group: &ApiGroup) -> AnyView {
    let link = |one: &ApiOperation| {
        let (address, text) = (["#", &one.id].concat(), one.summary.clone());
        view! { <li><a href=address>{text}</a></li> }
    };
    let links: Vec<_> = group.operations.iter().map(link).collect();
    view! {
        <li>
            <span class="api__name">{group.name.clone()}</span>
            <ul>{links}</ul>
        </li>
    }
    .into_any()
}

fn group(context: &DoorContext, group: ApiGroup) -> AnyView {
    let heading = ["group-", &group.name].concat();
    let operations: Vec<_> = group.operations.into_iter().map(|one| operation(context, one)).collect();
    view! {
        <section class="api__group" aria-labelledby=heading>
            <h2 id=heading.clone() lang="en">
                {group.name}
            </h2>
            <p class="door__lead" lang="en">
                {group.description}
            </p>
            {operations}
        </section>
    }
    .into_any()
}

fn operation(context: &DoorContext, one: ApiOperation) -> AnyView {
    let words = ApiWords::of(context.language);
    let heading = [&*one.id, "-title"].concat();
    let role = one.role.map_or(words.everyone, words.role_or_higher);
    let scopes: Vec<_> = one.scopes.into_iter().map(|scope| view! { <code>{scope}</code> " " }).collect();
    let token = match (one.role, scopes.is_empty()) {
        (None, _) => None,
        (Some(_), true) => Some(words.no_token.into_any()),
        (Some(_), false) => Some(scopes.into_any()),
    };
    let token = token.map(|token| fact(words.scope, token));
    let body = one.body.map(|shape| {
        view! {
            <p class="api__label">{words.body}</p>
            <p class="api__shape" lang="en">{rich(&shape)}</p>
        }
    });
    let answer = |one: ApiAnswer| term(one.status, &one.shape, Vec::new(), &one.description);
    let answers: Vec<_> = one.answers.into_iter().map(answer).collect();
    view! {
        <article class="card door__section" id=one.id aria-labelledby=heading>
            <h3 id=heading.clone() lang="en">
                {one.summary}
            </h3>
            <p class="api__address">
                <code>{[&*one.method, " ", &one.path].concat()}</code>
            </p>
            {paragraphs(&one.description)}
            <dl class="row__facts">
                {fact(words.role, role.into_any())}
                {token}
            </dl>
            {terms(words.parameters, one.parameters.into_iter().map(|one| field(context, one)).collect())}
            {body}
            {terms(words.answers, answers)}
            <p class="api__label">curl</p>
            <pre class="api__curl"><code>{one.curl}</code></pre>
        </article>
    }
    .into_any()
}

fn schema(context: &DoorContext, one: ApiSchema) -> AnyView {
    let id = schema_id(&one.name);
    let heading = [&*id, "-title"].concat();
    let shape =
        (!one.shape.is_empty()).then(|| view! { <p class="api__shape" lang="en">{rich(&one.shape)}</p> });
    let fields: Vec<_> = one.fields.into_iter().map(|one| field(context, one)).collect();
    let fields = (!fields.is_empty()).then(|| view! { <dl class="api__terms">{fields}</dl> });
    view! {
        <article class="card door__section" id=id aria-labelledby=heading>
            <h3 id=heading.clone() lang="en">
                {one.name}
            </h3>
            {paragraphs(&one.description)}
            {shape}
            {fields}
        </article>
    }
    .into_any()
}

fn field(context: &DoorContext, one: ApiField) -> AnyView {
    let words = ApiWords::of(context.language);
    let place = match &*one.place {
        "path" => words.in_path,
        "query" => words.in_query,
        "header" => words.in_header,
        _ => "",
    };
    let optional = if one.is_required { "" } else { words.optional };
    let notes = [place, optional].into_iter().filter(|note| !note.is_empty());
    term(one.name, &one.shape, notes.collect(), &one.description)
}

/// A named thing with its type and notes beside it, and its description below.
fn term(name: String, shape: &str, notes: Vec<&'static str>, description: &str) -> AnyView {
    let shape = (!shape.is_empty()).then(|| view! { <span class="api__mark" lang="en">{rich(shape)}</span> });
    let notes: Vec<_> =
        notes.into_iter().map(|note| view! { <span class="api__mark">{note}</span> }).collect();
    view! {
        <div>
            <dt>
                <code>{name}</code>
                {shape}
                {notes}
            </dt>
            <dd>{paragraphs(description)}</dd>
        </div>
    }
    .into_any()
}

fn terms(title: &'static str, terms: Vec<AnyView>) -> Option<AnyView> {
    if terms.is_empty() {
        return None;
    }
    let view = view! {
        <p class="api__label">{title}</p>
        <dl class="api__terms">{terms}</dl>
    };
    Some(view.into_any())
}

fn schema_id(name: &str) -> String {
    ["type-", name].concat()
}

fn paragraphs(text: &str) -> Vec<AnyView> {
    let all = text.split("\n\n").filter(|paragraph| !paragraph.is_empty());
    all.map(|paragraph| view! { <p lang="en">{rich(paragraph)}</p> }.into_any()).collect()
}

/// Makes code of what stands between backticks, and a link of a schema's name between brackets.
fn rich(text: &str) -> Vec<AnyView> {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts
        .flat_map(|(index, part)| match index % 2 {
            1 => vec![view! { <code>{part.to_owned()}</code> }.into_any()],
            _ => linked(part),
        })
        .collect()
}

fn linked(text: &str) -> Vec<AnyView> {
    let mut views = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('[') {
        let Some((name, after)) = behind.split_once(']') else { break };
        let (address, name) = (["#", &schema_id(name)].concat(), name.to_owned());
        views.push(before.to_owned().into_any());
        views.push(view! { <a href=address>{name}</a> }.into_any());
        rest = after;
    }
    views.push(rest.to_owned().into_any());
    views
}
