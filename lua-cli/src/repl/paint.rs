//! The colours of what is typed.

use lua_lex::{Kind, LexErrorKind, Lexer, Token};

/// Bytes of input that are coloured; more would be slow to do at every key.
const MOST: usize = 1 << 15;

/// The escape sequence that ends a colour.
const PLAIN: &str = "\x1b[0m";

/// Colours, as parameters of the escape sequence that begins them.
mod colour {
    pub(super) const WORD: &str = "35";
    pub(super) const VALUE: &str = "36";
    pub(super) const STRING: &str = "32";
    pub(super) const COMMENT: &str = "90";
    pub(super) const BROKEN: &str = "31";
    pub(super) const BRACKET: &str = "1;4";
}

/// A part of the text and its colour.
type Span = (usize, usize, &'static str);

/// A line with its colours; `before` are the lines above that belong to the same input. The
/// bracket at the cursor, a byte offset, and its partner stand out.
pub(super) fn paint(before: &str, line: &str, cursor: Option<usize>) -> String {
    let source = [before, line].concat();
    if source.len() > MOST {
        return line.to_owned();
    }
    let shift = before.len();
    let cursor = cursor.map(|cursor| cursor + shift);
    let mut out = String::with_capacity(line.len() * 2);
    let mut done = shift;
    for (start, end, colour) in spans(source.as_bytes(), cursor) {
        let (start, end) = (whole(&source, start).max(done), whole(&source, end));
        if start < end {
            out.push_str(&source[done..start]);
            out.push_str(&format!("\x1b[{colour}m{}{PLAIN}", &source[start..end]));
            done = end;
        }
    }
    out.push_str(&source[done..]);
    out
}

/// The next place that is no inside of a character.
fn whole(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// The coloured parts, in their order.
fn spans(source: &[u8], cursor: Option<usize>) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut brackets = Vec::new();
    let mut lexer = Lexer::with_comments(source);
    loop {
        match lexer.next_token() {
            Ok(token) if token.kind == Kind::Eof => break,
            Ok(token) => {
                if let Some(colour) = colour_of(token.kind) {
                    spans.push((token.start as usize, token.end as usize, colour));
                }
                if is_bracket(token.kind) {
                    brackets.push(token);
                }
            }
            Err(error) => {
                let colour = match error.kind {
                    LexErrorKind::UnfinishedString | LexErrorKind::UnfinishedLongString { .. } => colour::STRING,
                    LexErrorKind::UnfinishedLongComment { .. } => colour::COMMENT,
                    _ => colour::BROKEN,
                };
                spans.push((error.start as usize, error.end as usize, colour));
            }
        }
    }
    let pair = cursor.and_then(|cursor| pair_at(&brackets, cursor));
    spans.extend(pair.into_iter().flatten().map(|at| (at, at + 1, colour::BRACKET)));
    spans.sort_unstable();
    spans
}

fn colour_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Nil | Kind::True | Kind::False | Kind::Int | Kind::Float => Some(colour::VALUE),
        Kind::Str => Some(colour::STRING),
        Kind::Comment => Some(colour::COMMENT),
        _ => Kind::RESERVED.iter().any(|(_, word)| *word == kind).then_some(colour::WORD),
    }
}

fn is_bracket(kind: Kind) -> bool {
    is_open(kind) || matches!(kind, Kind::RightParen | Kind::RightBracket | Kind::RightBrace)
}

fn is_open(kind: Kind) -> bool {
    matches!(kind, Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace)
}

/// The bracket at the cursor, or else before it, with the one that belongs to it.
fn pair_at(brackets: &[Token], cursor: usize) -> Option<[usize; 2]> {
    let pairs = pairs(brackets);
    let around = |at: usize| pairs.iter().find(|pair| pair.contains(&at)).copied();
    around(cursor).or_else(|| around(cursor.checked_sub(1)?))
}

/// Where brackets that belong together stand. What does not fit belongs to nothing.
fn pairs(brackets: &[Token]) -> Vec<[usize; 2]> {
    let mut open: Vec<&Token> = Vec::new();
    let mut pairs = Vec::new();
    for token in brackets {
        if is_open(token.kind) {
            open.push(token);
            continue;
        }
        let fits = |left: &&Token| {
            matches!(
                (left.kind, token.kind),
                (Kind::LeftParen, Kind::RightParen) | (Kind::LeftBracket, Kind::RightBracket) | (Kind::LeftBrace, Kind::RightBrace)
            )
        };
        if let Some(left) = open.pop_if(|left| fits(left)) {
            pairs.push([left.start as usize, token.start as usize]);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::paint;

    /// Colours by letters: `[w:end]`.
    fn letters(painted: &str) -> String {
        let names = [("35", "w"), ("36", "v"), ("32", "s"), ("90", "c"), ("31", "x"), ("1;4", "b")];
        let begun =
            names.iter().fold(painted.to_owned(), |text, (colour, name)| text.replace(&format!("\x1b[{colour}m"), &format!("<{name}:")));
        begun.replace("\x1b[0m", ">")
    }

    #[track_caller]
    fn check(before: &str, line: &str, cursor: Option<usize>, expected: &str) {
        assert_eq!(letters(&paint(before, line, cursor)), expected);
    }

    #[test]
    fn tokens_have_colours() {
        check("", "local x = 'é' -- note", None, "<w:local> x = <s:'é'> <c:-- note>");
        check("", "return nil, 0x1p4", None, "<w:return> <v:nil>, <v:0x1p4>");
        check("", "é = 1", None, "é = <v:1>");
    }

    #[test]
    fn what_is_not_finished_has_its_colour() {
        check("", "f('abc", None, "f(<s:'abc>");
        check("", "x = [[abc", None, "x = <s:[[abc>");
        check("x = [[abc\n", "d end", None, "<s:d end>");
        check("x = [[abc\n", "d]] end", None, "<s:d]]> <w:end>");
        check("", "--[[ abc", None, "<c:--[[ abc>");
        check("", "x = 3z + 1", None, "x = <x:3z> + <v:1>");
    }

    #[test]
    fn brackets_at_the_cursor_stand_out() {
        check("", "f({x})", Some(1), "f<b:(>{x}<b:)>");
        check("", "f({x})", Some(6), "f<b:(>{x}<b:)>");
        check("", "f({x})", Some(2), "f(<b:{>x<b:}>)");
        check("", "f({x})", Some(0), "f({x})");
        check("", "f(')'", Some(1), "f(<s:')'>");
        check("f(\n", "x)", Some(2), "x<b:)>");
        check("", "(]", Some(0), "(]");
    }

    proptest! {
        /// Without the escape sequences it is the line, whatever was typed.
        #[test]
        fn only_colours_are_added(before in "\\PC{0,20}", line in "[ -~é\\[\\]='\"\\\\-]{0,40}", cursor in 0usize..50) {
            let mut painted = paint(&before, &line, Some(cursor));
            for colour in ["35", "36", "32", "90", "31", "1;4", "0"] {
                painted = painted.replace(&format!("\x1b[{colour}m"), "");
            }
            prop_assert_eq!(painted, line);
        }
    }
}
