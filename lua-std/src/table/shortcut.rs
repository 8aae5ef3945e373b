//! The plain cases of table functions, computed without a frame.

use lua_vm::{Answer, Args};

pub(super) fn insert(args: &Args<'_>) -> Option<Answer> {
    if args.count() == 2 { args.append(0, 1) } else { None }
}

pub(super) fn remove(args: &Args<'_>) -> Option<Answer> {
    if args.count() == 1 { args.take_last(0) } else { None }
}
