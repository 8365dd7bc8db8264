//! The page's painter on a bench: `bench/charts` gives it canvases and samples, as the pages do, and asks the browser
//! what that cost. Built only for that, with the feature `bench`.

use std::{collections::VecDeque, rc::Rc};

use app::{format, ports::ChartCanvas};
use charts::{Bar, BarChart, Chart, Level, LineChart, LineSeries, Sparkline, Threshold};
use common::metric::Unit;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlCanvasElement;

use crate::paint::Painter;

/// Charts that are shown anew with each sample.
#[wasm_bindgen]
pub struct Board {
    painter: Rc<Painter>,
    thresholds: Vec<Threshold>,
    cards: Vec<Card>,
}

struct Card {
    paper: Box<dyn ChartCanvas>,
    content: Content,
}

enum Content {
    Bars(Vec<String>),
    Line(RecentValues),
    Spark(RecentValues),
}

/// The newest values, each with its time.
struct RecentValues {
    points: VecDeque<(f64, Option<f64>)>,
    capacity: usize,
}

#[wasm_bindgen]
impl Board {
    /// A board without charts, whose axes have these thresholds drawn.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(warn_at: f64, critical_at: f64) -> Self {
        let thresholds = vec![
            Threshold { value: warn_at, level: Level::Warn },
            Threshold { value: critical_at, level: Level::Critical },
        ];
        Self { painter: Painter::new(), thresholds, cards: Vec::new() }
    }

    /// One bar for each of the sample's next values.
    pub fn add_bars(&mut self, canvas: HtmlCanvasElement, labels: Vec<String>) {
        self.add(canvas, Content::Bars(labels));
    }

    /// A line with its area through the newest `capacity` of the sample's next value.
    pub fn add_line(&mut self, canvas: HtmlCanvasElement, capacity: usize) {
        self.add(canvas, Content::Line(RecentValues::new(capacity)));
    }

    /// A sparkline of the same.
    pub fn add_spark(&mut self, canvas: HtmlCanvasElement, capacity: usize) {
        self.add(canvas, Content::Spark(RecentValues::new(capacity)));
    }

    /// Takes a sample's values in the order of the charts; NaN is one that was not measured.
    pub fn remember(&mut self, at_ms: f64, values: &[f64]) {
        let mut values = values.iter().copied();
        for card in &mut self.cards {
            match &mut card.content {
                Content::Bars(labels) => values.by_ref().take(labels.len()).for_each(drop),
                Content::Line(past) | Content::Spark(past) => past.push(at_ms, values.next()),
            }
        }
    }

    /// Takes a sample and shows it.
    pub fn show(&mut self, at_ms: f64, values: &[f64]) {
        self.remember(at_ms, values);
        let mut values = values.iter().copied();
        for Card { paper, content } in &self.cards {
            paper.show(match content {
                Content::Bars(labels) => self.bars(labels, &mut values),
                Content::Line(past) => {
                    values.next();
                    self.line(at_ms, past)
                }
                Content::Spark(past) => {
                    values.next();
                    spark(past)
                }
            });
        }
    }
}

impl Board {
    fn add(&mut self, canvas: HtmlCanvasElement, content: Content) {
        self.cards.push(Card { paper: Box::new(self.painter.take_care(canvas)), content });
    }

    /// As the card of the moment's values makes it.
    fn bars(&self, labels: &[String], values: &mut impl Iterator<Item = f64>) -> Chart {
        let bar = |(label, value): (&String, f64)| Bar {
            label: label.clone(),
            value: Some(value),
            text: format::full(value, Unit::Percent),
        };
        let bars = labels.iter().zip(values).map(bar).collect();
        Chart::Bars(BarChart { bars, thresholds: self.thresholds.clone(), ..BarChart::default() })
    }

    /// As the cards of trends make it.
    fn line(&self, to_ms: f64, past: &RecentValues) -> Chart {
        const MINUTE: f64 = 60_000.0;
        const SPAN: f64 = 5.0 * MINUTE;
        let from_ms = to_ms - SPAN;
        let first = (from_ms / MINUTE).ceil() * MINUTE;
        let minutes = (0..6).map(|index| first + f64::from(index) * MINUTE).filter(|at| *at <= to_ms);
        let x_ticks = minutes.map(|at| (at, format::minute(at as u64, 0))).collect();
        let points = past.points.iter().copied().collect();
        let series = vec![LineSeries { name: "share".to_owned(), points, area: true, color: 0, down: false }];
        Chart::Line(LineChart {
            series,
            from_ms,
            to_ms,
            max: Some(100.0),
            x_ticks,
            thresholds: self.thresholds.clone(),
            ..LineChart::default()
        })
    }
}

fn spark(past: &RecentValues) -> Chart {
    let points = past.points.iter().map(|point| point.1).collect();
    Chart::Spark(Sparkline { points, max: Some(100.0), color: 0 })
}

impl RecentValues {
    fn new(capacity: usize) -> Self {
        Self { points: VecDeque::with_capacity(capacity + 1), capacity }
    }

    fn push(&mut self, at_ms: f64, value: Option<f64>) {
        self.points.push_back((at_ms, value.filter(|value| !value.is_nan())));
        if self.points.len() > self.capacity {
            self.points.pop_front();
        }
    }
}
