//! The time zone of the system.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::{Local, Zone};

/// UTC, under the name that C gives it.
pub(super) fn utc() -> Local {
    Local { offset: 0, is_dst: false, name: "GMT".to_owned() }
}

/// The system's zone, as `TZ` or `/etc/localtime` say.
pub(super) struct System(TimeZone);

impl System {
    pub(super) fn get() -> System {
        System(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }
}

/// Seconds in 400 years, after which the calendar repeats, weekdays included.
const CYCLE: i64 = 146_097 * 86400;

impl Zone for System {
    fn at(&self, timestamp: i64) -> Local {
        // Rules for the far future and past are those of a like year nearer by.
        let near = match Timestamp::from_second(timestamp) {
            Ok(near) => near,
            Err(_) => Timestamp::from_second(timestamp.rem_euclid(CYCLE)).unwrap_or_default(),
        };
        let info = self.0.to_offset_info(near);
        Local { offset: i64::from(info.offset().seconds()), is_dst: info.dst().is_dst(), name: info.abbreviation().to_owned() }
    }
}
