//! The benchmark programs and the comments at their heads.

use std::fs;
use std::path::{Path, PathBuf};

use crate::task::Result;
use crate::workspace;

/// A benchmark program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// From `-- group: NAME`.
    pub(crate) group: String,
    /// From `-- measures: TEXT`.
    pub(crate) measures: String,
    /// From `-- engines: lua54`: needs 64-bit integers and their operators.
    pub(crate) needs_lua54: bool,
}

/// The groups, in the order in which reports show them.
pub(crate) const GROUPS: [&str; 12] =
    ["calls", "floats", "oop", "allocation", "arrays", "hash", "strings", "coroutines", "pcall", "integers", "metamethods", "mixed"];

/// The programs of `directory` that the filters leave, by group and name.
///
/// # Errors
///
/// If a program has no proper head, or none is left.
pub(crate) fn load(directory: &Path, only: &[String], groups: &[String]) -> Result<Vec<Program>> {
    if let Some(group) = groups.iter().find(|group| !GROUPS.contains(&group.as_str())) {
        return Err(format!("no group '{group}'; there are {}", GROUPS.join(", ")).into());
    }
    let mut programs = Vec::new();
    for path in workspace::files_with_extension(directory, "lua")? {
        let program = parse(&path, &fs::read_to_string(&path)?)?;
        let wanted = (only.is_empty() || only.iter().any(|text| program.name.contains(text)))
            && (groups.is_empty() || groups.contains(&program.group));
        if wanted {
            programs.push(program);
        }
    }
    programs.sort_by_key(|program| GROUPS.iter().position(|group| *group == program.group));
    if programs.is_empty() {
        return Err("no program is left to run".into());
    }
    Ok(programs)
}

fn parse(path: &Path, source: &str) -> Result<Program> {
    let name = workspace::stem(path);
    let head = |key: &str| {
        let prefix = format!("-- {key}: ");
        let mut lines = source.lines().take_while(|line| line.starts_with("--"));
        lines.find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
    };
    let required = |key: &str| head(key).ok_or_else(|| format!("{name}.lua has no '-- {key}:' line"));
    let group = required("group")?;
    if !GROUPS.contains(&group.as_str()) {
        return Err(format!("{name}.lua: unknown group '{group}'").into());
    }
    let needs_lua54 = match head("engines").as_deref() {
        None => false,
        Some("lua54") => true,
        Some(other) => return Err(format!("{name}.lua: unknown engines '{other}'").into()),
    };
    let measures = required("measures")?;
    Ok(Program { name, path: path.to_owned(), group, measures, needs_lua54 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_of_ours_has_a_head() {
        let programs = load(&workspace::root().join("xtask/bench"), &[], &[]).unwrap();
        assert!(programs.len() >= 34);
        for group in GROUPS {
            assert!(programs.iter().any(|program| program.group == group), "{group}");
        }
    }

    #[test]
    fn heads_are_checked() {
        let path = Path::new("x.lua");
        let good = parse(path, "-- group: calls\n-- measures: y\n-- engines: lua54\n").unwrap();
        assert!(good.needs_lua54);
        assert!(parse(path, "-- group: calls\n").is_err());
        assert!(parse(path, "-- group: none\n-- measures: y\n").is_err());
        assert!(parse(path, "-- group: calls\n-- measures: y\n-- engines: all\n").is_err());
    }
}
