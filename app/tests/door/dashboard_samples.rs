//! The documents of dashboards and of Explore, in each use.

use app::door::{
    DashboardCardView, DashboardFault, DashboardListing, DashboardMode, DashboardPage, DashboardView,
    DashboardsPage, DoorContext, ExploreComparison, ExplorePage, ExploreSaving, ExploreSeries, ExploreValues,
    ExploreView, FormProblem, HISTORY_SPANS, dashboard, dashboards, explore,
};
use common::{host::HostId, past::PastAggregate, series::SeriesKey, series_address::SeriesAddress};

const MOMENT: u64 = 1_795_938_227_000;

/// The documents as an operator sees them, and as a viewer does; everything bears this name.
pub(crate) fn all_dashboards(context: &DoorContext, name: &str) -> Vec<(&'static str, String)> {
    let list = |problem, is_import| DashboardsPage {
        all: vec![listing(name, 3), listing(name, 4)],
        may_manage: true,
        name: name.to_owned(),
        import: (name.to_owned(), name.to_owned()),
        is_import,
        problem,
        is_removed: false,
    };
    let invalid = || Some(FormProblem::SourceInvalid { reason: name.to_owned() });
    let unread =
        || Some(FormProblem::DashboardInvalid(DashboardFault::BadImport { reason: name.to_owned() }));
    let read = DashboardsPage { may_manage: false, is_removed: true, ..list(None, false) };
    let wall = DashboardMode::Wall { seconds: Some(30), of: vec![3, 4] };
    let one = |mode, problem| dashboard(context, &page(name, mode, problem));
    let waiting = DashboardPage {
        view: DashboardView { id: 0, ..page(name, wall.clone(), None).view },
        rows: Vec::new(),
        ..page(name, wall.clone(), None)
    };
    let empty =
        DashboardPage { rows: Vec::new(), may_manage: false, ..page(name, DashboardMode::Look, None) };
    vec![
        ("dashboards", dashboards(context, list(None, false))),
        ("dashboards-refused", dashboards(context, list(Some(FormProblem::SourceNameTaken), false))),
        ("dashboards-import", dashboards(context, list(invalid(), true))),
        ("dashboards-unread", dashboards(context, list(unread(), true))),
        ("dashboards-gone", dashboards(context, list(Some(FormProblem::Gone), false))),
        ("dashboards-read", dashboards(context, read)),
        ("dashboards-none", dashboards(context, DashboardsPage::default())),
        ("dashboard", one(DashboardMode::Look, None)),
        ("dashboard-empty", dashboard(context, &empty)),
        ("dashboard-edit", one(DashboardMode::Edit, None)),
        ("dashboard-edit-refused", one(DashboardMode::Edit, Some(FormProblem::DashboardNameInvalid))),
        ("dashboard-edit-late", one(DashboardMode::Edit, Some(FormProblem::ChangedMeanwhile))),
        ("dashboard-wall", one(wall, None)),
        ("dashboard-wall-none", dashboard(context, &waiting)),
        ("explore-save", explore(context, explored(name, None))),
        ("explore-save-refused", explore(context, explored(name, Some(FormProblem::DashboardNameInvalid)))),
    ]
}

fn listing(name: &str, id: u64) -> DashboardListing {
    DashboardListing {
        id,
        name: format!("{name} {id}"),
        changed_by: (id == 3).then(|| name.to_owned()),
        changed_ms: MOMENT,
    }
}

fn page(name: &str, mode: DashboardMode, problem: Option<FormProblem>) -> DashboardPage {
    let next = matches!(mode, DashboardMode::Wall { .. });
    let view = DashboardView { mode, zone: 540, ..DashboardView::look(3) };
    let stacked = ExploreView {
        is_stacked: true,
        aggregate: PastAggregate::Max,
        comparison: Some(ExploreComparison::Day),
        ..seen(name, &["a", "b"])
    };
    let failed = DashboardCardView { is_failed: true, ..card(name, seen(name, &["a"]), 0) };
    DashboardPage {
        next: next.then(|| DashboardView { id: 4, ..view.clone() }),
        view,
        name: name.to_owned(),
        version: 7,
        changed_by: Some(name.to_owned()),
        changed_ms: MOMENT,
        now_ms: MOMENT,
        rows: vec![
            vec![card(name, seen(name, &["a"]), 0)],
            vec![card("", stacked, 2), card(name, seen(name, &[]), 1), failed],
        ],
        may_manage: true,
        is_off: false,
        problem,
    }
}

fn seen(name: &str, labels: &[&str]) -> ExploreView {
    let series = labels.iter().map(|label| {
        let key = SeriesKey::with_labels("cpu", [name.to_owned(), (*label).to_owned()]);
        SeriesAddress { host: HostId::local(), key }
    });
    ExploreView { zone: 540, ..ExploreView::live(series.collect(), HISTORY_SPANS[1], MOMENT) }
}

fn values(view: &ExploreView) -> Vec<ExploreSeries> {
    let numbers = vec![Some(1.0), None, Some(3.0)];
    let values = ExploreValues {
        start: view.range.from,
        low: numbers.clone(),
        average: numbers.clone(),
        high: numbers.clone(),
        last: numbers,
    };
    let series = |address: &SeriesAddress| ExploreSeries {
        address: address.clone(),
        metric: None,
        values: values.clone(),
        before: view.comparison.map(|comparison| (comparison, values.clone())),
    };
    view.series.iter().map(series).collect()
}

fn card(title: &str, view: ExploreView, hidden: usize) -> DashboardCardView {
    let series = values(&view);
    DashboardCardView { title: title.to_owned(), step: 1_200_000, series, view, hidden, is_failed: false }
}

fn explored(name: &str, problem: Option<FormProblem>) -> ExplorePage {
    let view = seen(name, &["a", "b"]);
    let saving = ExploreSaving {
        boards: vec![(3, name.to_owned())],
        board: problem.is_none().then_some(3),
        name: name.to_owned(),
        title: name.to_owned(),
        problem,
    };
    ExplorePage {
        problem: None,
        is_off: false,
        step: 1_200_000,
        series: values(&view),
        found: None,
        saving: Some(saving),
        view,
    }
}
