//! From a draft to an image.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Body, Draft, DraftConstant, ImageBuilder, LocalDesc, Part, Proto, StringId, UpvalueDesc};
use crate::verify::{MAX_NESTING, VerifyError, VerifyReason};

impl Draft {
    /// Checks the draft and everything nested in it, and publishes it.
    ///
    /// # Errors
    ///
    /// The first thing that the verifier finds wrong, in the order in which functions end.
    pub fn freeze(self) -> Result<Arc<Proto>, VerifyError> {
        let mut builder = ImageBuilder::new();
        let main = build(&mut builder, &self, 1)?;
        Ok(builder.finish(main, &self.source))
    }
}

fn build(builder: &mut ImageBuilder, draft: &Draft, depth: usize) -> Result<Part, VerifyError> {
    if depth > MAX_NESTING {
        return Err(VerifyError { line_defined: draft.line_defined, pc: None, reason: VerifyReason::Nesting });
    }
    let nested = draft.protos.iter().map(|nested| build(builder, nested, depth + 1)).collect::<Result<_, _>>()?;
    function(builder, draft, nested)
}

#[inline(never)]
fn function(builder: &mut ImageBuilder, draft: &Draft, nested: Vec<Part>) -> Result<Part, VerifyError> {
    let constants: Vec<_> = draft.constants.iter().map(|c| constant(builder, c)).collect();
    let mut named = |u: &UpvalueDesc| u.name.as_ref().map(|name| builder.string(name));
    let upvalues: Vec<_> =
        draft.upvalues.iter().map(|u| UpvalueDesc { name: named(u), in_stack: u.in_stack, index: u.index, kind: u.kind }).collect();
    let locals: Vec<_> = draft
        .locals
        .iter()
        .map(|l| LocalDesc { name: builder.string(&l.name), register: l.register, start_pc: l.start_pc, end_pc: l.end_pc })
        .collect();
    builder.function(Body {
        line_defined: draft.line_defined,
        last_line: draft.last_line,
        params: draft.params,
        is_vararg: draft.is_vararg,
        max_stack: draft.max_stack,
        code: Cow::Borrowed(&draft.code),
        constants: &constants,
        nested,
        upvalues: &upvalues,
        lines: &draft.lines,
        locals: &locals,
        name: draft.name.as_deref(),
        variables: &draft.variables,
    })
}

fn constant(builder: &mut ImageBuilder, constant: &DraftConstant) -> DraftConstant<StringId> {
    match *constant {
        DraftConstant::Nil => DraftConstant::Nil,
        DraftConstant::Bool(b) => DraftConstant::Bool(b),
        DraftConstant::Int(i) => DraftConstant::Int(i),
        DraftConstant::Float(f) => DraftConstant::Float(f),
        DraftConstant::Str(ref bytes) => DraftConstant::Str(builder.string(bytes)),
    }
}
