//! Random programs that end, and print what they come to.

use std::fmt::Write;

use crate::random::Random;

/// The start of every program: printing without addresses.
const START: &str = r#"
local function show(...)
  local t = {}
  for i = 1, select('#', ...) do
    local v = (select(i, ...))
    t[i] = (type(v) == 'table' or type(v) == 'function' or type(v) == 'thread') and type(v) or tostring(v)
    if #t[i] > 100 then t[i] = t[i]:sub(1, 100) end
  end
  print(table.concat(t, ' '))
end
local M = {}
M.__index = function(t, k) return k end
M.__add = function(a, b) return 'add' end
M.__sub = function(a, b) return type(a) == type(b) end
M.__mul = function(a, b) return a end
M.__concat = function(a, b) return 'cat' end
M.__eq = function(a, b) return true end
M.__lt = function(a, b) return a == b end
M.__le = function(a, b) return 1 end
M.__call = function(self, ...) return select('#', ...), ... end
M.__len = function() return 7 end
M.__unm = function(a) return 1.5 end
M.__close = function(self, e) show('close', e) end
local function obj() return setmetatable({}, M) end
"#;

struct Writer<'a> {
    random: &'a mut Random,
    text: String,
    /// Names of locals in scope, and whether they may be assigned.
    locals: Vec<(String, bool)>,
    named: usize,
    loops: usize,
    functions: usize,
    vararg: bool,
    room: usize,
}

/// A program.
pub(crate) fn program(random: &mut Random) -> Vec<u8> {
    let room = 20 + random.below(120);
    let mut w = Writer { random, text: START.to_owned(), locals: Vec::new(), named: 0, loops: 0, functions: 0, vararg: true, room };
    for _ in 0..1 + w.random.below(5) {
        w.protected_function();
    }
    w.text.into_bytes()
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn name(&mut self) -> String {
        self.named += 1;
        format!("v{}", self.named)
    }

    fn protected_function(&mut self) {
        let scope = self.locals.len();
        self.put("show(pcall(function(...)\n");
        let loops = std::mem::take(&mut self.loops);
        self.functions += 1;
        let vararg = std::mem::replace(&mut self.vararg, true);
        let count = 1 + self.random.below(8);
        self.block(count);
        self.put("return ");
        self.list(3);
        self.put("\nend, 1, 2.5, 'x'))\n");
        self.vararg = vararg;
        self.functions -= 1;
        self.loops = loops;
        self.locals.truncate(scope);
    }

    fn block(&mut self, statements: usize) {
        let scope = self.locals.len();
        for _ in 0..statements {
            if self.room == 0 {
                break;
            }
            self.room -= 1;
            self.statement();
        }
        // What was declared here is not seen by what follows; at the top of a function its return may.
        let _ = scope;
    }

    fn inner(&mut self) {
        let scope = self.locals.len();
        let count = 1 + self.random.below(4);
        self.block(count);
        self.locals.truncate(scope);
    }

    fn statement(&mut self) {
        let deep = self.loops + self.functions > 4;
        match self.random.below(if deep { 8 } else { 20 }) {
            0 | 1 => {
                // Not more than the registers hold.
                if self.locals.len() > 60 {
                    return self.put("show 'full'\n");
                }
                let (a, b) = (self.name(), self.name());
                if self.random.one_in(2) {
                    let _ = write!(self.text, "local {a} = ");
                    self.expression(3);
                } else {
                    let _ = write!(self.text, "local {a}, {b} = ");
                    self.list(3);
                    self.locals.push((b, true));
                }
                self.put("\n");
                self.locals.push((a, true));
            }
            2 => {
                let a = self.name();
                let attribute = if self.random.one_in(6) { "close" } else { "const" };
                let _ = write!(self.text, "local {a} <{attribute}> = ");
                if attribute == "close" {
                    self.put("obj()");
                } else {
                    self.expression(2);
                }
                self.put("\n");
                self.locals.push((a, false));
            }
            3 | 4 => {
                let targets = 1 + self.random.below(3);
                for i in 0..targets {
                    if i > 0 {
                        self.put(", ");
                    }
                    self.target();
                }
                self.put(" = ");
                self.list(3);
                self.put("\n");
            }
            5 | 6 => {
                self.put("show(");
                self.list(4);
                self.put(")\n");
            }
            7 => {
                self.put("(");
                self.function();
                self.put(")(");
                self.list(3);
                self.put(")\n");
            }
            8..=10 => {
                self.put("if ");
                self.expression(3);
                self.put(" then\n");
                self.inner();
                if self.random.one_in(2) {
                    self.put("elseif ");
                    self.expression(2);
                    self.put(" then\n");
                    self.inner();
                }
                if self.random.one_in(2) {
                    self.put("else\n");
                    self.inner();
                }
                self.put("end\n");
            }
            11 | 12 => self.numeric_for(),
            13 => {
                let (a, b) = (self.name(), self.name());
                let _ = write!(self.text, "for {a}, {b} in ipairs({{");
                self.list(4);
                self.put("}) do\n");
                self.loops += 1;
                let scope = self.locals.len();
                self.locals.push((a, false));
                self.locals.push((b, true));
                self.inner();
                self.exit();
                self.locals.truncate(scope);
                self.loops -= 1;
                self.put("end\n");
            }
            14 => {
                let a = self.name();
                let _ = writeln!(self.text, "do local {a} = 0 repeat {a} = {a} + 1");
                self.loops += 1;
                let scope = self.locals.len();
                self.inner();
                self.loops -= 1;
                let _ = write!(self.text, "until {a} >= 3 or ");
                self.expression(2);
                self.locals.truncate(scope);
                self.put(" end\n");
            }
            15 => {
                let a = self.name();
                let _ = writeln!(self.text, "do local {a} = 0 while {a} < 4 do {a} = {a} + 1");
                self.loops += 1;
                self.inner();
                self.exit();
                self.loops -= 1;
                self.put("end end\n");
            }
            16 => {
                let label = self.name();
                let a = self.name();
                let _ = writeln!(self.text, "do local {a} = 0 ::{label}::\n do {a} = {a} + 1");
                self.loops += 1;
                self.inner();
                self.loops -= 1;
                let _ = writeln!(self.text, "end if {a} < 3 then goto {label} end end");
            }
            17 => {
                let a = self.name();
                let _ =
                    writeln!(self.text, "local function {a}(n, ...) if type(n) ~= 'number' or not (n > 0) or n > 10 then return ... end");
                let scope = self.locals.len();
                self.functions += 1;
                let loops = std::mem::take(&mut self.loops);
                let vararg = std::mem::replace(&mut self.vararg, true);
                self.inner();
                let _ = write!(self.text, "return {}{a}(n - 1, ", if self.random.one_in(2) { "1, " } else { "" });
                self.list(2);
                self.put(") end\nshow(");
                self.vararg = vararg;
                self.loops = loops;
                self.functions -= 1;
                self.locals.truncate(scope);
                let _ = writeln!(self.text, "{a}({}, 'a'))", self.random.below(5));
            }
            18 => {
                let a = self.name();
                let _ = writeln!(self.text, "do local {a} = coroutine.wrap(function(...)");
                self.functions += 1;
                let loops = std::mem::take(&mut self.loops);
                let vararg = std::mem::replace(&mut self.vararg, true);
                let scope = self.locals.len();
                self.inner();
                self.put("show(coroutine.yield(");
                self.list(2);
                self.put("))\n");
                self.inner();
                self.put("return ");
                self.list(2);
                self.locals.truncate(scope);
                self.functions -= 1;
                self.loops = loops;
                self.vararg = vararg;
                let _ = write!(self.text, "\nend) show({a}(1, 2)) show({a}(");
                self.list(2);
                self.put(")) end\n");
            }
            _ => {
                let scope = self.locals.len();
                self.protected_function();
                self.locals.truncate(scope);
            }
        }
    }

    fn numeric_for(&mut self) {
        let a = self.name();
        let ranges = [
            "1, 3",
            "3, 1, -1",
            "0.5, 2",
            "1, 0",
            "math.maxinteger - 1, math.maxinteger",
            "math.mininteger, math.mininteger + 1",
            "1, 2, 0.25",
            "-1, 1",
            "1, 3, 5",
        ];
        let range = *self.random.pick(&ranges);
        let _ = writeln!(self.text, "for {a} = {range} do");
        self.loops += 1;
        let scope = self.locals.len();
        self.locals.push((a, self.random.one_in(2)));
        self.inner();
        self.exit();
        self.locals.truncate(scope);
        self.loops -= 1;
        self.put("end\n");
    }

    /// A way out of the loop, sometimes.
    fn exit(&mut self) {
        if self.random.one_in(4) {
            self.put("if ");
            self.expression(2);
            self.put(" then break end\n");
        }
    }

    fn target(&mut self) {
        let assignable: Vec<String> = self.locals.iter().filter(|local| local.1).map(|local| local.0.clone()).collect();
        match self.random.below(6) {
            0 => {
                let name = *self.random.pick(&["ga", "gb", "gc"]);
                self.put(name);
            }
            1 if !assignable.is_empty() => {
                let name = self.random.pick(&assignable).clone();
                let key = *self.random.pick(&[".x", "[1]", "[2.0]", "['y']", "[1.5]"]);
                self.put(&name);
                self.put(key);
            }
            _ if !assignable.is_empty() => {
                let name = self.random.pick(&assignable).clone();
                self.put(&name);
            }
            _ => self.put("ga"),
        }
    }

    fn list(&mut self, most: usize) {
        let count = 1 + self.random.below(most);
        for i in 0..count {
            if i > 0 {
                self.put(", ");
            }
            self.expression(2);
        }
        if self.vararg && self.random.one_in(6) {
            self.put(", ...");
        }
    }

    fn function(&mut self) {
        let (a, b) = (self.name(), self.name());
        let vararg = self.random.one_in(2);
        let _ = writeln!(self.text, "function({a}, {b}{})", if vararg { ", ..." } else { "" });
        let scope = self.locals.len();
        self.locals.push((a, true));
        self.locals.push((b, true));
        let before = std::mem::replace(&mut self.vararg, vararg);
        let loops = std::mem::take(&mut self.loops);
        self.functions += 1;
        if self.functions < 4 {
            self.inner();
        }
        self.put("return ");
        self.list(3);
        self.put(" end");
        self.functions -= 1;
        self.loops = loops;
        self.vararg = before;
        self.locals.truncate(scope);
    }

    fn atom(&mut self) {
        const CONSTANTS: &[&str] = &[
            "0",
            "1",
            "2",
            "-1",
            "3",
            "7",
            "255",
            "1.5",
            "0.5",
            "2.0",
            "-0.0",
            "1e15",
            "1e100",
            "(0/0)",
            "(1/0)",
            "math.maxinteger",
            "math.mininteger",
            "'a'",
            "'b'",
            "'10'",
            "'0x10'",
            "'1e1'",
            "''",
            "'abc'",
            "nil",
            "true",
            "false",
            "{}",
            "{1, 2, 3}",
            "{x = 1}",
            "obj()",
            "ga",
            "gb",
            "0x7fffffff",
            "0xffffffffffffffff",
            "1 << 62",
            "127",
            "128",
            "-128",
            "-129",
            "65536",
            "2^53",
            "1e308",
        ];
        if !self.locals.is_empty() && self.random.below(3) > 0 {
            let at = self.random.below(self.locals.len());
            let name = self.locals[at].0.clone();
            self.put(&name);
        } else if self.vararg && self.random.one_in(12) {
            self.put("(...)");
        } else {
            let text = *self.random.pick(CONSTANTS);
            self.put(text);
        }
    }

    fn expression(&mut self, depth: usize) {
        if depth == 0 {
            return self.atom();
        }
        match self.random.below(20) {
            0..=4 => self.atom(),
            5..=12 => {
                const OPERATORS: &[&str] = &[
                    "+", "-", "*", "/", "//", "%", "&", "|", "~", "<<", ">>", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or", "and",
                    "or", "+", "-", "*",
                ];
                let operator = *self.random.pick(OPERATORS);
                self.put("(");
                self.expression(depth - 1);
                let _ = write!(self.text, " {operator} ");
                self.expression(depth - 1);
                self.put(")");
            }
            13 => {
                let operator = *self.random.pick(&["-", "not ", "~", "- -", "not not "]);
                self.put("(");
                self.put(operator);
                self.expression(depth - 1);
                self.put(")");
            }
            14 => {
                const CALLS: &[&str] = &[
                    "tostring",
                    "type",
                    "tonumber",
                    "math.type",
                    "math.abs",
                    "math.floor",
                    "math.tointeger",
                    "string.upper",
                    "string.len",
                    "string.byte",
                    "select('#', ",
                    "string.rep('ab', 3, ",
                    "math.ult(1, ",
                    "string.format('%5.2f|', ",
                    "string.format('%d', ",
                    "string.format('%q', ",
                    "string.sub('hello', ",
                    "rawequal(1, ",
                    "math.max(1, ",
                    "string.find('hello world', ",
                    "table.concat({1, 2}, ",
                    "utf8.char(",
                ];
                let call = *self.random.pick(CALLS);
                self.put(call);
                if !call.contains('(') {
                    self.put("(");
                }
                self.expression(depth - 1);
                self.put(")");
            }
            15 => {
                self.put("{");
                self.list(3);
                self.put("}");
                // As an operand it must not end a prefix expression.
                let text = *self.random.pick(&["", "", ""]);
                self.put(text);
            }
            16 => {
                self.put("({");
                self.list(3);
                let key = *self.random.pick(&["})[1]", "})[2]", ", x = 5}).x", "})[1.0]", "})['x']"]);
                self.put(key);
            }
            17 if self.functions < 3 => {
                self.put("(");
                self.function();
                self.put(")(");
                self.list(2);
                self.put(")");
            }
            18 if !self.locals.is_empty() => {
                let at = self.random.below(self.locals.len());
                let name = self.locals[at].0.clone();
                let access = *self.random.pick(&[".x", "[1]", ":x()", "(1, 2)", ".y.z", "[2^53]", "['a' .. 1]"]);
                self.put(&name);
                self.put(access);
            }
            _ => self.atom(),
        }
    }
}
