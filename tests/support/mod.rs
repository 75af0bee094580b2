//! What tests of the command line share.
#![allow(dead_code, reason = "each file of tests uses some of it")]

use std::path::Path;
use std::process::Output;

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The program ended with this code and said this on standard error.
#[track_caller]
pub(crate) fn assert_told(output: &Output, arguments: &[&str], code: i32, message: &str) {
    let told = stderr(output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(told.contains(message), "{arguments:?}: {told}");
}

/// What is in a folder, by name.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
