//! The pattern engine (§6.4.1), free of any VM.
//!
//! A pattern is compiled once into a [`Program`], a list of [`Node`]s in the order in
//! which they match. Patterns have no alternatives and no nested repetition, so the
//! nodes of a match are always passed from left to right; hence which capture is open
//! at a node is known while compiling, and so is every error that a pattern can raise.
//! Such an error becomes a [`Node::Fail`]: it is raised only when a match reaches it,
//! which is when the reference raises it.
//!
//! Start at [`Program::compile`], then [`Matcher::search`].

mod class;
mod matcher;

pub(crate) use matcher::{Captures, Matcher, Range, Stop};

use class::Set;

/// The number of captures that one pattern may have.
pub(crate) const MAX_CAPTURES: usize = 32;

/// What is wrong with a pattern, in the words that a script sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    #[error("malformed pattern (ends with '%')")]
    EndsWithEscape,
    #[error("malformed pattern (missing ']')")]
    MissingBracket,
    #[error("malformed pattern (missing arguments to '%b')")]
    MissingBalance,
    #[error("missing '[' after '%f' in pattern")]
    MissingFrontier,
    #[error("invalid pattern capture")]
    InvalidCapture,
    #[error("invalid capture index %{0}")]
    InvalidIndex(u8),
    #[error("too many captures")]
    TooManyCaptures,
    #[error("unfinished capture")]
    Unfinished,
    #[error("pattern too complex")]
    TooComplex,
}

/// What one character of the subject has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    /// `.`: anything.
    Any,
    /// This byte.
    Byte(u8),
    /// A member of the set at this index of the program's sets.
    Set(u32),
}

/// One step of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    /// One character.
    One(Test),
    /// `*`: as many as possible.
    Star(Test),
    /// `+`: as many as possible, at least one.
    Plus(Test),
    /// `-`: as few as possible.
    Minus(Test),
    /// `?`: one, or else none.
    Optional(Test),
    /// `(`: the capture with this index begins here.
    Open(u8),
    /// `()`: the capture with this index is this position.
    Position(u8),
    /// `)`: the capture with this index ends here.
    Close(u8),
    /// `%1`: the text of the capture with this index again.
    Back(u8),
    /// `%bxy`.
    Balance(u8, u8),
    /// `%f[set]`.
    Frontier(u32),
    /// `$` at the end: nothing may follow.
    AtEnd,
    /// The end of the pattern: matched.
    Matched,
    /// Reaching this raises an error.
    Fail(PatternError),
}

/// What a capture is where the pattern ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaptureKind {
    /// Opened and never closed: to ask for it is an error.
    Unfinished,
    /// Text.
    Text,
    /// A position.
    Position,
}

/// A compiled pattern.
///
/// **Invariant:** `nodes` is not empty and ends with [`Node::Matched`] or
/// [`Node::Fail`]; `need` is as long as `nodes`.
#[derive(Debug)]
pub(crate) struct Program {
    nodes: Vec<Node>,
    sets: Vec<Set>,
    /// For each node, the byte without which it and what follows it cannot match; or
    /// [`NO_NEED`].
    need: Vec<u16>,
    captures: Vec<CaptureKind>,
}

/// See [`Program`].
const NO_NEED: u16 = 256;

/// Bytes with a meaning in patterns; without them a pattern is plain text.
pub(crate) fn is_plain(pattern: &[u8]) -> bool {
    !pattern.iter().any(|byte| b"^$*+?.([%-".contains(byte))
}

impl Program {
    /// Compiles a pattern, of which the anchor `^` has been taken off.
    pub(crate) fn compile(pattern: &[u8]) -> Program {
        let mut compiler = Compiler {
            pattern,
            at: 0,
            program: Program {
                nodes: Vec::with_capacity(pattern.len().min(64) + 1),
                sets: Vec::new(),
                need: Vec::new(),
                captures: Vec::new(),
            },
        };
        let last = match compiler.run() {
            Ok(()) => Node::Matched,
            Err(error) => Node::Fail(error),
        };
        let mut program = compiler.program;
        program.nodes.push(last);
        program.find_needs();
        program
    }

    /// The kinds of the captures, in order.
    pub(crate) fn captures(&self) -> &[CaptureKind] {
        &self.captures
    }

    /// An estimate of the memory that a program for a pattern of `length` bytes takes.
    pub(crate) fn size_for(length: usize) -> usize {
        length.saturating_mul(size_of::<Node>() + 2 + size_of::<Set>() / 2)
    }

    fn find_needs(&mut self) {
        let mut need = vec![NO_NEED; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate().rev() {
            need[at] = match node {
                Node::One(Test::Byte(byte)) | Node::Plus(Test::Byte(byte)) => u16::from(*byte),
                Node::Balance(open, _) => u16::from(*open),
                // These neither consume nor fail, so what they need is what follows needs.
                Node::Open(_) | Node::Close(_) | Node::Position(_) => need[at + 1],
                _ => NO_NEED,
            };
        }
        self.need = need;
    }
}

struct Compiler<'a> {
    pattern: &'a [u8],
    at: usize,
    program: Program,
}

impl Compiler<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.pattern.get(self.at + ahead).copied()
    }

    fn run(&mut self) -> Result<(), PatternError> {
        while let Some(byte) = self.peek(0) {
            let node = match byte {
                b'(' => self.open()?,
                b')' => self.close()?,
                b'$' if self.peek(1).is_none() => {
                    self.at += 1;
                    Node::AtEnd
                }
                b'%' => match self.peek(1) {
                    Some(b'b') => self.balance()?,
                    Some(b'f') => self.frontier()?,
                    Some(digit @ b'0'..=b'9') => self.back(digit)?,
                    _ => self.item()?,
                },
                _ => self.item()?,
            };
            self.program.nodes.push(node);
        }
        Ok(())
    }

    fn open(&mut self) -> Result<Node, PatternError> {
        let index = self.program.captures.len();
        if index >= MAX_CAPTURES {
            return Err(PatternError::TooManyCaptures);
        }
        if self.peek(1) == Some(b')') {
            self.at += 2;
            self.program.captures.push(CaptureKind::Position);
            Ok(Node::Position(index as u8))
        } else {
            self.at += 1;
            self.program.captures.push(CaptureKind::Unfinished);
            Ok(Node::Open(index as u8))
        }
    }

    fn close(&mut self) -> Result<Node, PatternError> {
        self.at += 1;
        let captures = &mut self.program.captures;
        match captures.iter().rposition(|&kind| kind == CaptureKind::Unfinished) {
            None => Err(PatternError::InvalidCapture),
            Some(index) => {
                captures[index] = CaptureKind::Text;
                Ok(Node::Close(index as u8))
            }
        }
    }

    fn back(&mut self, digit: u8) -> Result<Node, PatternError> {
        self.at += 2;
        let invalid = Err(PatternError::InvalidIndex(digit - b'0'));
        if digit == b'0' {
            return invalid;
        }
        let index = digit - b'1';
        match self.program.captures.get(usize::from(index)) {
            None | Some(CaptureKind::Unfinished) => invalid,
            Some(_) => Ok(Node::Back(index)),
        }
    }

    fn balance(&mut self) -> Result<Node, PatternError> {
        match (self.peek(2), self.peek(3)) {
            (Some(open), Some(close)) => {
                self.at += 4;
                Ok(Node::Balance(open, close))
            }
            _ => Err(PatternError::MissingBalance),
        }
    }

    fn frontier(&mut self) -> Result<Node, PatternError> {
        self.at += 2;
        if self.peek(0) != Some(b'[') {
            return Err(PatternError::MissingFrontier);
        }
        let set = self.bracket()?;
        Ok(Node::Frontier(self.add_set(set)))
    }

    /// One character class with its suffix.
    fn item(&mut self) -> Result<Node, PatternError> {
        let test = match self.peek(0) {
            Some(b'.') => {
                self.at += 1;
                Test::Any
            }
            Some(b'%') => {
                let name = self.peek(1).ok_or(PatternError::EndsWithEscape)?;
                self.at += 2;
                match Set::named(name) {
                    Some(set) => Test::Set(self.add_set(set)),
                    None => Test::Byte(name),
                }
            }
            Some(b'[') => {
                let set = self.bracket()?;
                match set.single() {
                    Some(byte) => Test::Byte(byte),
                    None => Test::Set(self.add_set(set)),
                }
            }
            Some(byte) => {
                self.at += 1;
                Test::Byte(byte)
            }
            None => return Err(PatternError::EndsWithEscape),
        };
        let suffixed = match self.peek(0) {
            Some(b'*') => Node::Star(test),
            Some(b'+') => Node::Plus(test),
            Some(b'-') => Node::Minus(test),
            Some(b'?') => Node::Optional(test),
            _ => return Ok(Node::One(test)),
        };
        self.at += 1;
        Ok(suffixed)
    }

    fn add_set(&mut self, set: Set) -> u32 {
        let sets = &mut self.program.sets;
        // Most patterns name a class more than once, and have few classes.
        let known = sets.iter().take(16).position(|other| *other == set);
        known.unwrap_or_else(|| {
            sets.push(set);
            sets.len() - 1
        }) as u32
    }

    /// `[set]`; `at` stands on the bracket.
    fn bracket(&mut self) -> Result<Set, PatternError> {
        let rest = &self.pattern[self.at + 1..];
        let (negated, body) = match rest.strip_prefix(b"^") {
            Some(body) => (true, body),
            None => (false, rest),
        };
        let end = bracket_end(body)?;
        let mut set = Set::EMPTY;
        let members = &body[..end];
        let mut at = 0;
        while at < members.len() {
            let byte = members[at];
            if byte == b'%' && at + 1 < members.len() {
                match Set::named(members[at + 1]) {
                    Some(named) => set.add_all(&named),
                    None => set.add(members[at + 1]),
                }
                at += 2;
            } else if members.get(at + 1) == Some(&b'-') && at + 2 < members.len() {
                set.add_range(byte, members[at + 2]);
                at += 3;
            } else {
                set.add(byte);
                at += 1;
            }
        }
        if negated {
            set.negate();
        }
        self.at += 1 + usize::from(negated) + end + 1;
        Ok(set)
    }
}

/// Where in `body`, which follows `[` or `[^`, the closing bracket stands. The first
/// character is never the closing one.
fn bracket_end(body: &[u8]) -> Result<usize, PatternError> {
    let mut at = 0;
    loop {
        match body.get(at) {
            None => return Err(PatternError::MissingBracket),
            Some(b'%') => at += 2,
            Some(_) => at += 1,
        }
        if body.get(at) == Some(&b']') {
            return Ok(at);
        }
    }
}

#[cfg(test)]
mod tests;
