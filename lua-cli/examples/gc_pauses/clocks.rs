//! Clocks, and what the system says about memory.

use std::time::{Duration, Instant};

#[cfg(unix)]
fn read(clock: rustix::time::ClockId) -> Duration {
    let now = rustix::time::clock_gettime(clock);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// Processor time of this thread.
#[cfg(unix)]
pub(crate) fn thread() -> Duration {
    read(rustix::time::ClockId::ThreadCPUTime)
}

/// Processor time of the whole process.
#[cfg(unix)]
pub(crate) fn process() -> Duration {
    read(rustix::time::ClockId::ProcessCPUTime)
}

/// Where the system has no such clock, the wall's stands in.
#[cfg(not(unix))]
pub(crate) fn thread() -> Duration {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

/// Where the system has no such clock, the wall's stands in.
#[cfg(not(unix))]
pub(crate) fn process() -> Duration {
    thread()
}

/// What one look at the thread's clock and the wall's costs: the least of many.
pub(crate) fn cost() -> Duration {
    let look = || {
        let began = thread();
        std::hint::black_box(Instant::now());
        thread() - began
    };
    (0..1000).map(|_| look()).min().unwrap_or_default()
}

/// The most memory that this process has had at once, in bytes, as the system sees it; 0 if it does not tell.
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
