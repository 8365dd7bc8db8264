//! The list of dashboards, and the forms by which one is made, imported, removed or shown on a wall.

use common::door::paths;
use leptos::prelude::*;

use super::view::DashboardView;
use crate::{
    door::{
        context::DoorContext,
        document::{DoorPage, document},
        field::Field,
        form::{
            asks_once, danger_button, done_box, fact, form, hidden, main_button, problem_box, row_id,
            section, shared, time,
        },
        problem::FormProblem,
        words::DashboardWords,
    },
    pages::plain_text,
};

/// The seconds for each dashboard on a wall, where nobody says otherwise.
const SECONDS: &str = "30";

/// The list.
#[derive(Debug, Clone, Default)]
pub struct DashboardsPage {
    /// The dashboards, by name.
    pub all: Vec<DashboardListing>,
    /// The reader may make, change and remove dashboards.
    pub may_manage: bool,
    /// The name of a new one as it was typed.
    pub name: String,
    /// The text of an import as it was pasted, and the other name.
    pub import: (String, String),
    /// True if the problem is one of the import.
    pub is_import: bool,
    /// The reason for which a form was not accepted.
    pub problem: Option<FormProblem>,
    /// True if one was just removed.
    pub is_removed: bool,
}

/// A dashboard in the list.
#[derive(Debug, Clone)]
pub struct DashboardListing {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Whoever changed it last, where that is known.
    pub changed_by: Option<String>,
    /// The time of that, milliseconds since 1970.
    pub changed_ms: u64,
}

/// Renders the document at [`paths::DASHBOARDS`].
#[must_use]
pub fn dashboards(context: &DoorContext, page: DashboardsPage) -> String {
    let words = DashboardWords::of(context.language);
    let is_refused = page.problem.is_some();
    let of_form = matches!(
        page.problem,
        Some(
            FormProblem::DashboardNameInvalid
                | FormProblem::SourceNameTaken
                | FormProblem::SourceInvalid { .. }
                | FormProblem::DashboardInvalid(_)
        )
    );
    let problem = page.problem.clone().filter(|_| of_form && page.may_manage);
    let loose = page.problem.clone().filter(|_| problem.is_none());
    let (in_import, in_new) = if page.is_import { (problem, None) } else { (None, problem) };
    let list = if page.all.is_empty() {
        view! { <p class="door__none">{words.none}</p> }.into_any()
    } else {
        let rows: Vec<_> = page.all.iter().map(|one| row(context, one, page.may_manage)).collect();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let make = page.may_manage.then(|| {
        let form = new(context, &page.name, in_new.as_ref());
        section(context, "new", words.new, in_new.as_ref(), form)
    });
    let import = page.may_manage.then(|| {
        let form = import(context, page.import, in_import.as_ref());
        section(context, "import", words.import, in_import.as_ref(), form)
    });
    let wall = (!page.all.is_empty()).then(|| wall(context, &page.all));
    let body = view! {
        <p class="door__lead">
            {words.hint} " " <a href=context.href(paths::EXPLORE)>{words.to_explore}</a>
        </p>
        {page.is_removed.then(|| done_box(words.removed.to_owned()))}
        {problem_box(context, loose.as_ref())}
        {list}
        {make}
        {wall}
        {import}
    };
    let title = shared(context).dashboards;
    document(context, DoorPage { title, is_refused, path: Some(paths::DASHBOARDS), body: body.into_any() })
}

/// The heading of the list.
#[must_use]
pub fn dashboards_title(context: &DoorContext) -> &'static str {
    shared(context).dashboards
}

/// The link that saves a dashboard as a file.
pub(super) fn export(context: &DoorContext, id: u64, name: &str) -> AnyView {
    let words = DashboardWords::of(context.language);
    let name = plain_text(name);
    let file = ["dashboard-", &id.to_string(), ".json"].concat();
    view! {
        <a
            class="button"
            href=context.href(&["/api/v1/dashboards/", &id.to_string()].concat())
            download=file
            aria-label=[words.export, ": ", &name].concat()
        >
            {words.export}
        </a>
    }
    .into_any()
}

fn row(context: &DoorContext, one: &DashboardListing, may_manage: bool) -> AnyView {
    let words = DashboardWords::of(context.language);
    let name = plain_text(&one.name).into_owned();
    let remove = may_manage.then(|| {
        let fields = view! { {row_id(one.id)} {danger_button(words.remove, None)} };
        let form = form(context, paths::DASHBOARDS_REMOVE, "door__act", fields.into_any());
        let label = [words.remove, ": ", &name].concat();
        asks_once(words.remove, label, words.remove_hint.to_owned(), form)
    });
    let by = one.changed_by.as_deref().map(|by| {
        let by = plain_text(by).into_owned();
        fact(words.changed_by, view! { <bdi>{by}</bdi> }.into_any())
    });
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name">
                    <a class="board__name" href=context.href(&DashboardView::look(one.id).address())>
                        <bdi>{name.clone()}</bdi>
                    </a>
                </p>
            </div>
            <dl class="row__facts">{fact(words.changed, time(one.changed_ms))} {by}</dl>
            <div class="row__act">{export(context, one.id, &one.name)} {remove}</div>
        </li>
    }
    .into_any()
}

/// The choice of dashboards for a wall.
fn wall(context: &DoorContext, all: &[DashboardListing]) -> AnyView {
    let words = DashboardWords::of(context.language);
    let boxes: Vec<_> = all
        .iter()
        .map(|one| {
            let id = ["wall-", &one.id.to_string()].concat();
            let name = plain_text(&one.name).into_owned();
            view! {
                <p class="door__tick">
                    <input type="checkbox" id=id.clone() name="of" value=one.id.to_string() />
                    <label for=id>
                        <bdi>{name}</bdi>
                    </label>
                </p>
            }
        })
        .collect();
    let seconds = Field {
        id: "wall-seconds",
        name: "rotate",
        label: words.wall_seconds,
        value: SECONDS.to_owned(),
        autocomplete: "off",
        inputmode: Some("numeric"),
        max_chars: Some(5),
        ..Field::default()
    };
    let body = view! {
        <p class="field__hint">{words.wall_hint}</p>
        <form class="door__form" method="get" action=context.href(paths::DASHBOARDS_WALL)>
            <fieldset class="board__choice">
                <legend class="field__label">{words.wall_of}</legend>
                {boxes}
            </fieldset>
            {seconds.view(None)}
            <button class="button" type="submit">
                {words.wall_show}
            </button>
        </form>
    };
    section(context, "wall", words.wall, None, body.into_any())
}

fn new(context: &DoorContext, name: &str, problem: Option<&FormProblem>) -> AnyView {
    let words = DashboardWords::of(context.language);
    let name = Field {
        id: "board-name",
        name: "name",
        label: words.name,
        value: name.to_owned(),
        autocomplete: "off",
        max_chars: Some(80),
        ..Field::default()
    };
    let fields = view! { {name.view(problem)} {main_button(words.create)} };
    form(context, paths::DASHBOARDS_NEW, "door__form", fields.into_any())
}

/// The import. A file is sent as it is (RFC 7578), so this form has an encoding of its own.
fn import(
    context: &DoorContext,
    (json, other_name): (String, String),
    problem: Option<&FormProblem>,
) -> AnyView {
    let words = DashboardWords::of(context.language);
    let json = Field {
        id: "import-json",
        name: "json",
        label: words.json,
        value: json,
        autocomplete: "off",
        is_optional: true,
        is_long: true,
        ..Field::default()
    };
    let name = Field {
        id: "import-name",
        name: "name",
        label: words.other_name,
        hint: Some(words.other_name_hint.to_owned()),
        value: other_name,
        autocomplete: "off",
        is_optional: true,
        max_chars: Some(80),
        ..Field::default()
    };
    view! {
        <p class="field__hint">{words.import_hint}</p>
        <form
            class="door__form"
            method="post"
            enctype="multipart/form-data"
            action=context.href(paths::DASHBOARDS_IMPORT)
        >
            {hidden("csrf", context.csrf.clone())}
            <div class="field">
                <label class="field__label" for="import-file">
                    {words.file}
                </label>
                <input
                    class="input board__file"
                    id="import-file"
                    name="file"
                    type="file"
                    accept=".json,application/json"
                    autocomplete="off"
                />
            </div>
            {json.view(problem)}
            {name.view(problem)}
            {main_button(words.import)}
        </form>
    }
    .into_any()
}
