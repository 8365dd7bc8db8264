//! The page's own code has failed: nothing of it can be relied on any more, so this uses the document alone.

use std::panic::PanicHookInfo;

use app::live::minute;

/// Shows the banner that the server has put into the page, once, with where it was and the minute as its id; the console
/// has the rest.
pub(crate) fn report(info: &PanicHookInfo<'_>) {
    console_error_panic_hook::hook(info);
    let _ = show(info);
}

fn show(info: &PanicHookInfo<'_>) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let banner = document.get_element_by_id("crash")?;
    let place = info.location()?;
    let file = place.file().rsplit('/').next()?;
    let id = [file, ":", &place.line().to_string(), "-", &minute(super::now() as u64)].concat();
    // A failure in the wake of the first one says less.
    if banner.has_attribute("hidden") {
        document.get_element_by_id("crash-id")?.set_text_content(Some(&id));
        banner.remove_attribute("hidden").ok()?;
    }
    Some(())
}
