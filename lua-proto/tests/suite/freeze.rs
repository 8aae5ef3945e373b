//! What a frozen function tells, and how long its strings live.

use std::sync::Arc;

use lua_proto::pool::find;
use lua_proto::{ConstantRef, Draft, DraftConstant, Instr, Op, tag};

use crate::drafts;

#[test]
fn accessors_give_what_was_drafted() {
    let draft = drafts::example();
    let proto = draft.clone().freeze().unwrap();
    assert_eq!(proto.code().iter().map(|i| i.alone()).collect::<Vec<_>>(), draft.code);
    assert_eq!(proto.source(), b"@example.lua");
    assert_eq!((proto.params(), proto.is_vararg(), proto.max_stack()), (0, true, 9));
    assert_eq!(proto.protos()[0].position(), 1);
    assert_eq!(proto.upvalues()[0].name.as_ref().unwrap().as_bytes(), b"_ENV");
    for (pc, line) in draft.lines.iter().enumerate() {
        assert_eq!(proto.line_at(pc), Some(*line));
    }
    assert_eq!(proto.line_at(draft.lines.len()), None);
    assert_eq!(proto.line_runs().len(), 5);
    assert_eq!(proto.active_lines().collect::<Vec<_>>(), [1, 2, 3, 2, 5]);
    // The instruction that prepares a vararg function has no line of its own.
    assert_eq!(proto.protos()[0].active_lines().collect::<Vec<_>>(), [6]);
    assert!(matches!(proto.constant(0), Some(ConstantRef::Str(s)) if s.as_bytes() == b"print"));
    assert!(matches!(proto.constant(2), Some(ConstantRef::Float(0.5))));
    assert!(proto.constant(3).is_none());
    let tags: Vec<u8> = proto.constants().iter().map(|c| c.tag).collect();
    assert_eq!(tags, [tag::SHORT, tag::LONG, tag::FLOAT]);
}

#[test]
fn locals_are_found_by_place_and_number() {
    let proto = drafts::example().freeze().unwrap();
    let name = |register, pc| proto.local_name(register, pc).map(|n| n.as_bytes().to_vec());
    assert_eq!(name(5, 6), None);
    assert_eq!(name(5, 7), Some(b"i".to_vec()));
    assert_eq!(name(5, 11), None);
    assert_eq!(name(0, 13), Some(b"n".to_vec()));
    let names: Vec<_> = proto.active_locals(13).map(|l| l.name.as_bytes().to_vec()).collect();
    assert_eq!(names, [b"n", b"s"]);
}

#[test]
fn strings_live_as_long_as_any_function_of_the_chunk() {
    let mut draft = drafts::example();
    draft.constants.push(DraftConstant::Str(b"freeze: outer".to_vec()));
    draft.protos[0].constants.push(DraftConstant::Str(b"freeze: inner".to_vec()));
    let proto = draft.freeze().unwrap();
    let inner = proto.protos()[0].clone();
    drop(proto);
    assert!(find(b"freeze: outer").is_some() && find(b"freeze: inner").is_some());
    drop(inner);
    assert!(find(b"freeze: outer").is_none() && find(b"freeze: inner").is_none());
}

#[test]
fn what_is_refused_leaves_no_strings() {
    let draft = Draft {
        code: vec![Instr::new(Op::Halt, 0, 0, 0, 0)],
        constants: vec![DraftConstant::Str(b"freeze: refused".to_vec())],
        ..Draft::default()
    };
    assert!(draft.freeze().is_err());
    assert!(find(b"freeze: refused").is_none());
}

#[test]
fn an_image_lists_each_string_once() {
    let proto = drafts::example().freeze().unwrap();
    let strings = proto.image().strings();
    let mut texts: Vec<&[u8]> = strings.iter().map(|s| s.as_bytes()).collect();
    texts.sort_unstable();
    let long = b"long ".repeat(9);
    let expected: [&[u8]; 8] = [b"(for state)", b"_ENV", b"caf\xe9\n", b"i", &long, b"n", b"print", b"s"];
    assert_eq!(texts, expected);
    assert_eq!(Arc::strong_count(proto.image()), 2);
}

#[test]
fn identities_differ() {
    let (a, b) = (drafts::example().freeze().unwrap(), drafts::example().freeze().unwrap());
    let mut all = vec![a.identity(), b.identity(), a.protos()[0].identity(), b.protos()[0].identity()];
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 4);
    assert_eq!(a.identity(), a.clone().identity());
}

#[test]
fn sizes_add_up() {
    let proto = drafts::example().freeze().unwrap();
    let functions = proto.bytes() + proto.protos()[0].bytes();
    assert!(proto.image().bytes() > functions);
    assert!(proto.image().bytes() < functions + 200);
}
