//! The first value of a variable, as far as it can be told without running its function: a constant, or an empty table.

use lua_proto::Proto;
use lua_proto::op::{Instr, Op, Operand, SLOT};

use super::super::counterpart::proto_at;
use super::super::variables::Key;
use super::function_at;
use crate::error::{Error, Result};
use crate::function::Function;
use crate::table::Table;
use crate::value::Value;
use crate::vm::Vm;

/// The value that the local variable `key` of a nested function begins with, in which `user` uses it. `None` if only running
/// that function would tell.
///
/// # Safety
/// `main` is the live outermost function.
pub(super) unsafe fn value(vm: &mut Vm, main: *mut Function, key: Key, user: &Proto) -> Result<Option<Value>> {
    // SAFETY: the caller's promise; functions keep those in them.
    unsafe {
        let home = function_at(vm, main, key.home())?;
        Function::link(&mut vm.heap, home).map_err(|_| Error::memory())?;
        let proto = (*home).proto();
        let Some(instr) = declaration(proto, key, user) else {
            return Ok(None);
        };
        Ok(match instr.op() {
            Op::LoadNil => Some(Value::NIL),
            Op::LoadTrue => Some(Value::bool(true)),
            Op::LoadFalse => Some(Value::bool(false)),
            Op::LoadI => Some(Value::int(instr.sbx() as i64)),
            Op::LoadF => Some(Value::float(instr.sbx() as f64)),
            Op::LoadK => Some(*(*home).constants.byte_add(instr.bx())),
            Op::NewTable => Some(Value::table(Table::new(&mut vm.heap, 0, 0).map_err(|_| Error::memory())?)),
            _ => None,
        })
    }
}

/// The instruction that gives the variable its first value, if that is all that happens to it.
fn declaration(home: &Proto, key: Key, user: &Proto) -> Option<Instr> {
    // The closure of the function directly in `home` that leads to `user` captures the register.
    let index = home.protos().iter().rposition(|nested| nested.position() <= user.position())?;
    let nested = &home.protos()[index];
    debug_assert!(std::ptr::eq(proto_at(nested, user.position()), user));
    let captured = nested.upvalues().iter().find(|u| u.name.as_ref().is_some_and(|n| n.as_ptr() == key.name) && u.in_stack)?;
    let register = usize::from(captured.index);
    let code = home.code();
    let made_at = code.iter().position(|i| i.op() == Op::Closure && i.bx() == index)?;
    let local = home.active_locals(made_at).rfind(|l| usize::from(l.register) == register)?;
    let (start, end) = (local.start_pc as usize, (local.end_pc as usize).min(code.len()));
    let constants = code[..start].iter().rev().take_while(|i| loads_constant(**i));
    let (distance, instr) = constants.enumerate().find(|(_, i)| loads(**i, register))?;
    let entered = |target: usize| (start - distance..=start).contains(&target);
    let jumped_to = code.iter().enumerate().filter_map(|(pc, i)| jump_target(pc, *i)).any(entered);
    // A table that the function itself looks at need not be empty when the closure is made.
    let is_table = instr.op() == Op::NewTable;
    let changed = code[start..end].iter().any(|i| writes(*i, register) || is_table && mentions(*i, register));
    (!jumped_to && !changed).then_some(*instr)
}

fn loads_constant(instr: Instr) -> bool {
    match instr.op() {
        Op::LoadNil | Op::LoadTrue | Op::LoadFalse | Op::LoadI | Op::LoadF | Op::LoadK => true,
        // Empty: constructors with fields are followed by what stores them.
        Op::NewTable => instr.b() == 0 && instr.c() == 0,
        _ => false,
    }
}

fn loads(instr: Instr, register: usize) -> bool {
    let first = instr.a() / SLOT;
    if instr.op() == Op::LoadNil { (first..=instr.b() / SLOT).contains(&register) } else { first == register }
}

/// Whether an instruction may write a register that holds a local variable.
fn writes(instr: Instr, register: usize) -> bool {
    match instr.op() {
        Op::LoadNil => loads(instr, register),
        op => op.operands()[0] == Operand::Dst && instr.a() / SLOT == register,
    }
}

fn mentions(instr: Instr, register: usize) -> bool {
    let fields = [instr.a(), instr.b(), instr.c()];
    let is_register = |kind: Operand| matches!(kind, Operand::Src | Operand::Dst | Operand::Win);
    instr.op().operands().into_iter().zip(fields).any(|(kind, field)| is_register(kind) && field / SLOT == register)
}

fn jump_target(pc: usize, instr: Instr) -> Option<usize> {
    let distance = match instr.op() {
        Op::LoadFalseSkip => 1,
        op => match op.operands() {
            [_, Operand::WideJump, _] => instr.sbx(),
            [_, _, Operand::Jump] => instr.sc(),
            _ => return None,
        },
    };
    (pc + 1).checked_add_signed(distance)
}
