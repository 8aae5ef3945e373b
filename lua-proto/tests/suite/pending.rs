//! What the verifier says of registers that closures refer to or that are to be closed.

use lua_proto::VerifyReason::{Pending, VarArg};
use lua_proto::{Draft, Instr, Op, SLOT, UpvalueDesc, VarKind, VerifyReason};
use proptest::prelude::*;

const RETURN: Instr = Instr::new(Op::Return0, 0, 0, 0, 0);
const CLOSING_RETURN: Instr = Instr::new(Op::Return, 1, 0, 1, 0);

fn r(register: u16) -> u16 {
    register * SLOT as u16
}

fn i(op: Op, a: u16, b: u16, c: u16) -> Instr {
    Instr::new(op, 0, a, b, c)
}

fn jump(op: Op, a: u16, distance: i32) -> Instr {
    Instr::wide(op, 0, a, distance as u32)
}

/// Makes a closure that captures register `P`, in the register behind it.
fn capture(register: u16) -> Instr {
    Instr::wide(Op::Closure, 0, r(register + 1), register.into())
}

/// Ten registers; the nested function of index `n` captures register `n`.
fn around(code: &[Instr]) -> Draft {
    let nested = |index| Draft {
        code: vec![RETURN],
        upvalues: vec![UpvalueDesc { name: None, in_stack: true, index, kind: VarKind::Regular }],
        ..Draft::default()
    };
    Draft { max_stack: 10, code: code.to_vec(), protos: (0..9).map(nested).collect(), ..Draft::default() }
}

#[track_caller]
fn ok(code: &[Instr]) {
    if let Err(error) = around(code).freeze() {
        panic!("refused: {error}");
    }
}

#[track_caller]
fn bad(code: &[Instr], pc: usize, reason: VerifyReason) {
    let error = around(code).freeze().expect_err("the draft must be refused");
    assert_eq!((error.pc, error.reason), (Some(pc), reason));
}

#[test]
fn calls_stay_above_what_closures_refer_to() {
    let call = |a| i(Op::Call, r(a), 1, 1);
    ok(&[capture(3), call(4), CLOSING_RETURN]);
    bad(&[capture(3), call(3), CLOSING_RETURN], 1, Pending);
    bad(&[capture(3), call(2), CLOSING_RETURN], 1, Pending);
    ok(&[capture(3), i(Op::Close, r(3), 0, 0), call(3), RETURN]);
    bad(&[capture(3), i(Op::Close, r(4), 0, 0), call(3), CLOSING_RETURN], 2, Pending);
    ok(&[call(0), capture(3), CLOSING_RETURN]);
    // Found in the second round of a loop.
    bad(&[call(0), capture(3), jump(Op::Loop, 0, -3)], 0, Pending);
    // On one of two paths.
    bad(&[jump(Op::JmpIf, r(0), 1), capture(3), call(3), CLOSING_RETURN], 2, Pending);
    ok(&[jump(Op::Jmp, 0, 1), capture(3), call(3), CLOSING_RETURN]);
}

#[test]
fn loops_call_above_what_closures_refer_to() {
    let iterate = |register| {
        [capture(register), jump(Op::TForPrep, r(1), 0), i(Op::TForCall, r(1), 0, 1), jump(Op::TForLoop, r(1), -2), CLOSING_RETURN]
    };
    ok(&iterate(4));
    bad(&iterate(5), 2, Pending);
}

#[test]
fn short_returns_leave_nothing_behind() {
    let return1 = i(Op::Return1, r(0), 0, 0);
    let tail_call = |x| Instr::new(Op::TailCall, x, r(8), 1, 0);
    let mark = i(Op::Tbc, r(2), 0, 0);
    for end in [RETURN, return1, i(Op::Return, r(0), 1, 0), tail_call(0)] {
        bad(&[capture(0), end], 1, Pending);
        bad(&[mark, end], 1, Pending);
        ok(&[capture(0), mark, i(Op::Close, r(0), 0, 0), end]);
    }
    ok(&[capture(0), tail_call(1)]);
    bad(&[mark, tail_call(1)], 1, Pending);
    ok(&[mark, CLOSING_RETURN]);
}

#[test]
fn variables_to_be_closed_are_marked_upwards() {
    let mark = |register| i(Op::Tbc, r(register), 0, 0);
    ok(&[mark(1), mark(2), CLOSING_RETURN]);
    bad(&[mark(2), mark(2), CLOSING_RETURN], 1, Pending);
    bad(&[mark(5), jump(Op::TForPrep, r(1), 0), i(Op::TForCall, r(1), 0, 1), jump(Op::TForLoop, r(1), -1), CLOSING_RETURN], 1, Pending);
    bad(&[mark(2), jump(Op::Loop, 0, -2)], 0, Pending);
    ok(&[mark(2), i(Op::Close, r(2), 0, 0), jump(Op::Loop, 0, -3)]);
}

#[test]
fn variable_arguments_are_prepared_once() {
    let with = |code: &[Instr]| Draft { is_vararg: true, ..around(code) }.freeze();
    let prepare = i(Op::VarArgPrep, 0, 0, 0);
    assert!(with(&[prepare, jump(Op::Loop, 0, -1)]).is_ok());
    let error = with(&[prepare, jump(Op::Loop, 0, -2)]).expect_err("a jump to the start");
    assert_eq!((error.pc, error.reason), (Some(0), VarArg));
}

fn instruction(length: i32) -> impl Strategy<Value = Instr> {
    prop_oneof![
        (0..9u16).prop_map(capture),
        (0..9u16).prop_map(|a| i(Op::Close, r(a), 0, 0)),
        (0..9u16).prop_map(|a| i(Op::Tbc, r(a), 0, 0)),
        (0..9u16).prop_map(|a| i(Op::Call, r(a), 1, 1)),
        (0..length).prop_map(|to| jump(Op::JmpIf, r(0), to)),
        (1..length).prop_map(|to| jump(Op::Loop, 0, -to)),
        Just(RETURN),
        Just(CLOSING_RETURN),
    ]
}

/// Walks at random, with sets; false where something pending is in the way.
fn walk(code: &[Instr], mut choices: u64) -> bool {
    let (mut shared, mut closing, mut pc) = (Vec::new(), Vec::new(), 0);
    for _ in 0..64 {
        let at = code[pc];
        let a = (at.a() / SLOT) as u16;
        let mut next = pc + 1;
        match at.op() {
            Op::Closure => shared.push(a - 1),
            Op::Close => {
                shared.retain(|register| *register < a);
                closing.retain(|register| *register < a);
            }
            Op::Tbc if closing.iter().any(|register| *register >= a) => return false,
            Op::Tbc => closing.push(a),
            Op::Call if shared.iter().any(|register| *register >= a) => return false,
            Op::Return0 => return shared.is_empty() && closing.is_empty(),
            Op::Return => return true,
            Op::Loop => next = next.wrapping_add_signed(at.sbx()),
            Op::JmpIf => {
                next += at.sbx() as usize * (choices & 1) as usize;
                choices = choices.rotate_right(1);
            }
            _ => {}
        }
        pc = next;
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Accepted code does not run into anything, refused code does on some path.
    #[test]
    fn agrees_with_walks(code in prop::collection::vec(instruction(6), 1..7), choices: u64) {
        let code = [code.as_slice(), &[CLOSING_RETURN]].concat();
        match around(&code).freeze() {
            Ok(_) => prop_assert!(walk(&code, choices)),
            Err(error) if error.reason == Pending => {
                prop_assert!((0..1 << 12).any(|choices| !walk(&code, choices)), "{code:?}");
            }
            Err(_) => {}
        }
    }
}
