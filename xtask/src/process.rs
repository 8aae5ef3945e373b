//! Running a program and measuring what it took.

use std::io::Read;
use std::mem;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::task::Result;

/// How long the pipes of a program that has ended are read on: whoever holds one then has left
/// the program's process group on purpose.
const GRACE: Duration = Duration::from_secs(2);

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With this exit status.
    Exit(i32),
    /// Killed by this signal.
    Signal(i32),
    /// Killed because its time was up.
    TimedOut,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            End::Exit(status) => write!(f, "exit status {status}"),
            End::Signal(signal) => write!(f, "killed by signal {signal}"),
            End::TimedOut => write!(f, "time limit exceeded"),
        }
    }
}

/// A program that has run to its end.
pub(crate) struct Finished {
    pub(crate) end: End,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) wall: Duration,
    /// CPU time in user mode, of this process and the children it waited for.
    pub(crate) user: Duration,
    /// The largest resident set, in bytes.
    pub(crate) peak: u64,
}

impl Finished {
    /// Whether the exit status was 0.
    pub(crate) fn succeeded(&self) -> bool {
        self.end == End::Exit(0)
    }

    /// The last line of standard error that is not blank, for a table.
    pub(crate) fn last_words(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let line = text
            .lines()
            .find(|line| line.contains(": ") && !line.starts_with([' ', '\t']))
            .or_else(|| text.lines().rfind(|line| !line.trim().is_empty()));
        line.unwrap_or_default().trim().to_owned()
    }
}

/// Runs `command` with nothing on standard input, collects what it prints, and
/// kills it after `limit`. What it started and left behind is killed when it ends.
///
/// Standard input is a pipe that is closed at once, not the null device: scripts
/// may test that it cannot be positioned.
///
/// # Errors
///
/// If the program cannot be started or waited for.
pub(crate) fn run(mut command: Command, limit: Duration) -> Result<Finished> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    system::prepare(&mut command);
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("cannot run {}: {error}", command.get_program().to_string_lossy()))?;
    drop(child.stdin.take());
    let stdout = Collector::start(child.stdout.take());
    let stderr = Collector::start(child.stderr.take());
    let timed_out = wait_or_kill(&mut child, limit)?;
    let wall = start.elapsed();
    system::kill(child.id());
    let (end, user, peak) = system::reap(&mut child)?;
    let deadline = Instant::now() + GRACE;
    Ok(Finished {
        end: if timed_out { End::TimedOut } else { end },
        stdout: stdout.finish(deadline),
        stderr: stderr.finish(deadline),
        wall,
        user,
        peak,
    })
}

/// Reads a pipe on a thread of its own.
struct Collector {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Nothing is sent; it is closed when the pipe has ended.
    ended: Receiver<()>,
}

impl Collector {
    fn start(stream: Option<impl Read + Send + 'static>) -> Collector {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (open, ended) = mpsc::channel();
        let shared = Arc::clone(&bytes);
        thread::spawn(move || {
            if let Some(stream) = stream {
                read_all(stream, &shared);
            }
            drop(open);
        });
        Collector { bytes, ended }
    }

    /// What was read, at the end of the pipe or at `deadline`.
    fn finish(self, deadline: Instant) -> Vec<u8> {
        let _ = self.ended.recv_timeout(deadline.saturating_duration_since(Instant::now()));
        mem::take(&mut self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads to the end, or to an error: what came before it is all that there is to show.
fn read_all(mut stream: impl Read, bytes: &Mutex<Vec<u8>>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count) = stream.read(&mut buffer)
        && count > 0
    {
        bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..count]);
    }
}

/// Waits for the end of `child` without reaping it, so that its id stays ours
/// while the watchdog may still use it. Returns whether it had to be killed.
fn wait_or_kill(child: &mut Child, limit: Duration) -> Result<bool> {
    let id = child.id();
    let (ended, watch) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        let expired = watch.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
        if expired {
            system::kill(id);
        }
        expired
    });
    let waited = system::wait_without_reaping(child);
    drop(ended);
    let expired = watchdog.join().unwrap_or(false);
    waited?;
    Ok(expired)
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::mem::MaybeUninit;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};
    use std::time::Duration;

    use super::{End, Result};

    /// Puts the program into its own process group, so that its children can be
    /// killed with it.
    ///
    /// The hook also makes the standard library fork instead of `vfork`: a
    /// process made by `vfork` starts with the peak memory of its parent.
    pub(super) fn prepare(command: &mut Command) {
        command.process_group(0);
        // SAFETY: the hook runs between fork and exec and may only call what is
        // safe in a signal handler. It calls `prctl` or nothing, and touches no
        // memory; this function is the only one that installs a hook.
        unsafe {
            command.pre_exec(|| {
                #[cfg(target_os = "linux")]
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
    }

    /// Kills whoever is left in the group of a child that is not reaped yet.
    pub(super) fn kill(id: u32) {
        // SAFETY: `kill` takes plain numbers. The group is the child's, made by
        // `prepare`, and `run` reaps the child after its own call and after the
        // watchdog's (`wait_or_kill` joins it), so the number is not another's.
        unsafe {
            libc::kill(-(id as libc::pid_t), libc::SIGKILL);
        }
    }

    pub(super) fn wait_without_reaping(child: &mut Child) -> Result<()> {
        loop {
            let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
            // SAFETY: `info` is writable and of the type that `waitid` fills in.
            let result = unsafe { libc::waitid(libc::P_PID, child.id() as libc::id_t, info.as_mut_ptr(), libc::WEXITED | libc::WNOWAIT) };
            if result == 0 {
                return Ok(());
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error.into());
            }
        }
    }

    pub(super) fn reap(child: &mut Child) -> Result<(End, Duration, u64)> {
        let (mut status, mut usage) = (0, MaybeUninit::<libc::rusage>::zeroed());
        // SAFETY: both pointers are to writable memory of the types that `wait4`
        // fills in. The child is ours and not reaped: nobody else calls `wait`.
        let usage = unsafe {
            if libc::wait4(child.id() as libc::pid_t, &mut status, 0, usage.as_mut_ptr()) < 0 {
                return Err(io::Error::last_os_error().into());
            }
            usage.assume_init()
        };
        let end = if libc::WIFEXITED(status) { End::Exit(libc::WEXITSTATUS(status)) } else { End::Signal(libc::WTERMSIG(status)) };
        let user = Duration::from_secs(usage.ru_utime.tv_sec as u64) + Duration::from_micros(usage.ru_utime.tv_usec as u64);
        // Linux counts in KiB, macOS in bytes.
        let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
        Ok((end, user, usage.ru_maxrss as u64 * unit))
    }
}

#[cfg(not(unix))]
mod system {
    use std::process::{Child, Command};
    use std::time::Duration;

    use super::{End, Result};

    pub(super) fn prepare(_: &mut Command) {}

    /// Without a way to kill by number, a program that hangs has to be ended by hand.
    pub(super) fn kill(_: u32) {}

    pub(super) fn wait_without_reaping(_: &mut Child) -> Result<()> {
        Ok(())
    }

    /// Neither CPU time nor memory is measured here: both are 0.
    pub(super) fn reap(child: &mut Child) -> Result<(End, Duration, u64)> {
        Ok((End::Exit(child.wait()?.code().unwrap_or(-1)), Duration::ZERO, 0))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Finished {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, limit).unwrap()
    }

    #[test]
    fn output_and_status() {
        let finished = shell("echo out; echo err >&2; exit 7", Duration::from_secs(20));
        assert_eq!(finished.end, End::Exit(7));
        assert_eq!(finished.stdout, b"out\n");
        assert_eq!(finished.stderr, b"err\n");
        assert!(finished.peak > 100_000);
    }

    #[test]
    fn the_limit_kills_children_too() {
        let finished = shell("sleep 60 | sleep 61", Duration::from_millis(200));
        assert_eq!(finished.end, End::TimedOut);
        assert!(finished.wall < Duration::from_secs(20));
    }

    /// Whether the process whose id is the first line of `output` is gone, at the latest soon.
    fn is_gone(output: &[u8]) -> bool {
        let text = String::from_utf8_lossy(output);
        let process = std::path::Path::new("/proc").join(text.lines().next().unwrap());
        let dead = || std::fs::read_to_string(process.join("stat")).map_or(true, |stat| stat.contains(") Z "));
        (0..200).any(|_| {
            thread::sleep(Duration::from_millis(10));
            dead()
        })
    }

    #[test]
    fn what_a_program_leaves_behind_is_killed_with_it() {
        let start = Instant::now();
        let finished = shell("sleep 60 & echo $!; echo end", Duration::from_secs(30));
        assert_eq!(finished.end, End::Exit(0));
        assert!(finished.stdout.ends_with(b"end\n"));
        assert!(start.elapsed() < Duration::from_secs(20));
        assert!(!cfg!(target_os = "linux") || is_gone(&finished.stdout));
    }

    #[test]
    fn a_pipe_that_stays_open_is_not_waited_for() {
        let start = Instant::now();
        let finished = shell("setsid sleep 10 & sleep 0.3; echo before", Duration::from_secs(30));
        assert_eq!((finished.end, finished.stdout.as_slice()), (End::Exit(0), b"before\n".as_slice()));
        assert!(start.elapsed() < Duration::from_secs(8));
    }
}
