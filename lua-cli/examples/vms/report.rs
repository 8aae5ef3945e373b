//! What was measured, as text and as JSON.

use std::time::Duration;

use crate::options::Options;

/// Processor times of one step (opening, loading or running): of the first VM, and of each of the later ones.
#[derive(Default)]
pub(crate) struct Step {
    first: Duration,
    later: Vec<Duration>,
}

impl Step {
    pub(crate) fn add(&mut self, time: Duration, is_first: bool) {
        if is_first {
            self.first += time;
        } else {
            self.later.push(time);
        }
    }

    pub(crate) fn merge(&mut self, other: Step) {
        self.first += other.first;
        self.later.extend(other.later);
    }

    /// Microseconds of the first one, and the median of the later ones.
    fn microseconds(&self) -> (f64, f64) {
        let mut later = self.later.clone();
        later.sort_unstable();
        let median = later.get(later.len() / 2).copied().unwrap_or_default();
        (self.first.as_secs_f64() * 1e6, median.as_secs_f64() * 1e6)
    }
}

/// Everything that was measured.
pub(crate) struct Report {
    pub(crate) modules: usize,
    pub(crate) failed: usize,
    pub(crate) open: Step,
    pub(crate) work: Step,
    /// What a VM's heap says that it uses, on average.
    pub(crate) accounted: usize,
    /// By how much the process grew with each VM after the first, if the system tells.
    pub(crate) marginal: Option<usize>,
    /// The largest resident set, if the system tells.
    pub(crate) peak: Option<usize>,
    /// Processor time from the first opening to the last drop.
    pub(crate) cpu: Duration,
    pub(crate) drop: Duration,
}

impl Report {
    pub(crate) fn print(&self, options: &Options) {
        if options.json { self.print_json(options) } else { self.print_text(options) }
    }

    fn print_text(&self, options: &Options) {
        let kilobytes = |bytes: Option<usize>| bytes.map_or("unknown".into(), |bytes| format!("{:.1} KB", bytes as f64 / 1024.0));
        let (open, work) = (self.open.microseconds(), self.work.microseconds());
        let name = options.work.name();
        println!("{} VMs on {} threads, {name}: {} modules, {} failed", options.count, options.threads, self.modules, self.failed);
        println!(
            "memory  each VM {}, its heap {}, peak {}",
            kilobytes(self.marginal),
            kilobytes(Some(self.accounted)),
            kilobytes(self.peak)
        );
        println!("open    first {:.1} us, later {:.1} us", open.0, open.1);
        println!("{name:7} first {:.1} us, later {:.1} us", work.0, work.1);
        println!("all     {:.3} s of processor time; dropped in {:.3} s", self.cpu.as_secs_f64(), self.drop.as_secs_f64());
    }

    fn print_json(&self, options: &Options) {
        let bytes = |bytes: Option<usize>| bytes.map_or("null".into(), |bytes| bytes.to_string());
        let (open, work) = (self.open.microseconds(), self.work.microseconds());
        println!(
            "{{\"count\": {}, \"threads\": {}, \"work\": \"{}\", \"modules\": {}, \"failed\": {}, \"accounted_bytes\": {}, \
             \"marginal_bytes\": {}, \"peak_bytes\": {}, \"open_first_us\": {:.2}, \"open_later_us\": {:.2}, \
             \"work_first_us\": {:.2}, \"work_later_us\": {:.2}, \"drop_us\": {:.0}, \"cpu_us\": {:.0}}}",
            options.count,
            options.threads,
            options.work.name(),
            self.modules,
            self.failed,
            self.accounted,
            bytes(self.marginal),
            bytes(self.peak),
            open.0,
            open.1,
            work.0,
            work.1,
            self.drop.as_secs_f64() * 1e6,
            self.cpu.as_secs_f64() * 1e6,
        );
    }
}
