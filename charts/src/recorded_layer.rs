//! A layer that keeps what was drawn, column by column, and the promise that a picture which was moved is the one that
//! would be painted anew.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;

use proptest::prelude::*;

use crate::data_layer::{Area, Layer, paint_data};
use crate::pen::{Align, Pen};
use crate::theme::ColorRole;
use crate::{Chart, LineChart, LineSeries};

const GRAIN: f64 = 4.0;

/// A shape as one column sees it: its places in units from the column's left edge and from the paper's top.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    shape: &'static str,
    role: ColorRole,
    places: Vec<i32>,
    text: String,
    top: i32,
}

pub(crate) struct RecordedLayer {
    density: f64,
    height: i32,
    columns: RefCell<Vec<Vec<Mark>>>,
    clip: RefCell<Option<Vec<Area>>>,
    /// The times that the whole layer was emptied, and the columns that were painted.
    wholes: Cell<usize>,
    painted: Cell<usize>,
}

impl RecordedLayer {
    pub(crate) fn new((width, height): (f64, f64), density: f64) -> Self {
        let columns = vec![Vec::new(); (width * density).round() as usize];
        Self {
            density,
            height: (height * density).round() as i32,
            columns: columns.into(),
            clip: RefCell::default(),
            wholes: Cell::default(),
            painted: Cell::default(),
        }
    }

    /// Marks the columns between two places, in units, as far as the clip allows.
    fn mark(
        &self,
        shape: &'static str,
        role: ColorRole,
        (left, right): (i32, i32),
        mark: impl Fn(i32) -> Mark,
    ) {
        let mut columns = self.columns.borrow_mut();
        let clip = self.clip.borrow();
        let end = columns.len() as i32;
        let is_inside = |column: &i32| {
            clip.as_ref().is_none_or(|clip| clip.iter().any(|area| area.columns.contains(column)))
        };
        let grain = GRAIN as i32;
        let marked = left.div_euclid(grain).max(0)..end.min(right.div_euclid(grain) + 1);
        for column in marked.filter(is_inside) {
            columns[column as usize].push(Mark { shape, role, ..mark(column * grain) });
        }
    }

    fn edges(&self, shape: &'static str, role: ColorRole, reach: i32, points: &[(f64, f64)], extra: i32) {
        let points: Vec<_> = points.iter().map(|(x, y)| (self.smooth(*x), self.smooth(*y))).collect();
        for edge in points.windows(2) {
            let ((x, y), (to_x, to_y)) = (edge[0], edge[1]);
            self.mark(shape, role, (x.min(to_x) - reach, x.max(to_x) + reach), |column| {
                mark(vec![x - column, y, to_x - column, to_y, extra], y.min(to_y))
            });
        }
    }

    /// The marks of each column, whatever was drawn first.
    pub(crate) fn unordered(&self) -> Vec<Vec<Mark>> {
        let mut columns = self.columns.borrow().clone();
        columns.iter_mut().for_each(|marks| marks.sort_by_key(|mark| format!("{mark:?}")));
        columns
    }

    /// The marks of each column, texts last: they are in a row of their own.
    fn picture(&self) -> Vec<Vec<Mark>> {
        let mut columns = self.columns.borrow().clone();
        columns.iter_mut().for_each(|marks| marks.sort_by_key(|mark| mark.shape == "text"));
        columns
    }
}

fn mark(places: Vec<i32>, top: i32) -> Mark {
    Mark { shape: "", role: ColorRole::Text, places, text: String::new(), top }
}

impl Pen for RecordedLayer {
    type Error = Infallible;

    fn scale(&self) -> f64 {
        self.density * GRAIN
    }

    fn grain(&self) -> f64 {
        GRAIN
    }

    fn block(
        &self,
        role: ColorRole,
        (x, y): (i32, i32),
        (width, height): (i32, i32),
    ) -> Result<(), Infallible> {
        self.mark("block", role, (x, x + width - 1), |_| mark(vec![y, height], y));
        Ok(())
    }

    fn line(&self, role: ColorRole, width: f64, points: &[(f64, f64)]) -> Result<(), Infallible> {
        let width = self.stroke_width(width) as i32;
        self.edges("line", role, width / 2 + 1, points, width);
        Ok(())
    }

    fn shaded_line(
        &self,
        role: ColorRole,
        width: f64,
        points: &[(f64, f64)],
        (foot, _): (f64, f64),
    ) -> Result<(), Infallible> {
        self.line(role, width, points)?;
        self.edges("shade", role, 0, points, self.smooth(foot));
        Ok(())
    }

    fn polygon(&self, role: ColorRole, points: &[(f64, f64)]) -> Result<(), Infallible> {
        self.edges("polygon", role, 0, points, 0);
        Ok(())
    }

    fn dot(&self, role: ColorRole, radius: f64, (x, y): (f64, f64)) -> Result<(), Infallible> {
        let [x, y, radius] = [x, y, radius].map(|pixels| self.smooth(pixels));
        self.mark("dot", role, (x - radius, x + radius), |column| mark(vec![x - column, y, radius], y));
        Ok(())
    }

    fn text(&self, role: ColorRole, align: Align, (x, y): (f64, f64), text: &str) -> Result<(), Infallible> {
        let [x, y] = [x, y].map(|pixels| self.sharp(pixels));
        self.mark("text", role, (x, x), |_| Mark { text: format!("{text} {align:?}"), ..mark(vec![y], y) });
        Ok(())
    }
}

impl Layer for RecordedLayer {
    fn scroll(&self, by: i32) {
        let mut columns = self.columns.borrow_mut();
        let width = columns.len();
        columns.drain(..by as usize);
        columns.resize(width, Vec::new());
    }

    fn clear(&self, area: &Area) {
        let mut columns = self.columns.borrow_mut();
        let end = columns.len() as i32;
        if *area == (Area { columns: 0..end, rows: 0..self.height }) {
            self.wholes.set(self.wholes.get() + 1);
        }
        for column in area.columns.start.max(0)..area.columns.end.min(end) {
            columns[column as usize].retain(|mark| !area.rows.contains(&(mark.top / GRAIN as i32)));
        }
    }

    fn clip(&self, areas: &[Area]) {
        let columns: usize = areas.iter().map(|area| area.columns.len()).sum();
        self.painted.set(self.painted.get() + columns);
        self.clip.replace(Some(areas.to_vec()));
    }

    fn unclip(&self) {
        self.clip.take();
    }
}

/// A series of samples as time goes on.
#[derive(Clone, Debug)]
struct Feed {
    /// From one sample to the next, and how far the axis then moves on, in milliseconds.
    steps: Vec<(f64, f64)>,
    /// A value for each sample; none is a failed measurement.
    values: Vec<Option<f64>>,
    /// So many points are remembered.
    capacity: usize,
    span: f64,
    gap: f64,
    mirrored: bool,
}

impl Feed {
    fn any() -> impl Strategy<Value = Self> {
        let step = prop_oneof![
            8 => Just((500.0, 500.0)),
            2 => (1.0..3000.0, 0.0..3000.0),
            1 => Just((500.0, 20_000.0)),
            1 => Just((0.0, 700.0)),
        ];
        let value = prop_oneof![
            6 => (0.0..110.0).prop_map(Some),
            1 => Just(None),
            1 => Just(Some(f64::NAN)),
        ];
        let steps = proptest::collection::vec(step, 90);
        let values = proptest::collection::vec(value, 90);
        let spans = prop_oneof![Just(20_000.0), Just(60_000.0), 5_000.0..90_000.0];
        let gaps = prop_oneof![Just(f64::INFINITY), Just(1250.0)];
        (steps, values, 5_usize..80, spans, gaps, any::<bool>()).prop_map(
            |(steps, values, capacity, span, gap, mirrored)| Self {
                steps,
                values,
                capacity,
                span: f64::floor(span),
                gap,
                mirrored,
            },
        )
    }

    fn charts(&self) -> impl Iterator<Item = Chart> {
        const START: f64 = 1_790_000_000_000.0;
        const TICK: f64 = 15_000.0;
        let (mut at, mut now, mut points) = (START, START, Vec::new());
        self.steps.iter().zip(&self.values).map(move |((step, advance), value)| {
            at += step.floor();
            now = f64::max(at, now + advance.floor());
            points.push((at, *value));
            if points.len() > self.capacity {
                points.remove(0);
            }
            let series = |down: bool, color| LineSeries {
                points: points.clone(),
                area: !down,
                color,
                down,
                ..LineSeries::default()
            };
            let from_ms = now - self.span;
            let first = (from_ms / TICK).ceil() * TICK;
            let ticks = (0..8).map(|n| first + f64::from(n) * TICK).filter(|tick| *tick <= now);
            Chart::Line(LineChart {
                series: (0..=usize::from(self.mirrored)).map(|n| series(n == 1, n)).collect(),
                from_ms,
                to_ms: now,
                max: Some(100.0),
                x_ticks: ticks.map(|tick| (tick, format!("{:02}", tick / TICK % 60.0))).collect(),
                gap_ms: self.gap,
                ..LineChart::default()
            })
        })
    }
}

fn paint(layer: &RecordedLayer, before: Option<&Chart>, chart: &Chart, size: (f64, f64)) {
    let Ok(()) = paint_data(layer, before, chart, size);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn a_picture_that_was_moved_is_the_one_painted_anew(
        feed in Feed::any(),
        width in 60_u32..500,
        height in prop_oneof![Just(40.0), Just(150.0)],
        density in prop_oneof![Just(1.0), Just(1.25), Just(1.5), Just(2.0), Just(1.1)],
    ) {
        // As large as a whole number of the device's pixels, as a canvas is.
        let size = ((f64::from(width) * density).round() / density, height);
        let moved = RecordedLayer::new(size, density);
        let mut before: Option<Chart> = None;
        for (sample, chart) in feed.charts().enumerate() {
            paint(&moved, before.as_ref(), &chart, size);
            let whole = RecordedLayer::new(size, density);
            paint(&whole, None, &chart, size);
            let (moved, whole) = (moved.picture(), whole.picture());
            let different = moved.iter().zip(&whole).position(|(one, other)| one != other);
            if let Some(column) = different {
                prop_assert_eq!(&moved[column], &whole[column], "sample {}, column {}", sample, column);
            }
            before = Some(chart);
        }
    }
}

/// One sample every half a second for an hour, five minutes of them shown.
#[test]
fn a_steady_feed_is_painted_whole_once_and_then_a_few_columns_at_a_time() {
    const SAMPLES: usize = 7200;
    let values = (0..SAMPLES).map(|n| Some(50.0 + 40.0 * (n as f64 * 0.3).sin())).collect();
    let steps = vec![(500.0, 500.0); SAMPLES];
    let feed = Feed { steps, values, capacity: 600, span: 300_000.0, gap: 1250.0, mirrored: false };
    let size = (320.0, 180.0);
    let moved = RecordedLayer::new(size, 2.0);
    let mut before: Option<Chart> = None;
    for chart in feed.charts() {
        paint(&moved, before.as_ref(), &chart, size);
        before = Some(chart);
    }
    let whole = RecordedLayer::new(size, 2.0);
    paint(&whole, None, before.as_ref().unwrap(), size);
    assert_eq!(moved.picture(), whole.picture());
    assert_eq!(moved.wholes.get(), 1);
    let columns = moved.painted.get() as f64 / SAMPLES as f64;
    assert!(columns < 40.0, "{columns} of 576 columns are painted for a sample");
}

#[test]
fn what_a_sample_does_not_explain_is_painted_whole() {
    let values = (0..20).map(|n| Some(f64::from(n)));
    let feed = Feed {
        steps: vec![(500.0, 500.0); 20],
        values: values.collect(),
        capacity: 50,
        span: 60_000.0,
        gap: 1250.0,
        mirrored: false,
    };
    let charts: Vec<_> = feed.charts().collect();
    let [.., before, chart] = charts.as_slice() else { panic!("no charts") };
    let wholes = |change: &dyn Fn(&mut LineChart)| {
        let layer = RecordedLayer::new((320.0, 180.0), 2.0);
        paint(&layer, None, before, (320.0, 180.0));
        let mut chart = chart.clone();
        if let Chart::Line(line) = &mut chart {
            change(line);
        }
        paint(&layer, Some(before), &chart, (320.0, 180.0));
        layer.wholes.get() - 1
    };
    assert_eq!(wholes(&|_| {}), 0);
    type Change<'a> = (&'a str, &'a dyn Fn(&mut LineChart));
    let changes: [Change<'_>; 9] = [
        ("another past", &|line| line.series[0].points[3].1 = Some(77.0)),
        ("a past that was not known", &|line| line.series[0].points.insert(0, (0.0, None))),
        ("points out of order", &|line| line.series[0].points.swap(2, 3)),
        ("another span", &|line| line.from_ms -= 1000.0),
        ("a step back", &|line| {
            line.to_ms -= 9000.0;
            line.from_ms -= 9000.0;
        }),
        ("another scale", &|line| line.max = Some(50.0)),
        ("another colour", &|line| line.series[0].color = 3),
        ("a crosshair", &|line| line.cursor = Some(line.to_ms - 1000.0)),
        ("no series", &|line| line.series.clear()),
    ];
    for (name, change) in changes {
        assert_eq!(wholes(change), 1, "{name}");
    }
}
