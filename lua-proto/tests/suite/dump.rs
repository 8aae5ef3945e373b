//! Binary chunks: what is dumped comes back; what is damaged is refused.

use lua_proto::{Draft, DraftConstant, Instr, MAX_NESTING, Op, UndumpReason, VerifyReason, dump, undump};
use proptest::prelude::*;

use crate::drafts;

const HEADER: &[u8] = b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08";

fn reason(bytes: &[u8]) -> UndumpReason {
    undump(bytes, b"=x").expect_err("the chunk is damaged").reason
}

/// What stripping leaves of a draft.
fn stripped(mut draft: Draft) -> Draft {
    draft.lines.clear();
    draft.locals.clear();
    draft.upvalues.iter_mut().for_each(|upvalue| upvalue.name = None);
    draft.protos = draft.protos.into_iter().map(stripped).collect();
    draft
}

proptest! {
    #[test]
    fn what_is_dumped_comes_back(seed: u64) {
        let draft = drafts::random(seed);
        let proto = draft.clone().freeze().unwrap();
        prop_assert_eq!(&undump(&dump(&proto, false), b"").unwrap(), &draft);
        let bare = Draft { source: b"=?".to_vec(), ..stripped(draft) };
        prop_assert_eq!(undump(&dump(&proto, true), b"").unwrap(), bare);
    }

    #[test]
    fn a_changed_byte_is_survived(seed: u64, at: prop::sample::Index, to: u8) {
        let mut bytes = dump(&drafts::random(seed % 16).freeze().unwrap(), false);
        let at = at.index(bytes.len());
        bytes[at] = to;
        // Whatever is accepted is well-formed and can be dumped again.
        if let Ok(proto) = undump(&bytes, b"").map(Draft::freeze)
            && let Ok(proto) = proto
        {
            let again = undump(&dump(&proto, false), b"").unwrap();
            prop_assert!(again.freeze().is_ok());
        }
    }

    #[test]
    fn noise_is_survived(mut noise: Vec<u8>) {
        let mut bytes = dump(&drafts::example().freeze().unwrap(), false)[..33].to_vec();
        bytes.append(&mut noise);
        let _ = undump(&bytes, b"").map(Draft::freeze);
    }
}

#[test]
fn the_header_is_that_of_lua_5_4() {
    let bytes = dump(&drafts::example().freeze().unwrap(), false);
    assert_eq!(&bytes[..15], HEADER);
    assert_eq!(bytes[15..23], 0x5678i64.to_ne_bytes());
    assert_eq!(bytes[23..31], 370.5f64.to_ne_bytes());
    assert_eq!(bytes[31], 1, "the number of upvalues");
}

#[test]
fn every_truncation_is_called_that() {
    for draft in (0..8).map(drafts::random).chain([drafts::example()]) {
        let bytes = dump(&draft.freeze().unwrap(), false);
        for len in 0..bytes.len() {
            assert_eq!(reason(&bytes[..len]), UndumpReason::Truncated, "at {len}");
        }
    }
}

#[test]
fn every_byte_of_the_header_counts() {
    let bytes = dump(&drafts::example().freeze().unwrap(), false);
    let expected = [
        (0..4, UndumpReason::Signature),
        (4..5, UndumpReason::Version),
        (5..6, UndumpReason::Format),
        (6..12, UndumpReason::Corrupted),
        (12..13, UndumpReason::InstructionSize),
        (13..14, UndumpReason::IntegerSize),
        (14..15, UndumpReason::FloatSize),
        (15..23, UndumpReason::IntegerFormat),
        (23..31, UndumpReason::FloatFormat),
        (31..32, UndumpReason::Corrupted),
        (32..33, UndumpReason::Version),
    ];
    for (range, wrong) in expected {
        for at in range {
            let mut changed = bytes.clone();
            changed[at] = changed[at].wrapping_add(1);
            assert_eq!(reason(&changed), wrong, "byte {at}");
        }
    }
}

#[test]
fn messages_name_the_chunk() {
    let message = |name: &[u8]| String::from_utf8(undump(b"\x1bLu", name).unwrap_err().message()).unwrap();
    assert_eq!(message(b"@file"), "file: bad binary format (truncated chunk)");
    assert_eq!(message(b"=stdin"), "stdin: bad binary format (truncated chunk)");
    assert_eq!(message(b"\x1bLua"), "binary string: bad binary format (truncated chunk)");
    assert_eq!(message(b"name"), "name: bad binary format (truncated chunk)");
}

#[test]
fn counts_beyond_the_input_allocate_nothing() {
    let bytes = dump(&drafts::example().freeze().unwrap(), true);
    // The empty source, then flags, params, registers, two lines, and 2^62 instructions.
    let mut huge = bytes[..33].to_vec();
    huge.extend([0, 0, 0, 2, 0, 0]);
    huge.extend([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]);
    assert_eq!(reason(&huge), UndumpReason::Truncated);
    let overflow = huge.len();
    huge.truncate(overflow - 9);
    huge.extend([0xff; 9]);
    huge.push(2);
    assert_eq!(reason(&huge), UndumpReason::Overflow);
}

#[test]
fn nesting_is_bounded() {
    let leaf = || Draft { code: vec![Instr::new(Op::Return0, 0, 0, 0, 0)], ..Draft::default() };
    let nested = |depth: usize| (1..depth).fold(leaf(), |inner, _| Draft { protos: vec![inner], ..leaf() });
    let deepest = nested(MAX_NESTING).freeze().unwrap();
    assert_eq!(undump(&dump(&deepest, false), b"").unwrap(), nested(MAX_NESTING));
    let refused = nested(MAX_NESTING + 1).freeze().unwrap_err();
    assert_eq!(refused.reason, VerifyReason::Nesting);

    // The same by hand: functions without code that each hold the next.
    let mut bytes = dump(&leaf().freeze().unwrap(), true)[..33].to_vec();
    bytes.push(0);
    for _ in 0..100_000 {
        bytes.extend([0, 0, 2, 0, 0, 0, 0, 0, 1]);
    }
    assert_eq!(reason(&bytes), UndumpReason::Nesting);
}

#[test]
fn extremes_come_back() {
    let draft = Draft {
        line_defined: u32::MAX,
        last_line: u32::MAX,
        code: vec![
            Instr::wide(Op::LoadI, 0, 0, i32::MIN as u32),
            Instr::wide(Op::LoadF, 0, 0, i32::MAX as u32),
            Instr::new(Op::AddI, 2, 0, 0, i16::MIN as u16),
            Instr::new(Op::SetInt, 0, 0, u16::MAX, 0),
            Instr::wide(Op::LoadK, 0, 0, 0),
            Instr::new(Op::Return0, 0, 0, 0, 0),
        ],
        lines: vec![0, u32::MAX, 0, 0, 7, 7],
        constants: vec![
            DraftConstant::Int(i64::MIN),
            DraftConstant::Int(i64::MAX),
            DraftConstant::Float(-0.0),
            DraftConstant::Float(f64::NAN),
            DraftConstant::Str(vec![]),
            DraftConstant::Str(vec![0; 5000]),
        ],
        ..Draft::default()
    };
    let proto = draft.clone().freeze().unwrap();
    assert_eq!(undump(&dump(&proto, false), b"").unwrap(), draft);
}
