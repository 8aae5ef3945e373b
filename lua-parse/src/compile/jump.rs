//! Jumps forward: lists of those whose target is not known yet, and the last pass over a
//! function's jumps.
//!
//! Comparisons jump 16 bits far. [`Generator::finish_jumps`] replaces the few that go farther:
//!
//! ```text
//!   if a < b then pc += far        if not (a < b) then pc += 1
//!                                  pc += far
//! ```

use lua_proto::{Instr, Op, Operand};

use super::Generator;
use super::function::{NO_REGISTER, reg};

const NONE: u32 = u32::MAX;

/// A jump that waits for its target.
pub(super) struct JumpNode {
    pc: u32,
    next: u32,
}

/// A list of jumps of the current function that will get the same target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct JumpList {
    head: u32,
    tail: u32,
}

impl Default for JumpList {
    fn default() -> JumpList {
        JumpList { head: NONE, tail: NONE }
    }
}

impl JumpList {
    pub(super) fn is_empty(self) -> bool {
        self.head == NONE
    }

    /// The jumps of `a`, then those of `b`.
    pub(super) fn join(nodes: &mut [JumpNode], a: JumpList, b: JumpList) -> JumpList {
        if a.is_empty() {
            return b;
        }
        if b.is_empty() {
            return a;
        }
        nodes[a.tail as usize].next = b.head;
        JumpList { head: a.head, tail: b.tail }
    }
}

/// The jump under the opposite condition. Such opcodes stand in pairs.
fn inverse(op: Op) -> Op {
    use Op::*;
    match op {
        JmpEq => JmpNe,
        JmpNe => JmpEq,
        JmpLt => JmpNlt,
        JmpNlt => JmpLt,
        JmpLe => JmpNle,
        JmpNle => JmpLe,
        JmpEqK => JmpNeK,
        JmpNeK => JmpEqK,
        JmpLtI => JmpNltI,
        JmpNltI => JmpLtI,
        JmpLeI => JmpNleI,
        JmpNleI => JmpLeI,
        JmpGtI => JmpNgtI,
        JmpNgtI => JmpGtI,
        JmpGeI => JmpNgeI,
        JmpNgeI => JmpGeI,
        JmpIf => JmpNot,
        JmpNot => JmpIf,
        JmpIfSet => JmpNotSet,
        JmpNotSet => JmpIfSet,
        other => other,
    }
}

/// The same instruction with another opcode.
fn with_op(i: Instr, op: Op) -> Instr {
    Instr::new(op, i.x(), i.a() as u16, i.b() as u16, i.c() as u16)
}

fn with_wide(i: Instr, distance: i64) -> Instr {
    Instr::wide(i.op(), i.x(), i.a() as u16, distance as i32 as u32)
}

fn with_narrow(i: Instr, distance: i16) -> Instr {
    Instr::new(i.op(), i.x(), i.a() as u16, i.b() as u16, distance as u16)
}

fn distance(pc: u32, target: u32) -> i64 {
    i64::from(target) - i64::from(pc) - 1
}

fn is_wide_jump(op: Op) -> bool {
    op.operands()[1] == Operand::WideJump
}

/// Whether this jump sets a register to the value that it tests.
fn sets_register(op: Op) -> bool {
    matches!(op, Op::JmpIfSet | Op::JmpNotSet)
}

impl Generator<'_> {
    /// Emits a jump that waits for its target.
    pub(super) fn emit_jump(&mut self, instr: Instr) -> JumpList {
        let pc = self.emit(instr);
        let node = self.f.jumps.len() as u32;
        self.f.jumps.push(JumpNode { pc, next: NONE });
        JumpList { head: node, tail: node }
    }

    /// Emits an unconditional jump that waits for its target.
    pub(super) fn jump(&mut self) -> JumpList {
        self.emit_jump(Instr::wide(Op::Jmp, 0, 0, 0))
    }

    /// Emits a jump back to `target`.
    pub(super) fn jump_back(&mut self, target: u32) {
        let pc = self.pc();
        self.emit(Instr::wide(Op::Loop, 0, 0, distance(pc, target) as i32 as u32));
    }

    pub(super) fn join(&mut self, a: JumpList, b: JumpList) -> JumpList {
        JumpList::join(&mut self.f.jumps, a, b)
    }

    /// Inverts the condition of a comparison that was emitted as the only jump of `list`.
    pub(super) fn invert(&mut self, list: JumpList) {
        let pc = self.f.jumps[list.head as usize].pc as usize;
        let i = self.f.code[pc];
        self.f.code[pc] = with_op(i, inverse(i.op()));
    }

    fn pcs(&self, list: JumpList) -> impl Iterator<Item = u32> + '_ {
        let node = move |at: u32| self.f.jumps.get(at as usize);
        std::iter::successors(node(list.head), move |n| node(n.next)).map(|n| n.pc)
    }

    /// Whether any of these jumps comes without a value: it says true or false only.
    pub(super) fn lacks_value(&self, list: JumpList) -> bool {
        self.pcs(list).any(|pc| !sets_register(self.f.code[pc as usize].op()))
    }

    /// Makes all of these jumps forget the value that they test.
    pub(super) fn drop_values(&mut self, list: JumpList) {
        let mut at = list.head;
        while at != NONE {
            let JumpNode { pc, next } = self.f.jumps[at as usize];
            self.choose_register(pc, None);
            at = next;
        }
    }

    /// If this jump can set a register, makes it set `register`, or none. Returns whether it could.
    fn choose_register(&mut self, pc: u32, register: Option<u8>) -> bool {
        let i = &mut self.f.code[pc as usize];
        if !sets_register(i.op()) {
            return false;
        }
        match register.map(reg) {
            Some(a) if usize::from(a) != i.b() => *i = Instr::new(i.op(), 0, a, i.b() as u16, 0),
            // The value is there already, or nobody wants it.
            _ => {
                let op = if i.op() == Op::JmpIfSet { Op::JmpIf } else { Op::JmpNot };
                *i = Instr::wide(op, 0, i.b() as u16, 0);
            }
        }
        true
    }

    /// Sends jumps to the next instruction; no value is wanted.
    pub(super) fn patch_here(&mut self, list: JumpList) {
        if !list.is_empty() {
            let here = self.mark_target();
            self.patch(list, here, None, here);
        }
    }

    /// Sends jumps that can bring a value to `with_value`, with the value in `register`, and the
    /// others to `without`.
    pub(super) fn patch(&mut self, list: JumpList, with_value: u32, register: Option<u8>, without: u32) {
        let mut at = list.head;
        while at != NONE {
            let JumpNode { pc, next } = self.f.jumps[at as usize];
            let target = if self.choose_register(pc, register) { with_value } else { without };
            self.set_target(pc, target);
            at = next;
        }
    }

    /// Sets the target of a jump, forward or (loops) backward.
    pub(super) fn set_target(&mut self, pc: u32, target: u32) {
        let distance = distance(pc, target);
        let i = &mut self.f.code[pc as usize];
        if is_wide_jump(i.op()) {
            *i = with_wide(*i, distance);
        } else if let Ok(distance) = i16::try_from(distance) {
            *i = with_narrow(*i, distance);
        } else {
            self.f.far.push((pc, target));
        }
    }

    /// The last pass: jumps to jumps go to the final target, and jumps that are too far for
    /// their instruction become two.
    pub(super) fn finish_jumps(&mut self) {
        for at in 0..self.f.jumps.len() {
            self.thread_jump(self.f.jumps[at].pc);
        }
        if !self.f.far.is_empty() {
            self.widen_far_jumps();
        }
    }

    fn thread_jump(&mut self, pc: u32) {
        let code = &mut self.f.code;
        let i = code[pc as usize];
        debug_assert!(i.op() == Op::Jmp || i.a() != usize::from(NO_REGISTER));
        let wide = is_wide_jump(i.op());
        let first = (i64::from(pc) + 1 + if wide { i.sbx() } else { i.sc() } as i64) as u32;
        let mut target = first;
        // Jumps forward lead to the end, but one back may lead into a cycle.
        let mut back = false;
        loop {
            let next = code[target as usize];
            match next.op() {
                Op::Jmp => {}
                Op::Loop if i.op() == Op::Jmp && !back => back = true,
                _ => break,
            }
            target = (i64::from(target) + 1 + next.sbx() as i64) as u32;
        }
        if target == first {
            return;
        }
        let distance = distance(pc, target);
        if i.op() == Op::Jmp && distance < 0 {
            code[pc as usize] = with_wide(with_op(i, Op::Loop), distance);
        } else if wide {
            code[pc as usize] = with_wide(i, distance);
        } else if let Ok(distance) = i16::try_from(distance) {
            code[pc as usize] = with_narrow(i, distance);
        }
    }

    /// Makes two (or three) instructions of each jump that goes too far, which moves all others:
    /// until no more jumps become too far.
    #[cold]
    fn widen_far_jumps(&mut self) {
        let jumps = self.all_jumps();
        // How many instructions each becomes, and where it begins then.
        let mut sizes = vec![1u32; self.f.code.len()];
        let mut moved = Vec::new();
        loop {
            moved.clear();
            moved.push(0);
            let mut end = 0;
            moved.extend(sizes.iter().map(|size| {
                end += size;
                end
            }));
            let mut changed = false;
            for &(pc, target) in &jumps {
                let i = self.f.code[pc as usize];
                let far = i16::try_from(distance(moved[pc as usize], moved[target as usize])).is_err();
                if far && sizes[pc as usize] == 1 && !is_wide_jump(i.op()) {
                    sizes[pc as usize] = if sets_register(i.op()) { 3 } else { 2 };
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        self.rewrite(&jumps, &sizes, &moved);
    }

    /// All jumps as (instruction, target).
    fn all_jumps(&self) -> Vec<(u32, u32)> {
        let mut jumps = self.f.far.clone();
        for (pc, i) in self.f.code.iter().enumerate() {
            let [_, b, c] = i.op().operands();
            let distance = if b == Operand::WideJump {
                i.sbx()
            } else if c == Operand::Jump {
                i.sc()
            } else {
                continue;
            };
            if self.f.far.iter().all(|&(far, _)| far as usize != pc) {
                jumps.push((pc as u32, (pc as i64 + 1 + distance as i64) as u32));
            }
        }
        jumps.sort_unstable();
        jumps
    }

    fn rewrite(&mut self, jumps: &[(u32, u32)], sizes: &[u32], moved: &[u32]) {
        let mut code = Vec::with_capacity(moved[sizes.len()] as usize);
        let mut lines = Vec::with_capacity(code.capacity());
        let mut jumps = jumps.iter().copied().peekable();
        for (pc, &i) in self.f.code.iter().enumerate() {
            let target = jumps.next_if(|&(at, _)| at as usize == pc).map(|(_, target)| target);
            let end = moved[pc] + sizes[pc];
            let distance = target.map_or(0, |target| distance(end - 1, moved[target as usize]));
            let jump = Instr::wide(Op::Jmp, 0, 0, distance as i32 as u32);
            match (target, sizes[pc]) {
                (None, _) => code.push(i),
                (Some(_), 1) if is_wide_jump(i.op()) => code.push(with_wide(i, distance)),
                (Some(_), 1) => code.push(with_narrow(i, distance as i16)),
                (Some(_), 2) => code.extend([with_narrow(with_op(i, inverse(i.op())), 1), jump]),
                (Some(_), _) => {
                    let test = if i.op() == Op::JmpIfSet { Op::JmpNot } else { Op::JmpIf };
                    code.push(Instr::wide(test, 0, i.b() as u16, 2));
                    code.push(Instr::new(Op::Move, 0, i.a() as u16, i.b() as u16, 0));
                    code.push(jump);
                }
            }
            lines.resize(code.len(), self.f.lines[pc]);
        }
        self.f.code = code;
        self.f.lines = lines;
        for local in &mut self.f.locals {
            local.start_pc = moved[local.start_pc as usize];
            local.end_pc = moved[local.end_pc as usize];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_of_the_inverse_is_the_same() {
        let pairs = Op::ALL.iter().filter(|&&op| inverse(op) != op).count();
        assert_eq!(pairs, 20);
        for &op in Op::ALL {
            assert_eq!(inverse(inverse(op)), op);
            assert_eq!(inverse(op).operands(), op.operands());
        }
    }
}
