//! The standard streams: one of each per process, with one buffer, as in C.

use std::io::{self, IsTerminal};
use std::sync::LazyLock;

use super::{BUFFER, Buffering, Device, Handle, LineEnd, Stream};

static STDIN: LazyLock<Handle> = LazyLock::new(|| {
    let device = own_file(io::stdin()).map_or(Device::Stdin, Device::File);
    let mut stream = Stream::new(device, true, false, Buffering::Full(BUFFER));
    stream.is_input = true;
    Handle::new(stream)
});

static STDOUT: LazyLock<Handle> = LazyLock::new(|| {
    let buffering = if io::stdout().is_terminal() { Buffering::Line } else { Buffering::Full(BUFFER) };
    let device = own_file(io::stdout()).map_or(Device::Stdout, Device::File);
    Handle::new(Stream::new(device, false, true, buffering))
});

static STDERR: LazyLock<Handle> = LazyLock::new(|| {
    let device = own_file(io::stderr()).map_or(Device::Stderr, Device::File);
    Handle::new(Stream::new(device, false, true, Buffering::No))
});

/// The standard stream as a file of our own, so that it can be moved in, and is not
/// buffered a second time. `None` where the system has no such thing.
#[cfg(unix)]
fn own_file(stream: impl std::os::fd::AsFd) -> Option<std::fs::File> {
    stream.as_fd().try_clone_to_owned().ok().map(std::fs::File::from)
}

#[cfg(not(unix))]
fn own_file<T>(_: T) -> Option<std::fs::File> {
    None
}

pub(crate) fn stdin() -> Handle {
    STDIN.clone()
}

pub(crate) fn stdout() -> Handle {
    STDOUT.clone()
}

pub(crate) fn stderr() -> Handle {
    STDERR.clone()
}

/// Writes out what stands unfinished on a terminal, such as a prompt.
pub(super) fn flush_prompt() {
    let mut stdout = STDOUT.lock();
    if stdout.buffering == Buffering::Line {
        // The read that follows does not depend on it.
        let _ = stdout.flush();
    }
}

/// Writes out what scripts have written to standard output so far. A host calls this
/// before it ends the process.
///
/// # Errors
///
/// Those of the system.
pub fn flush_standard() -> io::Result<()> {
    STDOUT.lock().flush()
}

/// Reads a line of standard input without its line feed, from the same buffer as
/// scripts do; `None` at the end.
///
/// # Errors
///
/// Those of the system.
pub fn read_standard_line() -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    match STDIN.lock().read_line(&mut line, usize::MAX)? {
        LineEnd::End if line.is_empty() => Ok(None),
        _ => Ok(Some(line)),
    }
}
