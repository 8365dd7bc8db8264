//! Tests the pixels of a chart's canvases, one on the other, after it was painted.

use std::rc::Rc;

use charts::{Bar, BarChart, Chart, ChartLayers, Level, LineChart, LineSeries, Theme, Threshold};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::browser::new_canvas;

const SIZE: (f64, f64) = (100.0, 60.0);

/// A chart's canvases, and what they are painted for.
struct Screen {
    layers: ChartLayers,
    canvases: [HtmlCanvasElement; 2],
    theme: Theme,
    size: (f64, f64),
    dpr: f64,
}

impl Screen {
    fn new(theme: Theme, size: (f64, f64), dpr: f64) -> Self {
        let canvases = [new_canvas(), new_canvas()];
        let layers = ChartLayers::new(canvases[0].clone(), canvases[1].clone());
        Self { layers, canvases, theme, size, dpr }
    }

    fn paint(&mut self, chart: &Rc<Chart>) {
        let (width, height) = self.size;
        self.layers.paint(chart, &self.theme, width, height, self.dpr).expect("a picture");
    }

    /// All pixels of both canvases together, four bytes each; on a ground of this colour, if there is one.
    fn pixels(&self, ground: Option<&str>) -> Vec<u8> {
        let together = new_canvas();
        let [frame, data] = &self.canvases;
        together.set_width(data.width());
        together.set_height(data.height());
        let (width, height) = (f64::from(data.width()), f64::from(data.height()));
        let context: CanvasRenderingContext2d =
            together.get_context("2d").expect("a context").expect("a 2d context").unchecked_into();
        if let Some(ground) = ground {
            context.set_fill_style_str(ground);
            context.fill_rect(0.0, 0.0, width, height);
        }
        for canvas in [Some(frame).filter(|_| self.layers.is_framed()), Some(data)].into_iter().flatten() {
            context.draw_image_with_html_canvas_element(canvas, 0.0, 0.0).expect("a copy");
        }
        context.get_image_data(0.0, 0.0, width, height).expect("the pixels").data().0
    }

    fn painted(&mut self, chart: Chart) -> Vec<u8> {
        self.paint(&Rc::new(chart));
        self.pixels(None)
    }
}

/// A small one with two pixels in a CSS pixel.
fn screen() -> Screen {
    Screen::new(Theme::light(), SIZE, 2.0)
}

/// The pixel at this place in CSS pixels.
fn at(pixels: &[u8], x: usize, y: usize) -> [u8; 4] {
    let start = 4 * (2 * y * 2 * SIZE.0 as usize + 2 * x);
    [0, 1, 2, 3].map(|channel| pixels[start + channel])
}

/// Returns true if the pixel is opaque and has the series' colour, but for the rounding under the shade.
fn is_series(pixel: [u8; 4]) -> bool {
    let color = Theme::light().series[0];
    let wanted = [color.0, color.1, color.2, 255];
    pixel.into_iter().zip(wanted).all(|(channel, wanted)| channel.abs_diff(wanted) <= 1)
}

/// A line at half height over the left and over the right third.
fn line() -> Chart {
    let values = [Some(50.0), Some(50.0), None, Some(50.0), Some(50.0)];
    let points = values.into_iter().enumerate().map(|(index, value)| (index as f64 * 25.0, value)).collect();
    let series = vec![LineSeries { points, area: true, ..LineSeries::default() }];
    Chart::Line(LineChart { series, to_ms: 100.0, max: Some(99.0), ..LineChart::default() })
}

fn bars() -> Chart {
    let bars = vec![Bar { value: Some(50.0), ..Bar::default() }];
    Chart::Bars(BarChart { bars, max: 99.0, ..BarChart::default() })
}

#[wasm_bindgen_test]
fn a_line_has_its_shade_below_it_and_nothing_above_it_or_in_its_gap() {
    let pixels = screen().painted(line());
    // The plot goes from 4 to 59.
    let line = at(&pixels, 12, 31);
    assert!(is_series(line), "on the line: {line:?}");
    let shade = at(&pixels, 12, 50);
    assert!((34..=38).contains(&shade[3]), "below it: {shade:?}");
    assert!(shade[2] > shade[0], "in its colour: {shade:?}");
    assert_eq!(at(&pixels, 12, 15)[3], 0, "above it");
    assert_eq!(at(&pixels, 50, 50)[3], 0, "in the gap");
    let behind = at(&pixels, 88, 31);
    assert!(is_series(behind), "behind it: {behind:?}");
}

#[wasm_bindgen_test]
fn a_bar_stands_on_the_foot_in_its_colour() {
    let pixels = screen().painted(bars());
    for y in [35, 58] {
        let bar = at(&pixels, 50, y);
        assert!(is_series(bar), "at {y}: {bar:?}");
    }
    assert_eq!(at(&pixels, 50, 20)[3], 0, "above it");
    assert_eq!(at(&pixels, 10, 50)[3], 0, "beside it");
}

#[wasm_bindgen_test]
fn a_picture_does_not_depend_on_the_one_before_it() {
    let mut screen = screen();
    screen.painted(line());
    let after = screen.painted(bars());
    assert_eq!(after, self::screen().painted(bars()));
    assert_eq!(screen.painted(line()), self::screen().painted(line()));
}

/// Two series of a minute's samples, as of `now`: with gaps where nothing was measured and where no one measured, and
/// a mirrored one.
fn trend(now: f64, rhythm_ms: f64) -> Chart {
    const SPAN: f64 = 60_000.0;
    let noise = |n: f64, seed: f64| 50.0 + 30.0 * (n * 0.37 + seed).sin() + 19.0 * (n * 2.1 + seed).cos();
    let series = |seed: f64, down: bool| {
        let newest = (now / rhythm_ms).floor();
        let kept = (SPAN / rhythm_ms).floor();
        let numbers = (0..=kept as u32).map(|back| newest - kept + f64::from(back));
        let is_there = |n: &f64| (n + 3.0 * seed).rem_euclid(29.0) > 4.0;
        let value = |n: f64| (n.rem_euclid(17.0) > 1.0).then(|| noise(n, seed));
        let points = numbers.filter(is_there).map(|n| (n * rhythm_ms, value(n))).collect();
        LineSeries { points, area: !down, color: usize::from(down), down, ..LineSeries::default() }
    };
    let first = ((now - SPAN) / 15_000.0).ceil() * 15_000.0;
    let ticks = (0..5).map(|index| first + f64::from(index) * 15_000.0).filter(|at| *at <= now);
    let tick = |at: f64| (at, format!("{:02}:{:02}", (at / 60_000.0) as u64 % 60, (at / 1000.0) as u64 % 60));
    Chart::Line(LineChart {
        series: vec![series(1.0, false), series(2.0, true)],
        from_ms: now - SPAN,
        to_ms: now,
        max: Some(100.0),
        x_ticks: ticks.map(tick).collect(),
        thresholds: vec![Threshold { value: 80.0, level: Level::Warn }],
        gap_ms: 2.5 * rhythm_ms,
        ..LineChart::default()
    })
}

/// A browser smooths the edge of a long line a little differently from that of a part of it, where it is steep: a few
/// pixels differ by more than this. Of a shape at a wrong place many do.
const SMOOTHING: u8 = 48;
const FEW: usize = 12;

/// Shows samples one after the other, each on the picture before it, and compares every picture with a whole one.
fn moved_and_whole_are_equal((theme, ground): (&Theme, &str), dpr: f64, size: (f64, f64), rhythm_ms: f64) {
    const START: f64 = 1_790_000_000_000.0;
    let mut moved = Screen::new(theme.clone(), size, dpr);
    for sample in 0..60 {
        let chart = Rc::new(trend(START + f64::from(sample) * rhythm_ms, rhythm_ms));
        moved.paint(&chart);
        let mut whole = Screen::new(theme.clone(), size, dpr);
        whole.paint(&chart);
        let (moved, whole) = (moved.pixels(Some(ground)), whole.pixels(Some(ground)));
        let width = (size.0 * dpr).round() as usize;
        let differs = |(one, other): (&[u8], &[u8])| {
            one.iter().zip(other).any(|(one, other)| one.abs_diff(*other) > SMOOTHING)
        };
        let pixels = moved.chunks(4).zip(whole.chunks(4)).enumerate();
        let different = pixels.filter(|(_, pair)| differs(*pair));
        let places: Vec<_> = different.map(|(pixel, _)| (pixel % width, pixel / width)).collect();
        assert!(places.len() <= FEW, "sample {sample}, {dpr} pixels, {size:?}: {places:?} differ");
    }
}

#[wasm_bindgen_test]
fn a_picture_that_was_moved_is_the_one_painted_anew() {
    let (light, dark) = (Theme::light(), Theme::dark());
    for dpr in [1.0, 1.5, 2.0] {
        for look in [(&light, "#ffffff"), (&dark, "#0f172a")] {
            moved_and_whole_are_equal(look, dpr, (200.0, 120.0), 500.0);
        }
        moved_and_whole_are_equal((&light, "#ffffff"), dpr, (333.0, 91.0), 730.0);
        moved_and_whole_are_equal((&light, "#ffffff"), dpr, (120.0, 80.0), 130.0);
    }
}

#[wasm_bindgen_test]
fn a_sample_leaves_what_is_already_there() {
    let mut screen = Screen::new(Theme::light(), (200.0, 120.0), 1.0);
    let start = 1_790_000_000_000.0;
    screen.paint(&Rc::new(trend(start, 500.0)));
    let context: CanvasRenderingContext2d =
        screen.canvases[1].get_context("2d").expect("a context").expect("a 2d context").unchecked_into();
    // A spot that no chart draws: only a whole picture removes it.
    context.save();
    context.set_fill_style_str("#000");
    context.fill_rect(100.0, 0.0, 1.0, 1.0);
    context.restore();
    let spots = |screen: &Screen| {
        let data = context.get_image_data(0.0, 0.0, 200.0, 1.0).expect("the pixels").data().0;
        assert!(screen.layers.is_framed());
        data.chunks(4)
            .enumerate()
            .filter(|(_, pixel)| pixel[..] == [0, 0, 0, 255])
            .map(|(x, _)| x)
            .collect::<Vec<_>>()
    };
    assert_eq!(spots(&screen), [100]);
    screen.paint(&Rc::new(trend(start + 2000.0, 500.0)));
    assert_eq!(spots(&screen).len(), 1, "it has moved");
    assert!(spots(&screen)[0] < 100);
    screen.layers.invalidate();
    screen.paint(&Rc::new(trend(start + 2500.0, 500.0)));
    assert_eq!(spots(&screen), [0_usize; 0], "the picture was made anew");
}
