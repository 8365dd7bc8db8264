//! Runs the fuzz targets on the seeds and on what the fuzzer has found: `fuzz/corpus/<target>/`.

use std::{fs, path::Path};

use exposition::fuzzing::TARGETS;

#[test]
fn what_holds_of_any_bytes_holds_of_the_corpus() {
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
        let mut tried = 0;
        for entry in fs::read_dir(&folder).expect("a folder for each target") {
            let path = entry.expect("an entry").path();
            // The last line of a failed run names the file.
            println!("{}", path.display());
            target(&fs::read(&path).expect("a file"));
            tried += 1;
        }
        assert!(tried > 0, "{} is empty", folder.display());
    }
}
