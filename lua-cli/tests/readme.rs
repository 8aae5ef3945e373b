//! The README tells the truth.

mod common;

use std::path::Path;
use std::process::Command;

use common::prints;

const README: &str = include_str!("../../README.md");

/// The blocks of the README with this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_embedding_is_the_example_and_runs() {
    let example = include_str!("../examples/embed.rs");
    let shown = example.split("// README\n").nth(1).unwrap();
    assert_eq!(blocks("rust"), [shown]);
    let binary = Path::new(env!("CARGO_BIN_EXE_lua-cli")).with_file_name("examples").join("embed");
    // Tests build the examples.
    let output = Command::new(binary).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "42\n");
}

#[test]
fn commands_print_what_is_shown() {
    let mut checked = 0;
    for block in blocks("console") {
        let mut lines = block.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(statement) = line.strip_prefix("$ lua-cli -e '").and_then(|rest| rest.strip_suffix('\'')) else {
                continue;
            };
            let mut expected = String::new();
            while let Some(output) = lines.next_if(|line| !line.starts_with('$')) {
                expected += output;
                expected += "\n";
            }
            prints(&["-e", statement], &expected);
            checked += 1;
        }
    }
    assert!(checked > 0);
}

#[test]
fn every_crate_is_listed() {
    let manifest = include_str!("../../Cargo.toml");
    let members = manifest.split("members = [").nth(1).unwrap();
    for member in members.split(']').next().unwrap().split(',') {
        let member = member.trim().trim_matches('"');
        assert!(README.contains(&format!("| `{member}` |")), "{member}");
    }
}
