//! What could follow on Tab: names of globals, fields and methods, reserved words.
//!
//! Objects are looked at raw and no code of scripts runs: fields come from tables and from
//! those that `__index` leads to.

use std::collections::BTreeSet;

use lua_lex::{Kind, Lexer, Token, Value};
use lua_vm::{Cx, Type};

use super::show::is_name;

/// Tables that `__index` may lead through.
const HOPS: usize = 100;
/// Entries that are looked at.
const STEPS: usize = 100_000;
/// Candidates that are offered.
const MOST: usize = 2000;

/// Where the word before the cursor begins in `head`, the line up to the cursor, and what
/// it could become. `before` are the lines above that belong to the same input.
pub(super) fn complete(cx: &mut Cx<'_>, before: &str, head: &str) -> (usize, Vec<String>) {
    let Some(place) = Place::find(before, head) else {
        return (head.len(), Vec::new());
    };
    let top = cx.top();
    let mut found = place.names;
    // Without memory for another slot nothing is offered.
    if cx.reserve(16).is_ok() {
        let methods = match &place.object {
            None => {
                cx.push_globals();
                Some(false)
            }
            Some(object) => push_object(cx, object).then_some(object.methods),
        };
        if let Some(methods) = methods {
            collect(cx, &place.word, methods, &mut found);
        }
    }
    let _ = cx.set_top(top);
    (head.len() - place.word.len(), found.into_iter().filter(|name| name.starts_with(&place.word)).take(MOST).collect())
}

/// Where the cursor stands.
#[derive(Debug)]
struct Place {
    /// The beginning of a word, maybe nothing.
    word: String,
    /// What the word is a field of; none for variables.
    object: Option<Object>,
    /// What the text itself offers: its names and reserved words.
    names: BTreeSet<String>,
}

/// An expression that can be followed without running anything.
#[derive(Debug, PartialEq, Eq)]
struct Object {
    /// Only functions are asked for.
    methods: bool,
    /// From the last to the first; a name of a global or a string comes first in the text.
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(Vec<u8>),
    Index(i64),
    /// A literal string as the object itself.
    Literal,
}

impl Place {
    /// None inside of strings, comments and numerals, and behind what only running could tell.
    fn find(before: &str, head: &str) -> Option<Place> {
        let source = [before, head].concat();
        let mut tokens = tokens(source.as_bytes())?;
        let end = source.len() as u32;
        let is_word = |kind: Kind| kind == Kind::Name || Kind::RESERVED.iter().any(|(_, word)| *word == kind);
        let (word, object) = match tokens.last().map(|item| item.token) {
            Some(token) if token.end == end && is_word(token.kind) => {
                tokens.pop();
                let word = String::from_utf8_lossy(token.text(source.as_bytes())).into_owned();
                (word, Object::before(&mut tokens.clone())?)
            }
            Some(token) if token.end == end && matches!(token.kind, Kind::Int | Kind::Float | Kind::Comment) => return None,
            _ => (String::new(), Object::before(&mut tokens.clone())?),
        };
        let mut names = BTreeSet::new();
        if object.is_none() {
            names.extend(Kind::RESERVED.iter().map(|(text, _)| (*text).to_owned()));
            let own = tokens.iter().filter(|item| item.token.kind == Kind::Name);
            names.extend(own.map(|item| String::from_utf8_lossy(&item.value).into_owned()));
        }
        Some(Place { word, object, names })
    }
}

/// A token with its name or string, or with the text of its integer.
#[derive(Clone)]
struct Item {
    token: Token,
    value: Vec<u8>,
}

/// None if there is something that is no token, such as a string that has not ended.
fn tokens(source: &[u8]) -> Option<Vec<Item>> {
    let mut lexer = Lexer::with_comments(source);
    let mut items = Vec::new();
    loop {
        let token = lexer.next_token().ok()?;
        let value = match lexer.value() {
            Value::Str(bytes) => bytes.to_vec(),
            Value::Int(value) => value.to_string().into_bytes(),
            _ => token.text(source).to_vec(),
        };
        match token.kind {
            Kind::Eof => break,
            // A comment may end where the cursor is, or else stands for a blank.
            Kind::Comment if (token.end as usize) < source.len() => {}
            _ => items.push(Item { token, value }),
        }
    }
    Some(items)
}

impl Object {
    /// Takes the expression whose field or method comes next off the end: `Some(None)` if
    /// a variable comes next.
    fn before(tokens: &mut Vec<Item>) -> Option<Option<Object>> {
        let methods = match tokens.last().map(|item| item.token.kind) {
            Some(Kind::Dot) => false,
            Some(Kind::Colon) => true,
            Some(Kind::Comment) => return None,
            _ => return Some(None),
        };
        tokens.pop();
        let mut steps = Vec::new();
        loop {
            let item = tokens.pop()?;
            match item.token.kind {
                Kind::Name => {
                    steps.push(Step::Name(item.value));
                    match tokens.last().map(|item| item.token.kind) {
                        Some(Kind::Dot) => tokens.pop(),
                        Some(Kind::Colon) => return None,
                        _ => return Some(Some(Object { methods, steps })),
                    };
                }
                Kind::RightBracket => {
                    let index = tokens.pop()?;
                    steps.push(match index.token.kind {
                        Kind::Str => Step::Name(index.value),
                        Kind::Int => Step::Index(String::from_utf8_lossy(&index.value).parse().ok()?),
                        _ => return None,
                    });
                    tokens.pop().filter(|item| item.token.kind == Kind::LeftBracket)?;
                }
                Kind::RightParen => {
                    tokens.pop().filter(|item| item.token.kind == Kind::Str)?;
                    tokens.pop().filter(|item| item.token.kind == Kind::LeftParen)?;
                    let called = matches!(
                        tokens.last().map(|item| item.token.kind),
                        Some(Kind::Name | Kind::RightParen | Kind::RightBracket | Kind::Str | Kind::RightBrace)
                    );
                    steps.push(Step::Literal);
                    return (!called).then_some(Some(Object { methods, steps }));
                }
                _ => return None,
            }
        }
    }
}

/// Pushes an object; false if there is none.
fn push_object(cx: &mut Cx<'_>, object: &Object) -> bool {
    cx.push_globals();
    for step in object.steps.iter().rev() {
        let from = cx.top() - 1;
        let found = match step {
            Step::Literal => cx.push_str("").is_ok(),
            Step::Index(index) => {
                cx.push_int(*index);
                raw_field(cx, from)
            }
            Step::Name(name) => cx.push_bytes(name).is_ok() && raw_field(cx, from),
        };
        if !found {
            return false;
        }
        cx.remove(from);
    }
    true
}

/// Replaces the key on top by the value under it, which is found raw, also where tables in
/// `__index` lead; false if there is none.
fn raw_field(cx: &mut Cx<'_>, object: u32) -> bool {
    let key = cx.top() - 1;
    cx.push_slot(object);
    for _ in 0..HOPS {
        let from = cx.top() - 1;
        if cx.type_of(from) == Type::Table {
            cx.push_slot(key);
            if cx.raw_get(from) != Type::Nil {
                cx.copy(from + 1, key);
                cx.pop(2);
                return true;
            }
            cx.pop(1);
        }
        if cx.get_metafield(from, "__index") != Type::Table {
            return false;
        }
        cx.remove(from);
    }
    false
}

/// Collects the names that begin with `word` among the keys of the object on top, also
/// where tables in `__index` lead.
fn collect(cx: &mut Cx<'_>, word: &str, methods: bool, found: &mut BTreeSet<String>) {
    let mut steps = STEPS;
    for _ in 0..HOPS {
        let from = cx.top() - 1;
        if cx.type_of(from) == Type::Table {
            collect_own(cx, from, word, methods, found, &mut steps);
        }
        if cx.get_metafield(from, "__index") != Type::Table {
            return;
        }
        cx.remove(from);
    }
}

fn collect_own(cx: &mut Cx<'_>, table: u32, word: &str, methods: bool, found: &mut BTreeSet<String>, steps: &mut usize) {
    cx.push_nil();
    while *steps > 0 && cx.next(table).unwrap_or(false) {
        *steps -= 1;
        let (key, value) = (cx.top() - 2, cx.top() - 1);
        let name = cx.bytes(key);
        if cx.type_of(key) == Type::String && name.starts_with(word.as_bytes()) && is_name(name) {
            let name = String::from_utf8_lossy(name).into_owned();
            if !methods || is_callable(cx, value) {
                found.insert(name);
            }
        }
        cx.pop(1);
    }
    let _ = cx.set_top(table + 1);
}

fn is_callable(cx: &mut Cx<'_>, slot: u32) -> bool {
    if cx.type_of(slot) == Type::Function {
        return true;
    }
    let found = cx.get_metafield(slot, "__call") != Type::Nil;
    cx.pop(u32::from(found));
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lua_parse::Compiler;
    use lua_vm::Lua;

    use super::complete;

    /// Checks what a line could become, up to the cursor at its end: where, and how.
    #[track_caller]
    fn check(head: &str, expected: &[&str]) {
        check_behind("", head, expected);
    }

    #[track_caller]
    fn check_behind(before: &str, head: &str, expected: &[&str]) {
        let mut lua = Lua::new(Arc::new(Compiler)).unwrap();
        lua_std::open_all(&mut lua).unwrap();
        let script = "
            local fail = function() error('metamethods must not run') end
            base = setmetatable({inherited = 1, method = print}, {__index = fail, __pairs = fail, __len = fail})
            object = setmetatable({own = {deep = {deeper = true}}, [1] = {first = 1}, ['a b'] = {spaced = 1}}, {__index = base})
            object.called = setmetatable({}, {__call = print})
            object['not a name'], object['end'] = print, print
            self = {} self.__index = self setmetatable(self, self)
            text = 'text'";
        lua.run(script.as_bytes(), "=test").unwrap();
        let found = lua.with(|cx| {
            let top = cx.top();
            let (start, found) = complete(cx, before, head);
            assert_eq!(cx.top(), top);
            Ok(found.into_iter().map(|name| [&head[..start], &name].concat()).collect::<Vec<_>>())
        });
        assert_eq!(found.unwrap(), expected, "{head:?}");
    }

    #[test]
    fn variables_and_reserved_words() {
        check("pri", &["print"]);
        check("x = uti", &[]);
        check("x = ut", &["x = utf8"]);
        check("fo", &["for"]);
        check("t", &["table", "text", "then", "tonumber", "tostring", "true", "type"]);
        check("print(obj", &["print(object"]);
        check("local mine = 1 print(mi", &["local mine = 1 print(mine"]);
        check_behind("local mine = 1\n", "print(mi", &["print(mine"]);
    }

    #[test]
    fn fields_along_index() {
        check("string.fo", &["string.format"]);
        check("x=_G.string.by", &["x=_G.string.byte"]);
        check("object.", &["object.called", "object.inherited", "object.method", "object.own"]);
        check("object.own.deep.d", &["object.own.deep.deeper"]);
        check("object . own\n.d", &["object . own\n.deep"]);
        check("object[1].f", &["object[1].first"]);
        check("object['a b'].", &["object['a b'].spaced"]);
        check("object.own--[[x]].d", &["object.own--[[x]].deep"]);
        check("self.s", &[]);
        check("self.", &["self.__index"]);
        check("nothing.", &[]);
        check("object.own.nothing.d", &[]);
    }

    #[test]
    fn methods_of_tables_strings_and_userdata() {
        check("object:", &["object:called", "object:method"]);
        check("text:for", &["text:format"]);
        check("('x'):up", &["('x'):upper"]);
        check("io.stdout:wr", &["io.stdout:write"]);
        check("object.inherited:", &[]);
    }

    #[test]
    fn nothing_where_nothing_can_be_known() {
        for head in ["'pri", "[[pri", "-- pri", "--", "12", "1e", "f().a", "f('x'):u", "a:b.c", "{}.x", "'"] {
            check(head, &[]);
        }
        check_behind("x = [[\n", "pri", &[]);
        check("a..pri", &["a..print"]);
        check("é = pri", &["é = print"]);
    }
}
