//! Warnings (§6.1): where they go, and whether they go anywhere.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Receives the parts of warnings; true: the message goes on with the next part.
pub(crate) type Sink = Box<dyn FnMut(&[u8], bool) + Send>;

/// The state of the warning system of one VM; off at first.
#[derive(Default)]
pub(crate) struct Warn {
    on: bool,
    /// The last part was not the end of its message.
    continued: bool,
    sink: Option<Sink>,
}

impl Warn {
    /// Replaces what is done with warnings. The sink sees all parts, control messages (`@on`, `@off`) included, and
    /// decides by itself.
    pub(crate) fn set_sink(&mut self, sink: Sink) {
        self.sink = Some(sink);
    }

    /// Emits one part of a warning.
    pub(crate) fn warn(&mut self, message: &[u8], to_be_continued: bool) {
        if let Some(mut sink) = self.sink.take() {
            // A sink that panics is not asked again: warnings are emitted where nothing may unwind.
            if catch_unwind(AssertUnwindSafe(|| sink(message, to_be_continued))).is_ok() {
                self.sink = Some(sink);
            }
            return;
        }
        if let Some(line) = self.part(message, to_be_continued) {
            // Nobody is left to tell if the error stream is gone.
            let _ = std::io::stderr().lock().write_all(&line);
        }
    }

    /// What is written for a part; `None` if nothing is.
    fn part(&mut self, message: &[u8], to_be_continued: bool) -> Option<Vec<u8>> {
        if !self.continued && !to_be_continued {
            if let Some(control) = message.strip_prefix(b"@") {
                match control {
                    b"on" => self.on = true,
                    b"off" => self.on = false,
                    // Unknown ones are ignored.
                    _ => {}
                }
                return None;
            }
        }
        let begins = !std::mem::replace(&mut self.continued, self.on && to_be_continued);
        if !self.on {
            return None;
        }
        let (before, after): (&[u8], &[u8]) = (if begins { b"Lua warning: " } else { b"" }, if to_be_continued { b"" } else { b"\n" });
        Some([before, message, after].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[(&str, bool)], written: &str) {
        let mut warn = Warn::default();
        let mut text = Vec::new();
        for (part, to_be_continued) in parts {
            text.extend(warn.part(part.as_bytes(), *to_be_continued).unwrap_or_default());
        }
        assert_eq!(String::from_utf8_lossy(&text), written);
    }

    #[test]
    fn warnings_are_off_until_asked_for() {
        check(&[("lost", false), ("@on", false), ("seen", false), ("@off", false), ("lost", false)], "Lua warning: seen\n");
    }

    #[test]
    fn parts_make_one_message() {
        check(&[("@on", false), ("a", true), ("b", true), ("c", false), ("d", false)], "Lua warning: abc\nLua warning: d\n");
    }

    #[test]
    fn control_messages_are_whole_and_known() {
        check(&[("@on", false), ("@off", true), ("!", false), ("@nonsense", false), ("x", false)], "Lua warning: @off!\nLua warning: x\n");
        check(&[("@on", false), ("a", true), ("@off", false), ("b", false)], "Lua warning: a@off\nLua warning: b\n");
    }
}
