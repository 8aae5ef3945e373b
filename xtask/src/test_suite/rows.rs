//! The table of results.

use std::time::Duration;

/// The result of one script.
pub(crate) struct Row {
    pub(crate) name: String,
    /// What was wrong, if something was.
    pub(crate) problem: Option<String>,
    pub(crate) wall: Duration,
    /// Peak memory in bytes.
    pub(crate) peak: u64,
}

impl Row {
    pub(crate) fn passed(&self) -> bool {
        self.problem.is_none()
    }
}

/// Prints the rows, those that passed only if `all`, and a line that counts them.
pub(crate) fn print(title: &str, rows: &[Row], all: bool) {
    for row in rows.iter().filter(|row| all || !row.passed()) {
        println!(
            "  {:28} {:6} {:7.2} s {:8.1} MB  {}",
            row.name,
            if row.passed() { "ok" } else { "FAILED" },
            row.wall.as_secs_f64(),
            row.peak as f64 / 1e6,
            row.problem.as_deref().unwrap_or_default()
        );
    }
    let passed = rows.iter().filter(|row| row.passed()).count();
    let total: f64 = rows.iter().map(|row| row.wall.as_secs_f64()).sum();
    println!("{title}: {passed} of {} passed ({total:.1} s)", rows.len());
}
