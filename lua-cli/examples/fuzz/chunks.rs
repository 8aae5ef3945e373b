//! Damage to binary chunks: from single bits to code that is well-formed, and that no compiler would write.

use lua_parse::Compiler;
use lua_proto::op::{Instr, Op, Operand, SLOT, UP};
use lua_proto::{Chunk, ChunkMode, Draft, DraftConstant, Loader};

use crate::generate;
use crate::mutate::{self, Seeds};
use crate::random::Random;

/// A chunk of a script or of a random program, stripped or not; empty if the script is not Lua.
fn whole(seeds: &Seeds, random: &mut Random) -> Vec<u8> {
    let source = if random.one_in(3) { generate::program(random) } else { random.pick(&seeds.files).1.clone() };
    let chunk = Chunk { bytes: &source, name: b"=case", mode: ChunkMode::Text };
    Compiler.load(chunk).map_or_else(|_| Vec::new(), |proto| lua_proto::dump(&proto, random.one_in(2)))
}

/// A damaged chunk.
pub(crate) fn damaged(seeds: &Seeds, random: &mut Random) -> Vec<u8> {
    let mut bytes = whole(seeds, random);
    match random.below(8) {
        0 | 1 => {
            for _ in 0..=random.below(4) {
                mutate::bytes(random, &mut bytes);
            }
        }
        2 => {
            let other = whole(seeds, random);
            splice_bytes(random, &mut bytes, &other);
        }
        _ => {
            let other = if random.one_in(3) { whole(seeds, random) } else { Vec::new() };
            return well_formed(random, &bytes, &other);
        }
    }
    // Most chunks with a wrong header are refused at once.
    if bytes.first() != Some(&27) {
        bytes.insert(0, 27);
    }
    bytes
}

/// A section of another chunk, in place of one of this or before it.
fn splice_bytes(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let section = |random: &mut Random, len: usize| {
        let start = random.below(len);
        let most = *random.pick(&[8, 64, 1024]);
        start..(start + 1 + random.below(most)).min(len)
    };
    if other.is_empty() || bytes.is_empty() {
        return;
    }
    let from = section(random, other.len());
    let mut to = section(random, bytes.len());
    if random.one_in(3) {
        to.end = to.start;
    }
    bytes.splice(to, other[from].iter().copied());
}

/// A chunk with changes that the verifier accepts, as far as such were found.
fn well_formed(random: &mut Random, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let Ok(mut draft) = lua_proto::undump(bytes, b"=case") else { return bytes.to_vec() };
    let other = lua_proto::undump(other, b"=case").ok();
    let mut good = None;
    let mut wanted = 1 + random.below(6);
    for _ in 0..40 {
        let mut changed = draft.clone();
        for _ in 0..=random.below(2) {
            let function = any_function(random, &mut changed);
            change(random, function, other.as_ref());
        }
        repair(&mut changed);
        if let Ok(proto) = changed.clone().freeze() {
            good = Some(proto);
            draft = changed;
            wanted -= 1;
            if wanted == 0 {
                break;
            }
        }
    }
    good.map_or_else(|| bytes.to_vec(), |proto| lua_proto::dump(&proto, random.one_in(4)))
}

/// One of the functions of a chunk, small ones as often as large ones.
fn any_function<'d>(random: &mut Random, draft: &'d mut Draft) -> &'d mut Draft {
    let count = draft.protos.len();
    if count == 0 || random.one_in(3) {
        return draft;
    }
    let at = random.below(count);
    any_function(random, &mut draft.protos[at])
}

fn change(random: &mut Random, draft: &mut Draft, other: Option<&Draft>) {
    let at = random.below(draft.code.len());
    match random.below(24) {
        0..=9 => draft.code[at] = with_operand(random, draft, at),
        10..=12 => draft.code[at] = with_op(random, draft.code[at]),
        13 => {
            let to = random.below(draft.code.len());
            draft.code.swap(at, to);
        }
        14 => {
            let from = random.below(draft.code.len());
            draft.code[at] = draft.code[from];
        }
        15 => {
            draft.code.insert(at, draft.code[at]);
            shift_jumps(draft, at, 1);
        }
        16 if draft.code.len() > 1 => {
            draft.code.remove(at);
            shift_jumps(draft, at, -1);
        }
        17 => change_constant(random, draft),
        18 => draft.max_stack = *random.pick(&[2, 3, draft.max_stack.saturating_sub(1), draft.max_stack.saturating_add(1), 255]),
        19 => draft.params = random.below(draft.max_stack as usize + 1) as u8,
        20 => change_upvalue(random, draft),
        21 => change_local(random, draft),
        _ => splice(random, draft, other),
    }
}

/// The instruction at `at` with one field changed to something of its kind.
fn with_operand(random: &mut Random, draft: &Draft, at: usize) -> Instr {
    let i = draft.code[at];
    let op = i.op();
    let (mut x, mut a, mut b, mut c, mut wide) = (i.x(), i.a() as u16, i.b() as u16, i.c() as u16, i.bx() as u32);
    let kinds = op.operands();
    match random.below(if kinds[1].is_wide() { 3 } else { 4 }) {
        0 => a = narrow(random, draft, at, kinds[0]),
        1 if kinds[1].is_wide() => wide = self::wide(random, draft, at, kinds[1]),
        1 => b = narrow(random, draft, at, kinds[1]),
        2 => x = *random.pick(&[0, 0, 1, 2, 255]),
        _ => c = narrow(random, draft, at, kinds[2]),
    }
    if kinds[1].is_wide() { Instr::wide(op, x, a, wide) } else { Instr::new(op, x, a, b, c) }
}

fn narrow(random: &mut Random, draft: &Draft, at: usize, kind: Operand) -> u16 {
    let value = match kind {
        Operand::None => 0,
        Operand::Src | Operand::Dst => random.below(draft.max_stack.into()) * SLOT,
        Operand::Win => random.below(draft.max_stack as usize + 1) * SLOT,
        Operand::Const | Operand::Name | Operand::Num => random.below(draft.constants.len() + 1) * SLOT,
        Operand::Up => random.below(draft.upvalues.len() + 1) * UP,
        Operand::Jump => distance(random, draft, at) as usize,
        _ => *random.pick(&[0, 1, 2, 3, 4, 7, 50, 255, 256, 0x7fff, 0x8000, 0xffff]),
    };
    value as u16
}

fn wide(random: &mut Random, draft: &Draft, at: usize, kind: Operand) -> u32 {
    match kind {
        Operand::WideConst => (random.below(draft.constants.len() + 1) * SLOT) as u32,
        Operand::WideJump => distance(random, draft, at) as u32,
        Operand::WideProto => random.below(draft.protos.len() + 1) as u32,
        _ => *random.pick(&[0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX, 1000]),
    }
}

/// From the instruction behind `at` to anywhere.
fn distance(random: &mut Random, draft: &Draft, at: usize) -> isize {
    let near = at.saturating_sub(6) + random.below(12);
    let to = if random.one_in(2) { near.min(draft.code.len() - 1) } else { random.below(draft.code.len()) };
    to as isize - at as isize - 1
}

/// The instruction with another opcode that takes operands of the same kinds.
fn with_op(random: &mut Random, i: Instr) -> Instr {
    let alike: Vec<Op> = Op::ALL.iter().copied().filter(|op| op.operands() == i.op().operands()).collect();
    let op = *random.pick(&alike);
    let x = if op.permits_x(i.x()) { i.x() } else { 0 };
    if op.operands()[1].is_wide() {
        return Instr::wide(op, x, i.a() as u16, i.bx() as u32);
    }
    Instr::new(op, x, i.a() as u16, i.b() as u16, i.c() as u16)
}

/// After an instruction was put in at `at` (`by` 1) or taken out (-1): jumps across it lead where they led.
fn shift_jumps(draft: &mut Draft, at: usize, by: isize) {
    let at = at as isize;
    for (pc, i) in draft.code.iter_mut().enumerate() {
        let (op, kinds, pc) = (i.op(), i.op().operands(), pc as isize);
        let across = |distance: isize| {
            let from = if pc >= at + by.max(0) { pc - by } else { pc };
            let to = from + 1 + distance;
            let moved = if to > at { to + by } else { to };
            moved - pc - 1
        };
        if kinds[1] == Operand::WideJump {
            *i = Instr::wide(op, i.x(), i.a() as u16, across(i.sbx()) as u32);
        } else if kinds[1] == Operand::Jump {
            *i = Instr::new(op, i.x(), i.a() as u16, across(i.sb()) as u16, i.c() as u16);
        } else if kinds[2] == Operand::Jump {
            *i = Instr::new(op, i.x(), i.a() as u16, i.b() as u16, across(i.sc()) as u16);
        }
    }
}

fn change_constant(random: &mut Random, draft: &mut Draft) {
    let constant = match random.below(6) {
        0 => DraftConstant::Nil,
        1 => DraftConstant::Bool(random.one_in(2)),
        2 => DraftConstant::Int(*random.pick(&[0, -1, i64::MIN, i64::MAX, 1 << 53])),
        3 => DraftConstant::Float(*random.pick(&[0.0, -0.0, f64::NAN, f64::INFINITY, -1e308, 0.5])),
        4 => DraftConstant::Str(random.pick(&["", "__index", "x", "n"]).as_bytes().to_vec()),
        _ => DraftConstant::Str(b"long ".repeat(1 + random.below(20))),
    };
    match draft.constants.len() {
        0 => draft.constants.push(constant),
        count => draft.constants[random.below(count)] = constant,
    }
}

fn change_upvalue(random: &mut Random, draft: &mut Draft) {
    let nested = draft.protos.len();
    if nested == 0 {
        return;
    }
    let (registers, outer) = (draft.max_stack as usize, draft.upvalues.len());
    let function = &mut draft.protos[random.below(nested)];
    if let Some(at) = function.upvalues.len().checked_sub(1).map(|last| random.below(last + 1)) {
        let upvalue = &mut function.upvalues[at];
        upvalue.in_stack = random.one_in(2);
        upvalue.index = random.below(if upvalue.in_stack { registers } else { outer }) as u8;
    }
}

fn change_local(random: &mut Random, draft: &mut Draft) {
    let code = draft.code.len();
    if let Some(at) = draft.locals.len().checked_sub(1).map(|last| random.below(last + 1)) {
        let local = &mut draft.locals[at];
        match random.below(3) {
            0 => local.register = random.below(draft.max_stack.into()) as u8,
            1 => local.start_pc = random.below(code) as u32,
            _ => local.end_pc = random.below(code + 1) as u32,
        }
    }
}

/// Puts a section of another function into this one.
fn splice(random: &mut Random, draft: &mut Draft, other: Option<&Draft>) {
    let Some(mut other) = other.cloned() else { return };
    let other = any_function(random, &mut other);
    match random.below(6) {
        0 => draft.constants = other.constants.clone(),
        1 => draft.locals = other.locals.clone(),
        2 if !draft.protos.is_empty() => {
            let at = random.below(draft.protos.len());
            let mut function = other.clone();
            // A closure is made with as many upvalues as before.
            function.upvalues = draft.protos[at].upvalues.clone();
            draft.protos[at] = function;
        }
        3 => draft.protos.push(other.clone()),
        4 => {
            draft.code = other.code.clone();
            draft.constants = other.constants.clone();
            draft.max_stack = draft.max_stack.max(other.max_stack);
            draft.is_vararg = other.is_vararg;
            draft.params = other.params;
        }
        _ => {
            let from = random.below(other.code.len());
            let end = (from + 1 + random.below(8)).min(other.code.len());
            let at = random.below(draft.code.len());
            for (offset, i) in other.code[from..end].iter().enumerate() {
                draft.code.insert(at + offset, *i);
                shift_jumps(draft, at + offset, 1);
            }
            draft.max_stack = draft.max_stack.max(other.max_stack);
        }
    }
}

/// Makes the parts of every function fit each other in number.
fn repair(draft: &mut Draft) {
    let code = draft.code.len();
    if !draft.lines.is_empty() {
        draft.lines.resize(code, draft.line_defined);
    }
    draft.max_stack = draft.max_stack.max(draft.params).max(2);
    for local in &mut draft.locals {
        local.register = local.register.min(draft.max_stack - 1);
        local.end_pc = local.end_pc.min(code as u32);
        local.start_pc = local.start_pc.min(local.end_pc);
    }
    let prepares = draft.code.first().is_some_and(|i| i.op() == Op::VarArgPrep);
    if draft.is_vararg && prepares {
        draft.code[0] = Instr::new(Op::VarArgPrep, 0, draft.params.into(), 0, 0);
    }
    draft.protos.iter_mut().for_each(repair);
}

/// Every beginning of a chunk is refused as truncated; the number of beginnings.
///
/// # Errors
///
/// The length of a beginning that is not, and what is said of it.
pub(crate) fn truncations(source: &[u8]) -> Result<u64, String> {
    let Ok(proto) = Compiler.load(Chunk { bytes: source, name: b"=case", mode: ChunkMode::Text }) else { return Ok(0) };
    let mut count = 0;
    for strip in [false, true] {
        let bytes = lua_proto::dump(&proto, strip);
        for len in 1..bytes.len() {
            let chunk = Chunk { bytes: &bytes[..len], name: b"=case", mode: ChunkMode::Binary };
            match Compiler.load(chunk) {
                Err(error) if error.message() == b"case: bad binary format (truncated chunk)" => count += 1,
                Err(error) => return Err(format!("{len} of {} bytes: {error}", bytes.len())),
                Ok(_) => return Err(format!("{len} of {} bytes are accepted", bytes.len())),
            }
        }
    }
    Ok(count)
}
