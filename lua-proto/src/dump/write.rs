//! Code to bytes.

use super::{DATA, FLOAT, FLOAT_SIZE, FORMAT, INSTRUCTION_SIZE, INTEGER, INTEGER_SIZE, REVISION, SIGNATURE, VERSION, flag, kind};
use crate::constant::ConstantRef;
use crate::op::{Instr, Op, Operand, SLOT, UP};
use crate::pool::HashKey;
use crate::proto::Proto;

/// The binary chunk for a function and those nested in it. With `strip`, without names and
/// lines, as the second argument of `string.dump` asks (§6.4).
pub fn dump(proto: &Proto, strip: bool) -> Vec<u8> {
    // What most functions need, without those nested in them.
    let room = 64 + 6 * proto.code().len() + 16 * (proto.constants().len() + proto.locals().len() + proto.upvalues().len());
    let mut writer = Writer { out: Vec::with_capacity(room), strip };
    writer.header();
    writer.byte(proto.upvalues().len() as u8);
    writer.byte(REVISION);
    writer.string(if strip { b"=?" } else { proto.source() });
    writer.function(proto);
    writer.out
}

/// A number made of all that a function consists of, with those nested in it and its place in the chunk: the same in every
/// process for the same source, whatever the chunk is called, and another one as soon as anything differs.
pub fn fingerprint(proto: &Proto) -> u64 {
    let mut writer = Writer { out: Vec::new(), strip: false };
    writer.function(proto);
    writer.number(proto.position().into());
    HashKey::FIXED.digest(&writer.out)
}

struct Writer {
    out: Vec<u8>,
    strip: bool,
}

impl Writer {
    fn header(&mut self) {
        self.out.extend_from_slice(SIGNATURE);
        self.out.extend_from_slice(&[VERSION, FORMAT]);
        self.out.extend_from_slice(DATA);
        self.out.extend_from_slice(&[INSTRUCTION_SIZE, INTEGER_SIZE, FLOAT_SIZE]);
        // The official test suite reads these two in the machine's own order of bytes.
        self.out.extend_from_slice(&INTEGER.to_ne_bytes());
        self.out.extend_from_slice(&FLOAT.to_ne_bytes());
    }

    /// Recursion is bounded: a frozen function is not nested too deeply.
    fn function(&mut self, proto: &Proto) {
        self.body(proto);
        self.number(proto.protos().len() as u64);
        for nested in proto.protos() {
            self.function(nested);
        }
    }

    #[inline(never)]
    fn body(&mut self, proto: &Proto) {
        let debug = !self.strip;
        self.byte((proto.is_vararg() as u8 * flag::VARARG) | (debug as u8 * flag::DEBUG));
        self.byte(proto.params());
        self.byte(proto.max_stack());
        self.number(proto.line_defined().into());
        self.number(proto.last_line().into());
        self.number(proto.code().len() as u64);
        for &instr in proto.code() {
            self.instr(instr);
        }
        self.number(proto.constants().len() as u64);
        for index in 0..proto.constants().len() {
            self.constant(proto.constant(index).expect("the index is in range"));
        }
        self.number(proto.upvalues().len() as u64);
        for upvalue in proto.upvalues() {
            self.byte(upvalue.in_stack as u8);
            self.byte(upvalue.index);
            self.byte(upvalue.kind as u8);
        }
        if debug {
            self.debug(proto);
        }
    }

    fn debug(&mut self, proto: &Proto) {
        self.number(proto.line_runs().len() as u64);
        let (mut pc, mut line) = (0, 0);
        for run in proto.line_runs() {
            self.number((run.pc - pc).into());
            self.signed(i64::from(run.line) - line);
            (pc, line) = (run.pc, run.line.into());
        }
        self.number(proto.locals().len() as u64);
        for local in proto.locals() {
            self.string(local.name.as_bytes());
            self.byte(local.register);
            self.number(local.start_pc.into());
            self.number(local.end_pc.into());
        }
        for upvalue in proto.upvalues() {
            self.byte(upvalue.name.is_some() as u8);
            if let Some(name) = &upvalue.name {
                self.string(name.as_bytes());
            }
        }
    }

    fn instr(&mut self, instr: Instr) {
        let op = instr.op();
        self.byte(op as u8);
        if has_x(op) {
            self.byte(instr.x());
        }
        let [a, b, c] = op.operands();
        self.operand(instr, a, instr.a(), 0);
        self.operand(instr, b, instr.b(), instr.sb());
        if !b.is_wide() {
            self.operand(instr, c, instr.c(), instr.sc());
        }
    }

    fn operand(&mut self, instr: Instr, kind: Operand, value: usize, signed: isize) {
        match kind {
            Operand::None => {}
            Operand::Up => self.number((value / UP) as u64),
            Operand::Count => self.number(value as u64),
            Operand::Int | Operand::Jump => self.signed(signed as i64),
            Operand::WideInt | Operand::WideJump => self.signed(instr.sbx() as i64),
            Operand::WideConst => self.number((instr.bx() / SLOT) as u64),
            Operand::WideProto => self.number(instr.bx() as u64),
            Operand::Src | Operand::Dst | Operand::Win => self.number((value / SLOT) as u64),
            Operand::Const | Operand::Name | Operand::Num => self.number((value / SLOT) as u64),
        }
    }

    fn constant(&mut self, constant: ConstantRef<'_>) {
        match constant {
            ConstantRef::Nil => self.byte(kind::NIL),
            ConstantRef::Bool(false) => self.byte(kind::FALSE),
            ConstantRef::Bool(true) => self.byte(kind::TRUE),
            ConstantRef::Int(int) => {
                self.byte(kind::INT);
                self.signed(int);
            }
            ConstantRef::Float(float) => {
                self.byte(kind::FLOAT);
                self.out.extend_from_slice(&float.to_bits().to_le_bytes());
            }
            ConstantRef::Str(string) => {
                self.byte(kind::STR);
                self.string(string.as_bytes());
            }
        }
    }

    fn string(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    /// Small numbers of either sign are short: 0, -1, 1, -2, …
    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }
}

/// Whether the instruction is written with its field X.
pub(super) fn has_x(op: Op) -> bool {
    op.permits_x(1) || op.permits_x(2)
}
