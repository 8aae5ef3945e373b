//! One test for each rule of the verifier, both sides of the line.

use lua_proto::VerifyReason::{self, *};
use lua_proto::{Draft, DraftConstant, Instr, LocalDesc, Op, SLOT, UpvalueDesc, VarKind};
use proptest::prelude::*;

use crate::drafts;

/// Registers 0 to 9, constants: 0 nil, 1 an integer, 2 a float, 3 a name, 4 a long string; one
/// upvalue; one nested function.
fn around(code: &[Instr]) -> Draft {
    Draft {
        max_stack: 10,
        code: code.to_vec(),
        constants: vec![
            DraftConstant::Nil,
            DraftConstant::Int(1),
            DraftConstant::Float(1.5),
            DraftConstant::Str(vec![b'n'; 40]),
            DraftConstant::Str(vec![b'l'; 41]),
        ],
        upvalues: vec![upvalue(true, 0)],
        protos: vec![Draft { code: vec![RETURN], ..Draft::default() }],
        ..Draft::default()
    }
}

const RETURN: Instr = Instr::new(Op::Return0, 0, 0, 0, 0);

fn upvalue(in_stack: bool, index: u8) -> UpvalueDesc {
    UpvalueDesc { name: None, in_stack, index, kind: VarKind::Regular }
}

/// Scales a register or constant.
fn r(index: u16) -> u16 {
    index * SLOT as u16
}

#[track_caller]
fn accepted(draft: Draft) {
    if let Err(error) = draft.freeze() {
        panic!("refused: {error}");
    }
}

#[track_caller]
fn refused(draft: Draft, pc: Option<usize>, reason: VerifyReason) {
    let error = draft.freeze().expect_err("the draft must be refused");
    assert_eq!((error.pc, error.reason), (pc, reason));
}

/// The instructions, followed by a return.
#[track_caller]
fn ok(code: &[Instr]) {
    accepted(around(&[code, &[RETURN]].concat()));
}

/// The instructions, followed by a return, are refused because of the one at `pc`.
#[track_caller]
fn bad(code: &[Instr], pc: usize, reason: VerifyReason) {
    refused(around(&[code, &[RETURN]].concat()), Some(pc), reason);
}

fn i(op: Op, a: u16, b: u16, c: u16) -> Instr {
    Instr::new(op, 0, a, b, c)
}

fn w(op: Op, a: u16, bx: i32) -> Instr {
    Instr::wide(op, 0, a, bx as u32)
}

proptest! {
    #[test]
    fn random_drafts_are_accepted(seed: u64) {
        prop_assert!(drafts::random(seed).freeze().is_ok());
    }

    /// Any bits may be tried as an instruction; whatever is accepted fits the frame.
    #[test]
    fn random_bits_are_judged(bits: u64) {
        if let Some(instr) = Instr::from_bits(bits) {
            let _ = around(&[instr, RETURN]).freeze();
        }
    }
}

#[test]
fn shape() {
    let draft = || around(&[RETURN]);
    accepted(draft());
    refused(Draft { code: vec![], ..draft() }, None, CodeLength);
    refused(Draft { max_stack: 1, ..draft() }, None, MaxStack);
    accepted(Draft { params: 10, ..draft() });
    refused(Draft { params: 11, ..draft() }, None, Params);
    accepted(Draft { upvalues: vec![upvalue(true, 0); 255], ..draft() });
    refused(Draft { upvalues: vec![upvalue(true, 0); 256], ..draft() }, None, UpvalueCount);
    accepted(Draft { lines: vec![1], ..draft() });
    refused(Draft { lines: vec![1, 2], ..draft() }, None, LineCount);
}

#[test]
fn locals() {
    let with = |register, start_pc, end_pc| {
        let local = LocalDesc { name: b"x".to_vec(), register, start_pc, end_pc };
        Draft { locals: vec![local], ..around(&[RETURN, RETURN]) }
    };
    accepted(with(9, 0, 2));
    accepted(with(0, 2, 2));
    refused(with(10, 0, 2), None, Local);
    refused(with(0, 0, 3), None, Local);
    refused(with(0, 2, 1), None, Local);
}

#[test]
fn upvalues_of_nested_functions() {
    let with = |upvalue| {
        let mut draft = around(&[RETURN]);
        draft.protos[0].upvalues.push(upvalue);
        draft
    };
    accepted(with(upvalue(true, 9)));
    refused(with(upvalue(true, 10)), None, Upvalue);
    accepted(with(upvalue(false, 0)));
    refused(with(upvalue(false, 1)), None, Upvalue);
}

#[test]
fn nested_functions_are_checked() {
    let mut draft = around(&[RETURN]);
    draft.protos[0].line_defined = 7;
    draft.protos[0].code = vec![i(Op::Move, r(0), r(2), 0), RETURN];
    let error = draft.freeze().unwrap_err();
    assert_eq!((error.line_defined, error.pc, error.reason), (7, Some(0), Register));
    assert_eq!(error.to_string(), "function at line 7, instruction 0: register out of range");
}

#[test]
fn operands() {
    ok(&[i(Op::Move, r(9), r(9), 0)]);
    bad(&[i(Op::Move, r(10), r(0), 0)], 0, Register);
    bad(&[i(Op::Move, r(0), r(10), 0)], 0, Register);
    bad(&[i(Op::Move, 8, r(0), 0)], 0, Alignment);
    bad(&[i(Op::Move, r(0), r(0), 1)], 0, Unused);
    bad(&[i(Op::LoadTrue, r(0), 1, 0)], 0, Unused);
    ok(&[w(Op::LoadK, 0, 4 * 16)]);
    bad(&[w(Op::LoadK, 0, 5 * 16)], 0, Constant);
    bad(&[w(Op::LoadK, 0, 17)], 0, Alignment);
    bad(&[w(Op::LoadK, 0, -16)], 0, Constant);
    ok(&[i(Op::SetTableK, 0, 0, r(4))]);
    bad(&[i(Op::SetTableK, 0, 0, r(5))], 0, Constant);
    ok(&[i(Op::GetField, 0, 0, r(3))]);
    bad(&[i(Op::GetField, 0, 0, r(4))], 0, ConstantKind);
    bad(&[i(Op::GetField, 0, 0, r(1))], 0, ConstantKind);
    ok(&[i(Op::AddK, 0, 0, r(1)), i(Op::AddK, 0, 0, r(2))]);
    bad(&[i(Op::AddK, 0, 0, r(3))], 0, ConstantKind);
    ok(&[i(Op::BAndK, 0, 0, r(1))]);
    bad(&[i(Op::BAndK, 0, 0, r(2))], 0, ConstantKind);
    ok(&[i(Op::GetUpval, 0, 0, 0)]);
    bad(&[i(Op::GetUpval, 0, 8, 0)], 0, UpvalueIndex);
    bad(&[i(Op::GetUpval, 0, 4, 0)], 0, Alignment);
    ok(&[w(Op::Closure, 0, 0)]);
    bad(&[w(Op::Closure, 0, 1)], 0, ProtoIndex);
    bad(&[i(Op::Link, 0, 0, 0)], 0, Internal);
    bad(&[i(Op::Halt, 0, 0, 0)], 0, Internal);
}

#[test]
fn field_x() {
    for &op in Op::ALL {
        assert!(op.permits_x(0));
    }
    ok(&[Instr::new(Op::AddI, 2, 0, 0, 0)]);
    bad(&[Instr::new(Op::AddI, 3, 0, 0, 0)], 0, Unused);
    bad(&[Instr::new(Op::ShrI, 1, 0, 0, 0)], 0, Unused);
    bad(&[Instr::new(Op::Move, 1, 0, 0, 0)], 0, Unused);
    ok(&[Instr::new(Op::SetList, 255, 0, 1, 0)]);
}

#[test]
fn jumps() {
    ok(&[w(Op::Jmp, 0, 0)]);
    bad(&[w(Op::Jmp, 0, 1)], 0, Jump);
    bad(&[w(Op::Jmp, 0, -1)], 0, Jump);
    bad(&[w(Op::Jmp, 0, i32::MAX)], 0, Jump);
    ok(&[w(Op::Loop, 0, -1)]);
    bad(&[w(Op::Loop, 0, -2)], 0, Jump);
    bad(&[w(Op::Loop, 0, i32::MIN)], 0, Jump);
    bad(&[w(Op::Loop, 0, 0)], 0, Jump);
    ok(&[i(Op::JmpEq, 0, 0, 0)]);
    bad(&[i(Op::JmpEq, 0, 0, 1)], 0, Jump);
    bad(&[RETURN, i(Op::JmpEq, 0, 0, -1i16 as u16)], 1, Jump);
    bad(&[w(Op::JmpIf, 0, 1)], 0, Jump);
    ok(&[i(Op::LoadFalseSkip, 0, 0, 0), RETURN]);
    bad(&[i(Op::LoadFalseSkip, 0, 0, 0)], 0, Jump);
}

#[test]
fn ends() {
    for last in [RETURN, i(Op::Return1, 0, 0, 0), i(Op::Return, 0, 1, 0), i(Op::TailCall, 0, 1, 0), w(Op::Loop, 0, -1)] {
        accepted(around(&[last]));
    }
    refused(around(&[RETURN, i(Op::LoadTrue, 0, 0, 0)]), Some(1), End);
    refused(around(&[i(Op::Call, 0, 1, 1)]), Some(0), End);
}

#[test]
fn windows() {
    ok(&[i(Op::LoadNil, r(3), r(3), 0)]);
    bad(&[i(Op::LoadNil, r(3), r(2), 0)], 0, Count);
    ok(&[i(Op::SelfField, r(8), 0, r(3))]);
    bad(&[i(Op::SelfField, r(9), 0, r(3))], 0, Register);
    ok(&[i(Op::Concat, r(8), 2, 0)]);
    bad(&[i(Op::Concat, r(8), 3, 0)], 0, Register);
    bad(&[i(Op::Concat, r(0), 1, 0)], 0, Count);
    ok(&[i(Op::Call, r(9), 1, 2), i(Op::Call, r(8), 2, 3)]);
    bad(&[i(Op::Call, r(9), 2, 1)], 0, Register);
    bad(&[i(Op::Call, r(9), 1, 3)], 0, Register);
    bad(&[i(Op::Call, r(10), 1, 1)], 0, Register);
    bad(&[i(Op::Call, r(0), u16::MAX, 1)], 0, Register);
    ok(&[i(Op::TailCall, r(8), 2, 0)]);
    bad(&[i(Op::TailCall, r(9), 2, 0)], 0, Register);
    ok(&[i(Op::Return, r(9), 2, 0), i(Op::Return, r(10), 1, 0)]);
    bad(&[i(Op::Return, r(9), 3, 0)], 0, Register);
    bad(&[i(Op::Return, r(11), 1, 0)], 0, Register);
    ok(&[i(Op::SetList, r(8), 1, 0)]);
    bad(&[i(Op::SetList, r(9), 1, 0)], 0, Register);
}

#[test]
fn numeric_loops() {
    let prep = |a, jump| w(Op::ForPrep, a, jump);
    let end = |a, jump| w(Op::ForLoop, a, jump);
    ok(&[prep(r(6), 1), end(r(6), -1)]);
    ok(&[prep(r(6), 2), i(Op::LoadTrue, 0, 0, 0), end(r(6), -2)]);
    bad(&[prep(r(7), 1), end(r(7), -1)], 0, Register);
    bad(&[prep(r(5), 1), end(r(6), -1)], 0, Jump);
    bad(&[prep(r(6), 0), end(r(6), -1)], 0, Jump);
    bad(&[prep(r(6), 2), end(r(6), -1), RETURN], 0, Jump);
    bad(&[prep(r(6), 1), end(r(6), -2)], 1, Jump);
    bad(&[prep(r(6), 1), end(r(6), 0)], 1, Jump);
    bad(&[end(r(6), -1)], 0, Jump);
}

#[test]
fn generic_loops() {
    let prep = |jump| w(Op::TForPrep, r(3), jump);
    let call = |a, c| i(Op::TForCall, a, 0, c);
    let end = |a, jump| w(Op::TForLoop, a, jump);
    let close = i(Op::Close, 0, 0, 0);
    ok(&[prep(0), call(r(3), 1), end(r(3), -2), close]);
    ok(&[prep(2), close, RETURN, call(r(3), 3), end(r(3), -4), close]);
    bad(&[prep(0), call(r(3), 4), end(r(3), -2)], 1, Register);
    bad(&[w(Op::TForPrep, r(4), 0), call(r(4), 1), end(r(4), -2)], 1, Register);
    bad(&[prep(0), call(r(3), 0), end(r(3), -2)], 1, Count);
    bad(&[prep(1), call(r(3), 1), end(r(3), -2)], 0, Jump);
    bad(&[call(r(3), 1)], 0, GenericLoop);
    bad(&[call(r(3), 1), end(r(2), -2)], 0, GenericLoop);
    bad(&[end(r(3), -1)], 0, GenericLoop);
}

#[test]
fn variable_arguments() {
    let vararg = |code: &[Instr]| Draft { is_vararg: true, params: 1, ..around(code) };
    let prep = |params| i(Op::VarArgPrep, params, 0, 0);
    accepted(vararg(&[prep(1), RETURN]));
    refused(vararg(&[prep(0), RETURN]), Some(0), VarArg);
    refused(vararg(&[RETURN]), Some(0), VarArg);
    refused(vararg(&[prep(1), prep(1), RETURN]), Some(1), VarArg);
    bad(&[prep(0)], 0, VarArg);
    accepted(vararg(&[prep(1), i(Op::VarArg, r(9), 0, 2), RETURN]));
    refused(vararg(&[prep(1), i(Op::VarArg, r(9), 0, 3), RETURN]), Some(1), Register);
    bad(&[i(Op::VarArg, 0, 0, 2)], 0, VarArg);
}

#[test]
fn open_lists() {
    let open = |a| i(Op::Call, a, 1, 0);
    ok(&[open(r(1)), i(Op::Call, r(0), 0, 1)]);
    ok(&[open(r(1)), i(Op::Call, r(0), 0, 0), i(Op::Return, r(0), 0, 0)]);
    ok(&[open(r(1)), i(Op::SetList, r(0), 0, 0)]);
    ok(&[open(r(1)), i(Op::TailCall, r(0), 0, 0)]);
    ok(&[open(r(0)), i(Op::Return, r(0), 0, 0)]);
    bad(&[open(r(0))], 0, Top);
    bad(&[i(Op::Return, r(0), 0, 0)], 0, Top);
    bad(&[open(r(0)), i(Op::LoadTrue, 0, 0, 0), i(Op::Return, r(0), 0, 0)], 0, Top);
    bad(&[RETURN, i(Op::SetList, r(0), 0, 0)], 1, Top);
    bad(&[open(r(0)), i(Op::Return, r(1), 0, 0)], 1, Top);
    bad(&[open(r(1)), i(Op::Call, r(1), 0, 1)], 1, Top);
    bad(&[w(Op::Jmp, 0, 1), open(r(1)), i(Op::Call, r(0), 0, 1)], 2, Top);
    bad(&[open(r(1)), i(Op::Call, r(0), 0, 1), w(Op::Loop, 0, -2)], 1, Top);
    bad(&[i(Op::LoadFalseSkip, 0, 0, 0), open(r(1)), i(Op::Call, r(0), 0, 1)], 2, Top);
}
