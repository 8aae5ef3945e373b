//! Errors: values that are raised, never unwinding.

use std::fmt;
use std::sync::Arc;

use crate::api::handle::Handle;
use crate::meta::Event;
use crate::value::{Value, tag};
use crate::vm::Vm;

/// The result of what may raise a Lua error.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// An error that is being raised: a Lua value of any type, with the Rust error that caused it and the traceback of where it
/// was raised, if there are any.
///
/// One machine word, so that it costs nothing where there is none.
pub struct Error(Box<Inner>);

struct Inner {
    payload: Payload,
    /// A message handler has seen it (or must not).
    handled: bool,
    traceback: Option<Vec<u8>>,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

enum Payload {
    /// The value stands in `Roots::thrown`.
    Thrown,
    /// The value is rooted by a handle; its text for Rust beside it.
    Value(Handle, Vec<u8>),
    /// A message that is no Lua string yet.
    Text(Vec<u8>),
    /// No memory.
    Memory,
    /// An error while an error was being handled.
    InHandler,
}

impl Error {
    fn new(payload: Payload) -> Error {
        let handled = matches!(payload, Payload::Memory | Payload::InHandler);
        Error(Box::new(Inner { payload, handled, traceback: None, cause: None }))
    }

    /// An error whose value is this message.
    pub fn text(message: impl Into<Vec<u8>>) -> Error {
        Error::new(Payload::Text(message.into()))
    }

    /// "not enough memory".
    pub(crate) fn memory() -> Error {
        Error::new(Payload::Memory)
    }

    pub(crate) fn in_handler() -> Error {
        Error::new(Payload::InHandler)
    }

    /// An error from Rust; scripts see its text, hosts find it with [`Error::cause`].
    pub fn external(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
        let mut e = Error::text(cause.to_string());
        e.0.cause = Some(Arc::new(cause));
        e
    }

    /// The Rust error that caused this one.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }

    /// Where the error was raised, as `debug.traceback` words it; only of errors that left the VM.
    pub fn traceback(&self) -> Option<&[u8]> {
        self.0.traceback.as_deref()
    }

    /// Whether memory was short.
    pub fn is_memory(&self) -> bool {
        matches!(self.0.payload, Payload::Memory)
    }

    /// The message: the text of the error's value.
    pub fn message(&self) -> &[u8] {
        match &self.0.payload {
            Payload::Thrown => b"(error object)",
            Payload::Value(_, text) | Payload::Text(text) => text,
            Payload::Memory => b"not enough memory",
            Payload::InHandler => b"error in error handling",
        }
    }

    /// The Lua value, if it is rooted (errors that left the VM).
    pub(crate) fn handle(&self) -> Option<&Handle> {
        match &self.0.payload {
            Payload::Value(handle, _) => Some(handle),
            _ => None,
        }
    }

    pub(crate) fn is_handled(&self) -> bool {
        self.0.handled
    }

    pub(crate) fn set_handled(&mut self) {
        self.0.handled = true;
    }

    pub(crate) fn set_traceback(&mut self, text: Vec<u8>) {
        self.0.traceback.get_or_insert(text);
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.message()))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("message", &String::from_utf8_lossy(self.message())).finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|e| e as &(dyn std::error::Error + 'static))
    }
}

impl Vm {
    /// An error with this message, behind the position of the running Lua function (none in a host function).
    #[cold]
    pub(crate) fn error(&mut self, message: fmt::Arguments<'_>) -> Error {
        let mut text = self.position_of(self.frame);
        text.extend_from_slice(message.to_string().as_bytes());
        Error::text(text)
    }

    /// As [`Vm::error`], for messages that hold script text.
    #[cold]
    pub(crate) fn error_bytes(&mut self, message: &[u8]) -> Error {
        let mut text = self.position_of(self.frame);
        text.extend_from_slice(message);
        Error::text(text)
    }

    /// An error whose value is `value`.
    pub(crate) fn throw(&mut self, value: Value) -> Error {
        self.roots.thrown = value;
        Error::new(Payload::Thrown)
    }

    /// The Lua value of an error that is being caught. The value is not rooted any more.
    pub(crate) fn error_value(&mut self, e: &Error) -> Value {
        let text: &[u8] = match &e.0.payload {
            Payload::Thrown => return std::mem::replace(&mut self.roots.thrown, Value::NIL),
            // An error of another VM is only its text here.
            Payload::Value(handle, text) => match handle.value(self) {
                Some(value) => return value,
                None => text,
            },
            _ => e.message(),
        };
        match crate::string::new(&mut self.heap, text) {
            // SAFETY: a fresh string.
            Ok(s) => unsafe { Value::str(s) },
            // SAFETY: a root, made when the VM opened.
            Err(_) => unsafe { Value::str(self.roots.memory_message) },
        }
    }

    /// Roots the value of an error that leaves a run, so that it survives whatever happens next.
    pub(crate) fn own_error(&mut self, mut e: Error) -> Error {
        if matches!(e.0.payload, Payload::Thrown) {
            let value = std::mem::replace(&mut self.roots.thrown, Value::NIL);
            // SAFETY: a live value.
            let text = unsafe { self.describe(value) };
            let handle = Handle::new(self, value);
            e.0.payload = Payload::Value(handle, text);
        }
        e
    }

    /// The text that Rust sees of an error value.
    unsafe fn describe(&mut self, value: Value) -> Vec<u8> {
        let mut text = Vec::new();
        match value.tag {
            // SAFETY: a live string.
            tag::SHORT | tag::LONG => text.extend_from_slice(unsafe { (*value.as_str()).bytes() }),
            tag::INT => lua_proto::number::write_int(&mut text, value.as_int()),
            tag::FLOAT => lua_proto::number::write_float(&mut text, value.as_float()),
            _ => text.extend_from_slice(format!("(error object is a {} value)", value.type_name()).as_bytes()),
        }
        text
    }

    /// The name of a value's type for messages: `__name` of its metatable if that is a string.
    ///
    /// # Safety
    /// `value` is live.
    pub(crate) unsafe fn type_name_of(&self, value: Value) -> Vec<u8> {
        // SAFETY: the caller's promise.
        unsafe {
            if value.tag == tag::TABLE || value.tag == tag::USERDATA {
                let meta = self.roots.metatable(value);
                let name = if meta.is_null() { Value::NIL } else { self.stored_handler(meta, Event::Name) };
                if name.is_str() {
                    return (*name.as_str()).bytes().to_vec();
                }
            }
            if value.tag == tag::POINTER { b"light userdata".to_vec() } else { value.type_name().into() }
        }
    }
}
