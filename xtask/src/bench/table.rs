//! Times turned into ratios and means.

use crate::bench::measure::Cell;
use crate::bench::program::{GROUPS, Program};
use crate::bench::statistics::{geometric_mean, median};
use crate::engine::Engine;

/// Everything that one run of the task has measured.
pub(crate) struct Table {
    pub(crate) engines: Vec<EngineRow>,
    pub(crate) programs: Vec<Program>,
    /// The engine that ratios refer to, if it was found.
    pub(crate) reference: Option<usize>,
    cells: Vec<Vec<Option<Cell>>>,
}

/// An engine as reports name it.
pub(crate) struct EngineRow {
    pub(crate) name: String,
    pub(crate) command: String,
    pub(crate) version: String,
}

impl Table {
    pub(crate) fn new(programs: &[Program], engines: &[Engine], reference: &str, cells: Vec<Vec<Option<Cell>>>) -> Table {
        let engines: Vec<EngineRow> = engines
            .iter()
            .map(|engine| EngineRow { name: engine.name.clone(), command: engine.describe(), version: engine.version() })
            .collect();
        let reference = engines.iter().position(|engine| engine.name == reference);
        Table { engines, programs: programs.to_vec(), reference, cells }
    }

    /// The cell, if the engine ran the program to its end.
    pub(crate) fn cell(&self, program: usize, engine: usize) -> Option<&Cell> {
        self.cells[program][engine].as_ref().filter(|cell| cell.problem.is_none() && !cell.seconds.is_empty())
    }

    /// The median time, in seconds.
    pub(crate) fn seconds(&self, program: usize, engine: usize) -> Option<f64> {
        median(&self.cell(program, engine)?.seconds)
    }

    /// The median peak memory, in bytes.
    pub(crate) fn peak(&self, program: usize, engine: usize) -> Option<f64> {
        let peaks: Vec<f64> = self.cell(program, engine)?.peaks.iter().map(|peak| *peak as f64).collect();
        median(&peaks)
    }

    /// The time of each run over the reference's in the same pass.
    pub(crate) fn ratios(&self, program: usize, engine: usize) -> Vec<f64> {
        let reference = self.reference.and_then(|reference| self.cell(program, reference));
        let (Some(cell), Some(reference)) = (self.cell(program, engine), reference) else {
            return Vec::new();
        };
        cell.seconds.iter().zip(&reference.seconds).map(|(ours, theirs)| ours.max(1e-6) / theirs.max(1e-6)).collect()
    }

    /// The median of [`Table::ratios`].
    pub(crate) fn ratio(&self, program: usize, engine: usize) -> Option<f64> {
        median(&self.ratios(program, engine))
    }

    /// Peak memory over the reference's.
    pub(crate) fn memory_ratio(&self, program: usize, engine: usize) -> Option<f64> {
        Some(self.peak(program, engine)? / self.peak(program, self.reference?)?.max(1.0))
    }

    /// The geometric mean of the time ratios of these programs; `None` if the
    /// engine ran none of them.
    pub(crate) fn mean(&self, programs: &[usize], engine: usize) -> Option<f64> {
        geometric_mean(programs.iter().filter_map(|program| self.ratio(*program, engine)))
    }

    /// As [`Table::mean`], of peak memory.
    pub(crate) fn memory_mean(&self, programs: &[usize], engine: usize) -> Option<f64> {
        geometric_mean(programs.iter().filter_map(|program| self.memory_ratio(*program, engine)))
    }

    /// The indices of all programs.
    pub(crate) fn all(&self) -> Vec<usize> {
        (0..self.programs.len()).collect()
    }

    /// The programs that every engine ran: only over these are means of
    /// different engines comparable.
    pub(crate) fn common(&self) -> Vec<usize> {
        let ran = |program: &usize| (0..self.engines.len()).all(|engine| self.cell(*program, engine).is_some());
        self.all().into_iter().filter(ran).collect()
    }

    /// The groups that occur, with their programs.
    pub(crate) fn groups(&self) -> Vec<(&'static str, Vec<usize>)> {
        let members = |group: &str| self.all().into_iter().filter(|program| self.programs[*program].group == group).collect();
        GROUPS.iter().map(|group| (*group, members(group))).filter(|(_, programs): &(_, Vec<usize>)| !programs.is_empty()).collect()
    }

    /// Programs in descending order of this engine's ratio.
    pub(crate) fn worst(&self, engine: usize) -> Vec<(usize, f64)> {
        let mut rows: Vec<(usize, f64)> =
            self.all().into_iter().filter_map(|program| Some((program, self.ratio(program, engine)?))).collect();
        rows.sort_by(|left, right| right.1.total_cmp(&left.1));
        rows
    }

    /// Engines that failed or printed something else than the others.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (program, row) in self.programs.iter().zip(&self.cells) {
            let judge = self.reference.and_then(|reference| row[reference].as_ref());
            let judge = judge.or(row.iter().flatten().next());
            for (engine, cell) in self.engines.iter().zip(row) {
                let Some(cell) = cell else { continue };
                if let Some(problem) = &cell.problem {
                    problems.push(format!("{} on {}: {problem}", program.name, engine.name));
                } else if judge.is_some_and(|judge| judge.problem.is_none() && judge.output != cell.output) {
                    let text = String::from_utf8_lossy(&cell.output).trim_end().to_owned();
                    problems.push(format!("{} on {} printed something else: {text}", program.name, engine.name));
                }
            }
        }
        problems
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Two programs on two engines; the second engine is the reference and
    /// cannot run the second program.
    pub(crate) fn example() -> Table {
        let program = |name: &str, group: &str| Program {
            name: name.into(),
            path: format!("{name}.lua").into(),
            group: group.into(),
            measures: "something".into(),
            needs_lua54: false,
        };
        let cell = |seconds: &[f64], output: &str| {
            Some(Cell { seconds: seconds.to_vec(), peaks: vec![1_000_000; seconds.len()], output: output.into(), problem: None })
        };
        let engine = |name: &str| EngineRow { name: name.into(), command: name.into(), version: "1".into() };
        Table {
            engines: vec![engine("lua-cli"), engine("lua5.4")],
            programs: vec![program("fib", "calls"), program("lcg", "integers")],
            reference: Some(1),
            cells: vec![vec![cell(&[0.5, 0.7, 0.6], "1"), cell(&[1.0, 1.0, 1.0], "1")], vec![cell(&[0.5, 0.5, 0.5], "2"), None]],
        }
    }

    #[test]
    fn ratios_and_means() {
        let table = example();
        assert_eq!(table.ratio(0, 0), Some(0.6));
        assert_eq!(table.ratio(1, 0), None);
        assert_eq!(table.common(), [0]);
        assert!((table.mean(&table.all(), 0).unwrap() - 0.6).abs() < 1e-9);
        assert_eq!(table.groups().len(), 2);
        assert!(table.problems().is_empty());
    }

    #[test]
    fn other_output_is_a_problem() {
        let mut table = example();
        table.cells[0][0].as_mut().unwrap().output = b"3".to_vec();
        assert_eq!(table.problems().len(), 1);
        table.cells[0][0].as_mut().unwrap().problem = Some("exit status 1".into());
        assert!(table.problems()[0].contains("exit status 1"));
    }
}
