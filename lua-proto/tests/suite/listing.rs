//! The listing.

use std::collections::HashSet;

use lua_proto::{Draft, DraftConstant, Listing, Proto, dump, fingerprint, listing, undump};

use crate::drafts;

#[test]
fn shows_everything() {
    let proto = drafts::example().freeze().unwrap();
    insta::assert_snapshot!(Listing::new(&proto).stable());
}

#[test]
fn names_fingerprints() {
    let proto = drafts::example().freeze().unwrap();
    let text = listing(&proto);
    assert!(text.contains(&format!("{:016x}", fingerprint(&proto))));
    assert!(text.contains(&format!("{:016x}", fingerprint(&proto.protos()[0]))));
}

/// The fingerprints of a function and those nested in it.
fn fingerprints(proto: &Proto, all: &mut Vec<u64>) {
    all.push(fingerprint(proto));
    for nested in proto.protos() {
        fingerprints(nested, all);
    }
}

#[test]
fn fingerprints_depend_on_the_content_alone() {
    for seed in 0..50 {
        let of = |draft: &Draft| {
            let mut all = Vec::new();
            fingerprints(&draft.clone().freeze().unwrap(), &mut all);
            all
        };
        let draft = drafts::random(seed);
        let all = of(&draft);
        assert_eq!(of(&Draft { source: b"@other".to_vec(), ..draft.clone() }), all);
        let bytes = dump(&draft.clone().freeze().unwrap(), false);
        assert_eq!(of(&undump(&bytes, b"=again").unwrap()), all);
        let changed = [
            Draft { last_line: draft.last_line + 1, ..draft.clone() },
            Draft { max_stack: draft.max_stack + 1, ..draft.clone() },
            Draft { constants: draft.constants.iter().cloned().chain([DraftConstant::Int(7)]).collect(), ..draft.clone() },
        ];
        for draft in changed {
            assert_ne!(of(&draft)[0], all[0]);
        }
        let distinct: HashSet<u64> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
    }
}

#[test]
fn any_draft_can_be_listed() {
    for seed in 0..50 {
        let proto = drafts::random(seed).freeze().unwrap();
        let lines = listing(&proto).lines().count();
        assert!(lines > proto.code().len());
    }
}
