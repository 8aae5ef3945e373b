//! Running a [`Program`] over a subject: backtracking, with bounds.

use memchr::{memchr, memrchr};

use smallvec::SmallVec;

use super::{NO_NEED, Node, PatternError, Program, Test};

/// How deeply a match may nest before it is "too complex", as in the reference.
const MAX_DEPTH: u32 = 200;

/// A part of the subject, as offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Range {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What the captures of the last match are; for a position, `start` is the one.
#[derive(Debug, Clone)]
pub(crate) struct Captures(pub(crate) SmallVec<[Range; 6]>);

impl Captures {
    /// Room for the captures of `program`.
    pub(crate) fn of(program: &Program) -> Captures {
        Captures(SmallVec::from_elem(Range::default(), program.captures().len()))
    }
}

/// Why a search ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The pattern is at fault.
    Error(PatternError),
    /// The steps are used up while matching at this start; nobody was watching.
    Exhausted { start: usize },
    /// Who watches asked to stop.
    Interrupted,
}

/// Called with the number of steps done since the last call; false ends the search.
pub(crate) type Watch<'a> = &'a mut dyn FnMut(u32) -> bool;

/// No match here. Results of a match are ends, which are below both special values.
const MISS: usize = usize::MAX;
/// The search has to end: `Matcher::stop` says why.
const STOP: usize = usize::MAX - 1;

impl Program {
    /// The test of a program that is nothing but one character.
    #[inline(always)]
    pub(crate) fn one(&self) -> Option<Test> {
        match self.nodes[..] {
            [Node::One(test), Node::Matched] => Some(test),
            _ => None,
        }
    }

    /// [`Matcher::search`] for a program that is one character with this test. That never fails, and the match
    /// ends behind where any match before it ended.
    #[inline]
    pub(crate) fn search_one(&self, test: Test, subject: &[u8], start: usize, anchored: bool) -> Option<Range> {
        let at = if anchored || start > subject.len() { start } else { self.next_start(subject, start)? };
        self.is_match(subject, test, at).then_some(Range { start: at, end: at + 1 })
    }

    /// The first position from `at` on at which the first node can match.
    #[inline]
    fn next_start(&self, subject: &[u8], at: usize) -> Option<usize> {
        let need = self.need[0];
        if need != NO_NEED {
            return memchr(need as u8, &subject[at..]).map(|skipped| at + skipped);
        }
        match self.nodes[0] {
            Node::One(Test::Set(set)) | Node::Plus(Test::Set(set)) => {
                let set = &self.sets[set as usize];
                subject[at..].iter().position(|&byte| set.has(byte)).map(|skipped| at + skipped)
            }
            _ => Some(at),
        }
    }

    #[inline(always)]
    fn is_match(&self, subject: &[u8], test: Test, at: usize) -> bool {
        match subject.get(at) {
            None => false,
            Some(&byte) => match test {
                Test::Any => true,
                Test::Byte(wanted) => byte == wanted,
                Test::Set(set) => self.sets[set as usize].has(byte),
            },
        }
    }
}

/// One search of a program in a subject.
pub(crate) struct Matcher<'a> {
    subject: &'a [u8],
    program: &'a Program,
    captures: &'a mut [Range],
    /// Levels of nesting left.
    depth: u32,
    /// Steps left before `watch` is asked.
    steps: i64,
    /// Steps granted at a time.
    grant: u32,
    watch: Option<Watch<'a>>,
    stop: Option<Stop>,
}

impl<'a> Matcher<'a> {
    /// A search that may take `grant` steps; then it asks `watch` for as many again, or
    /// without one stops as [`Stop::Exhausted`].
    pub(crate) fn new(
        subject: &'a [u8],
        program: &'a Program,
        captures: &'a mut Captures,
        grant: u32,
        watch: Option<Watch<'a>>,
    ) -> Matcher<'a> {
        let steps = i64::from(grant);
        Matcher { subject, program, captures: &mut captures.0, depth: MAX_DEPTH, steps, grant, watch, stop: None }
    }

    /// The first match that starts at `start` or, unless `anchored`, behind it. A match
    /// that ends at `refused` does not count (so an iteration never finds the same
    /// empty match twice).
    pub(crate) fn search(&mut self, start: usize, anchored: bool, refused: Option<usize>) -> Result<Option<Range>, Stop> {
        let refused = refused.unwrap_or(MISS);
        let mut at = start;
        while at <= self.subject.len() {
            if !anchored {
                match self.program.next_start(self.subject, at) {
                    Some(next) => at = next,
                    None => return Ok(None),
                }
            }
            let end = self.run(at, 0);
            if end == STOP {
                return Err(match self.stop {
                    Some(Stop::Exhausted { .. }) | None => Stop::Exhausted { start: at },
                    Some(other) => other,
                });
            }
            if end != MISS && end != refused {
                return Ok(Some(Range { start: at, end }));
            }
            if anchored {
                break;
            }
            at += 1;
        }
        Ok(None)
    }

    /// How many steps have been done since the last grant.
    pub(crate) fn steps_done(&self) -> u32 {
        (i64::from(self.grant) - self.steps).clamp(0, i64::from(u32::MAX)) as u32
    }

    /// Matches from node `pc` on at `at`: the end of the match, [`MISS`] or [`STOP`].
    fn run(&mut self, at: usize, pc: usize) -> usize {
        if self.depth == 0 {
            return self.stop_with(Stop::Error(PatternError::TooComplex));
        }
        let depth = self.depth;
        self.depth -= 1;
        let end = self.run_nodes(at, pc);
        self.depth = depth;
        end
    }

    /// Takes a level, as the reference does for each end of a capture, until the `run`
    /// that we are in returns. What a failed match left in captures needs no undoing:
    /// another way through the pattern passes the same ends again.
    #[inline]
    fn nest(&mut self) -> bool {
        if self.depth == 0 {
            self.stop_with(Stop::Error(PatternError::TooComplex));
            return false;
        }
        self.depth -= 1;
        true
    }

    fn run_nodes(&mut self, mut at: usize, mut pc: usize) -> usize {
        let program = self.program;
        loop {
            if !self.step(1) {
                return STOP;
            }
            match program.nodes[pc] {
                Node::One(test) => {
                    if !self.is_match(test, at) {
                        return MISS;
                    }
                    at += 1;
                }
                // Without even one character there is nothing to try, nor to nest.
                Node::Star(test) => {
                    if self.is_match(test, at) {
                        return self.expand_most(at, pc, test, 0);
                    }
                }
                Node::Plus(test) => return self.expand_most(at, pc, test, 1),
                Node::Minus(test) => {
                    if self.is_match(test, at) {
                        return self.expand_least(at, pc, test);
                    }
                }
                Node::Optional(test) => {
                    if self.is_match(test, at) {
                        let end = self.run(at + 1, pc + 1);
                        if end != MISS {
                            return end;
                        }
                    }
                }
                Node::Open(index) | Node::Position(index) => {
                    self.captures[usize::from(index)] = Range { start: at, end: at };
                    if !self.nest() {
                        return STOP;
                    }
                }
                Node::Close(index) => {
                    self.captures[usize::from(index)].end = at;
                    if !self.nest() {
                        return STOP;
                    }
                }
                Node::Back(index) => match self.back(at, index) {
                    Some(end) => at = end,
                    None => return MISS,
                },
                Node::Balance(open, close) => match self.balance(at, open, close) {
                    Some(end) => at = end,
                    None => return if self.stop.is_some() { STOP } else { MISS },
                },
                Node::Frontier(set) => {
                    let set = &program.sets[set as usize];
                    let before = at.checked_sub(1).map_or(0, |before| self.subject[before]);
                    let here = self.subject.get(at).copied().unwrap_or(0);
                    if set.has(before) || !set.has(here) {
                        return MISS;
                    }
                }
                Node::AtEnd => return if at == self.subject.len() { at } else { MISS },
                Node::Matched => return at,
                Node::Fail(error) => return self.stop_with(Stop::Error(error)),
            }
            pc += 1;
        }
    }

    #[inline(always)]
    fn is_match(&self, test: Test, at: usize) -> bool {
        self.program.is_match(self.subject, test, at)
    }

    /// How many characters from `at` on pass `test`.
    #[inline]
    fn count(&self, test: Test, at: usize) -> usize {
        let rest = &self.subject[at..];
        let stop = match test {
            Test::Any => None,
            Test::Byte(wanted) => rest.iter().position(|&byte| byte != wanted),
            Test::Set(set) => {
                let set = &self.program.sets[set as usize];
                rest.iter().position(|&byte| !set.has(byte))
            }
        };
        stop.unwrap_or(rest.len())
    }

    /// `*` and `+`: the longest repetition first.
    fn expand_most(&mut self, at: usize, pc: usize, test: Test, least: usize) -> usize {
        let count = self.count(test, at);
        if count < least {
            return MISS;
        }
        let first = at + least;
        let mut end = at + count;
        let need = self.program.need[pc + 1];
        if !self.step(count / 8) {
            return STOP;
        }
        loop {
            if need != NO_NEED {
                let upto = (end + 1).min(self.subject.len());
                let Some(found) = self.subject.get(first..upto).and_then(|part| memrchr(need as u8, part)) else {
                    return MISS;
                };
                end = first + found;
            }
            let result = self.run(end, pc + 1);
            if result != MISS {
                return result;
            }
            if end == first {
                return MISS;
            }
            end -= 1;
        }
    }

    /// `-`: the shortest repetition first.
    fn expand_least(&mut self, mut at: usize, pc: usize, test: Test) -> usize {
        let need = self.program.need[pc + 1];
        loop {
            if need != NO_NEED {
                // Nothing between here and the next byte that the rest needs can be its
                // start, so the repetition has to cover it.
                let found = memchr(need as u8, &self.subject[at..]);
                if !self.step(found.unwrap_or(self.subject.len() - at) / 8) {
                    return STOP;
                }
                let Some(gap) = found else { return MISS };
                if !self.all_match(test, at, gap) {
                    return MISS;
                }
                at += gap;
            }
            let result = self.run(at, pc + 1);
            if result != MISS {
                return result;
            }
            if !self.is_match(test, at) {
                return MISS;
            }
            at += 1;
        }
    }

    /// Whether the `length` characters from `at` on all pass `test`.
    fn all_match(&self, test: Test, at: usize, length: usize) -> bool {
        test == Test::Any || (at..at + length).all(|at| self.is_match(test, at))
    }

    fn back(&self, at: usize, index: u8) -> Option<usize> {
        if self.program.captures()[usize::from(index)] == super::CaptureKind::Position {
            return None;
        }
        let Range { start, end } = self.captures[usize::from(index)];
        let text = &self.subject[start..end];
        self.subject[at..].starts_with(text).then_some(at + text.len())
    }

    fn balance(&mut self, at: usize, open: u8, close: u8) -> Option<usize> {
        if self.subject.get(at) != Some(&open) {
            return None;
        }
        let mut nesting = 1usize;
        for (offset, &byte) in self.subject[at + 1..].iter().enumerate() {
            if byte == close {
                nesting -= 1;
                if nesting == 0 {
                    self.step(offset / 8);
                    return Some(at + offset + 2);
                }
            } else if byte == open {
                nesting += 1;
            }
        }
        let length = self.subject.len() - at;
        self.step(length / 8);
        None
    }

    /// Accounts for `count` steps; false if the search has to stop.
    #[inline(always)]
    fn step(&mut self, count: usize) -> bool {
        self.steps -= count as i64;
        self.steps >= 0 || self.ask()
    }

    #[cold]
    fn ask(&mut self) -> bool {
        let done = self.steps_done();
        let go_on = match &mut self.watch {
            None => {
                self.stop = Some(Stop::Exhausted { start: 0 });
                false
            }
            Some(watch) => {
                let go_on = watch(done);
                if !go_on {
                    self.stop = Some(Stop::Interrupted);
                }
                go_on
            }
        };
        self.steps = i64::from(self.grant);
        go_on
    }

    #[cold]
    fn stop_with(&mut self, stop: Stop) -> usize {
        self.stop = Some(stop);
        STOP
    }
}
