//! Streams of bytes with the buffering of C: what `io` calls files, and the standard
//! streams of the process, which all VMs share.
//!
//! Nothing here knows a VM. A `Handle` may be used from any thread; it is never locked
//! while Lua code may run.

mod standard;

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use smallvec::SmallVec;

pub use standard::{flush_standard, read_standard_line};
pub(crate) use standard::{stderr, stdin, stdout};

/// What counts as a short line.
const SHORT_LINE: usize = 256;

/// Bytes read or written at a time.
const BUFFER: usize = 8192;

/// When what was written is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Buffering {
    No,
    /// At the end of each line.
    Line,
    /// When this many bytes have gathered.
    Full(usize),
}

/// Where the bytes come from and go to.
#[derive(Debug)]
enum Device {
    File(File),
    /// The read end of a pipe from a process; `None` once closed.
    From(Child, Option<ChildStdout>),
    /// The write end of a pipe to a process; `None` once closed.
    To(Child, Option<ChildStdin>),
    Stdin,
    Stdout,
    Stderr,
}

/// One open stream.
#[derive(Debug)]
pub(crate) struct Stream {
    device: Device,
    readable: bool,
    writable: bool,
    /// Read ahead: the first `filled` bytes. What lies before `taken` has been given out.
    input: Vec<u8>,
    filled: usize,
    taken: usize,
    output: Vec<u8>,
    buffering: Buffering,
    /// Before it waits for input, it lets the user see what was written.
    is_input: bool,
}

/// A stream that may be shared.
#[derive(Debug, Clone)]
pub(crate) struct Handle(Arc<Mutex<Stream>>);

impl Handle {
    pub(crate) fn new(stream: Stream) -> Handle {
        Handle(Arc::new(Mutex::new(stream)))
    }

    /// The stream, for this thread alone. Drop it before anything that may run Lua code.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Stream> {
        // A panic elsewhere leaves a stream as usable as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that tells this stream from others.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

/// How [`Stream::read_line`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// At a line feed, which was taken and is not part of the line.
    Newline,
    /// At the end of the file.
    End,
    /// At the limit; the line goes on.
    More,
}

/// The error of reading what is only written, and the like: `EBADF`.
fn bad_descriptor() -> io::Error {
    io::Error::from_raw_os_error(9)
}

/// A file name of a script as the system takes it: up to the first zero.
pub(crate) fn path(name: &[u8]) -> PathBuf {
    let end = memchr::memchr(0, name).unwrap_or(name.len());
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(&name[..end]))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(&name[..end]).into_owned())
    }
}

/// Whether `mode` is one that [`Stream::open`] knows: `[rwa]%+?b*`.
pub(crate) fn is_mode(mode: &[u8]) -> bool {
    let Some((b'r' | b'w' | b'a', rest)) = mode.split_first() else {
        return false;
    };
    let rest = rest.strip_prefix(b"+").unwrap_or(rest);
    rest.iter().all(|byte| *byte == b'b')
}

/// What C's `strerror` says about `error`, and its number.
pub(crate) fn describe(error: &io::Error) -> (String, i64) {
    let text = error.to_string();
    match error.raw_os_error() {
        None => (text, 0),
        Some(number) => {
            let suffix = format!(" (os error {number})");
            (text.strip_suffix(&suffix).unwrap_or(&text).to_owned(), i64::from(number))
        }
    }
}

impl Stream {
    fn new(device: Device, readable: bool, writable: bool, buffering: Buffering) -> Stream {
        Stream { device, readable, writable, input: Vec::new(), filled: 0, taken: 0, output: Vec::new(), buffering, is_input: false }
    }

    /// Opens a file in a mode that [`is_mode`] accepts.
    pub(crate) fn open(name: &[u8], mode: &[u8]) -> io::Result<Stream> {
        let update = mode.get(1) == Some(&b'+');
        let mut options = OpenOptions::new();
        let (readable, writable) = match mode.first() {
            Some(b'r') => (true, update),
            _ => (update, true),
        };
        options.read(readable).write(writable);
        match mode.first() {
            Some(b'w') => drop(options.create(true).truncate(true)),
            Some(b'a') => drop(options.create(true).append(true)),
            _ => {}
        }
        let mut file = options.open(path(name))?;
        if mode.first() == Some(&b'a') && !readable {
            // As in C libraries; what has no position does not need one.
            let _ = file.seek(SeekFrom::End(0));
        }
        Ok(Stream::new(Device::File(file), readable, writable, Buffering::Full(BUFFER)))
    }

    /// A file without a name that goes away when it is closed.
    pub(crate) fn temporary() -> io::Result<Stream> {
        let (file, name) = create_temporary()?;
        // Where an open file cannot be removed, it stays.
        let _ = std::fs::remove_file(name);
        Ok(Stream::new(Device::File(file), true, true, Buffering::Full(BUFFER)))
    }

    /// Runs a command of the shell; reads what it prints, or writes what it reads.
    pub(crate) fn run(command: &[u8], write: bool) -> io::Result<Stream> {
        let mut shell = shell(command);
        let missing = || io::Error::other("no pipe");
        if write {
            let mut child = shell.stdin(Stdio::piped()).spawn()?;
            let pipe = child.stdin.take().ok_or_else(missing)?;
            Ok(Stream::new(Device::To(child, Some(pipe)), false, true, Buffering::Full(BUFFER)))
        } else {
            let mut child = shell.stdout(Stdio::piped()).spawn()?;
            let pipe = child.stdout.take().ok_or_else(missing)?;
            Ok(Stream::new(Device::From(child, Some(pipe)), true, false, Buffering::Full(BUFFER)))
        }
    }

    /// Closes the stream. For a command, waits for it and says how it ended.
    pub(crate) fn close(&mut self) -> io::Result<Option<ExitStatus>> {
        let flushed = self.flush();
        match &mut self.device {
            Device::From(child, pipe) => {
                // First, so that a command that still writes ends.
                drop(pipe.take());
                let status = child.wait()?;
                Ok(Some(status))
            }
            Device::To(child, pipe) => {
                drop(pipe.take());
                let status = child.wait()?;
                Ok(Some(status))
            }
            _ => flushed.map(|()| None),
        }
    }

    fn read_device(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let result = match &mut self.device {
                Device::File(file) => file.read(buffer),
                Device::From(_, Some(pipe)) => pipe.read(buffer),
                Device::Stdin => io::stdin().read(buffer),
                _ => Err(bad_descriptor()),
            };
            match result {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    fn write_device(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.device {
            Device::File(file) => file.write_all(bytes),
            Device::To(_, Some(pipe)) => pipe.write_all(bytes),
            Device::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(bytes)?;
                out.flush()
            }
            Device::Stderr => io::stderr().write_all(bytes),
            _ => Err(bad_descriptor()),
        }
    }

    /// What has been read ahead and not been given out. Reads more if there is nothing;
    /// empty at the end of the file.
    pub(crate) fn ahead(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.filled {
            self.fill()?;
        }
        Ok(&self.input[self.taken..self.filled])
    }

    #[cold]
    fn fill(&mut self) -> io::Result<()> {
        if !self.readable {
            return Err(bad_descriptor());
        }
        self.flush()?;
        if self.is_input {
            standard::flush_prompt();
        }
        let mut input = std::mem::take(&mut self.input);
        input.resize(BUFFER, 0);
        let result = self.read_device(&mut input);
        self.input = input;
        self.filled = *result.as_ref().unwrap_or(&0);
        self.taken = 0;
        result.map(drop)
    }

    /// Takes `count` of the bytes that [`Stream::ahead`] showed.
    pub(crate) fn take(&mut self, count: usize) {
        self.taken = (self.taken + count).min(self.filled);
    }

    /// Appends bytes up to the end of the line to `line`, or to about `limit` bytes.
    pub(crate) fn read_line(&mut self, line: &mut Vec<u8>, limit: usize) -> io::Result<LineEnd> {
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Ok(LineEnd::End);
            }
            if let Some(length) = memchr::memchr(b'\n', ahead) {
                line.extend_from_slice(&ahead[..length]);
                self.take(length + 1);
                return Ok(LineEnd::Newline);
            }
            line.extend_from_slice(ahead);
            let count = ahead.len();
            self.take(count);
            if line.len() >= limit {
                return Ok(LineEnd::More);
            }
        }
    }

    /// The next line without its line feed, if all of it has been read ahead and it is
    /// not long.
    pub(crate) fn short_line(&mut self) -> Option<SmallVec<[u8; SHORT_LINE]>> {
        let ahead = &self.input[self.taken..self.filled];
        let length = memchr::memchr(b'\n', &ahead[..ahead.len().min(SHORT_LINE)])?;
        let line = SmallVec::from_slice(&ahead[..length]);
        self.taken += length + 1;
        Some(line)
    }

    /// Appends up to `count` bytes to `bytes`; fewer only at the end of the file.
    pub(crate) fn read_bytes(&mut self, bytes: &mut Vec<u8>, count: usize) -> io::Result<()> {
        let mut left = count;
        while left > 0 {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                break;
            }
            let part = left.min(ahead.len());
            bytes.extend_from_slice(&ahead[..part]);
            self.take(part);
            left -= part;
        }
        Ok(())
    }

    /// Goes back to where the reader stands, before something is written there.
    fn drop_ahead(&mut self) -> io::Result<()> {
        let unread = self.filled - self.taken;
        self.filled = 0;
        self.taken = 0;
        match &mut self.device {
            Device::File(file) if unread > 0 => file.seek(SeekFrom::Current(-(unread as i64))).map(drop),
            _ => Ok(()),
        }
    }

    /// Writes, by way of the buffer.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.writable {
            return Err(bad_descriptor());
        }
        if self.taken < self.filled {
            self.drop_ahead()?;
        }
        match self.buffering {
            Buffering::No => {
                self.flush()?;
                self.write_device(bytes)
            }
            Buffering::Line => {
                self.output.extend_from_slice(bytes);
                match self.output.len() >= BUFFER || memchr::memchr(b'\n', bytes).is_some() {
                    true => self.flush(),
                    false => Ok(()),
                }
            }
            Buffering::Full(size) => {
                if self.output.len() + bytes.len() <= size {
                    self.output.extend_from_slice(bytes);
                    return Ok(());
                }
                self.flush()?;
                if bytes.len() >= size {
                    return self.write_device(bytes);
                }
                self.output.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Passes on what has been written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let output = std::mem::take(&mut self.output);
        let result = self.write_device(&output);
        self.output = output;
        self.output.clear();
        result
    }

    /// Moves to another position; gives it, counted from the start.
    pub(crate) fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.flush()?;
        let unread = self.filled - self.taken;
        let to = match to {
            SeekFrom::Current(offset) => SeekFrom::Current(offset.saturating_sub(unread as i64)),
            other => other,
        };
        let position = match &mut self.device {
            Device::File(file) => file.seek(to)?,
            // `ESPIPE`, as for a pipe.
            _ => return Err(io::Error::from_raw_os_error(29)),
        };
        self.filled = 0;
        self.taken = 0;
        Ok(position)
    }

    /// Changes the buffering.
    pub(crate) fn set_buffering(&mut self, buffering: Buffering) -> io::Result<()> {
        self.flush()?;
        self.buffering = buffering;
        Ok(())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = self.close();
    }
}

/// The system's shell, about to run `command`.
pub(crate) fn shell(command: &[u8]) -> Command {
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("/bin/sh", "-c") };
    let mut shell = Command::new(program);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut shell, "sh");
    shell.arg(flag).arg(path(command));
    shell
}

/// How a command ended: "exit" or "signal", and the number.
pub(crate) fn describe_exit(status: ExitStatus) -> (&'static str, i64) {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return ("signal", i64::from(signal));
        }
    }
    ("exit", i64::from(status.code().unwrap_or(-1)))
}

/// Creates a file with a name that was not in use.
pub(crate) fn create_temporary() -> io::Result<(File, PathBuf)> {
    use std::hash::BuildHasher;
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    // WebAssembly has no directory for such files, and asking for it panics.
    let directory = if cfg!(any(unix, target_family = "wasm")) { PathBuf::from("/tmp") } else { std::env::temp_dir() };
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for attempt in 0..100u32 {
        let mut bits = std::hash::RandomState::new().hash_one(attempt);
        let mut name = String::from("lua_");
        for _ in 0..6 {
            name.push(char::from(LETTERS[(bits % LETTERS.len() as u64) as usize]));
            bits /= LETTERS.len() as u64;
        }
        let path = directory.join(name);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes() {
        for mode in ["r", "w", "a", "r+", "w+b", "ab", "rb"] {
            assert!(is_mode(mode.as_bytes()), "{mode}");
        }
        for mode in ["", "x", "rw", "r++", "rb+", "+r", "rz"] {
            assert!(!is_mode(mode.as_bytes()), "{mode}");
        }
    }

    #[test]
    fn errors_are_described_as_c_does() {
        assert_eq!(describe(&io::Error::from_raw_os_error(2)), ("No such file or directory".to_owned(), 2));
    }

    #[test]
    fn reading_and_writing_take_turns() {
        let mut stream = Stream::temporary().unwrap();
        stream.write(b"one\ntwo\nthree").unwrap();
        assert_eq!(stream.seek(SeekFrom::Start(0)).unwrap(), 0);
        let mut line = Vec::new();
        assert_eq!(stream.read_line(&mut line, 100).unwrap(), LineEnd::Newline);
        assert_eq!(line, b"one");
        assert_eq!(stream.seek(SeekFrom::Current(0)).unwrap(), 4);
        stream.write(b"TWO").unwrap();
        assert_eq!(stream.seek(SeekFrom::Current(-3)).unwrap(), 4);
        let mut rest = Vec::new();
        stream.read_bytes(&mut rest, 100).unwrap();
        assert_eq!(rest, b"TWO\nthree");
        line.clear();
        assert_eq!(stream.read_line(&mut line, 100).unwrap(), LineEnd::End);
        assert!(line.is_empty());
    }

    #[test]
    #[cfg(unix)]
    fn commands() {
        let mut stream = Stream::run(b"echo hello; exit 3", false).unwrap();
        let mut text = Vec::new();
        stream.read_bytes(&mut text, 100).unwrap();
        assert_eq!(text, b"hello\n");
        assert_eq!(describe_exit(stream.close().unwrap().unwrap()), ("exit", 3));
        assert!(stream.write(b"x").is_err());
    }
}
