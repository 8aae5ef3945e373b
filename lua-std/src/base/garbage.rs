//! `collectgarbage`.

use lua_vm::{Cx, Error, GcRequest, GcResult, Outcome};

const OPTIONS: [&str; 10] =
    ["stop", "restart", "collect", "count", "step", "setpause", "setstepmul", "isrunning", "generational", "incremental"];

/// A parameter, an integer; what makes no sense counts as 0, which leaves things as they are.
fn parameter(cx: &Cx<'_>, slot: u32) -> Result<usize, Error> {
    Ok(usize::try_from(cx.opt_int(slot, 0)?).unwrap_or(0))
}

/// A percentage, of which the reference keeps multiples of four.
fn percentage(cx: &Cx<'_>, slot: u32) -> Result<usize, Error> {
    Ok(parameter(cx, slot)? & !3)
}

pub(super) fn collectgarbage(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let option = OPTIONS[cx.check_option(0, Some("collect"), &OPTIONS)?];
    let request = match option {
        "stop" => GcRequest::Stop,
        "restart" => GcRequest::Restart,
        "count" => GcRequest::Count,
        "step" => GcRequest::Step(parameter(cx, 1)?),
        "setpause" => GcRequest::SetPause(percentage(cx, 1)?),
        "setstepmul" => GcRequest::SetStepMultiplier(percentage(cx, 1)?),
        "isrunning" => GcRequest::IsRunning,
        "generational" => GcRequest::Generational { minor: parameter(cx, 1)?, major: percentage(cx, 2)? },
        "incremental" => {
            GcRequest::Incremental { pause: percentage(cx, 1)?, step_multiplier: percentage(cx, 2)?, step_size: parameter(cx, 3)? }
        }
        _ => GcRequest::Collect,
    };
    match cx.gc(request)? {
        GcResult::Done => cx.push_int(0),
        GcResult::Kilobytes(value) => cx.push_float(value),
        GcResult::Flag(value) => cx.push_bool(value),
        GcResult::Previous(value) => cx.push_int(value as i64),
        GcResult::Mode(name) => cx.push_str(name)?,
        GcResult::Refused => cx.push_nil(),
    }
    Ok(cx.returns(1))
}
