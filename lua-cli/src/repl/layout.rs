//! How shown values are laid out: on one line where they fit, else over several.

/// Columns that a line takes at most, unless one item alone is longer.
const WIDTH: usize = 80;

/// Columns up to which items without a key share lines.
const SHORT: usize = 20;

/// A value as it is shown.
#[derive(Debug)]
pub(super) enum Shown {
    /// In one piece.
    Text(Vec<u8>),
    /// A table with what is in it.
    Table {
        /// What stands before the brace: the `__name` of the metatable, or nothing.
        name: Vec<u8>,
        items: Vec<Item>,
        /// What is said of entries that are left out.
        rest: Option<String>,
    },
}

/// An entry of a table.
#[derive(Debug)]
pub(super) struct Item {
    /// With its brackets where it needs some; none for the items of a sequence.
    pub(super) key: Option<Vec<u8>>,
    pub(super) value: Shown,
}

/// The text of several values, with a line feed at the end.
pub(super) fn values(shown: &[Shown]) -> Vec<u8> {
    let mut texts: Vec<Vec<u8>> = shown.iter().map(|value| text(value, 0, 0)).collect();
    let lines = texts.iter().zip(shown).any(|(text, value)| matches!(value, Shown::Table { .. }) && text.contains(&b'\n'));
    for text in texts.iter_mut().skip(1) {
        text.insert(0, if lines { b'\n' } else { b'\t' });
    }
    texts.push(b"\n".to_vec());
    texts.concat()
}

/// A value at this indentation, behind `before` columns of its line.
fn text(shown: &Shown, indent: usize, before: usize) -> Vec<u8> {
    let mut line = Vec::new();
    one_line(shown, &mut line);
    // One column is left for a comma.
    match shown {
        Shown::Table { name, items, rest } if indent + before + columns(&line) >= WIDTH => broken(name, items, rest.as_deref(), indent),
        _ => line,
    }
}

fn one_line(shown: &Shown, out: &mut Vec<u8>) {
    match shown {
        Shown::Text(text) => out.extend_from_slice(text),
        Shown::Table { name, items, rest } => {
            open(name, out);
            for (at, item) in items.iter().enumerate() {
                out.extend_from_slice(if at > 0 { b", " } else { b"" });
                out.extend_from_slice(&label(item));
                one_line(&item.value, out);
            }
            if let Some(rest) = rest {
                out.extend_from_slice(if items.is_empty() { b"" } else { b", " });
                out.extend_from_slice(rest.as_bytes());
            }
            out.push(b'}');
        }
    }
}

fn open(name: &[u8], out: &mut Vec<u8>) {
    if !name.is_empty() {
        out.extend_from_slice(name);
        out.push(b' ');
    }
    out.push(b'{');
}

fn label(item: &Item) -> Vec<u8> {
    item.key.as_ref().map_or_else(Vec::new, |key| [key, &b" = "[..]].concat())
}

/// An entry a line; short items of a sequence share lines.
fn broken(name: &[u8], items: &[Item], rest: Option<&str>, indent: usize) -> Vec<u8> {
    let inner = indent + 2;
    let mut out = Vec::new();
    open(name, &mut out);
    // Columns taken in a line that may be shared.
    let mut shared = None;
    for item in items {
        let label = label(item);
        let piece = text(&item.value, inner, columns(&label));
        let short = item.key.is_none() && columns(&piece) <= SHORT && !piece.contains(&b'\n');
        let width = columns(&piece) + 1;
        match shared {
            Some(taken) if short && taken + 1 + width <= WIDTH => {
                out.push(b' ');
                shared = Some(taken + 1 + width);
            }
            _ => {
                line_break(&mut out, inner);
                shared = short.then_some(inner + width);
            }
        }
        out.extend_from_slice(&label);
        out.extend_from_slice(&piece);
        out.push(b',');
    }
    if let Some(rest) = rest {
        line_break(&mut out, inner);
        out.extend_from_slice(rest.as_bytes());
    }
    line_break(&mut out, indent);
    out.push(b'}');
    out
}

fn line_break(out: &mut Vec<u8>, indent: usize) {
    out.push(b'\n');
    out.resize(out.len() + indent, b' ');
}

/// Characters, taken for columns.
fn columns(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(text: &str) -> Shown {
        Shown::Text(text.as_bytes().to_vec())
    }

    fn item(key: Option<&str>, value: Shown) -> Item {
        Item { key: key.map(|key| key.as_bytes().to_vec()), value }
    }

    fn table(items: Vec<Item>) -> Shown {
        Shown::Table { name: Vec::new(), items, rest: None }
    }

    #[track_caller]
    fn check(shown: &[Shown], expected: &str) {
        assert_eq!(String::from_utf8_lossy(&values(shown)), expected);
    }

    #[test]
    fn what_is_short_stands_on_one_line() {
        check(&[leaf("1"), leaf("a")], "1\ta\n");
        check(&[table(vec![])], "{}\n");
        let items = vec![item(None, leaf("1")), item(Some("x"), table(vec![item(None, leaf("2"))]))];
        let named = Shown::Table { name: b"Point".to_vec(), items, rest: Some("... 3 more".to_owned()) };
        check(&[named], "Point {1, x = {2}, ... 3 more}\n");
    }

    #[test]
    fn what_is_long_is_broken() {
        let long = "a".repeat(70);
        let items = vec![
            item(None, leaf("1")),
            item(None, leaf("2")),
            item(Some("x"), table(vec![item(None, leaf(&long))])),
            item(None, leaf("3")),
        ];
        check(&[table(items), leaf("1")], &format!("{{\n  1, 2,\n  x = {{{long}}},\n  3,\n}}\n1\n"));
    }

    #[test]
    fn no_line_is_longer_than_it_must() {
        let items = (0..200).map(|n| item(None, leaf(&n.to_string()))).collect();
        let nested = table(vec![item(Some("list"), table(items))]);
        let text = String::from_utf8(values(&[nested])).unwrap();
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(text.lines().filter(|line| line.len() > WIDTH - 6).count() > 5, "{text}");
    }
}
