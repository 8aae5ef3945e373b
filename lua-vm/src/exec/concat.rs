//! Concatenation (§3.4.6): right to left, as many operands at once as are strings or numbers.

use lua_proto::number;
use lua_proto::op::Instr;

use super::dispatch::{op, slow};
use super::metamethod::{Step, binary, call_handler, function, put};
use crate::error::Result;
use crate::flow::Flow;
use crate::meta::Event;
use crate::string::{self, Str};
use crate::value::{Value, tag};
use crate::vm::Vm;
use lua_proto::MAX_SHORT;

op! { concat(vm, pc, i, delta, base, k) {
    let first = base.byte_add(i.a());
    if i.b() == 2 && (*first).is_str() && (*first.add(1)).is_str() && !(*vm).heap.wants_step() {
        return concat_two::<D>(vm, pc, i);
    }
    concat_others::<D>(vm, pc, i)
} }

/// Two operands of which one has a handler that is a Lua function, or whatever else there is to concatenate.
#[inline(never)]
unsafe fn concat_others<D: super::Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let frame = (*vm).frame;
        let first = (*frame).base.byte_add(i.a());
        if i.b() == 2 {
            (*frame).pc = pc;
            (*frame).state = 0;
            if (*first).tag == tag::TABLE
                && let Some(handler) = function(vm, (*(*first).as_table()).meta, Event::Concat)
            {
                put(vm, handler, *first, *first.add(1));
                return call_handler::<D>(vm);
            }
            if binary(&mut *vm, Event::Concat, *first, *first.add(1)) == Step::Call {
                return call_handler::<D>(vm);
            }
        } else if !(*vm).heap.wants_step() && join_strings(&mut *vm, first, i.b()) {
            (*frame).pc = pc;
            return D::resume(vm);
        }
        concat_slow::<D>(vm, pc, i)
    }
}

/// Puts a short concatenation of strings in the place of the first; false if it is something else, and then nothing has happened.
#[inline(never)]
unsafe fn join_strings(vm: &mut Vm, first: *mut Value, count: usize) -> bool {
    // SAFETY: registers of the running frame.
    unsafe {
        let mut bytes = [std::mem::MaybeUninit::<u8>::uninit(); MAX_SHORT];
        let mut total = 0;
        for at in 0..count {
            let value = *first.add(at);
            if !value.is_str() {
                return false;
            }
            let text = (*value.as_str()).bytes();
            if text.len() > MAX_SHORT - total {
                return false;
            }
            bytes.as_mut_ptr().cast::<u8>().add(total).copy_from_nonoverlapping(text.as_ptr(), text.len());
            total += text.len();
        }
        match string::intern(&mut vm.heap, std::slice::from_raw_parts(bytes.as_ptr().cast(), total)) {
            Ok(s) => {
                *first = Value::str(s);
                true
            }
            Err(_) => false,
        }
    }
}

/// Two strings, and no collection due: the common step of a loop that builds a string.
#[inline(never)]
unsafe fn concat_two<D: super::Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        (*(*vm).frame).pc = pc;
        if !join_two(&mut *vm, i) {
            return concat_slow::<D>(vm, pc, i);
        }
        D::resume(vm)
    }
}

#[inline(never)]
unsafe fn join_two(vm: &mut Vm, i: Instr) -> bool {
    // SAFETY: two strings in registers of the running frame.
    unsafe {
        let first = (*vm.frame).base.byte_add(i.a());
        let (x, y) = ((*(*first).as_str()).bytes(), (*(*first.add(1)).as_str()).bytes());
        let total = x.len() + y.len();
        let made = if total <= MAX_SHORT {
            let mut short = [std::mem::MaybeUninit::<u8>::uninit(); MAX_SHORT];
            let to = short.as_mut_ptr().cast::<u8>();
            to.copy_from_nonoverlapping(x.as_ptr(), x.len());
            to.add(x.len()).copy_from_nonoverlapping(y.as_ptr(), y.len());
            string::intern(&mut vm.heap, std::slice::from_raw_parts(to, total))
        } else {
            string::new_long(&mut vm.heap, total).map(|(s, to)| {
                to.copy_from_nonoverlapping(x.as_ptr(), x.len());
                to.add(x.len()).copy_from_nonoverlapping(y.as_ptr(), y.len());
                s
            })
        };
        match made {
            Ok(s) => {
                *first = Value::str(s);
                true
            }
            Err(_) => false,
        }
    }
}

slow! { concat_slow => concat_instruction; }

unsafe fn concat_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the running instruction. A compiler puts its operands in the last registers that are in use.
    unsafe {
        vm.safepoint_below((*vm.frame).base.byte_add(i.a()).add(i.b()));
        vm.concat_registers(i.a(), i.b())
    }
}

/// The text of a number, on the native stack.
pub(crate) struct Digits {
    bytes: [u8; 48],
    len: usize,
}

impl Digits {
    fn of(value: Value, scratch: &mut Vec<u8>) -> Digits {
        scratch.clear();
        match value.tag {
            tag::INT => number::write_int(scratch, value.as_int()),
            _ => number::write_float(scratch, value.as_float()),
        }
        let mut digits = Digits { bytes: [0; 48], len: scratch.len() };
        digits.bytes[..scratch.len()].copy_from_slice(scratch);
        digits
    }
}

impl Vm {
    /// `R[a] := R[a] .. … .. R[a+count-1]` of the running frame; `a` in bytes. Metamethods continue here through
    /// [`Vm::finish_concat`].
    pub(crate) unsafe fn concat_registers(&mut self, a: usize, mut count: usize) -> Result<Flow> {
        // SAFETY: the verifier bounds the window.
        unsafe {
            while count >= 2 {
                let first = (*self.frame).base.byte_add(a);
                let last = first.add(count - 1);
                let (x, y) = (*last.sub(1), *last);
                if !(x.is_str() || x.is_number()) || !(y.is_str() || y.is_number()) {
                    let handler = self.binary_handler(Event::Concat, x, y);
                    if handler.is_nil() {
                        return Err(self.concat_error(x, y));
                    }
                    // The result takes the place of `x`.
                    (*self.frame).state = count as i64 - 2;
                    return self.call_handler(handler, x, y);
                }
                let mut run = 2;
                while run < count && {
                    let v = *first.add(count - run - 1);
                    v.is_str() || v.is_number()
                } {
                    run += 1;
                }
                let start = first.add(count - run);
                let joined = self.join(start, run)?;
                *(*self.frame).base.byte_add(a).add(count - run) = joined;
                count -= run - 1;
            }
        }
        Ok(Flow::Run)
    }

    /// A metamethod of a concatenation returned.
    pub(crate) unsafe fn finish_concat(&mut self, i: Instr, value: Value) -> Result<Flow> {
        // SAFETY: the interrupted instruction of the running frame, whose state says how far it got.
        unsafe {
            let at = (*self.frame).state as usize;
            *(*self.frame).base.byte_add(i.a()).add(at) = value;
            self.concat_registers(i.a(), at + 1)
        }
    }

    /// The concatenation of `count` strings and numbers in slots.
    pub(crate) unsafe fn join(&mut self, start: *mut Value, count: usize) -> Result<Value> {
        let mut scratch = Vec::new();
        // SAFETY: the caller passes slots of the running frame.
        unsafe {
            let mut total = 0usize;
            let mut numbers: smallvec::SmallVec<[Digits; 4]> = smallvec::SmallVec::new();
            for at in 0..count {
                let v = *start.add(at);
                total = match if v.is_str() {
                    total.checked_add((*v.as_str()).len())
                } else {
                    numbers.push(Digits::of(v, &mut scratch));
                    total.checked_add(numbers[numbers.len() - 1].len)
                } {
                    Some(total) if total <= isize::MAX as usize / 2 => total,
                    _ => return Err(self.error(format_args!("string length overflow"))),
                };
            }
            let mut short = [0u8; MAX_SHORT];
            let long;
            let to = if total <= MAX_SHORT {
                long = std::ptr::null_mut();
                short.as_mut_ptr()
            } else {
                let (s, bytes) = self.with_memory(|vm| string::new_long(&mut vm.heap, total))?;
                long = s;
                bytes
            };
            let mut written = 0;
            let mut next_number = 0;
            for at in 0..count {
                let v = *start.add(at);
                let text = if v.is_str() {
                    (*v.as_str()).bytes()
                } else {
                    next_number += 1;
                    &numbers[next_number - 1].bytes[..numbers[next_number - 1].len]
                };
                to.add(written).copy_from_nonoverlapping(text.as_ptr(), text.len());
                written += text.len();
            }
            let s: *mut Str = if long.is_null() { self.with_memory(|vm| string::intern(&mut vm.heap, &short[..total]))? } else { long };
            Ok(Value::str(s))
        }
    }
}
