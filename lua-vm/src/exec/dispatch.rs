//! The two dispatch back ends over the same handlers.

use lua_proto::op::{CODES, Instr, Op, Pair};

use super::{arith, call, compare, concat, get, len, loops, method, moves, pairs, set};
use crate::error::Result;
use crate::flow::Flow;
use crate::value::Value;
use crate::vm::Vm;

/// Entries of the table of handlers.
pub(crate) const HANDLERS: usize = CODES;

/// What a handler returns: nothing of interest when threaded, the next state when looped.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Exit {
    /// The next instruction.
    pc: *const Instr,
    base: *mut Value,
}

impl Exit {
    /// Ends the run.
    const STOP: Exit = Exit { pc: &raw const STOP, base: std::ptr::null_mut() };
}

/// Ends the run, as a call: a constant result beside those of calls would take them out of tail position.
#[inline(never)]
fn stop() -> Exit {
    std::hint::black_box(Exit::STOP)
}

/// What [`Exit::STOP`] leads to: an instruction that ends the loop, so that nothing else has to look whether it does.
static STOP: Instr = Instr::new(Op::Halt, 0, 0, 0, 0);

/// Why a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ExitReason {
    /// Its first frame returned.
    Done,
    /// An error that nobody in it caught; it stands in `Vm::failure`.
    Failed,
}

/// A handler: VM, next pc, instruction, cache delta, base, constants.
pub(crate) type Handler = unsafe fn(*mut Vm, *const Instr, Instr, isize, *mut Value, *const Value) -> Exit;

/// How to get from one handler to the next.
pub(crate) trait Dispatch: 'static {
    /// The same for paths that are not worth a copy of their own in each pair.
    type Plain: Dispatch;

    /// Goes on in the same frame.
    unsafe fn next(vm: *mut Vm, pc: *const Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit;

    /// Goes on in another frame, whose state is given.
    unsafe fn enter(vm: *mut Vm, pc: *const Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit;

    /// The running instruction `i`, before `pc`, for the end of a handler that would save a register to keep it: a load costs more than
    /// taking a field out of a register, but less than saving one.
    unsafe fn again(pc: *const Instr, i: Instr) -> Instr;

    /// Goes on with whatever the top frame, a Lua frame, has saved.
    #[inline(always)]
    unsafe fn resume(vm: *mut Vm) -> Exit {
        // SAFETY: a Lua frame with a saved pc is on top, as the callers say.
        unsafe {
            let frame = (*vm).frame;
            let function = (*frame).function;
            Self::enter(vm, (*frame).pc, (*function).cache_delta, (*frame).base, (*function).constants)
        }
    }

    /// Ends the run or goes on, as a slow path decided.
    #[inline(always)]
    unsafe fn after(vm: *mut Vm, goes_on: bool) -> Exit {
        // SAFETY: as for `resume`.
        if goes_on { unsafe { Self::resume(vm) } } else { stop() }
    }
}

/// Calls in tail position.
pub(crate) struct Threaded;

impl Dispatch for Threaded {
    type Plain = Threaded;

    #[inline(always)]
    unsafe fn again(pc: *const Instr, _: Instr) -> Instr {
        // SAFETY: as for handlers.
        unsafe { *pc.sub(1) }
    }

    #[inline(always)]
    unsafe fn next(vm: *mut Vm, pc: *const Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
        // SAFETY: `pc` is inside verified code, whose last instruction does not fall through; opcodes index the table.
        unsafe {
            let instr = *pc;
            let handler = *(*vm).handlers.get_unchecked(instr.code() as usize);
            handler(vm, pc.add(1), instr, delta, base, k)
        }
    }

    #[inline(always)]
    unsafe fn enter(vm: *mut Vm, pc: *const Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
        // SAFETY: as for `next`.
        unsafe { Self::next(vm, pc, delta, base, k) }
    }
}

/// Returns to the loop.
pub(crate) struct Looped;

impl Dispatch for Looped {
    type Plain = Looped;

    /// The loop keeps it anyway.
    #[inline(always)]
    unsafe fn again(_: *const Instr, i: Instr) -> Instr {
        i
    }

    #[inline(always)]
    unsafe fn next(_: *mut Vm, pc: *const Instr, _: isize, base: *mut Value, _: *const Value) -> Exit {
        Exit { pc, base }
    }

    #[inline(always)]
    unsafe fn enter(vm: *mut Vm, pc: *const Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
        // SAFETY: the VM is live.
        unsafe {
            (*vm).cache_delta = delta;
            (*vm).constants = k;
        }
        Exit { pc, base }
    }
}

/// Runs one slow path to the point where it is known how to go on; true if the top frame, a Lua frame, goes on.
///
/// Never inlined, so that results and errors live in its frame and the caller's call stays in tail position.
#[cold]
#[inline(never)]
pub(super) unsafe fn settle(vm: *mut Vm, instr: Instr, body: unsafe fn(&mut Vm, Instr) -> Result<Flow>) -> bool {
    // SAFETY: the VM is live and no reference into it is held by handlers.
    unsafe {
        let vm = &mut *vm;
        let flow = match body(vm, instr) {
            Ok(flow) => flow,
            Err(e) => vm.raise(e),
        };
        flow == Flow::Run
    }
}

/// Declares an outlined slow path: saves the pc, runs `body`, goes on with whatever frame is on top. It takes no more than it needs, so
/// that handlers need not keep the rest for it.
macro_rules! slow {
    ($($(#[$meta:meta])* $name:ident => $body:expr;)*) => {$(
        $(#[$meta])*
        #[cold]
        #[inline(never)]
        pub(super) unsafe fn $name<D: $crate::exec::dispatch::Dispatch>(
            vm: *mut $crate::vm::Vm,
            pc: *const ::lua_proto::op::Instr,
            instr: ::lua_proto::op::Instr,
        ) -> $crate::exec::dispatch::Exit {
            // SAFETY: the running frame is a Lua frame; `body` follows the discipline of the module.
            unsafe {
                (*(*vm).frame).pc = pc;
                let goes_on = $crate::exec::dispatch::settle(vm, instr, $body);
                D::after(vm, goes_on)
            }
        }
    )*};
}
pub(super) use slow;

/// Declares a handler.
macro_rules! op {
    ($(#[$meta:meta])* $name:ident($vm:ident, $pc:ident, $i:ident, $delta:ident, $base:ident, $k:ident) $body:block) => {
        $(#[$meta])*
        #[inline(always)]
        #[allow(unused_variables, unused_unsafe)]
        pub(super) unsafe fn $name<D: $crate::exec::dispatch::Dispatch>(
            $vm: *mut $crate::vm::Vm,
            $pc: *const ::lua_proto::op::Instr,
            $i: ::lua_proto::op::Instr,
            $delta: isize,
            $base: *mut $crate::value::Value,
            $k: *const $crate::value::Value,
        ) -> $crate::exec::dispatch::Exit {
            // SAFETY: the verifier bounds every operand of the running function: registers lie below `base + frame_bytes`,
            // constants and upvalues in their tables; `Dispatch` passes the state of the running frame.
            unsafe {
                #[cfg(debug_assertions)]
                $crate::exec::check::operands($vm, $i, $base, $k);
                $body
            }
        }
    };
}
pub(super) use op;

/// Keeps the two sides of a conditional jump apart: without it the compiler selects the next pc with a conditional
/// move, and the next instruction waits for the comparison instead of being predicted.
#[inline(always)]
pub(super) fn taken() {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instruction at all.
    unsafe {
        std::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// Where a jump leads, as an address that the next instruction is loaded from and that is then advanced, rather than computed twice.
#[inline(always)]
pub(super) unsafe fn jump(pc: *const Instr, by: isize) -> *const Instr {
    // SAFETY: a verified jump of the running function.
    in_register(unsafe { pc.offset(by) }.cast_mut()).cast_const()
}

/// Has an address in a register of its own: the compiler would rather add its parts at each use, and lack the registers for that.
#[inline(always)]
#[allow(clippy::pointers_in_nomem_asm_block, reason = "no instruction at all looks behind it")]
pub(super) fn in_register<T>(pointer: *mut T) -> *mut T {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    {
        let mut pointer = pointer;
        // SAFETY: no instruction at all.
        unsafe {
            std::arch::asm!("/* {} */", inout(reg) pointer, options(pure, nomem, nostack, preserves_flags));
        }
        pointer
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pointer
}

// One module path for each opcode and, behind the bar, for each pair: the only place where they are tied to handlers.
macro_rules! with_handlers {
    ($with:ident) => {
        $with! {
            Move moves::r#move; LoadI moves::load_i; LoadF moves::load_f; LoadK moves::load_k; LoadFalse moves::load_false;
            LoadFalseSkip moves::load_false_skip; LoadTrue moves::load_true; LoadNil moves::load_nil;
            GetUpval moves::get_upval; SetUpval moves::set_upval;
            GetTabUp get::get_tab_up; GetTable get::get_table; GetInt get::get_int; GetField get::get_field;
            SetTabUp set::set_tab_up; SetTabUpK set::set_tab_up_k; SetTable set::set_table; SetTableK set::set_table_k;
            SetInt set::set_int; SetIntK set::set_int_k; SetField set::set_field; SetFieldK set::set_field_k;
            NewTable moves::new_table; SelfField method::self_field;
            AddI arith::add_i; AddK arith::add_k; SubK arith::sub_k; MulK arith::mul_k; ModK arith::mod_k; PowK arith::pow_k;
            DivK arith::div_k; IDivK arith::idiv_k; BAndK arith::band_k; BOrK arith::bor_k; BXorK arith::bxor_k;
            ShrI arith::shr_i; ShlI arith::shl_i;
            Add arith::add; Sub arith::sub; Mul arith::mul; Mod arith::r#mod; Pow arith::pow; Div arith::div; IDiv arith::idiv;
            BAnd arith::band; BOr arith::bor; BXor arith::bxor; Shl arith::shl; Shr arith::shr;
            Unm arith::unm; BNot arith::bnot; Not moves::not; Len len::len; Concat concat::concat;
            Close moves::close; Tbc moves::tbc; Jmp loops::jmp; Loop loops::r#loop;
            JmpEq compare::jmp_eq; JmpNe compare::jmp_ne; JmpLt compare::jmp_lt; JmpNlt compare::jmp_nlt;
            JmpLe compare::jmp_le; JmpNle compare::jmp_nle; JmpEqK compare::jmp_eq_k; JmpNeK compare::jmp_ne_k;
            JmpLtI compare::jmp_lt_i; JmpNltI compare::jmp_nlt_i; JmpLeI compare::jmp_le_i; JmpNleI compare::jmp_nle_i;
            JmpGtI compare::jmp_gt_i; JmpNgtI compare::jmp_ngt_i; JmpGeI compare::jmp_ge_i; JmpNgeI compare::jmp_nge_i;
            JmpIf compare::jmp_if; JmpNot compare::jmp_not; JmpIfSet compare::jmp_if_set; JmpNotSet compare::jmp_not_set;
            Call call::call; TailCall call::tail_call; Return call::r#return; Return0 call::return0; Return1 call::return1;
            ForPrep loops::for_prep; ForLoop loops::for_loop; TForPrep loops::t_for_prep; TForCall loops::t_for_call;
            TForLoop loops::t_for_loop; SetList moves::set_list; Closure moves::closure; VarArg call::var_arg;
            VarArgPrep call::var_arg_prep; Link call::link; Halt call::halt;
            |
            MoveMove pairs::move_move; MoveCall pairs::move_call; GetUpvalMove pairs::get_upval_move;
            GetUpvalAddI pairs::get_upval_add_i; GetUpvalGetTable pairs::get_upval_get_table;
            GetTableGetTable pairs::get_table_get_table; GetTableSetTable pairs::get_table_set_table;
            GetTableAdd pairs::get_table_add; GetTableMul pairs::get_table_mul; GetTableJmpIf pairs::get_table_jmp_if;
            GetTableJmpNot pairs::get_table_jmp_not; SetTableSetTable pairs::set_table_set_table;
            SetTableForLoop pairs::set_table_for_loop; SetTableKForLoop pairs::set_table_k_for_loop;
            GetFieldGetField pairs::get_field_get_field; GetFieldAdd pairs::get_field_add; GetFieldSub pairs::get_field_sub;
            GetFieldMul pairs::get_field_mul; AddGetTable pairs::add_get_table; AddForLoop pairs::add_for_loop;
            AddIGetTable pairs::add_i_get_table; AddIAddI pairs::add_i_add_i; AddILoop pairs::add_i_loop;
            AddICall pairs::add_i_call; SubMul pairs::sub_mul; LoadFDiv pairs::load_f_div; MulMul pairs::mul_mul;
            MulAddLeft pairs::mul_add_left; MulAddRight pairs::mul_add_right; MulSubLeft pairs::mul_sub_left; MulSubRight pairs::mul_sub_right;
            MoveLoop pairs::move_loop; LoadICall pairs::load_i_call; GetUpvalAdd pairs::get_upval_add;
            GetUpvalGetField pairs::get_upval_get_field; GetTableGetField pairs::get_table_get_field; AddSetField pairs::add_set_field;
            AddSub pairs::add_sub; AddISetTable pairs::add_i_set_table; SubGetField pairs::sub_get_field;
            TForCallTForLoop pairs::t_for_call_t_for_loop;
            MoveMoveCall pairs::move_move_call; GetFieldAddSetField pairs::get_field_add_set_field;
            GetFieldAddISetField pairs::get_field_add_i_set_field; GetFieldSelfField pairs::get_field_self_field;
            GetFieldReturn1 pairs::get_field_return1; SetFieldSetField pairs::set_field_set_field;
            SetFieldReturn0 pairs::set_field_return0; SelfFieldCall pairs::self_field_call;
            SelfFieldMoveCall pairs::self_field_move_call; AddReturn1 pairs::add_return1; SubSetTable pairs::sub_set_table;
            MulKAdd pairs::mul_k_add; MulKSub pairs::mul_k_sub; GetTableSub pairs::get_table_sub;
            MulMulAdd pairs::mul_mul_add; MulAddForLoop pairs::mul_add_for_loop;
        }
    };
}

macro_rules! make_table {
    ($($op:ident $module:ident::$handler:ident;)* | $($pair:ident $pairs:ident::$both:ident;)*) => {
        const PLAIN: [Handler; HANDLERS] = {
            let mut table: [Handler; HANDLERS] = [call::halt::<Threaded>; HANDLERS];
            $(table[Op::$op as usize] = $module::$handler::<Threaded>;)*
            $(table[Pair::$pair.code() as usize] = $pairs::$both::<Threaded>;)*
            table
        };

        #[expect(non_upper_case_globals, reason = "named as the opcodes and pairs are")]
        mod codes {
            use super::{Op, Pair};
            $(pub(super) const $op: u8 = Op::$op as u8;)*
            $(pub(super) const $pair: u8 = Pair::$pair.code();)*
        }

        /// Executes one instruction or pair in the looped back end. What belongs to the function is loaded where it is needed.
        macro_rules! looped_step {
            ($vm:ident, $pc:expr, $i:ident, $base:ident) => {
                match $i.code() {
                    codes::Halt => break,
                    $(codes::$op => $module::$handler::<Looped>($vm, $pc, $i, (*$vm).cache_delta, $base, (*$vm).constants),)*
                    $(codes::$pair => $pairs::$both::<Looped>($vm, $pc, $i, (*$vm).cache_delta, $base, (*$vm).constants),)*
                    _ => std::hint::unreachable_unchecked(),
                }
            };
        }
    };
}
with_handlers!(make_table);

/// The table of handlers for plain or hooked running.
pub(crate) fn handlers(hooked: bool) -> [Handler; HANDLERS] {
    if hooked { [hooked_handler; HANDLERS] } else { PLAIN }
}

/// Where execution goes on when the hooks before an instruction have run.
enum Hooked {
    /// With the instruction.
    Proceed,
    /// With the frame on top: a hook raised an error, which was caught.
    Elsewhere,
    /// Outside: nobody caught it.
    Stop,
}

/// Runs the hooks that are due before an instruction.
#[cold]
#[inline(never)]
unsafe fn run_hooks(vm: *mut Vm, instr: Instr) -> Hooked {
    // SAFETY: as for `settle`.
    unsafe {
        let vm = &mut *vm;
        match crate::hook::before_instruction(vm, instr) {
            Ok(()) => Hooked::Proceed,
            Err(e) => match vm.raise(e) {
                Flow::Run => Hooked::Elsewhere,
                Flow::Exit => Hooked::Stop,
            },
        }
    }
}

/// Runs the hooks that are due, then the instruction itself.
unsafe fn hooked_handler(vm: *mut Vm, pc: *const Instr, instr: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: a Lua frame runs; after the hooks its state is loaded again (the stack may have moved).
    unsafe {
        let op = instr.op();
        let returns = matches!(op, Op::Return | Op::Return0 | Op::Return1 | Op::TailCall);
        if !returns && crate::hook::only_counts(&mut *vm, instr) {
            return PLAIN[op as usize](vm, pc, instr, delta, base, k);
        }
        hooked_instruction(vm, pc, instr)
    }
}

/// As [`hooked_handler`], for all that is not only counted.
#[inline(never)]
unsafe fn hooked_instruction(vm: *mut Vm, pc: *const Instr, instr: Instr) -> Exit {
    // SAFETY: as above.
    unsafe {
        (*(*vm).frame).pc = pc;
        match run_hooks(vm, instr) {
            Hooked::Proceed => {}
            Hooked::Elsewhere => return Threaded::resume(vm),
            Hooked::Stop => return stop(),
        }
        let frame = (*vm).frame;
        let function = (*frame).function;
        // Returns take their slow path, which runs the hook.
        let slow = match instr.op() {
            Op::Return => call::return_slow::<Threaded>,
            Op::Return0 => call::return0_slow::<Threaded>,
            Op::Return1 => call::return1_slow::<Threaded>,
            Op::TailCall => call::tail_call_slow::<Threaded>,
            op => {
                let handler = PLAIN[op as usize];
                return handler(vm, pc, instr, (*function).cache_delta, (*frame).base, (*function).constants);
            }
        };
        slow(vm, pc, instr)
    }
}

/// Of the looped back end: runs the hooks that are due before the instruction at `pc`, and then, if it is a return, its slow path, which
/// runs the hook for that; answers where execution goes on then. If it is another one, that has yet to be executed.
#[cold]
#[inline(never)]
unsafe fn hooked_step(vm: *mut Vm, pc: *const Instr) -> Option<Exit> {
    // SAFETY: as for the handlers. Hooks run Lua, so the state of the frame is set again.
    unsafe {
        let (instr, next) = ((*pc).alone(), pc.add(1));
        if instr.op() == Op::Halt {
            return None;
        }
        (*(*vm).frame).pc = next;
        match if crate::hook::only_counts(&mut *vm, instr) { Hooked::Proceed } else { run_hooks(vm, instr) } {
            Hooked::Proceed => {}
            Hooked::Elsewhere => return Some(Looped::resume(vm)),
            Hooked::Stop => return Some(Exit::STOP),
        }
        Looped::resume(vm);
        Some(match instr.op() {
            _ if !(*vm).hooked => return None,
            Op::Return => call::return_slow::<Looped>(vm, next, instr),
            Op::Return0 => call::return0_slow::<Looped>(vm, next, instr),
            Op::Return1 => call::return1_slow::<Looped>(vm, next, instr),
            Op::TailCall => call::tail_call_slow::<Looped>(vm, next, instr),
            _ => return None,
        })
    }
}

/// Executes until the frame that the run began with returns, or an error leaves it. The top frame is a Lua frame.
///
/// # Safety
/// The VM is live and nobody holds a reference into it.
pub(crate) unsafe fn run(vm: *mut Vm) {
    // SAFETY: the caller's promise.
    unsafe {
        if (*vm).looped {
            run_looped(vm);
        } else {
            Threaded::resume(vm);
        }
    }
}

#[inline(never)]
#[allow(unreachable_patterns, reason = "an instruction that ends the loop is a handler elsewhere")]
unsafe fn run_looped(vm: *mut Vm) {
    // SAFETY: as for `run`; verified code has no other opcodes than those with handlers.
    unsafe {
        let mut at = Looped::resume(vm);
        loop {
            let Exit { pc, mut base } = at;
            let mut instr = *pc;
            if (*vm).hooked {
                if let Some(exit) = hooked_step(vm, pc) {
                    at = exit;
                    continue;
                }
                instr = instr.alone();
                base = (*(*vm).frame).base;
            }
            at = looped_step!(vm, pc.add(1), instr, base);
        }
        if !std::ptr::eq(at.pc, &raw const STOP) {
            call::unreachable_code();
        }
    }
}
