//! Sources to tokens, against snapshots.

use lua_lex::{Kind, Lexer, Value};

/// All tokens of a source, one a line: span, line, kind and text or value; an error ends the list.
fn tokens(source: &[u8], comments: bool) -> String {
    let lexer = if comments { Lexer::with_comments(source) } else { Lexer::new(source) };
    let mut lexer = lexer;
    let mut lines = String::new();
    loop {
        let token = match lexer.next_token() {
            Ok(token) => token,
            Err(error) => return lines + &format!("error {error}\n"),
        };
        let what = match lexer.value() {
            Value::None => token.text(source).escape_ascii().to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => format!("{value:?}"),
            Value::Str(text) => format!("\"{}\"", text.escape_ascii()),
        };
        let line = format!("{}..{} :{} {:?} {what}", token.start, token.end, token.line, token.kind);
        lines += line.trim_end();
        lines.push('\n');
        if token.kind == Kind::Eof {
            return lines;
        }
    }
}

fn check(name: &str, source: &[u8]) {
    insta::assert_snapshot!(name, tokens(source, true));
}

#[test]
fn words_and_symbols() {
    check(
        "words",
        b"and break do else elseif end false for function goto if in local nil not or repeat return \
        then true until while And functio functions _ENV a1 _ nill x_y",
    );
    check("symbols", b"+ - * / % ^ # & ~ | << >> // == ~= <= >= < > = ( ) { } [ ] :: ; : , . .. ... ! @ \\ $ ? \x80 \0");
    check("symbols_without_blanks", b"a<<=b>>=c~==d===e//=f:::g....h..i.j--k");
}

#[test]
fn numerals() {
    check(
        "numerals",
        b"0 3 345 0xff 0xBEBADA 9223372036854775807 9223372036854775808 0x7fffffffffffffff \
        0xffffffffffffffff 0x1ffffffffffffffff 000123 3.0 3.1416 314.16e-2 0.31416E1 34e1 0x0.1E \
        0xA23p-4 0X1.921FB54442D18P+1 .5 5. 1e308 1e309 4.9e-324 2e-324 1e-400 3-4 0xep1 .0e3",
    );
}

#[test]
fn strings() {
    check("short_strings", br#"'alo\n123"' "alo\n123\"" '\97lo\10\04923"' "" '' "\x41\u{48}\u{20AC}\u{7FFFFFFF}""#);
    check("escapes", b"'\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\\'' 'a\\\nb\\\r\nc\\\n\rd\\\re' 'x\\z \n\t y' '\\0\\255\\0019' \n1");
    check("long_strings", b"[[alo\n123\"]] [==[\nalo\n123\"]==] [=[]]]=] [[\r\na\rb\n\rc\r\nd]] [=[a]=b]==]]=] []]");
}

#[test]
fn comments_and_lines() {
    check("comments", b"-- one\nx --[[ two\nlines ]] y --[==[ ]] ]==] z --[ no\n--[=no\nw --");
    check("line_breaks", b"a\nb\rc\r\nd\n\re\n\nf\r\rg\r\n\r\nh\x0b\x0c\t i");
    assert!(!tokens(b"-- one\nx --[[ two ]]", false).contains("Comment"));
}

#[test]
fn errors_say_where() {
    for (name, source) in [
        ("unfinished", &b"x = 'abc\ny"[..]),
        ("escape", b"\n 'abc\\q'"),
        ("malformed", b"1 + 3xyz"),
        ("long", b"\n[==[ \n ]]"),
        ("comment", b"a --[[ \n"),
    ] {
        check(&format!("error_{name}"), source);
    }
}

#[test]
fn the_lexer_goes_on_behind_an_error() {
    let kinds: Vec<_> = Lexer::new(b"a 'b\nc 3x d").map(|token| token.ok().map(|token| token.kind)).collect();
    assert_eq!(kinds, [Some(Kind::Name), None, Some(Kind::Name), None, Some(Kind::Name)]);
}
