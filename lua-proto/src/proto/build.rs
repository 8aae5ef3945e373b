//! From a compiler's buffers to an image, one function at a time.
//!
//! A function is verified and gets its final form as soon as it is complete, innermost first, so that a
//! compiler keeps the buffers of a few functions only. Two steps all the same, because each function
//! holds the image, and the image is complete only when all strings of all functions are known: first
//! the functions without it ([`ImageBuilder::function`]), then the links ([`ImageBuilder::finish`]).

use std::borrow::Cow;
use std::num::NonZero;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{DraftConstant, Image, ImageStr, LineRun, LocalDesc, Outline, Proto, Source, Unlinked, UpvalueDesc, Variable};
use crate::constant::{Constant, tag};
use crate::op::{Instr, Pair};
use crate::pool::{self, PoolRef, PoolStr};
use crate::verify::{VerifyError, verify};

/// Builds the image of one chunk: the only way to a [`Proto`].
///
/// # Examples
///
/// ```
/// use lua_proto::{Body, DraftConstant, ImageBuilder, Instr, Op};
///
/// // return "hello"
/// let mut builder = ImageBuilder::new();
/// let hello = builder.string(b"hello");
/// let main = builder.function(Body {
///     code: vec![Instr::wide(Op::LoadK, 0, 0, 0), Instr::new(Op::Return1, 0, 0, 0, 0)].into(),
///     constants: &[DraftConstant::Str(hello)],
///     ..Body::default()
/// })?;
/// let proto = builder.finish(main, b"=example");
/// assert_eq!(proto.source(), b"=example");
/// # Ok::<(), lua_proto::VerifyError>(())
/// ```
pub struct ImageBuilder {
    strings: Vec<PoolRef>,
    /// Names that were seen lately: most names of a chunk occur in many functions, and a look here costs
    /// neither the keyed hash nor a lock.
    recent: Option<Box<[Option<StringId>; RECENT]>>,
    /// The names of all functions, one behind the other.
    names: Vec<u8>,
    /// Where the name of each function stands in `names`, in the order in which they were made.
    functions: Vec<Option<Range<u32>>>,
    /// What functions have for an image as long as there is none.
    no_image: Arc<Image>,
    bytes: usize,
}

const RECENT: usize = 1024;

/// So many strings are looked through one by one, before there is [`ImageBuilder::recent`].
const FEW: usize = 12;

/// A string that an [`ImageBuilder`] was given; it means nothing to another builder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StringId(NonZero<u32>);

impl StringId {
    fn of(index: usize) -> StringId {
        let number = u32::try_from(index + 1).ok().and_then(NonZero::new);
        StringId(number.expect("fewer strings than addresses of their bytes"))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A function as it is handed to an [`ImageBuilder`]: borrowed, so that buffers can be used again.
///
/// The fields are those of a [`Draft`](super::Draft), but for the strings.
pub struct Body<'a> {
    /// The line of `function`; 0 for a main chunk.
    pub line_defined: u32,
    /// The line of the function's `end`; 0 for a main chunk.
    pub last_line: u32,
    /// How many fixed parameters there are; they are the first registers.
    pub params: u8,
    /// Whether there is a `...` behind the parameters.
    pub is_vararg: bool,
    /// How many registers are needed, from 2 to 255.
    pub max_stack: u8,
    /// The instructions. Owned ones are not copied.
    pub code: Cow<'a, [Instr]>,
    /// The constants that the instructions name.
    pub constants: &'a [DraftConstant<StringId>],
    /// The functions nested directly in this one, of the same builder.
    pub nested: Vec<Part>,
    /// Where a closure finds its upvalues.
    pub upvalues: &'a [UpvalueDesc<StringId>],
    /// The line of each instruction; empty if stripped.
    pub lines: &'a [u32],
    /// Local variables in order of declaration.
    pub locals: &'a [LocalDesc<StringId>],
    /// What the function is called in its source; `None` if that is not known.
    pub name: Option<&'a [u8]>,
    /// Which variable each upvalue is; empty if that is not known.
    pub variables: &'a [Variable],
}

/// No code yet, and two registers, the least that there may be.
impl Default for Body<'_> {
    fn default() -> Self {
        Body {
            line_defined: 0,
            last_line: 0,
            params: 0,
            is_vararg: false,
            max_stack: 2,
            code: Cow::Borrowed(&[]),
            constants: &[],
            nested: Vec::new(),
            upvalues: &[],
            lines: &[],
            locals: &[],
            name: None,
            variables: &[],
        }
    }
}

/// A verified function with all that is nested in it, which lacks its image.
pub struct Part {
    /// Nobody else has it, nor what is nested in it. Its image is [`ImageBuilder::no_image`], its position an index into
    /// [`ImageBuilder::functions`].
    proto: Arc<Proto>,
    /// How many levels of functions it is: 1 if nothing is nested in it.
    levels: usize,
}

impl Part {
    pub(crate) fn levels(&self) -> usize {
        self.levels
    }

    pub(crate) fn upvalues(&self) -> &[UpvalueDesc<ImageStr>] {
        &self.proto.upvalues
    }
}

impl Default for ImageBuilder {
    fn default() -> Self {
        ImageBuilder::new()
    }
}

impl ImageBuilder {
    /// A builder for one chunk.
    pub fn new() -> ImageBuilder {
        let no_image = Arc::new(Image::default());
        ImageBuilder { strings: Vec::new(), recent: None, names: Vec::new(), functions: Vec::new(), no_image, bytes: 0 }
    }

    /// Bytes that the functions built so far take, without their strings.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A string that functions of the chunk name. Giving the same one again is cheap, and needless.
    pub fn string(&mut self, bytes: &[u8]) -> StringId {
        if self.strings.len() < FEW {
            let known = self.strings.iter().position(|known| known.as_bytes() == bytes);
            return known.map_or_else(|| self.new_string(bytes), StringId::of);
        }
        let slot = slot_of(bytes);
        let recent = self.recent.get_or_insert_with(|| Box::new([None; RECENT]));
        if let Some(known) = recent[slot]
            && self.strings[known.index()].as_bytes() == bytes
        {
            return known;
        }
        let new = StringId::of(self.strings.len());
        recent[slot] = Some(new);
        self.strings.push(pool::intern(bytes));
        new
    }

    /// As [`ImageBuilder::string`], for callers who know that they did not give the string before.
    pub fn new_string(&mut self, bytes: &[u8]) -> StringId {
        let new = StringId::of(self.strings.len());
        self.strings.push(pool::intern(bytes));
        new
    }

    /// Checks a function and gives it its final form.
    ///
    /// # Errors
    ///
    /// The first thing that the verifier finds wrong.
    ///
    /// # Panics
    ///
    /// If a string or a nested function is of another builder, and this one has none of that number.
    #[inline(never)]
    pub fn function(&mut self, body: Body<'_>) -> Result<Part, VerifyError> {
        let constants: Box<[Constant]> = body.constants.iter().map(|c| self.constant(c)).collect();
        verify(&body, &constants)?;
        let levels = 1 + body.nested.iter().map(Part::levels).max().unwrap_or(0);
        let position = self.functions.len() as u32;
        let name = body.name.map(|name| self.add_name(name));
        self.functions.push(name);
        let mut code = body.code.into_owned().into_boxed_slice();
        pair(&mut code);
        let proto = Arc::new_cyclic(|proto| Proto {
            unlinked: Unlinked::new(proto.as_ptr(), body.params, body.max_stack),
            code,
            constants,
            protos: body.nested.into_iter().map(|nested| nested.proto).collect(),
            upvalues: body.upvalues.iter().map(|u| self.upvalue(u)).collect(),
            variables: if body.variables.len() == body.upvalues.len() { body.variables.into() } else { Box::default() },
            locals: body.locals.iter().map(|l| self.local(l)).collect(),
            line_runs: line_runs(body.lines),
            line_defined: body.line_defined,
            last_line: body.last_line,
            position,
            is_vararg: body.is_vararg,
            image: self.no_image.clone(),
        });
        self.bytes += proto.bytes();
        Ok(Part { proto, levels })
    }

    /// Gives a function another name.
    pub fn rename(&mut self, part: &Part, name: &[u8]) {
        let name = self.add_name(name);
        self.functions[part.proto.position as usize] = Some(name);
    }

    /// Publishes the chunk: its outermost function, with everything nested in it. The builder is then as new, and keeps
    /// the room that it needed.
    ///
    /// `source` is the chunk's name as given, with its `@` or `=`.
    pub fn finish(&mut self, main: Part, source: &[u8]) -> Arc<Proto> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let address = |s: &PoolRef| std::ptr::from_ref::<PoolStr>(s).addr();
        self.strings.sort_unstable_by_key(address);
        self.strings.dedup();
        let strings: Box<[PoolRef]> = self.strings.drain(..).collect();
        let (outline, names): (_, Box<[u8]>) = (outline(&main.proto, &self.functions), self.names.as_slice().into());
        let bytes = self.bytes + size_of::<Image>() + size_of_val(&*strings) + size_of_val(&*outline) + names.len();
        let identity = NEXT.fetch_add(1, Ordering::Relaxed);
        let image = Arc::new(Image { source: Source::new(source), strings, outline, names, identity, bytes });
        self.restart();
        let mut main = main.proto;
        link(&mut main, &image, &mut 0);
        main
    }

    /// Forgets the chunk.
    pub fn restart(&mut self) {
        self.strings.clear();
        self.recent = None;
        self.names.clear();
        self.functions.clear();
        self.bytes = 0;
    }

    fn add_name(&mut self, name: &[u8]) -> Range<u32> {
        let start = self.names.len() as u32;
        self.names.extend_from_slice(name);
        start..self.names.len() as u32
    }

    fn resolve(&self, id: StringId) -> ImageStr {
        ImageStr(self.strings[id.index()].as_ptr())
    }

    fn constant(&self, constant: &DraftConstant<StringId>) -> Constant {
        match *constant {
            DraftConstant::Nil => Constant { payload: 0, tag: tag::NIL },
            DraftConstant::Bool(false) => Constant { payload: 0, tag: tag::FALSE },
            DraftConstant::Bool(true) => Constant { payload: 0, tag: tag::TRUE },
            DraftConstant::Int(i) => Constant { payload: i as u64, tag: tag::INT },
            DraftConstant::Float(f) => Constant { payload: f.to_bits(), tag: tag::FLOAT },
            DraftConstant::Str(id) => Constant::string(self.resolve(id).0),
        }
    }

    fn upvalue(&self, upvalue: &UpvalueDesc<StringId>) -> UpvalueDesc<ImageStr> {
        let &UpvalueDesc { ref name, in_stack, index, kind } = upvalue;
        UpvalueDesc { name: name.map(|name| self.resolve(name)), in_stack, index, kind }
    }

    fn local(&self, local: &LocalDesc<StringId>) -> LocalDesc<ImageStr> {
        let &LocalDesc { name, register, start_pc, end_pc } = local;
        LocalDesc { name: self.resolve(name), register, start_pc, end_pc }
    }
}

/// Joins instructions to pairs wherever that is possible, also where pairs overlap: it depends on how the code is entered which
/// of them are executed.
fn pair(code: &mut [Instr]) {
    for at in 0..code.len() {
        if let Some(pair) = Pair::of(&code[at..]) {
            code[at] = code[at].paired(pair);
        }
    }
}

/// A slot of [`ImageBuilder::recent`], from the length and the ends of a string.
fn slot_of(bytes: &[u8]) -> usize {
    let word = |bytes: &[u8]| bytes.iter().take(8).fold(0u64, |w, &b| w << 8 | b as u64);
    let ends = word(bytes) ^ word(&bytes[bytes.len().saturating_sub(8)..]).rotate_left(29) ^ bytes.len() as u64;
    (ends.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
}

/// The names of all functions, an outer one before those nested in it; nothing if one has none.
fn outline(main: &Proto, names: &[Option<Range<u32>>]) -> Box<[Outline]> {
    let mut all = Vec::with_capacity(names.len());
    if add_outline(main, names, 0, &mut all).is_none() {
        all.clear();
    }
    all.into_boxed_slice()
}

/// Recursion is bounded as in [`link`].
fn add_outline(proto: &Proto, names: &[Option<Range<u32>>], parent: u32, all: &mut Vec<Outline>) -> Option<()> {
    let position = all.len() as u32;
    all.push(Outline { parent, name: names[proto.position as usize].clone()? });
    proto.protos.iter().try_for_each(|nested| add_outline(nested, names, position, all))
}

/// Gives the functions their image and their positions: an outer one comes before those nested in it.
/// Recursion is bounded: the verifier refuses functions that are nested too deeply.
fn link(proto: &mut Arc<Proto>, image: &Arc<Image>, next: &mut u32) {
    let proto = Arc::get_mut(proto).expect("a part alone has its functions");
    proto.position = *next;
    proto.image = image.clone();
    *next += 1;
    proto.protos.iter_mut().for_each(|nested| link(nested, image, next));
}

fn line_runs(lines: &[u32]) -> Box<[LineRun]> {
    let starts = |pc: usize| pc == 0 || lines[pc - 1] != lines[pc];
    let count = (0..lines.len()).filter(|&pc| starts(pc)).count();
    let mut runs = Vec::with_capacity(count);
    runs.extend((0..lines.len()).filter(|&pc| starts(pc)).map(|pc| LineRun { pc: pc as u32, line: lines[pc] }));
    runs.into_boxed_slice()
}
