//! The time that a thread spends on a processor.

use std::time::Duration;

/// The processor time of the calling thread so far; `None` where the system does not tell.
pub(crate) fn thread_time() -> Option<Duration> {
    #[cfg(unix)]
    {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Some(Duration::new(u64::try_from(now.tv_sec).ok()?, u32::try_from(now.tv_nsec).ok()?))
    }
    #[cfg(not(unix))]
    None
}
