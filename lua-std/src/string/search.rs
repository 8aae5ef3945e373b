//! `find`, `match`, `gmatch` and `gsub`: the pattern engine over strings of the VM.

use std::cell::RefCell;
use std::rc::Rc;

use lua_vm::{Answer, Args, Cx, Error, Native, Outcome, Shortcut, Type, Value};
use memchr::{memchr, memmem};

use super::pattern::{self, CaptureKind, Captures, Matcher, PatternError, Program, Range, Stop};
use super::start_position;
use crate::output::Output;

/// Steps of matching that are done between two looks at interrupts and budget.
const GRANT: u32 = 50_000;

/// The longest pattern that is remembered.
const MAX_REMEMBERED: usize = 64;

/// How many patterns each thread remembers.
const REMEMBERED: usize = 64;

/// A pattern's text and what it was compiled to.
type Remembered = (Box<[u8]>, Rc<Program>);

thread_local! {
    /// Patterns compiled lately, each at a place that depends on where its string stands.
    /// A pattern is nothing but its text, so VMs of one thread may share.
    static CACHE: RefCell<Vec<Option<Remembered>>> = const { RefCell::new(Vec::new()) };
}

/// The compiled form of the pattern in `slot`, from its byte `skip` on.
fn program(cx: &mut Cx<'_>, slot: u32, skip: usize) -> Result<Rc<Program>, Error> {
    let text = &cx.bytes(slot)[skip..];
    if text.len() > MAX_REMEMBERED {
        cx.charge(Program::size_for(text.len()))?;
        return Ok(Rc::new(Program::compile(&cx.bytes(slot)[skip..])));
    }
    Ok(remembered(text))
}

/// The compiled form of a pattern of at most [`MAX_REMEMBERED`] bytes, without its anchor.
fn remembered(text: &[u8]) -> Rc<Program> {
    // Equal patterns are mostly one string, a constant of the code; where they are not,
    // they only take another place.
    let address = text.as_ptr().addr();
    let place = (address >> 4 ^ address >> 10) % REMEMBERED;
    let known = CACHE.try_with(|cache| {
        let mut cache = cache.borrow_mut();
        if cache.is_empty() {
            cache.resize_with(REMEMBERED, || None);
        }
        match &cache[place] {
            Some((known, program)) if **known == *text => Rc::clone(program),
            _ => {
                let program = Rc::new(Program::compile(text));
                cache[place] = Some((text.into(), Rc::clone(&program)));
                program
            }
        }
    });
    // (While a thread ends there may be no cache.)
    known.unwrap_or_else(|_| Rc::new(Program::compile(text)))
}

/// The first result of `find` or `match`, where no other is wanted. Declines errors and what takes long.
pub(super) fn first_result(args: &Args<'_>, find: bool) -> Option<Answer> {
    /// The longest text that is searched without a look at interrupts.
    const LONG: usize = 1 << 16;
    if !args.single() {
        return None;
    }
    let (subject, pattern) = (args.bytes(0)?, args.bytes(1)?);
    let start = start_position(args.int_or(2, 1)?, subject.len()) - 1;
    let Some(rest) = subject.get(start..) else { return Some(Answer::nil()) };
    if rest.len() > LONG || pattern.len() > MAX_REMEMBERED {
        return None;
    }
    if find && (args.is_true(3) || pattern::is_plain(pattern)) {
        let found = find_in(rest, pattern);
        args.count_work(found.unwrap_or(rest.len()) / 64);
        return Some(found.map_or_else(Answer::nil, |at| Answer::int((start + at) as i64 + 1)));
    }
    let anchored = pattern.first() == Some(&b'^');
    let program = remembered(&pattern[usize::from(anchored)..]);
    let mut captures = Captures::of(&program);
    let mut matcher = Matcher::new(subject, &program, &mut captures, GRANT, None);
    let found = matcher.search(start, anchored, None).ok()?;
    args.count_work(matcher.steps_done() as usize / 8);
    let Some(whole) = found else { return Some(Answer::nil()) };
    if find && !program.captures().contains(&CaptureKind::Unfinished) {
        return Some(Answer::int(whole.start as i64 + 1));
    }
    match first_part(&program, &captures, whole)? {
        Part::Position(at) => Some(Answer::int(at as i64 + 1)),
        Part::Text(part) if part.end - part.start == subject.len() => args.same(0),
        Part::Text(part) => args.string(&subject[part.start..part.end]),
    }
}

/// The first of the results of a match.
enum Part {
    Position(usize),
    Text(Range),
}

/// The first capture of a match, or all of it if it has none; none if a capture is not finished, which is an error.
fn first_part(program: &Program, captures: &Captures, whole: Range) -> Option<Part> {
    let kinds = program.captures();
    if kinds.contains(&CaptureKind::Unfinished) {
        return None;
    }
    Some(match kinds.first() {
        Some(CaptureKind::Position) => Part::Position(captures.0[0].start),
        Some(_) => Part::Text(captures.0[0]),
        None => Part::Text(whole),
    })
}

/// One search; see [`Matcher::search`]. `subject` is a slot.
#[inline(always)]
fn search(
    cx: &mut Cx<'_>,
    subject: u32,
    program: &Program,
    captures: &mut Captures,
    start: usize,
    anchored: bool,
    refused: Option<usize>,
) -> Result<Option<Range>, Error> {
    match program.one() {
        Some(test) => Ok(program.search_one(test, cx.bytes(subject), start, anchored)),
        None => search_any(cx, subject, program, captures, start, anchored, refused),
    }
}

/// [`search`] for any program.
fn search_any(
    cx: &mut Cx<'_>,
    subject: u32,
    program: &Program,
    captures: &mut Captures,
    start: usize,
    anchored: bool,
    refused: Option<usize>,
) -> Result<Option<Range>, Error> {
    let mut matcher = Matcher::new(cx.bytes(subject), program, captures, GRANT, None);
    match matcher.search(start, anchored, refused) {
        Ok(found) => {
            let done = matcher.steps_done();
            if done > 100 {
                cx.poll(done / 8)?;
            }
            Ok(found)
        }
        Err(Stop::Error(error)) => Err(cx.error(format_args!("{error}"))),
        Err(Stop::Exhausted { start }) => search_long(cx, subject, program, captures, start, anchored, refused),
        Err(Stop::Interrupted) => Ok(None),
    }
}

/// The same for a search that takes long: the subject is held, so that the VM can be
/// asked now and then whether to go on.
#[cold]
fn search_long(
    cx: &mut Cx<'_>,
    subject: u32,
    program: &Program,
    captures: &mut Captures,
    start: usize,
    anchored: bool,
    refused: Option<usize>,
) -> Result<Option<Range>, Error> {
    let held = cx.hold_str(subject)?;
    let mut failure = None;
    let result = {
        let mut watch = |done: u32| match cx.poll(done / 8) {
            Ok(()) => true,
            Err(error) => {
                failure = Some(error);
                false
            }
        };
        Matcher::new(&held, program, captures, GRANT, Some(&mut watch)).search(start, anchored, refused)
    };
    if let Some(error) = failure {
        return Err(error);
    }
    match result {
        Ok(found) => Ok(found),
        Err(Stop::Error(error)) => Err(cx.error(format_args!("{error}"))),
        Err(_) => Ok(None),
    }
}

/// Pushes a capture of a match of the string in slot `subject`.
fn push_capture(cx: &mut Cx<'_>, subject: u32, program: &Program, captures: &Captures, index: usize) -> Result<(), Error> {
    let range = captures.0[index];
    match program.captures()[index] {
        CaptureKind::Text => cx.push_part(subject, range.start..range.end),
        CaptureKind::Position => {
            cx.push_int(range.start as i64 + 1);
            Ok(())
        }
        CaptureKind::Unfinished => Err(cx.error(format_args!("{}", PatternError::Unfinished))),
    }
}

/// Pushes all captures, or the whole match if there are none; returns how many.
fn push_captures(cx: &mut Cx<'_>, subject: u32, program: &Program, captures: &Captures, whole: Range) -> Result<u32, Error> {
    let count = program.captures().len();
    if count == 0 {
        cx.push_part(subject, whole.start..whole.end)?;
        return Ok(1);
    }
    for index in 0..count {
        push_capture(cx, subject, program, captures, index)?;
    }
    Ok(count as u32)
}

pub(super) fn find(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    find_or_match(cx, true)
}

pub(super) fn r#match(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    find_or_match(cx, false)
}

fn find_or_match(cx: &mut Cx<'_>, find: bool) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    cx.coerce_str(1)?;
    let start = start_position(cx.opt_int(2, 1)?, length) - 1;
    if start > length {
        cx.push_nil();
        return Ok(cx.returns(1));
    }
    if find && (cx.to_bool(3) || pattern::is_plain(cx.bytes(1))) {
        let width = cx.bytes(1).len();
        return Ok(match find_plain(cx, start)? {
            Some(at) => {
                cx.push_int(at as i64 + 1);
                cx.push_int((at + width) as i64);
                cx.returns(2)
            }
            None => {
                cx.push_nil();
                cx.returns(1)
            }
        });
    }
    let anchored = cx.bytes(1).first() == Some(&b'^');
    let program = program(cx, 1, usize::from(anchored))?;
    let mut captures = Captures::of(&program);
    let Some(whole) = search(cx, 0, &program, &mut captures, start, anchored, None)? else {
        cx.push_nil();
        return Ok(cx.returns(1));
    };
    if !find {
        let count = push_captures(cx, 0, &program, &captures, whole)?;
        return Ok(cx.returns(count));
    }
    cx.push_int(whole.start as i64 + 1);
    cx.push_int(whole.end as i64);
    let count = program.captures().len();
    for index in 0..count {
        push_capture(cx, 0, &program, &captures, index)?;
    }
    Ok(cx.returns(2 + count as u32))
}

/// Where the string in slot 1 stands in the one in slot 0, from `start` on.
fn find_plain(cx: &mut Cx<'_>, start: usize) -> Result<Option<usize>, Error> {
    /// Searched between two looks at interrupts.
    const PIECE: usize = 1 << 20;
    let mut at = start;
    loop {
        let (subject, text) = (&cx.bytes(0)[at..], cx.bytes(1));
        let upto = PIECE.saturating_add(text.len()).min(subject.len());
        let part = &subject[..upto];
        let (found, last) = (find_in(part, text), upto == subject.len());
        cx.poll((found.unwrap_or(upto) / 64) as u32)?;
        match found {
            Some(offset) => return Ok(Some(at + offset)),
            None if last => return Ok(None),
            None => at += PIECE,
        }
    }
}

/// Where `text` first stands in `part`.
fn find_in(part: &[u8], text: &[u8]) -> Option<usize> {
    /// Up to this size, preparing a search costs more than it saves.
    const SHORT: usize = 512;
    let Some((first, rest)) = text.split_first() else {
        return Some(0);
    };
    if rest.is_empty() {
        return memchr(*first, part);
    }
    if part.len() > SHORT {
        return memmem::find(part, text);
    }
    let starts = part.len().checked_sub(rest.len())?;
    let mut at = 0;
    loop {
        at += memchr(*first, part.get(at..starts)?)? + 1;
        if part[at..].starts_with(rest) {
            return Some(at - 1);
        }
    }
}

static NEXT_MATCH: Native = Native::with("gmatch_iterator", next_match, Shortcut::Closure(next_match_part));

/// Upvalues of the iterator: subject, pattern, where the last match ended and the search goes on; before the first one, -1 minus
/// where that begins.
pub(super) fn gmatch(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    cx.coerce_str(1)?;
    let start = (start_position(cx.opt_int(2, 1)?, length) - 1).min(length + 1);
    cx.set_top(2)?;
    cx.push_int(-1 - start as i64);
    cx.push_closure(&NEXT_MATCH, 3)?;
    Ok(cx.returns(1))
}

/// Where the search begins, and at what end a match does not count, from the third upvalue of the iterator.
fn resumption(at: i64) -> (i64, Option<usize>) {
    if at < 0 { (-1 - at, None) } else { (at, Some(at as usize)) }
}

/// The next match where one result of it is wanted. Declines errors and what takes long.
fn next_match_part(args: &Args<'_>) -> Option<Answer> {
    let (subject, pattern) = (args.upvalue_bytes(0)?, args.upvalue_bytes(1)?);
    let (start, last) = resumption(args.upvalue_int(2)?);
    if !args.single() || pattern.len() > MAX_REMEMBERED {
        return None;
    }
    let program = remembered(pattern);
    let mut captures = Captures::of(&program);
    let mut matcher = Matcher::new(subject, &program, &mut captures, GRANT, None);
    let found = matcher.search(start.try_into().ok()?, false, last).ok()?;
    let steps = matcher.steps_done();
    let Some(whole) = found else { return Some(Answer::nothing()) };
    let answer = match first_part(&program, &captures, whole)? {
        Part::Position(at) => Answer::int(at as i64 + 1),
        Part::Text(part) => args.string(&subject[part.start..part.end])?,
    };
    args.count_work(steps as usize / 8);
    args.set_upvalue_int(2, whole.end as i64);
    Some(answer)
}

fn next_match(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    // The debug library may have changed the upvalues.
    let Value::Int(at) = cx.upvalue(2) else { return Ok(cx.returns(0)) };
    let (start, last) = resumption(at);
    cx.set_top(0)?;
    cx.push_upvalue(0);
    cx.push_upvalue(1);
    let valid = [0, 1].into_iter().all(|slot| cx.type_of(slot) == Type::String);
    let Some(start) = usize::try_from(start).ok().filter(|_| valid) else {
        return Ok(cx.returns(0));
    };
    let program = program(cx, 1, 0)?;
    let mut captures = Captures::of(&program);
    match search(cx, 0, &program, &mut captures, start, false, last)? {
        None => Ok(cx.returns(0)),
        Some(whole) => {
            cx.push_int(whole.end as i64);
            cx.set_upvalue(2);
            let count = push_captures(cx, 0, &program, &captures, whole)?;
            Ok(cx.returns(count))
        }
    }
}

/// What stands for a match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Replacement {
    /// A string without `%`.
    Plain,
    /// A string with references to captures.
    Template,
    Function,
    Table,
}

pub(super) fn gsub(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    cx.coerce_str(1)?;
    let kind = cx.type_of(2);
    let limit = match cx.is_none_or_nil(3) {
        true => length as i64 + 1,
        false => cx.check_int(3)?,
    };
    let replacement = match kind {
        Type::Number | Type::String => {
            cx.coerce_str(2)?;
            let has_escape = memchr(b'%', cx.bytes(2)).is_some();
            if has_escape { Replacement::Template } else { Replacement::Plain }
        }
        Type::Function => Replacement::Function,
        Type::Table => Replacement::Table,
        _ => return Err(cx.type_error(2, "string/function/table")),
    };
    let anchored = cx.bytes(1).first() == Some(&b'^');
    let program = program(cx, 1, usize::from(anchored))?;
    let mut captures = Captures::of(&program);
    let mut out = Output::new();
    let mut count = 0;
    let mut changed = false;
    // Everything of the subject before this is in `out`, changed or not.
    let mut copied = 0;
    let mut last = None;
    while count < limit {
        let Some(whole) = search(cx, 0, &program, &mut captures, copied, anchored, last)? else {
            break;
        };
        count += 1;
        if count % 1024 == 0 {
            cx.poll(1024)?;
        }
        if whole.start > copied {
            out.extend_part(cx, 0, copied..whole.start)?;
        }
        changed |= replace(cx, &mut out, replacement, &program, &captures, whole)?;
        copied = whole.end;
        last = Some(whole.end);
        if anchored {
            break;
        }
    }
    if changed {
        out.extend_part(cx, 0, copied..length)?;
        out.push_to(cx)?;
    } else {
        cx.push_slot(0);
    }
    cx.push_int(count);
    Ok(cx.returns(2))
}

/// Appends what stands for one match; false if that is the match itself.
fn replace(
    cx: &mut Cx<'_>,
    out: &mut Output,
    replacement: Replacement,
    program: &Program,
    captures: &Captures,
    whole: Range,
) -> Result<bool, Error> {
    match replacement {
        Replacement::Plain => {
            out.extend_slot(cx, 2)?;
            return Ok(true);
        }
        Replacement::Template => {
            fill_template(cx, out, program, captures, whole)?;
            return Ok(true);
        }
        Replacement::Function => {
            cx.push_slot(2);
            let count = push_captures(cx, 0, program, captures, whole)?;
            cx.call(count, 1)?;
        }
        Replacement::Table => {
            match program.captures().is_empty() {
                true => cx.push_part(0, whole.start..whole.end)?,
                false => push_capture(cx, 0, program, captures, 0)?,
            }
            cx.get_index(2)?;
        }
    }
    let result = cx.top() - 1;
    let replaced = match cx.get(result) {
        Value::Nil | Value::Bool(false) => {
            out.extend_part(cx, 0, whole.start..whole.end)?;
            false
        }
        Value::Str(_) => {
            out.extend_slot(cx, result)?;
            true
        }
        Value::Int(_) | Value::Float(_) => {
            cx.coerce_str(result)?;
            out.extend_slot(cx, result)?;
            true
        }
        _ => {
            let name = cx.type_name(result);
            return Err(cx.error(format_args!("invalid replacement value (a {name})")));
        }
    };
    cx.pop(1);
    Ok(replaced)
}

/// Appends the string in slot 2 with its `%0` … `%9` replaced.
fn fill_template(cx: &mut Cx<'_>, out: &mut Output, program: &Program, captures: &Captures, whole: Range) -> Result<(), Error> {
    let mut at = 0;
    while let Some(plain) = memchr(b'%', &cx.bytes(2)[at..]) {
        out.extend_part(cx, 2, at..at + plain)?;
        let name = cx.bytes(2).get(at + plain + 1).copied();
        at += plain + 2;
        match name {
            Some(b'%') => out.push(cx, b'%')?,
            Some(b'0') => out.extend_part(cx, 0, whole.start..whole.end)?,
            Some(digit @ b'1'..=b'9') => {
                let index = usize::from(digit - b'1');
                let range = captures.0.get(index).copied().unwrap_or_default();
                match program.captures().get(index) {
                    Some(CaptureKind::Text) => out.extend_part(cx, 0, range.start..range.end)?,
                    Some(CaptureKind::Position) => {
                        let position = (range.start + 1).to_string();
                        out.extend(cx, position.as_bytes())?;
                    }
                    Some(CaptureKind::Unfinished) => {
                        return Err(cx.error(format_args!("{}", PatternError::Unfinished)));
                    }
                    None if index == 0 => out.extend_part(cx, 0, whole.start..whole.end)?,
                    None => {
                        let error = PatternError::InvalidIndex(digit - b'0');
                        return Err(cx.error(format_args!("{error}")));
                    }
                }
            }
            _ => return Err(cx.error(format_args!("invalid use of '%' in replacement string"))),
        }
    }
    let end = cx.bytes(2).len();
    out.extend_part(cx, 2, at.min(end)..end)
}
