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
pub(crate) fn cpu() -> Duration {
    clock::cpu()
}

/// Processor time of this thread, in user and system mode.
pub(crate) fn thread_cpu() -> Duration {
    clock::thread_cpu()
}

#[cfg(unix)]
mod clock {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    pub(super) fn cpu() -> Duration {
        read(ClockId::ProcessCPUTime)
    }

    pub(super) fn thread_cpu() -> Duration {
        read(ClockId::ThreadCPUTime)
    }

    fn read(clock: ClockId) -> Duration {
        let time = clock_gettime(clock);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
    }
}

/// Unknown here.
#[cfg(not(unix))]
mod clock {
    use std::time::Duration;

    pub(super) fn cpu() -> Duration {
        Duration::ZERO
    }

    pub(super) fn thread_cpu() -> Duration {
        Duration::ZERO
    }
}
