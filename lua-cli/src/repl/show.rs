//! What is shown of the results of a line: tables with what is in them, within bounds.
//!
//! Tables are read raw. The only code of scripts that runs is `__tostring`, whose errors
//! are shown in place of the value.

use lua_lex::{Kind, Lexer};
use lua_vm::{Cx, Error, Native, Type, Value};

use super::layout::{self, Item, Shown};
use crate::interrupt::Guard;

/// Levels of nested tables that are opened.
const DEPTH: usize = 4;
/// Entries shown of one table.
const ITEMS: usize = 60;
/// Entries shown of all tables together.
const TOTAL: usize = 300;
/// Keys among which the first in order are looked for.
const KEYS: usize = 1000;
/// Entries that are looked at in one table.
const STEPS: usize = 1_000_000;
/// Bytes shown of a string inside a table.
const STRING: usize = 200;
/// Bytes of a key that decide about its place.
const SORTED: usize = 64;

/// The text for the values from slot `first` on, with a line feed at the end.
///
/// # Errors
///
/// "not enough memory".
pub(super) fn values(cx: &mut Cx<'_>, first: u32, guard: &Guard) -> Result<Vec<u8>, Error> {
    let mut reader = Reader { cx, guard, path: Vec::new(), left: TOTAL };
    let shown: Result<Vec<Shown>, Error> = guard.around(|| (first..reader.cx.top()).map(|slot| reader.outermost(slot)).collect());
    Ok(layout::values(&shown?))
}

/// `tostring`, to be called in protected mode.
static TO_STRING: Native = Native::new("tostring", |cx| {
    cx.tostring(0)?;
    Ok(cx.returns(1))
});

struct Reader<'c, 'v> {
    cx: &'c mut Cx<'v>,
    guard: &'c Guard,
    /// The addresses of the tables around the value.
    path: Vec<usize>,
    /// Entries that may still be shown.
    left: usize,
}

impl Reader<'_, '_> {
    /// A result itself: as `print` shows it, unless it is a table that says nothing of itself.
    fn outermost(&mut self, slot: u32) -> Result<Shown, Error> {
        self.cx.reserve(16)?;
        if self.cx.type_of(slot) == Type::Table && !self.has_metafield(slot, "__tostring") {
            return self.value(slot);
        }
        self.convert(slot, <[u8]>::to_vec).map(Shown::Text)
    }

    fn value(&mut self, slot: u32) -> Result<Shown, Error> {
        self.cx.reserve(16)?;
        match self.cx.get(slot) {
            Value::Str(bytes) => Ok(Shown::Text(quote(bytes, STRING))),
            Value::Table(table) => {
                let address = table.address();
                if self.has_metafield(slot, "__tostring") {
                    self.text(slot).map(Shown::Text)
                } else if self.path.contains(&address) {
                    Ok(Shown::Text(b"<cycle>".to_vec()))
                } else {
                    self.path.push(address);
                    let shown = self.table(slot);
                    self.path.pop();
                    shown
                }
            }
            _ => self.text(slot).map(Shown::Text),
        }
    }

    fn has_metafield(&mut self, slot: u32, name: &str) -> bool {
        let found = self.cx.get_metafield(slot, name) != Type::Nil;
        self.cx.pop(u32::from(found));
        found
    }

    /// What `tostring` says, on one line and within bounds.
    fn text(&mut self, slot: u32) -> Result<Vec<u8>, Error> {
        self.convert(slot, |text| clean(text, STRING))
    }

    /// What is made of what `tostring` says; or that it fails.
    fn convert(&mut self, slot: u32, make: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, Error> {
        if self.guard.is_signalled() {
            return Ok(b"<interrupted>".to_vec());
        }
        let top = self.cx.top();
        self.cx.push_native(&TO_STRING);
        self.cx.push_slot(slot);
        let text = match self.cx.pcall(1, 1) {
            Ok(()) => make(self.cx.bytes(top)),
            Err(error) => [b"<error in __tostring: ", &*clean(error.message(), STRING), b">"].concat(),
        };
        self.cx.set_top(top)?;
        Ok(text)
    }

    fn table(&mut self, slot: u32) -> Result<Shown, Error> {
        let name = match self.cx.get_metafield(slot, "__name") {
            Type::Nil => Vec::new(),
            _ => {
                let name = clean(self.cx.bytes(self.cx.top() - 1), STRING);
                self.cx.pop(1);
                name
            }
        };
        let top = self.cx.top();
        let mut items = Vec::new();
        let rest = if self.path.len() > DEPTH {
            self.cx.push_nil();
            self.cx.next(slot)?.then(|| "...".to_owned())
        } else {
            let border = self.sequence(slot, &mut items)?;
            self.fields(slot, border, &mut items)?
        };
        self.cx.set_top(top)?;
        Ok(Shown::Table { name, items, rest })
    }

    /// Whether one more entry may be shown; then it is counted.
    fn take(&mut self, items: &[Item]) -> bool {
        let fits = items.len() < ITEMS && self.left > 0;
        self.left -= usize::from(fits);
        fits
    }

    /// Reads the items from 1 on, and answers with the last index that needs no key.
    fn sequence(&mut self, slot: u32, items: &mut Vec<Item>) -> Result<i64, Error> {
        let mut index = 1;
        while self.cx.raw_get_int(slot, index) != Type::Nil {
            if !self.take(items) {
                self.cx.pop(1);
                return Ok(i64::try_from(self.cx.raw_len(slot)).unwrap_or(i64::MAX).max(index));
            }
            let value = self.value(self.cx.top() - 1)?;
            items.push(Item { key: None, value });
            self.cx.pop(1);
            index += 1;
        }
        self.cx.pop(1);
        Ok(index - 1)
    }

    /// Reads the entries outside of the sequence in the order of their keys; says what is left out of both.
    fn fields(&mut self, slot: u32, border: i64, items: &mut Vec<Item>) -> Result<Option<String>, Error> {
        let hidden = border.max(0) as usize - items.len();
        let (keys, count, complete) = self.sorted_keys(slot, border)?;
        let kept = self.cx.top() - 1;
        let mut shown = 0;
        for key in keys {
            if !self.take(items) {
                break;
            }
            self.cx.raw_get_int(kept, key.index);
            let text = self.key_text(self.cx.top() - 1)?;
            self.cx.raw_get(slot);
            let value = self.value(self.cx.top() - 1)?;
            self.cx.pop(1);
            items.push(Item { key: Some(text), value });
            shown += 1;
        }
        let left_out = hidden + count - shown;
        Ok(match (left_out, complete) {
            (0, true) => None,
            (n, true) => Some(format!("... {n} more")),
            (n, false) => Some(format!("... at least {n} more")),
        })
    }

    /// Pushes a table with the first [`KEYS`] keys outside of the sequence, and answers with their order, the number of all,
    /// and whether all were seen.
    fn sorted_keys(&mut self, slot: u32, border: i64) -> Result<(Vec<Key>, usize, bool), Error> {
        let mut keys = Vec::new();
        self.cx.push_table(0, 0)?;
        let kept = self.cx.top() - 1;
        let mut count = 0;
        self.cx.push_nil();
        for _ in 0..STEPS {
            if !self.cx.next(slot)? {
                keys.sort_by(Key::compare);
                return Ok((keys, count, true));
            }
            self.cx.pop(1);
            let key = self.cx.top() - 1;
            if matches!(self.cx.get(key), Value::Int(i) if (1..=border).contains(&i)) {
                continue;
            }
            count += 1;
            if keys.len() < KEYS {
                let index = count as i64;
                keys.push(Key::new(self.cx.get(key), index));
                self.cx.push_slot(key);
                self.cx.raw_set_int(kept, index)?;
            }
        }
        self.cx.pop(1);
        keys.sort_by(Key::compare);
        Ok((keys, count, false))
    }

    /// A key as a constructor would have it.
    fn key_text(&mut self, slot: u32) -> Result<Vec<u8>, Error> {
        let text = match self.cx.get(slot) {
            Value::Str(name) if is_name(name) => return Ok(name.to_vec()),
            Value::Str(bytes) => quote(bytes, STRING),
            _ => self.text(slot)?,
        };
        Ok([b"[", &*text, b"]"].concat())
    }
}

/// What the order of keys is made from: numbers, then strings, then the others as they come.
struct Key {
    /// The place among the kept keys.
    index: i64,
    kind: u8,
    number: f64,
    bytes: Vec<u8>,
}

impl Key {
    fn new(value: Value<'_>, index: i64) -> Key {
        let (kind, number, bytes) = match value {
            Value::Int(n) => (0, n as f64, Vec::new()),
            Value::Float(n) => (0, n, Vec::new()),
            Value::Str(bytes) => (1, 0.0, bytes[..bytes.len().min(SORTED)].to_vec()),
            _ => (2, 0.0, Vec::new()),
        };
        Key { index, kind, number, bytes }
    }

    fn compare(&self, other: &Key) -> std::cmp::Ordering {
        let by_value = self.kind.cmp(&other.kind).then(self.number.total_cmp(&other.number)).then_with(|| self.bytes.cmp(&other.bytes));
        by_value.then(self.index.cmp(&other.index))
    }
}

/// Whether a string can be a key without brackets.
pub(super) fn is_name(text: &[u8]) -> bool {
    let starts = text.len() <= STRING && text.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    let token = starts.then(|| Lexer::new(text).next_token().ok()).flatten();
    token.is_some_and(|token| token.kind == Kind::Name && token.end as usize == text.len())
}

/// A string as Lua would read it, cut behind so many bytes.
fn quote(bytes: &[u8], limit: usize) -> Vec<u8> {
    let cut = &bytes[..boundary(bytes, limit)];
    let mut out = vec![b'"'];
    escape(cut, b"\"\\", &mut out);
    out.push(b'"');
    if cut.len() < bytes.len() {
        out.extend_from_slice(format!("... ({} bytes)", bytes.len()).as_bytes());
    }
    out
}

/// Text without what would move the cursor, cut behind so many bytes.
fn clean(bytes: &[u8], limit: usize) -> Vec<u8> {
    let cut = &bytes[..boundary(bytes, limit)];
    let mut out = Vec::new();
    escape(cut, b"", &mut out);
    if cut.len() < bytes.len() {
        out.extend_from_slice(b"...");
    }
    out
}

/// Where to cut so that no character is torn.
fn boundary(bytes: &[u8], limit: usize) -> usize {
    let continues = |at: &usize| bytes.get(*at).is_some_and(|byte| byte & 0xC0 == 0x80);
    let limit = limit.min(bytes.len());
    (limit.saturating_sub(3)..=limit).rev().find(|at| !continues(at)).unwrap_or(limit)
}

/// Copies characters, with a backslash before those of `special`; what is no character or
/// a control character becomes an escape sequence.
fn escape(bytes: &[u8], special: &[u8], out: &mut Vec<u8>) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => out.extend_from_slice(b"\\n"),
                '\t' => out.extend_from_slice(b"\\t"),
                '\r' => out.extend_from_slice(b"\\r"),
                c if c.is_ascii_control() => out.extend_from_slice(format!("\\x{:02X}", c as u32).as_bytes()),
                c if c.is_control() => out.extend_from_slice(format!("\\u{{{:X}}}", c as u32).as_bytes()),
                c => {
                    if c.is_ascii() && special.contains(&(c as u8)) {
                        out.push(b'\\');
                    }
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
        for byte in chunk.invalid() {
            out.extend_from_slice(format!("\\x{byte:02X}").as_bytes());
        }
    }
}
