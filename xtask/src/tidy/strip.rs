//! Rust source without its comments and the insides of its literals.

/// `source` with comments, strings and character literals blanked out.
pub(super) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| raw_string(rest, &code)).or_else(|| quoted(rest));
        match skipped {
            Some(length) => {
                code.push(' ');
                rest = &rest[length..];
            }
            None => {
                code.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    code
}

/// The length of the comment that `text` starts with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut index) = (0, 0);
    let bytes = text.as_bytes();
    while index < bytes.len() {
        match &bytes[index..(index + 2).min(bytes.len())] {
            b"/*" => {
                depth += 1;
                index += 2;
            }
            b"*/" => {
                depth -= 1;
                index += 2;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => index += 1,
        }
    }
    Some(text.len())
}

/// The length of the raw string that `text` starts with, unless the `r` ends a
/// word that `before` began.
fn raw_string(text: &str, before: &str) -> Option<usize> {
    if before.ends_with(|character: char| character.is_alphanumeric() || character == '_') {
        return None;
    }
    let after_prefix = ["br", "cr", "r"].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let hashes = after_prefix.len() - after_prefix.trim_start_matches('#').len();
    let body = after_prefix[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(body.find(&end).map_or(text.len(), |position| start + position + end.len()))
}

/// The length of the string or character literal that `text` starts with.
fn quoted(text: &str) -> Option<usize> {
    let mut characters = text.char_indices();
    let (_, quote) = characters.next().filter(|(_, first)| matches!(first, '"' | '\''))?;
    if quote == '\'' && !is_character_literal(text) {
        return None;
    }
    while let Some((index, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == quote {
            return Some(index + 1);
        }
    }
    Some(text.len())
}

/// Whether this is `'x'` or `'\…'`, not a lifetime.
fn is_character_literal(text: &str) -> bool {
    let mut characters = text.chars().skip(1);
    match characters.next() {
        Some('\\') => true,
        Some(_) => characters.next() == Some('\''),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[test]
    fn literals_and_comments_vanish() {
        let check = |source: &str, expected: &str| assert_eq!(code_only(source), expected, "{source}");
        check("a // b\nc", "a  \nc");
        check("a /* b /* c */ d */ e", "a   e");
        check("f(\"x\\\"y\", z)", "f( , z)");
        check("f(r##\"x\"# y\"##, z)", "f( , z)");
        check("let c: &'a str = 'b'; '\\''", "let c: &'a str =  ;  ");
        check("var\"s\"", "var ");
        check("\"unfinished", " ");
    }
}
