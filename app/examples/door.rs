//! Writes every document of the front door into a folder, in each language: `cargo run -p app --features ssr --example
//! door -- FOLDER`. They link to `/pkg/pulseboard.css`.

#[path = "../tests/door/account_samples.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod account_samples;
#[path = "../tests/door/dashboard_samples.rs"]
mod dashboard_samples;
#[path = "../tests/door/host_samples.rs"]
mod host_samples;
#[path = "../tests/door/notice_samples.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod notice_samples;
#[path = "../tests/door/samples.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod samples;
#[path = "../tests/door/source_samples.rs"]
mod source_samples;

use std::{env, error::Error, fs, path::Path};

use app::i18n::Language;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).ok_or("give the folder")?;
    for language in Language::ALL {
        for (name, html) in samples::documents(language, "민수 min") {
            fs::write(Path::new(&folder).join(format!("{name}.{}.html", language.tag())), html)?;
        }
    }
    Ok(())
}
