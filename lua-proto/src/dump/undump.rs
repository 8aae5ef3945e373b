//! Bytes to code, trusting none of them.
//!
//! Every read is bounded by the input, and nothing is allocated for a count that the rest of
//! the input could not fill.

use std::fmt;

use super::write::has_x;
use super::{DATA, FLOAT, FLOAT_SIZE, FORMAT, INSTRUCTION_SIZE, INTEGER, INTEGER_SIZE, REVISION, SIGNATURE, VERSION, flag, kind};
use crate::op::{Instr, Op, Operand, SLOT, UP};
use crate::proto::{Draft, DraftConstant, LocalDesc, UpvalueDesc, VarKind};
use crate::verify::MAX_NESTING;

/// Why a binary chunk could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct UndumpError {
    /// The chunk's name as messages show it.
    pub name: Vec<u8>,
    /// What is wrong.
    pub reason: UndumpReason,
}

impl UndumpError {
    /// The message that a script sees.
    pub fn message(&self) -> Vec<u8> {
        let reason = format!(": bad binary format ({})", self.reason);
        [self.name.as_slice(), reason.as_bytes()].concat()
    }
}

impl fmt::Display for UndumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.message()))
    }
}

/// What is wrong with a binary chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndumpReason {
    /// The input ends too early.
    #[error("truncated chunk")]
    Truncated,
    /// It does not start with [`SIGNATURE`].
    #[error("not a binary chunk")]
    Signature,
    /// It is of another version of Lua, or of this encoding.
    #[error("version mismatch")]
    Version,
    /// It is of another format.
    #[error("format mismatch")]
    Format,
    /// Bytes of the header were changed, as by a conversion of line ends.
    #[error("corrupted chunk")]
    Corrupted,
    /// Instructions of another size.
    #[error("Instruction size mismatch")]
    InstructionSize,
    /// Integers of another size.
    #[error("lua_Integer size mismatch")]
    IntegerSize,
    /// Floats of another size.
    #[error("lua_Number size mismatch")]
    FloatSize,
    /// Integers of another format.
    #[error("integer format mismatch")]
    IntegerFormat,
    /// Floats of another format.
    #[error("float format mismatch")]
    FloatFormat,
    /// A number is larger than its place.
    #[error("integer overflow")]
    Overflow,
    /// No such opcode.
    #[error("bad opcode")]
    Opcode,
    /// No such kind of constant.
    #[error("bad constant")]
    Constant,
    /// A flag or a kind of variable that does not exist.
    #[error("bad flag")]
    Flag,
    /// Lines that do not fit the code.
    #[error("bad line information")]
    Lines,
    /// Functions are nested deeper than [`MAX_NESTING`].
    #[error("functions nested too deeply")]
    Nesting,
}

/// Reads a binary chunk; `name` is what it is called in messages. What follows the chunk is
/// ignored.
///
/// # Errors
///
/// What is wrong with the bytes. The draft that is returned is not verified yet.
pub fn undump(bytes: &[u8], name: &[u8]) -> Result<Draft, UndumpError> {
    let mut reader = Reader { rest: bytes };
    reader.chunk().map_err(|reason| UndumpError { name: shown_name(name).to_vec(), reason })
}

/// The name of a binary chunk in messages.
pub(crate) fn shown_name(name: &[u8]) -> &[u8] {
    match name {
        [b'@' | b'=', rest @ ..] => rest,
        [first, ..] if *first == SIGNATURE[0] => b"binary string",
        _ => name,
    }
}

type Read<T> = Result<T, UndumpReason>;

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn chunk(&mut self) -> Read<Draft> {
        self.header()?;
        let upvalues = self.byte()?;
        self.expect(&[REVISION], UndumpReason::Version)?;
        let source = self.string()?;
        let mut draft = self.function(1)?;
        if draft.upvalues.len() != upvalues.into() {
            return Err(UndumpReason::Corrupted);
        }
        draft.source = source;
        Ok(draft)
    }

    fn header(&mut self) -> Read<()> {
        self.expect(SIGNATURE, UndumpReason::Signature)?;
        self.expect(&[VERSION], UndumpReason::Version)?;
        self.expect(&[FORMAT], UndumpReason::Format)?;
        self.expect(DATA, UndumpReason::Corrupted)?;
        self.expect(&[INSTRUCTION_SIZE], UndumpReason::InstructionSize)?;
        self.expect(&[INTEGER_SIZE], UndumpReason::IntegerSize)?;
        self.expect(&[FLOAT_SIZE], UndumpReason::FloatSize)?;
        self.expect(&INTEGER.to_ne_bytes(), UndumpReason::IntegerFormat)?;
        self.expect(&FLOAT.to_ne_bytes(), UndumpReason::FloatFormat)
    }

    fn function(&mut self, depth: usize) -> Read<Draft> {
        if depth > MAX_NESTING {
            return Err(UndumpReason::Nesting);
        }
        let mut draft = self.body()?;
        for _ in 0..self.count()? {
            let nested = self.function(depth + 1)?;
            draft.protos.push(nested);
        }
        Ok(draft)
    }

    #[inline(never)]
    fn body(&mut self) -> Read<Draft> {
        let flags = self.byte()?;
        if flags & !flag::ALL != 0 {
            return Err(UndumpReason::Flag);
        }
        let mut draft = Draft {
            is_vararg: flags & flag::VARARG != 0,
            params: self.byte()?,
            max_stack: self.byte()?,
            line_defined: self.number_u32()?,
            last_line: self.number_u32()?,
            code: self.list(Reader::instr)?,
            constants: self.list(Reader::constant)?,
            upvalues: self.list(Reader::upvalue)?,
            ..Draft::default()
        };
        if flags & flag::DEBUG != 0 {
            draft.lines = self.lines(draft.code.len())?;
            draft.locals = self.list(Reader::local)?;
            for upvalue in &mut draft.upvalues {
                upvalue.name = if self.bool()? { Some(self.string()?) } else { None };
            }
        }
        Ok(draft)
    }

    fn instr(&mut self) -> Read<Instr> {
        let op = Op::from_byte(self.byte()?).ok_or(UndumpReason::Opcode)?;
        let x = if has_x(op) { self.byte()? } else { 0 };
        let [a, b, c] = op.operands();
        let a = self.operand(a)?;
        if b.is_wide() {
            let bx = self.wide_operand(b)?;
            return Ok(Instr::wide(op, x, a, bx));
        }
        Ok(Instr::new(op, x, a, self.operand(b)?, self.operand(c)?))
    }

    fn operand(&mut self, kind: Operand) -> Read<u16> {
        let scale = match kind {
            Operand::None => return Ok(0),
            Operand::Int | Operand::Jump => {
                let signed = i16::try_from(self.signed()?);
                return signed.map(|s| s as u16).map_err(|_| UndumpReason::Overflow);
            }
            Operand::Up => UP,
            Operand::Src | Operand::Dst | Operand::Win => SLOT,
            Operand::Const | Operand::Name | Operand::Num => SLOT,
            _ => 1,
        };
        u16::try_from(self.scaled(scale)?).map_err(|_| UndumpReason::Overflow)
    }

    fn wide_operand(&mut self, kind: Operand) -> Read<u32> {
        let scale = match kind {
            Operand::WideInt | Operand::WideJump => {
                let signed = i32::try_from(self.signed()?);
                return signed.map(|s| s as u32).map_err(|_| UndumpReason::Overflow);
            }
            Operand::WideConst => SLOT,
            _ => 1,
        };
        u32::try_from(self.scaled(scale)?).map_err(|_| UndumpReason::Overflow)
    }

    fn scaled(&mut self, scale: usize) -> Read<u64> {
        self.number()?.checked_mul(scale as u64).ok_or(UndumpReason::Overflow)
    }

    fn constant(&mut self) -> Read<DraftConstant> {
        Ok(match self.byte()? {
            kind::NIL => DraftConstant::Nil,
            kind::FALSE => DraftConstant::Bool(false),
            kind::TRUE => DraftConstant::Bool(true),
            kind::INT => DraftConstant::Int(self.signed()?),
            kind::FLOAT => {
                let bits = self.rest.split_off(..8).ok_or(UndumpReason::Truncated)?;
                let bits = bits.try_into().expect("eight bytes were taken");
                DraftConstant::Float(f64::from_bits(u64::from_le_bytes(bits)))
            }
            kind::STR => DraftConstant::Str(self.string()?),
            _ => return Err(UndumpReason::Constant),
        })
    }

    fn upvalue(&mut self) -> Read<UpvalueDesc> {
        Ok(UpvalueDesc {
            name: None,
            in_stack: self.bool()?,
            index: self.byte()?,
            kind: VarKind::from_byte(self.byte()?).ok_or(UndumpReason::Flag)?,
        })
    }

    fn local(&mut self) -> Read<LocalDesc> {
        Ok(LocalDesc { name: self.string()?, register: self.byte()?, start_pc: self.number_u32()?, end_pc: self.number_u32()? })
    }

    /// Runs of equal lines; together they are as many as there are instructions, of which each
    /// took a byte of input.
    fn lines(&mut self, instructions: usize) -> Read<Vec<u32>> {
        let mut line: i64 = 0;
        let runs = self.count()?;
        let mut lines: Vec<u32> = Vec::with_capacity(if runs == 0 { 0 } else { instructions });
        for run in 0..runs {
            let distance = self.count_below(instructions)?;
            let start = lines.len().saturating_sub(1) + distance;
            let fits = if run == 0 { distance == 0 } else { distance > 0 };
            if !fits || start >= instructions {
                return Err(UndumpReason::Lines);
            }
            lines.resize(start, line as u32);
            line = line.checked_add(self.signed()?).ok_or(UndumpReason::Overflow)?;
            lines.push(u32::try_from(line).map_err(|_| UndumpReason::Overflow)?);
        }
        if !lines.is_empty() {
            lines.resize(instructions, line as u32);
        }
        Ok(lines)
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let count = self.count()?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// A number of things that take at least a byte each: not more than there are bytes.
    fn count(&mut self) -> Read<usize> {
        let count = self.number()?;
        if count > self.rest.len() as u64 {
            return Err(UndumpReason::Truncated);
        }
        Ok(count as usize)
    }

    fn count_below(&mut self, limit: usize) -> Read<usize> {
        let count = self.number()?;
        if count >= limit as u64 {
            return Err(UndumpReason::Lines);
        }
        Ok(count as usize)
    }

    fn string(&mut self) -> Read<Vec<u8>> {
        let len = self.count()?;
        let bytes = self.rest.split_off(..len).ok_or(UndumpReason::Truncated)?;
        Ok(bytes.to_vec())
    }

    /// These bytes, or as many of them as there are.
    fn expect(&mut self, bytes: &[u8], otherwise: UndumpReason) -> Read<()> {
        let there = self.rest.len().min(bytes.len());
        if self.rest[..there] != bytes[..there] {
            return Err(otherwise);
        }
        self.rest = &self.rest[there..];
        if there == bytes.len() { Ok(()) } else { Err(UndumpReason::Truncated) }
    }

    fn bool(&mut self) -> Read<bool> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(UndumpReason::Flag),
        }
    }

    fn byte(&mut self) -> Read<u8> {
        self.rest.split_off_first().copied().ok_or(UndumpReason::Truncated)
    }

    fn number_u32(&mut self) -> Read<u32> {
        u32::try_from(self.number()?).map_err(|_| UndumpReason::Overflow)
    }

    fn number(&mut self) -> Read<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(UndumpReason::Overflow);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(UndumpReason::Overflow)
    }

    fn signed(&mut self) -> Read<i64> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}
