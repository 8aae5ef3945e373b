//! Code as text, for people.

use std::fmt::{self, Display, Write};

use crate::chunk_id;
use crate::constant::ConstantRef;
use crate::dump::fingerprint;
use crate::number;
use crate::op::{Instr, Op, Operand, SLOT, UP};
use crate::proto::Proto;

/// The listing of a function and all that is nested in it.
pub fn listing(proto: &Proto) -> String {
    Listing::new(proto).to_string()
}

/// Shows a function and all that is nested in it: instructions, constants, upvalues, local
/// variables.
pub struct Listing<'a> {
    proto: &'a Proto,
    stable: bool,
}

impl<'a> Listing<'a> {
    /// The listing of this function.
    pub fn new(proto: &'a Proto) -> Listing<'a> {
        Listing { proto, stable: false }
    }

    /// Leaves out what any change of a function or of its layout changes: the fingerprints and sizes of functions.
    pub fn stable(self) -> Listing<'a> {
        Listing { stable: true, ..self }
    }
}

impl Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.function(f, self.proto)
    }
}

impl Listing<'_> {
    /// Recursion is bounded: a frozen function is not nested too deeply.
    fn function(&self, f: &mut fmt::Formatter<'_>, proto: &Proto) -> fmt::Result {
        self.head(f, proto)?;
        for (pc, &instr) in proto.code().iter().enumerate() {
            instruction(f, proto, pc, instr)?;
        }
        tables(f, proto)?;
        for nested in proto.protos() {
            f.write_char('\n')?;
            self.function(f, nested)?;
        }
        Ok(())
    }

    fn head(&self, f: &mut fmt::Formatter<'_>, proto: &Proto) -> fmt::Result {
        let name = chunk_id(proto.source());
        match (proto.position(), proto.line_defined()) {
            (0, 0) => write!(f, "main <{}>", name.escape_ascii())?,
            (position, line) => {
                let last = proto.last_line();
                write!(f, "function #{position} <{}:{line},{last}>", name.escape_ascii())?;
            }
        }
        if !self.stable {
            write!(f, " {:016x}, {} bytes", fingerprint(proto), proto.bytes())?;
        }
        let dots = if proto.is_vararg() { "+" } else { "" };
        writeln!(f, ": {}{dots} params, {} registers, {} upvalues", proto.params(), proto.max_stack(), proto.upvalues().len(),)
    }
}

fn instruction(f: &mut fmt::Formatter<'_>, proto: &Proto, pc: usize, instr: Instr) -> fmt::Result {
    let op = instr.op();
    let line = proto.line_at(pc).map_or("-".to_owned(), |line| line.to_string());
    let mut text = format!("{pc:>5} [{line}] {:<14}", op.name());
    let mut notes = Vec::new();
    let [a, b, c] = op.operands();
    let mut fields = vec![(a, instr.a(), 0), (b, instr.b(), instr.sb())];
    if !b.is_wide() {
        fields.push((c, instr.c(), instr.sc()));
    }
    for (kind, value, signed) in fields {
        operand(&mut text, &mut notes, proto, pc, instr, kind, value, signed)?;
    }
    if instr.x() != 0 {
        write!(text, " x={}", instr.x())?;
    }
    if op == Op::LoadFalseSkip {
        notes.push(format!("to {}", pc + 2));
    }
    if notes.is_empty() {
        return writeln!(f, "{}", text.trim_end());
    }
    writeln!(f, "{text:<44} ; {}", notes.join(" "))
}

#[allow(clippy::too_many_arguments)]
fn operand(
    text: &mut String,
    notes: &mut Vec<String>,
    proto: &Proto,
    pc: usize,
    instr: Instr,
    kind: Operand,
    value: usize,
    signed: isize,
) -> fmt::Result {
    let constant = |offset: usize| {
        let constant = proto.constant(offset / SLOT);
        constant.map_or(String::new(), |constant| Shown(constant).to_string())
    };
    match kind {
        Operand::None => Ok(()),
        Operand::Src | Operand::Dst | Operand::Win => write!(text, " r{}", value / SLOT),
        Operand::Const | Operand::Name | Operand::Num => {
            notes.push(constant(value));
            write!(text, " k{}", value / SLOT)
        }
        Operand::WideConst => {
            notes.push(constant(instr.bx()));
            write!(text, " k{}", instr.bx() / SLOT)
        }
        Operand::Up => {
            let name = proto.upvalues().get(value / UP).and_then(|u| u.name.as_ref());
            notes.extend(name.map(|name| name.as_bytes().escape_ascii().to_string()));
            write!(text, " u{}", value / UP)
        }
        Operand::Count => write!(text, " {value}"),
        Operand::Int => write!(text, " {signed}"),
        Operand::WideInt => write!(text, " {}", instr.sbx()),
        Operand::WideProto => {
            let nested = proto.protos().get(instr.bx());
            notes.extend(nested.map(|nested| format!("function #{}", nested.position())));
            write!(text, " p{}", instr.bx())
        }
        Operand::Jump | Operand::WideJump => {
            let distance = if kind == Operand::Jump { signed } else { instr.sbx() };
            notes.push(format!("to {}", (pc + 1).wrapping_add_signed(distance)));
            write!(text, " {distance:+}")
        }
    }
}

fn tables(f: &mut fmt::Formatter<'_>, proto: &Proto) -> fmt::Result {
    for index in 0..proto.constants().len() {
        if let Some(constant) = proto.constant(index) {
            writeln!(f, "  constant k{index} = {}", Shown(constant))?;
        }
    }
    for (index, upvalue) in proto.upvalues().iter().enumerate() {
        let name = upvalue.name.as_ref().map_or(b"-".as_slice(), |name| name.as_bytes());
        let from = if upvalue.in_stack { 'r' } else { 'u' };
        let kind = upvalue.kind.name();
        let name = name.escape_ascii();
        writeln!(f, "  upvalue u{index} = {name}, enclosing {from}{}, {kind}", upvalue.index)?;
    }
    for local in proto.locals() {
        let name = local.name.as_bytes().escape_ascii();
        writeln!(f, "  local r{} = {name}, {}..{}", local.register, local.start_pc, local.end_pc)?;
    }
    Ok(())
}

/// A constant as Lua would write it.
struct Shown<'a>(ConstantRef<'a>);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ConstantRef::Nil => f.write_str("nil"),
            ConstantRef::Bool(value) => write!(f, "{value}"),
            ConstantRef::Int(value) => write!(f, "{value}"),
            ConstantRef::Float(value) => {
                let mut text = Vec::new();
                number::write_float(&mut text, value);
                f.write_str(&String::from_utf8_lossy(&text))
            }
            ConstantRef::Str(string) => write!(f, "\"{}\"", string.as_bytes().escape_ascii()),
        }
    }
}
