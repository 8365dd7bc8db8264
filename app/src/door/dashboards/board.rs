//! A dashboard that somebody looks at, or changes.

use leptos::prelude::*;

use super::{
    card::cards,
    edit::editor,
    list::export,
    page::{DASHBOARDS_SCRIPT, DashboardPage},
    view::{DashboardMode, DashboardView},
    wall::wall,
};
use crate::{
    door::{
        context::DoorContext,
        document::named_document,
        explore_axis::zone_name,
        form::{fact, problem_box, time},
        history_span::HISTORY_SPANS,
        words::{DashboardWords, ExploreWords, HistoryWords},
    },
    pages::plain_text,
};

/// Renders the document of a dashboard.
#[must_use]
pub fn dashboard(context: &DoorContext, page: &DashboardPage) -> String {
    match page.view.mode {
        DashboardMode::Wall { .. } => wall(context, page),
        DashboardMode::Edit => {
            let is_refused = page.problem.is_some();
            named_document(context, &page.name, is_refused, editor(context, page))
        }
        DashboardMode::Look => {
            let is_refused = page.problem.is_some();
            named_document(context, &page.name, is_refused, look(context, page))
        }
    }
}

fn look(context: &DoorContext, page: &DashboardPage) -> AnyView {
    let words = DashboardWords::of(context.language);
    let texts = ExploreWords::of(context.language);
    let by = page.changed_by.as_deref().map(|by| {
        let by = plain_text(by).into_owned();
        fact(words.changed_by, view! { <bdi>{by}</bdi> }.into_any())
    });
    view! {
        {problem_box(context, page.problem.as_ref())}
        <div
            class="board"
            data-board=""
            data-zone=page.view.zone.to_string()
            data-now=page.now_ms.to_string()
            data-step=page.step().to_string()
            data-word-live=texts.live
            data-word-paused=texts.paused
            data-word-lost=texts.lost
            data-word-pause=texts.pause
            data-word-go=texts.go_on
        >
            <div data-part="spans">{spans(context, &page.view)}</div>
            <div class="history__moves">
                {tools(context, page)}
                <p class="stream__state" data-script="" hidden>
                    <span role="status" data-state=""></span>
                </p>
                <button class="button" type="button" data-pause="" hidden>
                    {texts.pause}
                </button>
            </div>
            <div data-part="cards">{cards(context, &page.rows, page.is_off)}</div>
            <div data-part="facts">
                <dl class="row__facts">
                    {fact(words.changed, time(page.changed_ms))} {by}
                    {fact(texts.zone, zone_name(page.view.zone).into_any())}
                </dl>
            </div>
        </div>
        <script inner_html=DASHBOARDS_SCRIPT></script>
    }
    .into_any()
}

/// The choice of the time that every card shows.
fn spans(context: &DoorContext, view: &DashboardView) -> AnyView {
    let (words, texts) = (DashboardWords::of(context.language), HistoryWords::of(context.language));
    let choices = [(None, words.as_saved)];
    let spans = HISTORY_SPANS.into_iter().map(Some).zip(texts.spans);
    let links: Vec<_> = choices
        .into_iter()
        .chain(spans)
        .map(|(span, name)| {
            let address = DashboardView { span, ..view.clone() }.address();
            let current = (span == view.span).then_some("true");
            view! {
                <li>
                    <a class="button" href=context.href(&address) aria-current=current>
                        {name}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav aria-label=texts.length>
            <ul class="history__spans">{links}</ul>
        </nav>
    }
    .into_any()
}

/// The ways to other uses of the dashboard.
fn tools(context: &DoorContext, page: &DashboardPage) -> AnyView {
    let words = DashboardWords::of(context.language);
    let link = |mode: DashboardMode, text: &'static str| {
        let address = DashboardView { mode, ..page.view.clone() }.address();
        view! {
            <a class="button" href=context.href(&address)>
                {text}
            </a>
        }
    };
    view! {
        {page.may_manage.then(|| link(DashboardMode::Edit, words.edit))}
        {export(context, page.view.id, &page.name)}
        {link(DashboardMode::Wall { seconds: None, of: Vec::new() }, words.full)}
    }
    .into_any()
}
