//! A line as elements. Lines are drawn by hand: each frame may bring hundreds, and a view of Leptos' would keep a state for each part.

use leptos::{
    tachys::renderer::Rndr,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};

use super::{
    ansi::{self, TextStyle},
    colour, json,
    level_name::LevelGroup,
    parts::{self, DrawnSpan},
    plain,
    ring::KeptLine,
    search::LineSearch,
    sources,
    stamp::{TimeStyle, stamp},
    words::LogsWords,
};
use crate::{format, live::LocalZone};

/// Only so many bytes of fields stand beside a folded object.
const FIELDS_BESIDE: usize = 400;

/// The reader's wishes for all lines.
pub(super) struct RowLook {
    /// The names of the sources; empty where there is one.
    pub(super) names: Vec<String>,
    pub(super) times: TimeStyle,
    pub(super) zone: LocalZone,
    pub(super) today: String,
    /// The time of the first line.
    pub(super) first: u64,
    pub(super) search: Option<LineSearch>,
    /// The line that the reader was led to.
    pub(super) current: Option<u64>,
    pub(super) words: &'static LogsWords,
}

impl RowLook {
    /// The columns of what stands before each text, nearly.
    pub(super) fn columns(&self) -> u32 {
        let names = self.names.iter().map(|name| plain::columns(name).min(16) + 3).max();
        self.times.columns() + names.unwrap_or_default() + 7
    }
}

/// Draws a line.
pub(super) fn row(number: u64, line: &KeptLine, look: &RowLook) -> Element {
    let row = element("div", "logs__row");
    set(&row, "data-line", &number.to_string());
    if line.is_gap {
        set(&row, "data-gap", "");
        add_text(&row, &(look.words.lost)(line.count));
        return row;
    }
    if look.current == Some(number) {
        set(&row, "aria-current", "true");
    }
    let group = line.level.map(LevelGroup::of);
    if let Some(group) = group {
        set(&row, "data-level", level_name(group));
    }
    if look.times != TimeStyle::None {
        let time = child(&row, "span", "logs__time number");
        set(&time, "title", &format::stamp(line.at / 1000, &look.zone));
        add_text(&time, &stamp(line.at, look.times, &look.zone, &look.today, look.first));
    }
    if let Some(name) = look.names.get(usize::from(line.source)) {
        let source = child(&row, "span", "logs__source");
        set(&source, "data-colour", &sources::colour(line.source));
        set(&source, "title", name);
        add_text(&source, name);
    }
    let level = child(&row, "span", "logs__level");
    if let Some(group) = group {
        add_text(&level, look.words.level(group));
    }
    if line.stderr {
        let mark = child(&row, "span", "logs__stderr");
        set(&mark, "title", look.words.stderr);
        add_text(&mark, "err");
    }
    if let Some(from) = &line.from {
        let from_span = child(&row, "span", "logs__from");
        set(&from_span, "dir", "auto");
        add_text(&from_span, &plain::plain(from));
    }
    match json::folded(&line.text) {
        Some(object) => add_object(&row, line, &object, look),
        None => add_line(&row, line, &line.text, look),
    }
    row
}

/// A text with its colours.
fn add_line(row: &Element, line: &KeptLine, text: &str, look: &RowLook) {
    let place = child(row, "span", "logs__text");
    set(&place, "dir", "auto");
    let mut spans = ansi::spans(text);
    let left_out = parts::shorten(&mut spans);
    let found = look.search.as_ref().map(|search| search.find(&parts::text(&spans))).unwrap_or_default();
    for span in parts::marked(spans, &found) {
        add_span(&place, &span);
    }
    let note = match (left_out, line.count) {
        (0, 0) => return,
        (_, 0) => (look.words.not_drawn)(left_out),
        (_, whole) => (look.words.cut)(whole),
    };
    add_text(&child(row, "span", "logs__note"), &note);
}

fn add_span(place: &Element, DrawnSpan { text, style, found }: &DrawnSpan) {
    let element = child(place, if *found { "mark" } else { "span" }, "");
    add_text(&element, text);
    if *style == TextStyle::default() {
        return;
    }
    let looks = [
        (style.bold, "bold"),
        (style.faint, "faint"),
        (style.italic, "italic"),
        (style.underlined, "underlined"),
        (style.struck, "struck"),
        (style.mark, "mark"),
        (style.inverse && style.colour.is_none() && style.ground.is_none(), "inverse"),
    ];
    let looks: Vec<_> = looks.into_iter().filter_map(|(is, look)| is.then_some(look)).collect();
    set(&element, "data-look", &looks.join(" "));
    let (text, ground) =
        if style.inverse { (style.ground, style.colour) } else { (style.colour, style.ground) };
    let properties = element.unchecked_ref::<HtmlElement>().style();
    let paint = |name: &str, colour| {
        let _ = properties.set_property(name, &colour::hex(colour));
    };
    if let Some([light, dark]) = colour::readable(text, ground) {
        set(&element, "data-ink", "");
        paint("--ink-light", light);
        paint("--ink-dark", dark);
    }
    if let Some(ground) = ground {
        set(&element, "data-ground", "");
        paint("--ground", ground);
    }
}

/// An object: its message, and its fields beside it or in a table below.
fn add_object(row: &Element, line: &KeptLine, object: &json::FoldedObject, look: &RowLook) {
    let is_open = line.opened > 0;
    let fold = child(row, "button", "logs__fold");
    set(&fold, "type", "button");
    set(&fold, "aria-expanded", if is_open { "true" } else { "false" });
    set(&fold, "aria-label", look.words.fields);
    add_text(&fold, if is_open { "▾" } else { "▸" });
    if let Some(message) = &object.message {
        add_line(row, line, message, look);
    }
    if !is_open {
        let mut beside = String::new();
        for (key, value) in &object.fields {
            for text in [if beside.is_empty() { "" } else { " " }, key, "=", value] {
                beside.push_str(text);
            }
            if beside.len() > FIELDS_BESIDE {
                beside.push('…');
                break;
            }
        }
        add_found(&child(row, "span", "logs__fields"), &beside, look);
        return;
    }
    let table = child(row, "dl", "logs__table");
    for (key, value) in &object.fields {
        let pair = child(&table, "div", "");
        add_found(&child(&pair, "dt", ""), key, look);
        add_found(&child(&pair, "dd", ""), value, look);
    }
}

/// A plain text with the places where the search is.
fn add_found(place: &Element, text: &str, look: &RowLook) {
    set(place, "dir", "auto");
    let mut spans = ansi::spans(text);
    parts::shorten(&mut spans);
    let found = look.search.as_ref().map(|search| search.find(&parts::text(&spans))).unwrap_or_default();
    for span in parts::marked(spans, &found) {
        let style = TextStyle { mark: span.style.mark, ..TextStyle::default() };
        add_span(place, &DrawnSpan { style, ..span });
    }
}

/// The rows that a line's fields take where they are shown.
pub(super) fn rows_of_fields(line: &KeptLine) -> u16 {
    let fields = json::folded(&line.text).map_or(0, |object| object.fields.len());
    u16::try_from(fields).unwrap_or(u16::MAX)
}

/// The level in the style's words.
pub(super) const fn level_name(group: LevelGroup) -> &'static str {
    match group {
        LevelGroup::Error => "error",
        LevelGroup::Warning => "warning",
        LevelGroup::Info => "info",
        LevelGroup::Debug => "debug",
    }
}

fn element(tag: &str, class: &str) -> Element {
    let element = Rndr::create_element(tag, None);
    if !class.is_empty() {
        set(&element, "class", class);
    }
    element
}

fn child(parent: &Element, tag: &str, class: &str) -> Element {
    let child = element(tag, class);
    Rndr::insert_node(parent, &child, None);
    child
}

fn add_text(parent: &Element, text: &str) {
    Rndr::insert_node(parent, &Rndr::create_text_node(text), None);
}

fn set(element: &Element, name: &str, value: &str) {
    Rndr::set_attribute(element, name, value);
}
