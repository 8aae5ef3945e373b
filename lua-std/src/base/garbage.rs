//! `collectgarbage`.

use lua_vm::{Cx, Error, GcAnswer, GcMode, GcRequest, Outcome};

const OPTIONS: [&str; 10] = [
    "stop",
    "restart",
    "collect",
    "count",
    "step",
    "setpause",
    "setstepmul",
    "isrunning",
    "generational",
    "incremental",
];

pub(super) fn collectgarbage(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let option = OPTIONS[cx.check_option(0, Some("collect"), &OPTIONS)?];
    let parameter = |cx: &Cx<'_>, slot| cx.opt_int(slot, 0);
    let request = match option {
        "stop" => GcRequest::Stop,
        "restart" => GcRequest::Restart,
        "count" => GcRequest::Count,
        "step" => GcRequest::Step(parameter(cx, 1)?),
        "setpause" => GcRequest::SetPause(parameter(cx, 1)?),
        "setstepmul" => GcRequest::SetStepMul(parameter(cx, 1)?),
        "isrunning" => GcRequest::IsRunning,
        "generational" => GcRequest::Generational {
            minor: parameter(cx, 1)?,
            major: parameter(cx, 2)?,
        },
        "incremental" => GcRequest::Incremental {
            pause: parameter(cx, 1)?,
            stepmul: parameter(cx, 2)?,
            stepsize: parameter(cx, 3)?,
        },
        _ => GcRequest::Collect,
    };
    match cx.gc(request)? {
        GcAnswer::Int(value) => cx.push_int(value),
        GcAnswer::Float(value) => cx.push_float(value),
        GcAnswer::Bool(value) => cx.push_bool(value),
        GcAnswer::Mode(GcMode::Incremental) => cx.push_str("incremental")?,
        GcAnswer::Mode(GcMode::Generational) => cx.push_str("generational")?,
        GcAnswer::Refused => cx.push_nil(),
    }
    Ok(cx.returns(1))
}
