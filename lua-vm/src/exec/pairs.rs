//! Two instructions, or three, in one step ([`lua_proto::Pair`]).
//!
//! Getting from one handler to the next is a quarter of the work of most, and a jump that the processor has to guess. So the
//! second handler is inlined where the first would look up the next one: the first runs under a [`Dispatch`] that knows. Whatever leaves
//! the fast path of the first goes on as if there were no pair, and the second may do so like any other instruction. Of three, the second runs
//! as the first of a pair.

use lua_proto::op::Instr;
use std::marker::PhantomData;

use super::dispatch::{Dispatch, Exit, in_register, op};
use super::{arith, call, compare, get, loops, method, moves, set};
use crate::value::{Value, tag};
use crate::vm::Vm;

/// A handler that stands second.
trait Second: 'static {
    unsafe fn run<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit;
}

/// How to get on from a handler that stands first: to `S`, then as `D` does.
struct Followed<D, S>(PhantomData<(D, S)>);

impl<D: Dispatch, S: Second> Dispatch for Followed<D, S> {
    // Not `D`, which may itself be on the way to a third.
    type Plain = D::Plain;

    #[inline(always)]
    unsafe fn next(vm: *mut Vm, pc: *const Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
        // SAFETY: as for `D`; `S` is the handler of the instruction at `pc`, of which nothing but the operands is read.
        unsafe {
            let second = *pc;
            // Forgets that `second` stands before it: to be loaded again, as `Dispatch::again` says, rather than kept.
            let pc = in_register(pc.cast_mut().add(1)).cast_const();
            S::run::<D>(vm, pc, second, delta, base, k)
        }
    }

    #[inline(always)]
    unsafe fn enter(vm: *mut Vm, pc: *const Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
        // SAFETY: as for `D`.
        unsafe { D::enter(vm, pc, delta, base, k) }
    }

    #[inline(always)]
    unsafe fn again(pc: *const Instr, i: Instr) -> Instr {
        // SAFETY: as for `D`.
        unsafe { D::again(pc, i) }
    }
}

/// Declares the handlers that stand second.
macro_rules! seconds {
    ($($name:ident $module:ident::$handler:ident;)*) => {$(
        struct $name;

        impl Second for $name {
            #[inline(always)]
            unsafe fn run<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
                // SAFETY: as for handlers.
                unsafe { $module::$handler::<D>(vm, pc, i, delta, base, k) }
            }
        }
    )*};
}

seconds! {
    Move moves::r#move; Call call::call; AddI arith::add_i; Add arith::add; Sub arith::sub; Mul arith::mul; Div arith::div;
    GetTable get::get_table; SetTable set::set_table; GetField get::get_field; SetField set::set_field;
    SelfField method::self_field; Return0 call::return0; Return1 call::return1;
    JmpIf compare::jmp_if; JmpNot compare::jmp_not; Loop loops::r#loop; ForLoop loops::for_loop; TForLoop loops::t_for_loop;
}

/// Declares pairs, each from a handler and one or two that stand behind it.
macro_rules! pairs {
    (@after $second:ident) => { Followed<D, $second> };
    (@after $second:ident $third:ident) => { Followed<Followed<D, $third>, $second> };
    ($($name:ident $module:ident::$handler:ident $second:ident $($third:ident)?;)*) => {$(
        op! { $name(vm, pc, i, delta, base, k) {
            $module::$handler::<pairs!(@after $second $($third)?)>(vm, pc, i, delta, base, k)
        } }
    )*};
}

pairs! {
    move_move moves::r#move Move;
    move_call moves::r#move Call;
    get_upval_move moves::get_upval Move;
    get_upval_add_i moves::get_upval AddI;
    get_upval_get_table moves::get_upval GetTable;
    get_table_get_table get::get_table GetTable;
    get_table_set_table get::get_table SetTable;
    get_table_add get::get_table Add;
    get_table_mul get::get_table Mul;
    get_table_jmp_if get::get_table JmpIf;
    get_table_jmp_not get::get_table JmpNot;
    set_table_set_table set::set_table SetTable;
    set_table_for_loop set::set_table ForLoop;
    set_table_k_for_loop set::set_table_k ForLoop;
    get_field_get_field get::get_field GetField;
    get_field_add get::get_field Add;
    get_field_sub get::get_field Sub;
    get_field_mul get::get_field Mul;
    add_get_table arith::add GetTable;
    add_for_loop arith::add ForLoop;
    add_i_get_table arith::add_i GetTable;
    add_i_add_i arith::add_i AddI;
    add_i_loop arith::add_i Loop;
    add_i_call arith::add_i Call;
    sub_mul arith::sub Mul;
    load_f_div moves::load_f Div;
    mul_mul arith::mul Mul;
    move_loop moves::r#move Loop;
    load_i_call moves::load_i Call;
    get_upval_add moves::get_upval Add;
    get_upval_get_field moves::get_upval GetField;
    get_table_get_field get::get_table GetField;
    add_set_field arith::add SetField;
    add_sub arith::add Sub;
    add_i_set_table arith::add_i SetTable;
    sub_get_field arith::sub GetField;
    t_for_call_t_for_loop loops::t_for_call TForLoop;
    move_move_call moves::r#move Move Call;
    get_field_add_set_field get::get_field Add SetField;
    get_field_add_i_set_field get::get_field AddI SetField;
    get_field_self_field get::get_field SelfField;
    get_field_return1 get::get_field Return1;
    set_field_set_field set::set_field SetField;
    set_field_return0 set::set_field Return0;
    self_field_call method::self_field Call;
    self_field_move_call method::self_field Move Call;
    add_return1 arith::add Return1;
    sub_set_table arith::sub SetTable;
    mul_k_add arith::mul_k Add;
    mul_k_sub arith::mul_k Sub;
    get_table_sub get::get_table Sub;
}

/// Declares the product of two floats and its sum or difference with a third: the product need not be loaded again. Operands of other
/// kinds go on as if there were no pair.
macro_rules! product {
    ($name:ident, $other:ident, $after:ty, |$product:ident, $term:ident| $result:expr) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.b()), base.byte_add(i.c()));
            if (*a).tag == tag::FLOAT && (*b).tag == tag::FLOAT {
                let $product = (*a).as_float() * (*b).as_float();
                *base.byte_add(i.a()) = Value::float($product);
                let second = *pc;
                let term = base.byte_add(second.$other());
                if (*term).tag == tag::FLOAT {
                    let $term = (*term).as_float();
                    *base.byte_add(second.a()) = Value::float($result);
                    return <$after>::next(vm, pc.add(1), delta, base, k);
                }
                return D::next(vm, pc, delta, base, k);
            }
            arith::mul::<D>(vm, pc, i, delta, base, k)
        } }
    };
}

product!(mul_add_left, c, D, |product, term| product + term);
product!(mul_add_right, b, D, |product, term| term + product);
product!(mul_sub_left, c, D, |product, term| product - term);
product!(mul_sub_right, b, D, |product, term| term - product);
product!(mul_add_for_loop, b, Followed<D, ForLoop>, |product, term| term + product);

op! { mul_mul_add(vm, pc, i, delta, base, k) {
    let second = *pc;
    let (a, b) = (base.byte_add(i.b()), base.byte_add(i.c()));
    if (*a).tag == tag::FLOAT && (*b).tag == tag::FLOAT {
        let left = (*a).as_float() * (*b).as_float();
        *base.byte_add(i.a()) = Value::float(left);
        let (a, b) = (base.byte_add(second.b()), base.byte_add(second.c()));
        if (*a).tag == tag::FLOAT && (*b).tag == tag::FLOAT {
            let right = (*a).as_float() * (*b).as_float();
            *base.byte_add(second.a()) = Value::float(right);
            let sum = *pc.add(1);
            *base.byte_add(sum.a()) = Value::float(left + right);
            return D::next(vm, pc.add(2), delta, base, k);
        }
        return D::next(vm, pc, delta, base, k);
    }
    arith::mul::<D>(vm, pc, i, delta, base, k)
} }
