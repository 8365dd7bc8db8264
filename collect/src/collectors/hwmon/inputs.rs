//! Finds the inputs of every chip, and the places of devices.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::PolledInput;

/// The inputs of every chip whose names begin like this: `temp`, `fan`.
pub(in crate::collectors) fn hwmon_inputs(folder: &Path, kind: &str) -> Vec<PolledInput> {
    let mut inputs = Vec::new();
    for chip in entries(folder) {
        let name = first_line(&chip.join("name"));
        // The device that it belongs to says which of two equal ones it is, after every start.
        let device = fs::canonicalize(chip.join("device")).or_else(|_| fs::canonicalize(&chip));
        let device = device.unwrap_or_else(|_| chip.clone());
        let place = device_path(&device);
        let real = fs::canonicalize(&chip).unwrap_or_else(|_| chip.clone());
        for file in entries(&chip) {
            let Some(input) = file.file_name().and_then(|name| name.to_str()?.strip_suffix("_input")) else {
                continue;
            };
            if !input.starts_with(kind) {
                continue;
            }
            let label = first_line(&chip.join(format!("{input}_label")));
            let label = if label.is_empty() { input } else { &label };
            let file = real.join(format!("{input}_input"));
            let input = PolledInput::new(file, format!("{name} {label}").trim(), format!("{place}/{input}"));
            inputs.push(PolledInput { device: Some(device.clone()), ..input });
        }
    }
    inputs
}

/// The bus and the name of a device, `pci/0000:03:00.0`, by its own path.
pub(in crate::collectors) fn device_path(device: &Path) -> String {
    let bus = fs::read_link(device.join("subsystem")).map(|bus| format!("{}/", file_name(&bus)));
    bus.unwrap_or_default() + &file_name(device)
}

/// The entries of a folder, in order.
pub(in crate::collectors) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

/// The text of a file that has one line; empty where it cannot be read.
pub(in crate::collectors) fn first_line(file: &Path) -> String {
    fs::read(file).map(|text| String::from_utf8_lossy(&text).trim().to_owned()).unwrap_or_default()
}

/// The last word of a path.
pub(in crate::collectors) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
