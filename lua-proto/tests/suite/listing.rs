//! The listing.

use lua_proto::{Listing, listing};

use crate::drafts;

#[test]
fn shows_everything() {
    let proto = drafts::example().freeze().unwrap();
    insta::assert_snapshot!(Listing::new(&proto).stable());
}

#[test]
fn names_identities() {
    let proto = drafts::example().freeze().unwrap();
    let text = listing(&proto);
    assert!(text.contains(&format!("{:016x}", proto.identity())));
    assert!(text.contains(&format!("{:016x}", proto.protos()[0].identity())));
}

#[test]
fn any_draft_can_be_listed() {
    for seed in 0..50 {
        let proto = drafts::random(seed).freeze().unwrap();
        let lines = listing(&proto).lines().count();
        assert!(lines > proto.code().len());
    }
}
