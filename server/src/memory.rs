//! Sets how the system gives memory to this process.

/// Asks for memory in small pages only.
///
/// A huge page (2 MiB) is resident as soon as one byte of it is used, and what is used lies scattered over many: an idle
/// server held 14 MiB of which it used 3.5, and more with every hour. The allocator asks for none (`no_thp`); this keeps the
/// system from giving them unasked, as many are set up to. Must come first, before much memory is used.
#[cfg(target_os = "linux")]
pub fn use_small_pages() {
    // A failure costs memory only.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// Nothing is to be asked for here.
#[cfg(not(target_os = "linux"))]
pub fn use_small_pages() {}
