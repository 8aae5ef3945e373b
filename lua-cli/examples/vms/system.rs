//! What the system knows about this process.

use std::time::Duration;

/// A field of `/proc/self/status`, in bytes.
fn status(field: &str) -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Resident memory.
pub(crate) fn resident() -> Option<usize> {
    status("VmRSS:")
}

/// The most that was ever resident.
pub(crate) fn peak() -> Option<usize> {
    status("VmHWM:")
}

/// Processor time of all threads, in user and system mode.
#[cfg(unix)]
pub(crate) fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

/// Unknown here.
#[cfg(not(unix))]
pub(crate) fn cpu() -> Duration {
    Duration::ZERO
}
