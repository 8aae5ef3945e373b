//! The engine against a naive twin: backtracking by definition over the pattern text.

use proptest::prelude::*;

use super::*;

/// Matches `pattern` at the start of `subject[at..]`, trying every possibility in the
/// order that the manual gives. Only for well-formed patterns.
fn naive(subject: &[u8], at: usize, pattern: &[u8], captures: &mut Vec<(usize, Option<usize>)>) -> Option<usize> {
    let Some(&first) = pattern.first() else {
        return Some(at);
    };
    if first == b'(' {
        let position = pattern.get(1) == Some(&b')');
        captures.push((at, None));
        let index = captures.len() - 1;
        if position {
            captures[index].1 = Some(usize::MAX);
        }
        let end = naive(subject, at, &pattern[1 + usize::from(position)..], captures);
        if end.is_none() {
            captures.truncate(index);
        }
        return end;
    }
    if first == b')' {
        let index = captures.iter().rposition(|capture| capture.1.is_none())?;
        captures[index].1 = Some(at);
        let end = naive(subject, at, &pattern[1..], captures);
        if end.is_none() {
            captures[index].1 = None;
        }
        return end;
    }
    if pattern == b"$" {
        return (at == subject.len()).then_some(at);
    }
    let width = match first {
        b'%' => 2,
        b'[' => pattern[2..].iter().position(|&byte| byte == b']')? + 3,
        _ => 1,
    };
    let (class, rest) = pattern.split_at(width);
    let matches = |at: usize| subject.get(at).is_some_and(|&byte| is_in(byte, class));
    match rest.first() {
        Some(b'?') => {
            let taken = matches(at).then(|| naive(subject, at + 1, &rest[1..], captures)).flatten();
            taken.or_else(|| naive(subject, at, &rest[1..], captures))
        }
        Some(b'*' | b'+') => {
            let least = usize::from(rest[0] == b'+');
            let mut most = 0;
            while matches(at + most) {
                most += 1;
            }
            (least..=most).rev().find_map(|count| naive(subject, at + count, &rest[1..], captures))
        }
        Some(b'-') => {
            let mut count = 0;
            loop {
                if let Some(end) = naive(subject, at + count, &rest[1..], captures) {
                    return Some(end);
                }
                if !matches(at + count) {
                    return None;
                }
                count += 1;
            }
        }
        _ => matches(at).then(|| naive(subject, at + 1, rest, captures)).flatten(),
    }
}

fn is_in(byte: u8, class: &[u8]) -> bool {
    match class {
        b"." => true,
        b"%a" => byte.is_ascii_alphabetic(),
        b"%A" => !byte.is_ascii_alphabetic(),
        b"%d" => byte.is_ascii_digit(),
        [b'[', b'^', rest @ .., b']'] => !rest.contains(&byte),
        [b'[', rest @ .., b']'] => rest.contains(&byte),
        [literal] => *literal == byte,
        _ => unreachable!("not a class of these tests"),
    }
}

fn search(subject: &[u8], pattern: &[u8]) -> Result<Option<(Range, Vec<Range>)>, Stop> {
    let program = Program::compile(pattern);
    let mut captures = Captures::of(&program);
    let found = Matcher::new(subject, &program, &mut captures, 1 << 20, None).search(0, false, None)?;
    let count = program.captures().len();
    Ok(found.map(|range| (range, captures.0[..count].to_vec())))
}

fn piece() -> impl Strategy<Value = String> {
    let class = prop::sample::select(vec!["a", "b", "1", ".", "%a", "%A", "%d", "[ab]", "[^a]", "[^b1]"]);
    let suffix = prop::sample::select(vec!["", "", "*", "+", "-", "?"]);
    (class, suffix).prop_map(|(class, suffix)| format!("{class}{suffix}"))
}

fn pattern() -> impl Strategy<Value = String> {
    let group = prop_oneof![
        4 => piece(),
        1 => prop::collection::vec(piece(), 0..3).prop_map(|inner| format!("({} )", inner.concat()).replace(' ', "")),
        1 => Just("()".to_owned()),
    ];
    (prop::collection::vec(group, 0..6), prop::sample::select(vec!["", "$"])).prop_map(|(parts, end)| parts.concat() + end)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    #[test]
    fn agrees_with_the_definition(subject in "[ab1]{0,9}", pattern in pattern()) {
        let (subject, pattern) = (subject.as_bytes(), pattern.as_bytes());
        let mut expected = None;
        for start in 0..=subject.len() {
            let mut captures = Vec::new();
            if let Some(end) = naive(subject, start, pattern, &mut captures) {
                let ranges: Vec<Range> = captures
                    .iter()
                    .map(|&(start, end)| match end {
                        Some(end) if end != usize::MAX => Range { start, end },
                        _ => Range { start, end: start },
                    })
                    .collect();
                expected = Some((Range { start, end }, ranges));
                break;
            }
        }
        prop_assert_eq!(search(subject, pattern).unwrap(), expected);
    }

    #[test]
    fn any_bytes_are_answered(subject in prop::collection::vec(any::<u8>(), 0..20),
                              pattern in prop::collection::vec(prop::sample::select(b"ab%[]()^$*+-?.fb1\0".to_vec()), 0..12)) {
        let _ = search(&subject, &pattern);
    }
}

fn check(subject: &str, pattern: &str, expected: &str) {
    let text = |range: Range| String::from_utf8_lossy(&subject.as_bytes()[range.start..range.end]).into_owned();
    let shown = match search(subject.as_bytes(), pattern.as_bytes()) {
        Ok(None) => "no".to_owned(),
        Ok(Some((range, captures))) => {
            let parts: Vec<String> = std::iter::once(range).chain(captures).map(text).collect();
            parts.join("|")
        }
        Err(Stop::Error(error)) => error.to_string(),
        Err(other) => format!("{other:?}"),
    };
    assert_eq!(shown, expected, "pattern {pattern:?} in {subject:?}");
}

#[test]
fn special_items() {
    check("x(a(b)c)y", "%b()", "(a(b)c)");
    check("x(a(b", "%b()", "no");
    check("THE (quick) fox", "%f[%a]%a+%f[%A]", "THE");
    check("abab", "(ab)%1", "abab|ab");
    check("hello", "l()l", "ll|");
    check("a]b", "[]]", "]");
    check("a-b", "[a-]+", "a-");
    check("a^b", "[b^]", "^");
    check("a.b", "%.", ".");
    check("x$y", "$y", "$y");
    check("key = value", "(%w+)%s*=%s*(%w+)", "key = value|key|value");
}

#[test]
fn errors_are_raised_when_reached() {
    check("a", "b%", "no");
    check("a", "%", "malformed pattern (ends with '%')");
    check("a", "[a", "malformed pattern (missing ']')");
    check("a", "[a%", "malformed pattern (missing ']')");
    check("a", "%b", "malformed pattern (missing arguments to '%b')");
    check("a", "%fa", "missing '[' after '%f' in pattern");
    check("a", ")", "invalid pattern capture");
    check("a", "%1", "invalid capture index %1");
    check("a", "(%1)", "invalid capture index %1");
    check("a", &"()".repeat(33), "too many captures");
}

#[test]
fn depth_and_steps_are_bounded() {
    let deep = "a?".repeat(300);
    check(&"a".repeat(300), &deep, "pattern too complex");
    let subject = vec![b'a'; 200];
    let program = Program::compile(b"a-a-a-a-a-a-[bc]");
    let mut captures = Captures::of(&program);
    let end = Matcher::new(&subject, &program, &mut captures, 100, None).search(3, false, None);
    assert_eq!(end, Err(Stop::Exhausted { start: 3 }));
    let mut asked = 0;
    let mut watch = |steps: u32| {
        asked += steps;
        asked < 1000
    };
    let end = Matcher::new(&subject, &program, &mut captures, 100, Some(&mut watch)).search(0, false, None);
    assert_eq!(end, Err(Stop::Interrupted));
    assert!((1000..1200).contains(&asked), "{asked}");
}
