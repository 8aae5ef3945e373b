//! The names of values in messages: "local 'x'", "global 'print'", "method 'close'".
//!
//! Nothing records where a value came from. When a message needs a name, the code of the function
//! is read again: which instruction last set the register in question, and what does that instruction tell?
//! Code that a forward jump may have skipped tells nothing.

use lua_proto::op::{Instr, Op, Operand, SLOT, UP};
use lua_proto::{ConstantRef, Proto, chunk_id};

use crate::error::Error;
use crate::exec::to_integer;
use crate::meta::Event;
use crate::thread::{FINALIZER, Frame, IN_HOOK, TAIL, Then, Thread};
use crate::value::{Value, tag};
use crate::vm::Vm;

/// What a value is called, and what kind of name that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named<'p> {
    pub(crate) kind: &'static str,
    pub(crate) name: &'p [u8],
}

impl Named<'_> {
    /// As messages append it: " (local 'x')".
    fn in_parentheses(this: Option<Named<'_>>) -> Vec<u8> {
        this.map_or_else(Vec::new, |n| [b" (", n.kind.as_bytes(), b" '", n.name, b"')"].concat())
    }
}

/// Whether an instruction writes a register.
fn sets(i: Instr, register: usize) -> bool {
    let a = i.a() / SLOT;
    match i.op() {
        Op::LoadNil => (a..=i.b() / SLOT).contains(&register),
        // Calls leave nothing behind above their results.
        Op::Call | Op::TailCall => register >= a,
        Op::TForCall => register >= a + 4,
        Op::TForLoop => register == a + 2,
        Op::ForPrep | Op::ForLoop => (a..a + 4).contains(&register),
        Op::VarArg if i.c() == 0 => register >= a,
        Op::VarArg => (a..a + i.c() - 1).contains(&register),
        Op::SelfField => register == a || register == a + 1,
        Op::Concat => register == a,
        op => op.operands()[0] == Operand::Dst && register == a,
    }
}

/// How far an instruction may jump forwards; loops do not count: what they jump over runs before they end.
fn forward_jump(i: Instr) -> usize {
    let distance = match i.op() {
        Op::Jmp | Op::JmpIf | Op::JmpNot => i.sbx(),
        op if op.operands()[2] == Operand::Jump => i.sc(),
        _ => 0,
    };
    distance.max(0) as usize
}

/// The last instruction before `last` that set a register, if it certainly ran.
fn setter(proto: &Proto, last: usize, register: usize) -> Option<usize> {
    let mut found = None;
    // Whatever stands before it may have been jumped over.
    let mut conditional_until = 0;
    for (pc, &i) in proto.code().iter().enumerate().take(last) {
        if sets(i, register) {
            found = (pc >= conditional_until).then_some(pc);
        }
        let target = pc + 1 + forward_jump(i);
        if target > pc + 1 && target <= last {
            conditional_until = conditional_until.max(target);
        }
    }
    found
}

fn constant_name(proto: &Proto, index: usize) -> Option<&[u8]> {
    match proto.constant(index) {
        Some(ConstantRef::Str(s)) => Some(s.as_bytes()),
        _ => None,
    }
}

fn upvalue_name(proto: &Proto, index: usize) -> &[u8] {
    proto.upvalues().get(index).and_then(|u| u.name.as_ref()).map_or(b"?", |n| n.as_bytes())
}

/// What a register is called when the instruction at `pc` runs, or which instruction set it.
fn variable_name(proto: &Proto, mut pc: usize, mut register: usize) -> Result<Named<'_>, Option<usize>> {
    loop {
        if let Some(name) = proto.local_name(register, pc) {
            return Ok(Named { kind: "local", name: name.as_bytes() });
        }
        pc = setter(proto, pc, register).ok_or(None)?;
        let i = proto.code()[pc];
        match i.op() {
            Op::Move if i.b() < i.a() => register = i.b() / SLOT,
            Op::GetUpval => return Ok(Named { kind: "upvalue", name: upvalue_name(proto, i.b() / UP) }),
            Op::LoadK => {
                let name = constant_name(proto, i.bx() / SLOT);
                return name.map(|name| Named { kind: "constant", name }).ok_or(Some(pc));
            }
            _ => return Err(Some(pc)),
        }
    }
}

/// A field of `_ENV` is a global.
fn field_kind(table: Option<Named<'_>>) -> &'static str {
    match table {
        Some(Named { kind: "local" | "upvalue", name: b"_ENV" }) => "global",
        _ => "field",
    }
}

/// What the value in a register is called when the instruction at `pc` runs.
pub(crate) fn register_name(proto: &Proto, pc: usize, register: usize) -> Option<Named<'_>> {
    let set_at = match variable_name(proto, pc, register) {
        Ok(named) => return Some(named),
        Err(set_at) => set_at?,
    };
    let i = proto.code()[set_at];
    let of_register = |register| variable_name(proto, set_at, register).ok();
    let constant = || constant_name(proto, i.c() / SLOT).unwrap_or(b"?");
    let (kind, name) = match i.op() {
        Op::GetTabUp => {
            let table = Named { kind: "upvalue", name: upvalue_name(proto, i.b() / UP) };
            (field_kind(Some(table)), constant())
        }
        Op::GetField => (field_kind(of_register(i.b() / SLOT)), constant()),
        Op::GetInt => ("field", b"integer index".as_slice()),
        Op::GetTable => {
            let key = of_register(i.c() / SLOT).filter(|n| n.kind == "constant");
            (field_kind(of_register(i.b() / SLOT)), key.map_or(b"?".as_slice(), |n| n.name))
        }
        Op::SelfField if register == i.a() / SLOT => ("method", constant()),
        _ => return None,
    };
    Some(Named { kind, name })
}

/// The event whose metamethod an instruction may call.
fn event_of(i: Instr) -> Option<Event> {
    Some(match i.op() {
        Op::GetTabUp | Op::GetTable | Op::GetInt | Op::GetField | Op::SelfField => Event::Index,
        Op::SetTabUp | Op::SetTabUpK | Op::SetTable | Op::SetTableK | Op::SetInt | Op::SetIntK | Op::SetField | Op::SetFieldK => {
            Event::NewIndex
        }
        Op::AddI if i.x() == 2 => Event::Sub,
        Op::ShrI if i.x() == 2 => Event::Shl,
        Op::AddI | Op::AddK | Op::Add => Event::Add,
        Op::SubK | Op::Sub => Event::Sub,
        Op::MulK | Op::Mul => Event::Mul,
        Op::ModK | Op::Mod => Event::Mod,
        Op::PowK | Op::Pow => Event::Pow,
        Op::DivK | Op::Div => Event::Div,
        Op::IDivK | Op::IDiv => Event::IDiv,
        Op::BAndK | Op::BAnd => Event::BAnd,
        Op::BOrK | Op::BOr => Event::BOr,
        Op::BXorK | Op::BXor => Event::BXor,
        Op::ShlI | Op::Shl => Event::Shl,
        Op::ShrI | Op::Shr => Event::Shr,
        Op::Unm => Event::Unm,
        Op::BNot => Event::BNot,
        Op::Len => Event::Len,
        Op::Concat => Event::Concat,
        Op::JmpEq | Op::JmpNe => Event::Eq,
        Op::JmpLt | Op::JmpNlt | Op::JmpLtI | Op::JmpNltI | Op::JmpGtI | Op::JmpNgtI => Event::Lt,
        Op::JmpLe | Op::JmpNle | Op::JmpLeI | Op::JmpNleI | Op::JmpGeI | Op::JmpNgeI => Event::Le,
        Op::Close | Op::Return => Event::Close,
        _ => return None,
    })
}

/// What the function is called that the instruction at `pc` calls.
pub(crate) fn callee_name(proto: &Proto, pc: usize) -> Option<Named<'_>> {
    let i = *proto.code().get(pc)?;
    match i.op() {
        Op::Call | Op::TailCall => register_name(proto, pc, i.a() / SLOT),
        Op::TForCall => Some(Named { kind: "for iterator", name: b"for iterator" }),
        _ => event_of(i).map(|event| Named { kind: "metamethod", name: &event.name().as_bytes()[2..] }),
    }
}

/// Equal fields: whether a register may be where a value came from.
fn identical(x: Value, y: Value) -> bool {
    x.tag == y.tag && (x.tag <= tag::TRUE || x.payload == y.payload)
}

impl Vm {
    /// The frame on top of a thread.
    ///
    /// # Safety
    /// `thread` is live.
    pub(crate) unsafe fn top_frame(&self, thread: *mut Thread) -> *mut Frame {
        // SAFETY: the caller's promise.
        if thread == self.roots.thread { self.frame } else { unsafe { (*thread).frame } }
    }

    /// The index of the instruction that a Lua frame is executing.
    ///
    /// # Safety
    /// A Lua frame of the live thread `thread`, its pc saved.
    pub(crate) unsafe fn current_pc(&self, thread: *mut Thread, frame: *mut Frame) -> usize {
        // SAFETY: the caller's promise; the frame above exists if this one is not on top.
        unsafe {
            let function = &*(*frame).function;
            let code = function.proto().code().as_ptr_range();
            let pc = (*frame).pc;
            if pc < code.start || pc > code.end {
                // Not linked yet.
                return 0;
            }
            // While a `__close` runs, the pc stands on the instruction that will run again.
            let runs_again = frame < self.top_frame(thread) && (*frame.add(1)).then == Then::Again;
            function.index_of(pc).saturating_sub(!runs_again as usize)
        }
    }

    /// "chunk:line: " of a frame of the running thread; empty for a host function.
    pub(crate) fn position_of(&self, frame: *mut Frame) -> Vec<u8> {
        // SAFETY: a frame of the running thread, whose Lua frames have their pc saved whenever an error is made.
        unsafe {
            if !(*frame).is_lua() {
                return Vec::new();
            }
            let proto = (*(*frame).function).proto();
            let line = match proto.line_at(self.current_pc(self.roots.thread, frame)) {
                Some(line) => i64::from(line),
                None if frame == self.frame => -1,
                // A host function asked for its caller: without a line there is nothing to say.
                None => return Vec::new(),
            };
            let mut text = chunk_id(proto.source());
            text.extend_from_slice(format!(":{line}: ").as_bytes());
            text
        }
    }

    /// What the function of a frame is called by the code that called it.
    ///
    /// # Safety
    /// A frame of the live thread `thread`.
    pub(crate) unsafe fn frame_name(&self, thread: *mut Thread, frame: *mut Frame) -> Option<Named<'_>> {
        // SAFETY: below a frame of a call there is at least the thread's base frame.
        unsafe {
            if frame <= (*thread).frames || (*frame).flags & TAIL != 0 {
                return None;
            }
            self.called_from(thread, frame.sub(1))
        }
    }

    /// What a frame calls, judged by what it is doing.
    unsafe fn called_from(&self, thread: *mut Thread, frame: *mut Frame) -> Option<Named<'_>> {
        // SAFETY: as for `frame_name`.
        unsafe {
            if (*frame).flags & IN_HOOK != 0 {
                return Some(Named { kind: "hook", name: b"?" });
            }
            if (*frame).flags & FINALIZER != 0 {
                return Some(Named { kind: "metamethod", name: b"__gc" });
            }
            if !(*frame).is_lua() {
                return None;
            }
            callee_name((*(*frame).function).proto(), self.current_pc(thread, frame))
        }
    }

    /// What the running host function is called, and what kind of name that is, for messages about its arguments.
    ///
    /// # Safety
    /// A host frame is on top.
    pub(crate) unsafe fn running_function_name(&self) -> Option<(&'static str, Vec<u8>)> {
        // SAFETY: the frame on top.
        unsafe {
            if let Some(named) = self.frame_name(self.roots.thread, self.frame) {
                return Some((named.kind, named.name.to_vec()));
            }
            self.global_function_name(*(*self.frame).func).map(|name| ("function", name))
        }
    }

    /// What an operand of the running instruction that holds `value` is called, if one does.
    unsafe fn operand_name(&self, value: Value) -> Option<Named<'_>> {
        // SAFETY: the running frame; the verifier bounds the operands of its instruction.
        unsafe {
            let frame = self.frame;
            if !(*frame).is_lua() {
                return None;
            }
            let proto = (*(*frame).function).proto();
            let pc = self.current_pc(self.roots.thread, frame);
            let i = *proto.code().get(pc)?;
            let base = (*frame).base;
            let holds = |offset: usize| identical(*base.byte_add(offset), value);
            let register = |offset: usize| register_name(proto, pc, offset / SLOT);
            match i.op() {
                Op::GetTabUp | Op::SetTabUp | Op::SetTabUpK => {
                    let index = if i.op() == Op::GetTabUp { i.b() } else { i.a() } / UP;
                    let upvalue = (*(*base.sub(1)).as_closure()).upvalue(index);
                    identical(*(*upvalue).value, value).then(|| Named { kind: "upvalue", name: upvalue_name(proto, index) })
                }
                // The object alone: a key is never to blame.
                Op::GetTable | Op::GetInt | Op::GetField | Op::SelfField => holds(i.b()).then(|| register(i.b()))?,
                Op::SetTable | Op::SetTableK | Op::SetInt | Op::SetIntK | Op::SetField | Op::SetFieldK | Op::Call | Op::TailCall => {
                    holds(i.a()).then(|| register(i.a()))?
                }
                op => {
                    let operands = [(op.operands()[1], i.b()), (op.operands()[2], i.c())];
                    let held = operands.into_iter().find(|&(kind, offset)| kind == Operand::Src && holds(offset));
                    held.and_then(|(_, offset)| register(offset))
                }
            }
        }
    }

    /// "attempt to `what` a … value", with the name of the operand that holds `value`.
    ///
    /// # Safety
    /// `value` is live; a Lua frame has its pc saved.
    #[cold]
    pub(crate) unsafe fn operand_error(&mut self, what: &str, value: Value) -> Error {
        // SAFETY: the caller's promise.
        unsafe {
            let name = Named::in_parentheses(self.operand_name(value));
            self.attempt_error(what, value, &name)
        }
    }

    unsafe fn attempt_error(&mut self, what: &str, value: Value, name: &[u8]) -> Error {
        // SAFETY: the caller's promise.
        let kind = unsafe { self.type_name_of(value) };
        self.error_bytes(&[b"attempt to ", what.as_bytes(), b" a ", &kind, b" value", name].concat())
    }

    /// "attempt to index a … value". The name is that of the object, not that of the key.
    ///
    /// # Safety
    /// As for [`Vm::operand_error`].
    #[cold]
    pub(crate) unsafe fn index_error(&mut self, value: Value, _key: Option<Value>) -> Error {
        // SAFETY: the caller's promise.
        unsafe { self.operand_error("index", value) }
    }

    /// "attempt to call a … value", with the name that the calling code gives it.
    ///
    /// # Safety
    /// As for [`Vm::operand_error`].
    #[cold]
    pub(crate) unsafe fn call_error(&mut self, value: Value) -> Error {
        // SAFETY: the caller's promise.
        unsafe {
            let name = self.called_from(self.roots.thread, self.frame).or_else(|| self.operand_name(value));
            let name = Named::in_parentheses(name);
            self.attempt_error("call", value, &name)
        }
    }

    /// "number has no integer representation", with the name of the first of two numbers that has none.
    ///
    /// # Safety
    /// As for [`Vm::operand_error`].
    #[cold]
    pub(crate) unsafe fn int_representation_error(&mut self, x: Value, y: Value) -> Error {
        let culprit = if to_integer(x).is_some() { y } else { x };
        // SAFETY: the caller's promise.
        let name = Named::in_parentheses(unsafe { self.operand_name(culprit) });
        self.error_bytes(&[b"number", name.as_slice(), b" has no integer representation"].concat())
    }

    /// "attempt to concatenate a … value" for the first of two operands that is neither string nor number.
    ///
    /// # Safety
    /// As for [`Vm::operand_error`].
    #[cold]
    pub(crate) unsafe fn concat_error(&mut self, x: Value, y: Value) -> Error {
        // SAFETY: the caller's promise.
        unsafe {
            let second = x.is_str() || x.is_number();
            let name = Named::in_parentheses(self.joined_name(x, y, second));
            self.attempt_error("concatenate", if second { y } else { x }, &name)
        }
    }

    /// What one of two neighbours among the operands of the running concatenation is called.
    unsafe fn joined_name(&self, x: Value, y: Value, second: bool) -> Option<Named<'_>> {
        // SAFETY: as for `operand_name`.
        unsafe {
            let frame = self.frame;
            if !(*frame).is_lua() {
                return None;
            }
            let proto = (*(*frame).function).proto();
            let pc = self.current_pc(self.roots.thread, frame);
            let i = *proto.code().get(pc)?;
            if i.op() != Op::Concat {
                return None;
            }
            let first = (*frame).base.byte_add(i.a());
            // It proceeds from the right, so the rightmost pair is the one.
            let at = (0..i.b() - 1).rev().find(|&at| identical(*first.add(at), x) && identical(*first.add(at + 1), y))?;
            register_name(proto, pc, i.a() / SLOT + at + second as usize)
        }
    }
}
