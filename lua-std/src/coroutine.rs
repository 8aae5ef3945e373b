//! The coroutine library (§6.2).

use crate::open::MAIN_THREAD;
use lua_vm::{Answer, Args, Cx, Error, Native, Outcome, Resumed, Shortcut, Status, Type};

static FUNCTIONS: [Native; 8] = [
    Native::new("create", create),
    Native::with("resume", resume, Shortcut::Resume),
    Native::new("running", running),
    Native::with("status", status, Shortcut::Value(status_of)),
    Native::new("wrap", wrap),
    Native::with("yield", r#yield, Shortcut::Yield),
    Native::with("isyieldable", isyieldable, Shortcut::Value(may_yield)),
    Native::new("close", close),
];

/// Pushes the library's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 0)
}

fn check_thread(cx: &Cx<'_>) -> Result<(), Error> {
    match cx.type_of(0) {
        Type::Thread => Ok(()),
        _ => Err(cx.type_error(0, "thread")),
    }
}

fn create(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_type(0, Type::Function)?;
    cx.new_thread(0)?;
    Ok(cx.returns(1))
}

fn resume(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    check_thread(cx)?;
    let arguments = cx.top() - 1;
    Ok(cx.resume_k(0, arguments, 0, resumed))
}

/// The values of the coroutine lie above slot 0, its thread: `true` takes that place.
fn resumed(cx: &mut Cx<'_>, result: Resumed) -> Result<Outcome, Error> {
    cx.push_bool(result.ok);
    cx.copy(cx.top() - 1, 0);
    cx.pop(1);
    Ok(cx.returns(cx.top()))
}

fn wrap(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_type(0, Type::Function)?;
    cx.new_thread(0)?;
    cx.push_wrapper()?;
    Ok(cx.returns(1))
}

fn r#yield(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let values = cx.top();
    cx.yield_k(values, 0, None)
}

fn name(status: Status) -> &'static str {
    match status {
        Status::Suspended => "suspended",
        Status::Running => "running",
        Status::Normal => "normal",
        Status::Dead => "dead",
    }
}

fn status(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    check_thread(cx)?;
    let status = cx.thread_status(0);
    cx.push_str(name(status))?;
    Ok(cx.returns(1))
}

/// The shortcut of `status`.
fn status_of(args: &Args<'_>) -> Option<Answer> {
    args.string(name(args.thread_status(0)?).as_bytes())
}

/// The shortcut of `isyieldable`, for the running coroutine.
fn may_yield(args: &Args<'_>) -> Option<Answer> {
    (args.count() == 0).then(|| Answer::bool(args.is_yieldable()))
}

fn isyieldable(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if !cx.is_none(0) {
        check_thread(cx)?;
    }
    let yieldable = if cx.is_none(0) || cx.thread_status(0) == Status::Running {
        cx.is_yieldable()
    } else {
        // Any other coroutine; it is not yielding from below a call of Rust, or we would
        // not run. The main thread never yields.
        cx.push_registry();
        let registry = cx.top() - 1;
        cx.raw_get_int(registry, MAIN_THREAD);
        !cx.raw_equal(0, registry + 1)
    };
    cx.push_bool(yieldable);
    Ok(cx.returns(1))
}

fn running(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let is_main = cx.push_thread();
    cx.push_bool(is_main);
    Ok(cx.returns(2))
}

fn close(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    check_thread(cx)?;
    match cx.thread_status(0) {
        Status::Suspended | Status::Dead => {}
        other => return Err(cx.error(format_args!("cannot close a {} coroutine", name(other)))),
    }
    match cx.close_thread(0)? {
        true => {
            cx.push_bool(true);
            Ok(cx.returns(1))
        }
        false => {
            let error = cx.top() - 1;
            cx.push_bool(false);
            cx.insert(error);
            Ok(cx.returns(2))
        }
    }
}
