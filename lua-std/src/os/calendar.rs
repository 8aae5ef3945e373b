//! Dates: the proleptic Gregorian calendar, `mktime` and `strftime` in the C locale,
//! free of any VM. Time zones come in as a [`Zone`].

use std::fmt::Write as _;

/// What a time zone says about one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Local {
    /// Seconds east of UTC.
    pub(crate) offset: i64,
    pub(crate) is_dst: bool,
    /// `CET`.
    pub(crate) name: String,
}

/// A time zone.
pub(crate) trait Zone {
    /// What holds at `timestamp`, in seconds since 1970.
    fn at(&self, timestamp: i64) -> Local;
}

/// A broken-down time, the fields as a script sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) min: i64,
    pub(crate) sec: i64,
    /// 1 to 7, from Sunday on.
    pub(crate) wday: i64,
    /// 1 to 366.
    pub(crate) yday: i64,
    pub(crate) local: Local,
}

/// What a script gives to `os.time`; not normalised. Each is an `int` of C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fields {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) min: i64,
    pub(crate) sec: i64,
    pub(crate) is_dst: Option<bool>,
}

const DAY: i64 = 86400;

/// The day number (from 1970-01-01) of a date; months from 1.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last one.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    days + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Year, month and day of a day number.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + next, month, of_month)
}

impl Date {
    /// The date at `timestamp`; `None` if the year does not fit in C's `struct tm`.
    pub(crate) fn new(timestamp: i64, local: Local) -> Option<Date> {
        let shifted = timestamp.checked_add(local.offset)?;
        let (day, second) = (shifted.div_euclid(DAY), shifted.rem_euclid(DAY));
        let (year, month, of_month) = civil(day);
        i32::try_from(year.checked_sub(1900)?).ok()?;
        Some(Date {
            year,
            month,
            day: of_month,
            hour: second / 3600,
            min: second / 60 % 60,
            sec: second % 60,
            wday: (day + 4).rem_euclid(7) + 1,
            yday: day - day_number(year, 1, 1) + 1,
            local,
        })
    }

    /// Appends what `conversion` of `strftime` gives in the C locale.
    pub(crate) fn format(&self, conversion: u8, out: &mut String) {
        let short = |name: &'static str| &name[..3];
        let hour12 = (self.hour + 11) % 12 + 1;
        let pieces: &[u8] = match conversion {
            b'c' => b"a b e T Y",
            b'D' | b'x' => b"m/d/y",
            b'F' => b"Y-m-d",
            b'r' => b"I:M:S p",
            b'R' => b"H:M",
            b'T' | b'X' => b"H:M:S",
            _ => b"",
        };
        for &piece in pieces {
            match piece.is_ascii_alphabetic() {
                true => self.format(piece, out),
                false => out.push(char::from(piece)),
            }
        }
        let (iso_year, iso_week) = self.iso_week();
        // Writing to a string does not fail.
        let _ = match conversion {
            b'a' => write!(out, "{}", short(self.weekday())),
            b'A' => write!(out, "{}", self.weekday()),
            b'b' | b'h' => write!(out, "{}", short(self.month_name())),
            b'B' => write!(out, "{}", self.month_name()),
            b'C' => write!(out, "{}", self.year.div_euclid(100)),
            b'd' => write!(out, "{:02}", self.day),
            b'e' => write!(out, "{:2}", self.day),
            b'g' => write!(out, "{:02}", iso_year.rem_euclid(100)),
            b'G' => write!(out, "{iso_year}"),
            b'H' => write!(out, "{:02}", self.hour),
            b'I' => write!(out, "{hour12:02}"),
            b'j' => write!(out, "{:03}", self.yday),
            b'm' => write!(out, "{:02}", self.month),
            b'M' => write!(out, "{:02}", self.min),
            b'n' => out.write_char('\n'),
            b'p' => write!(out, "{}", if self.hour < 12 { "AM" } else { "PM" }),
            b'S' => write!(out, "{:02}", self.sec),
            b't' => out.write_char('\t'),
            b'u' => write!(out, "{}", (self.wday + 5) % 7 + 1),
            b'U' => write!(out, "{:02}", (self.yday + 7 - self.wday) / 7),
            b'V' => write!(out, "{iso_week:02}"),
            b'w' => write!(out, "{}", self.wday - 1),
            b'W' => write!(out, "{:02}", (self.yday + 6 - (self.wday + 5) % 7) / 7),
            b'y' => write!(out, "{:02}", self.year.rem_euclid(100)),
            b'Y' => write!(out, "{}", self.year),
            b'z' => {
                let minutes = self.local.offset.abs() / 60;
                let sign = if self.local.offset < 0 { '-' } else { '+' };
                write!(out, "{sign}{:02}{:02}", minutes / 60, minutes % 60)
            }
            b'Z' => write!(out, "{}", self.local.name),
            b'%' => write!(out, "%"),
            _ => Ok(()),
        };
    }

    fn weekday(&self) -> &'static str {
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][self.wday as usize - 1]
    }

    fn month_name(&self) -> &'static str {
        let names =
            ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
        names[self.month as usize - 1]
    }

    /// The year and the week of ISO 8601: a week belongs to the year of its Thursday.
    fn iso_week(&self) -> (i64, i64) {
        let day = day_number(self.year, self.month, self.day);
        let from_monday = (self.wday + 5) % 7;
        let thursday = day - from_monday + 3;
        let (year, ..) = civil(thursday);
        (year, (thursday - day_number(year, 1, 1)) / 7 + 1)
    }
}

/// The moment that local `fields` name, as `mktime` finds it. No field overflows, as
/// each is within 32 bits.
pub(crate) fn make_time(fields: Fields, zone: &dyn Zone) -> i64 {
    let months = fields.year * 12 + fields.month - 1;
    let days = day_number(months.div_euclid(12), months.rem_euclid(12) + 1, 1) + fields.day - 1;
    let wall = ((days * 24 + fields.hour) * 60 + fields.min) * 60 + fields.sec;
    let (before, after) = (zone.at(wall - DAY), zone.at(wall + DAY));
    let offsets = [before.offset, after.offset];
    let found = |wanted: Option<bool>| {
        offsets.into_iter().map(|offset| (wall - offset, offset)).find(|&(moment, offset)| {
            let local = zone.at(moment);
            local.offset == offset && wanted.is_none_or(|wanted| wanted == local.is_dst)
        })
    };
    if let Some((moment, _)) = found(fields.is_dst) {
        return moment;
    }
    if let Some(wanted) = fields.is_dst {
        // There is no such moment nearby: take the offset of the nearest other season.
        let seasons = (1..=12i64).flat_map(|step| [wall - step * 30 * DAY, wall + step * 30 * DAY]);
        let other = seasons.map(|moment| zone.at(moment)).find(|local| local.is_dst == wanted);
        if let Some(local) = other {
            return wall - local.offset;
        }
        // The zone does not know the season: it is taken to differ by an hour, as in C libraries.
        let hour = if wanted { -3600 } else { 3600 };
        return found(None).map_or(wall - before.offset, |(moment, _)| moment) + hour;
    }
    // In the gap of a change.
    found(None).map_or(wall - before.offset, |(moment, _)| moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zone without summer time.
    struct Utc;

    impl Zone for Utc {
        fn at(&self, _: i64) -> Local {
            Local { offset: 0, is_dst: false, name: String::new() }
        }
    }

    /// Two hours ahead in summer (here: while the month is 4 to 9), else one.
    struct Summer;

    impl Zone for Summer {
        fn at(&self, timestamp: i64) -> Local {
            let (_, month, _) = civil((timestamp + 3600).div_euclid(DAY));
            let is_dst = (4..=9).contains(&month);
            Local { offset: if is_dst { 7200 } else { 3600 }, is_dst, name: "X".to_owned() }
        }
    }

    fn utc(timestamp: i64) -> Date {
        Date::new(timestamp, Local { offset: 0, is_dst: false, name: "GMT".to_owned() }).unwrap()
    }

    fn check(timestamp: i64, format: &str, expected: &str) {
        let mut out = String::new();
        format.bytes().for_each(|conversion| {
            utc(timestamp).format(conversion, &mut out);
            out.push(' ');
        });
        assert_eq!(out.trim_end_matches(' '), expected);
    }

    #[test]
    fn days_come_back() {
        let mut expected = civil(-1_000_000);
        for day in -1_000_000..1_000_000 {
            let (year, month, of_month) = civil(day);
            assert_eq!((year, month, of_month), expected);
            assert_eq!(day_number(year, month, of_month), day);
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + i64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            expected = match (of_month == length, month) {
                (false, _) => (year, month, of_month + 1),
                (true, 12) => (year + 1, 1, 1),
                (true, _) => (year, month + 1, 1),
            };
        }
        assert_eq!(civil(0), (1970, 1, 1));
    }

    #[test]
    fn conversions() {
        check(1_000_000_000, "c", "Sun Sep  9 01:46:40 2001");
        check(1_000_000_000, "xXpDFrRT", "09/09/01 01:46:40 AM 09/09/01 2001-09-09 01:46:40 AM 01:46 01:46:40");
        check(1_000_000_000, "gGVUWuwjCez", "01 2001 36 36 36 7 0 252 20  9 +0000");
        check(0, "aAbByIHZ", "Thu Thursday Jan January 70 12 00 GMT");
    }

    #[test]
    fn iso_weeks() {
        let week = |year, month, day| utc(day_number(year, month, day) * DAY).iso_week();
        assert_eq!(week(2005, 1, 1), (2004, 53));
        assert_eq!(week(2007, 1, 1), (2007, 1));
        assert_eq!(week(2008, 12, 31), (2009, 1));
        assert_eq!(week(2010, 1, 3), (2009, 53));
    }

    #[test]
    fn local_times() {
        let fields = |month, day, hour, is_dst| Fields { year: 2020, month, day, hour, min: 0, sec: 0, is_dst };
        let at = |fields| make_time(fields, &Summer) - day_number(2020, 1, 1) * DAY;
        assert_eq!(at(fields(1, 1, 1, None)), 0);
        assert_eq!(at(fields(7, 1, 2, None)), 182 * DAY);
        // Winter time said in summer: an hour later.
        assert_eq!(at(fields(7, 1, 2, Some(false))), 182 * DAY + 3600);
        assert_eq!(at(fields(7, 1, 2, Some(true))), 182 * DAY);
        // A season that the zone does not know is an hour away.
        let in_utc = |is_dst| make_time(fields(1, 1, 1, is_dst), &Utc) - day_number(2020, 1, 1) * DAY;
        assert_eq!((in_utc(Some(true)), in_utc(Some(false))), (0, 3600));
        // Fields out of range are carried over.
        assert_eq!(at(fields(13, 0, 1, None)), 365 * DAY);
        assert_eq!(at(fields(-11, 1, 1, None)), -365 * DAY);
    }

    #[test]
    fn far_years() {
        assert_eq!(utc(-62_167_219_200).year, 0);
        assert!(Date::new(1 << 60, utc(0).local).is_none());
        assert!(Date::new(i64::MIN, utc(0).local).is_none());
        let last = Fields { year: (1 << 31) + 1899, month: 12, day: 31, hour: 23, min: 59, sec: 59, is_dst: None };
        let moment = make_time(last, &Utc);
        assert!(Date::new(moment, Utc.at(0)).is_some());
        assert!(Date::new(moment + 1, Utc.at(0)).is_none());
    }
}
