//! The built site: carried by the binary, or in a folder where cargo-leptos or the environment names one.

mod carried;
mod folder;

use std::sync::Arc;

use leptos::config::LeptosOptions;

pub use carried::{CarriedFile, CarriedSite};

/// The site, as pages and their files need it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The names that Leptos writes into pages.
    pub(crate) options: LeptosOptions,
    /// The files, unless they lie in a folder.
    pub(crate) carried: Option<Arc<CarriedSite>>,
    /// True if the names of the page's files change with what they hold.
    pub(crate) is_hashed: bool,
}

/// The name of everything that is built of the page.
const NAME: &str = "pulseboard";

/// The folder of the page's files.
const PKG: &str = "pkg";

impl Site {
    /// Finds the site: the folder that the environment names, as cargo-leptos does; else what the binary carries; else
    /// `target/site` of a checkout.
    pub(crate) fn find(carried: Option<&Arc<CarriedSite>>) -> Self {
        match carried {
            Some(carried) if !folder::is_named() => {
                let options = LeptosOptions::builder()
                    .output_name(NAME)
                    // Leptos looks there for a list of pieces, which these pages do not use.
                    .site_root("")
                    .site_pkg_dir(carried.folder())
                    .hash_files(false)
                    .build();
                Self { options, carried: Some(Arc::clone(carried)), is_hashed: true }
            }
            _ => folder::find(),
        }
    }
}
