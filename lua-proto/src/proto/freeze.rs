//! From a verified draft to an image.
//!
//! Two steps, because each function holds the image, and the image is complete only when all
//! strings of all functions are known: first the functions without it, then the links.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Draft, DraftConstant, Image, ImageStr, LineRun, LocalDesc, Proto, UpvalueDesc};
use crate::constant::{Constant, tag};
use crate::op::Instr;
use crate::pool::{self, PoolRef, PoolStr};
use crate::verify::{VerifyError, verify};

impl Draft {
    /// Checks the draft and everything nested in it, and publishes it: the only way to a
    /// [`Proto`].
    ///
    /// # Errors
    ///
    /// The first thing that the verifier finds wrong.
    pub fn freeze(mut self) -> Result<Arc<Proto>, VerifyError> {
        verify(&self)?;
        let source = std::mem::take(&mut self.source).into_boxed_slice();
        let mut freezer = Freezer { strings: Vec::new(), recent: Box::new([0; RECENT]), bytes: 0, position: 0 };
        let parts = freezer.tree(self);
        let image = Arc::new(freezer.image(source));
        Ok(link(parts, &image))
    }
}

/// A [`Proto`] that lacks its image.
struct Parts {
    function: Box<Function>,
    nested: Vec<Parts>,
}

/// The fields of a [`Proto`] that need no image.
struct Function {
    code: Box<[Instr]>,
    constants: Box<[Constant]>,
    upvalues: Box<[UpvalueDesc<ImageStr>]>,
    locals: Box<[LocalDesc<ImageStr>]>,
    line_runs: Box<[LineRun]>,
    line_defined: u32,
    last_line: u32,
    position: u32,
    params: u8,
    max_stack: u8,
    is_vararg: bool,
}

struct Freezer {
    strings: Vec<PoolRef>,
    /// Where names that were seen lately stand in `strings`, plus 1: most names of a chunk occur in many functions, and a look here costs
    /// neither the keyed hash nor a lock.
    recent: Box<[u32; RECENT]>,
    bytes: usize,
    position: u32,
}

const RECENT: usize = 1024;

/// A slot of [`Freezer::recent`], from the length and the ends of a string.
fn slot_of(bytes: &[u8]) -> usize {
    let word = |bytes: &[u8]| bytes.iter().take(8).fold(0u64, |w, &b| w << 8 | b as u64);
    let ends = word(bytes) ^ word(&bytes[bytes.len().saturating_sub(8)..]).rotate_left(29) ^ bytes.len() as u64;
    (ends.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
}

impl Freezer {
    /// Recursion is bounded: the verifier refuses drafts that are nested too deeply.
    fn tree(&mut self, mut draft: Draft) -> Parts {
        let protos = std::mem::take(&mut draft.protos);
        let function = self.function(draft, protos.len());
        let nested = protos.into_iter().map(|d| self.tree(d)).collect();
        Parts { function, nested }
    }

    #[inline(never)]
    fn function(&mut self, draft: Draft, nested: usize) -> Box<Function> {
        let position = self.position;
        self.position += 1;
        let function = Box::new(Function {
            code: draft.code.into_boxed_slice(),
            constants: draft.constants.iter().map(|c| self.constant(c)).collect(),
            upvalues: draft.upvalues.iter().map(|u| self.upvalue(u)).collect(),
            locals: draft.locals.iter().map(|l| self.local(l)).collect(),
            line_runs: line_runs(&draft.lines),
            line_defined: draft.line_defined,
            last_line: draft.last_line,
            position,
            params: draft.params,
            max_stack: draft.max_stack,
            is_vararg: draft.is_vararg,
        });
        self.bytes += size_of::<Proto>()
            + size_of_val(&*function.code)
            + size_of_val(&*function.constants)
            + size_of_val(&*function.upvalues)
            + size_of_val(&*function.locals)
            + size_of_val(&*function.line_runs)
            + nested * size_of::<Arc<Proto>>();
        function
    }

    fn string(&mut self, bytes: &[u8]) -> ImageStr {
        let slot = slot_of(bytes);
        if let Some(known) = self.strings.get((self.recent[slot] as usize).wrapping_sub(1))
            && known.as_bytes() == bytes
        {
            return ImageStr(known.as_ptr());
        }
        let string = pool::intern(bytes);
        let ptr = string.as_ptr();
        self.strings.push(string);
        self.recent[slot] = self.strings.len() as u32;
        ImageStr(ptr)
    }

    fn constant(&mut self, constant: &DraftConstant) -> Constant {
        match *constant {
            DraftConstant::Nil => Constant { payload: 0, tag: tag::NIL },
            DraftConstant::Bool(false) => Constant { payload: 0, tag: tag::FALSE },
            DraftConstant::Bool(true) => Constant { payload: 0, tag: tag::TRUE },
            DraftConstant::Int(i) => Constant { payload: i as u64, tag: tag::INT },
            DraftConstant::Float(f) => Constant { payload: f.to_bits(), tag: tag::FLOAT },
            DraftConstant::Str(ref bytes) => Constant::string(self.string(bytes).0),
        }
    }

    fn upvalue(&mut self, upvalue: &UpvalueDesc) -> UpvalueDesc<ImageStr> {
        UpvalueDesc {
            name: upvalue.name.as_ref().map(|name| self.string(name)),
            in_stack: upvalue.in_stack,
            index: upvalue.index,
            kind: upvalue.kind,
        }
    }

    fn local(&mut self, local: &LocalDesc) -> LocalDesc<ImageStr> {
        LocalDesc { name: self.string(&local.name), register: local.register, start_pc: local.start_pc, end_pc: local.end_pc }
    }

    fn image(mut self, source: Box<[u8]>) -> Image {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let address = |s: &PoolRef| std::ptr::from_ref::<PoolStr>(s).addr();
        self.strings.sort_unstable_by_key(address);
        self.strings.dedup();
        let strings = self.strings.into_boxed_slice();
        let bytes = self.bytes + size_of::<Image>() + source.len() + size_of_val(&*strings);
        let identity = NEXT.fetch_add(1, Ordering::Relaxed);
        Image { source, strings, identity, bytes }
    }
}

fn link(parts: Parts, image: &Arc<Image>) -> Arc<Proto> {
    let protos = parts.nested.into_iter().map(|p| link(p, image)).collect();
    let function = *parts.function;
    Arc::new(Proto {
        code: function.code,
        constants: function.constants,
        protos,
        upvalues: function.upvalues,
        locals: function.locals,
        line_runs: function.line_runs,
        line_defined: function.line_defined,
        last_line: function.last_line,
        position: function.position,
        params: function.params,
        max_stack: function.max_stack,
        is_vararg: function.is_vararg,
        image: image.clone(),
    })
}

fn line_runs(lines: &[u32]) -> Box<[LineRun]> {
    let mut runs: Vec<LineRun> = Vec::new();
    for (pc, &line) in lines.iter().enumerate() {
        if runs.last().is_none_or(|run| run.line != line) {
            runs.push(LineRun { pc: pc as u32, line });
        }
    }
    runs.into_boxed_slice()
}
