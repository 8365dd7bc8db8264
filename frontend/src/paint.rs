//! The painter: every canvas of the page, drawn when its chart has changed and it can be seen, once an animation
//! frame. A hidden page has no frames, so it paints nothing and keeps its charts.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use app::ports::ChartCanvas;
use charts::{Chart, ChartLayers, Theme};
use js_sys::Array;
use transports::browser::EventListeners;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{
    Element, EventTarget, HtmlCanvasElement, IntersectionObserver, IntersectionObserverEntry, ResizeObserver,
    ResizeObserverEntry,
};

use crate::{
    browser::{document, new_canvas, window},
    timer::NextFrame,
};

/// Pixels of a canvas for one of the page's, on paper.
const PRINT_DPR: f64 = 3.0;

pub(crate) struct Painter {
    sheets: RefCell<Vec<Rc<Sheet>>>,
    theme: RefCell<Option<Theme>>,
    frame: NextFrame,
    sizes: ResizeObserver,
    sight: IntersectionObserver,
    _listeners: Vec<EventListeners>,
    _callbacks: [Closure<dyn FnMut(Array)>; 2],
}

struct Sheet {
    /// The data's canvas, which is the page's own; the frame's is put behind it.
    canvas: HtmlCanvasElement,
    layers: RefCell<ChartLayers>,
    chart: RefCell<Option<Rc<Chart>>>,
    dirty: Cell<bool>,
    seen: Cell<bool>,
    /// True if the stylesheet knows that the canvas has a picture.
    painted: Cell<bool>,
    /// True if the frame's canvas stands behind the data's.
    framed: Cell<bool>,
    size: Cell<(f64, f64)>,
    /// A browser that took the pixels away says when there may be new ones.
    _restored: [EventListeners; 2],
}

/// A canvas in the painter's care.
struct ManagedCanvas {
    painter: Weak<Painter>,
    sheet: Rc<Sheet>,
}

impl Painter {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new_cyclic(|weak: &Weak<Self>| {
            let resized = observer(weak, |painter, entry: ResizeObserverEntry| {
                let size = entry.content_rect();
                painter.change(&entry.target(), |sheet| sheet.size.set((size.width(), size.height())));
            });
            let sighted = observer(weak, |painter, entry: IntersectionObserverEntry| {
                painter.change(&entry.target(), |sheet| sheet.seen.set(entry.is_intersecting()));
            });
            // A change of the system's colours, and of the screen: another zoom, another monitor.
            let scheme = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
            let mut listeners = vec![repaint_on(weak, &window(), &["resize"])];
            // Browsers may let go of a hidden page's pixels.
            listeners.push(repaint_on(weak, &document(), &["visibilitychange"]));
            let print = {
                let weak = weak.clone();
                move |_| {
                    if let Some(painter) = weak.upgrade() {
                        painter.paint_for_print();
                    }
                }
            };
            listeners.push(EventListeners::new(&window(), &["beforeprint"], print));
            listeners.push(repaint_on(weak, &window(), &["afterprint"]));
            listeners.extend(scheme.map(|scheme| repaint_on(weak, &scheme, &["change"])));
            let frame = {
                let weak = weak.clone();
                NextFrame::new(move || {
                    if let Some(painter) = weak.upgrade() {
                        painter.frame.came();
                        painter.paint();
                    }
                })
            };
            Self {
                sheets: RefCell::default(),
                theme: RefCell::default(),
                frame,
                sizes: ResizeObserver::new(resized.as_ref().unchecked_ref())
                    .expect("every browser that runs WebAssembly observes sizes"),
                sight: IntersectionObserver::new(sighted.as_ref().unchecked_ref())
                    .expect("every browser that runs WebAssembly observes sight"),
                _listeners: listeners,
                _callbacks: [resized, sighted],
            }
        })
    }

    pub(crate) fn take_care(self: &Rc<Self>, canvas: HtmlCanvasElement) -> impl ChartCanvas + 'static {
        let frame = new_canvas();
        frame.set_class_name("plot__frame");
        let weak = Rc::downgrade(self);
        let sheet = Rc::new(Sheet {
            layers: ChartLayers::new(frame.clone(), canvas.clone()).into(),
            chart: RefCell::default(),
            dirty: Cell::default(),
            seen: Cell::default(),
            painted: Cell::default(),
            framed: Cell::default(),
            size: Cell::default(),
            _restored: [&frame, &canvas].map(|canvas| repaint_on(&weak, canvas, &["contextrestored"])),
            canvas,
        });
        self.sizes.observe(&sheet.canvas);
        self.sight.observe(&sheet.canvas);
        self.sheets.borrow_mut().push(sheet.clone());
        ManagedCanvas { painter: Rc::downgrade(self), sheet }
    }

    /// The colours may have changed.
    pub(crate) fn repaint_all(&self) {
        self.theme.take();
        for sheet in &*self.sheets.borrow() {
            sheet.repaint();
        }
        self.frame.ask();
    }

    /// The canvases that together are the chart on this one, in the order in which they are drawn.
    pub(crate) fn layers(&self, canvas: &HtmlCanvasElement) -> Vec<HtmlCanvasElement> {
        let sheets = self.sheets.borrow();
        let sheet = sheets.iter().find(|sheet| sheet.canvas.is_same_node(Some(canvas)));
        let frame = sheet.and_then(|sheet| {
            let layers = sheet.layers.borrow();
            layers.is_framed().then(|| layers.frame().clone())
        });
        frame.into_iter().chain([canvas.clone()]).collect()
    }

    /// The value of a custom property of the page's style.
    pub(crate) fn token(name: &str) -> Option<String> {
        let root = document().document_element()?;
        let style = window().get_computed_style(&root).ok()??;
        style
            .get_property_value(name)
            .ok()
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    fn change(&self, canvas: &Element, change: impl Fn(&Sheet)) {
        let sheets = self.sheets.borrow();
        if let Some(sheet) = sheets.iter().find(|sheet| sheet.canvas.is_same_node(Some(canvas))) {
            change(sheet);
            sheet.dirty.set(true);
            self.frame.ask();
        }
    }

    /// The page is about to be printed, on white, and there is no frame before that: every chart at once, those that are out of sight,
    /// too, finely and in the light colours.
    fn paint_for_print(&self) {
        let theme = Theme::light();
        for sheet in &*self.sheets.borrow() {
            sheet.paint(&theme, PRINT_DPR);
        }
    }

    fn paint(&self) {
        let mut theme = self.theme.borrow_mut();
        let theme = theme.get_or_insert_with(|| Theme::from_tokens(&Theme::light(), Self::token));
        let dpr = window().device_pixel_ratio();
        for sheet in &*self.sheets.borrow() {
            if sheet.seen.get() && sheet.dirty.get() {
                sheet.paint(theme, dpr);
            }
        }
    }
}

impl Sheet {
    /// The next picture is a whole one.
    fn repaint(&self) {
        self.layers.borrow_mut().invalidate();
        self.dirty.set(true);
    }

    /// Shows the chart, if there is one and room for it.
    fn paint(&self, theme: &Theme, dpr: f64) {
        let ((width, height), chart) = (self.size.get(), self.chart.borrow());
        let (Some(chart), true) = (&*chart, width > 0.0 && height > 0.0) else { return };
        self.dirty.set(false);
        let mut layers = self.layers.borrow_mut();
        if layers.paint(chart, theme, width, height, dpr).is_err() {
            return;
        }
        if layers.is_framed() && !self.framed.replace(true) {
            let _ = self.canvas.before_with_node_1(layers.frame());
        }
        if !self.painted.replace(true) {
            let _ = self.canvas.set_attribute("data-painted", "");
        }
    }
}

impl ChartCanvas for ManagedCanvas {
    fn show(&self, chart: Chart) {
        if self.sheet.chart.borrow().as_deref() == Some(&chart) {
            return;
        }
        self.sheet.chart.replace(Some(Rc::new(chart)));
        self.sheet.dirty.set(true);
        if let Some(painter) = self.painter.upgrade().filter(|_| self.sheet.seen.get()) {
            painter.frame.ask();
        }
    }
}

impl Drop for ManagedCanvas {
    fn drop(&mut self) {
        if let Some(painter) = self.painter.upgrade() {
            painter.sizes.unobserve(&self.sheet.canvas);
            painter.sight.unobserve(&self.sheet.canvas);
            self.sheet.layers.borrow().frame().remove();
            painter.sheets.borrow_mut().retain(|sheet| !Rc::ptr_eq(sheet, &self.sheet));
        }
    }
}

/// Paints every chart anew when `target` has such an event.
fn repaint_on(
    painter: &Weak<Painter>,
    target: &EventTarget,
    kinds: &'static [&'static str],
) -> EventListeners {
    let painter = painter.clone();
    EventListeners::new(target, kinds, move |_| {
        if let Some(painter) = painter.upgrade() {
            painter.repaint_all();
        }
    })
}

/// A callback of an observer: each entry is for the painter.
fn observer<E: JsCast + 'static>(
    painter: &Weak<Painter>,
    act: impl Fn(&Painter, E) + 'static,
) -> Closure<dyn FnMut(Array)> {
    let painter = painter.clone();
    Closure::new(move |entries: Array| {
        if let Some(painter) = painter.upgrade() {
            for entry in entries.iter() {
                act(&painter, entry.unchecked_into());
            }
        }
    })
}
