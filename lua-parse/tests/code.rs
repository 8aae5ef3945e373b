//! From source to instructions: one line of source, the code that it becomes.

use std::path::Path;
use std::sync::Arc;

use lua_parse::{Compiler, parse};
use lua_proto::{Chunk, ChunkMode, Instr, Listing, Loader, Op, Proto};

fn load(source: &[u8]) -> Arc<Proto> {
    let chunk = Chunk { bytes: source, name: b"=test", mode: ChunkMode::Text };
    Compiler.load(chunk).unwrap_or_else(|e| panic!("{e}\n{}", source.escape_ascii()))
}

/// The instructions of the main function between `varargprep` and the last `return`.
fn code(source: &str) -> String {
    instructions(&load(source.as_bytes()))
}

fn instructions(proto: &Proto) -> String {
    let listing = Listing::new(proto).stable().to_string();
    let lines = listing.lines().skip(1).take(proto.code().len()).map(instruction);
    let mut lines: Vec<String> = lines.collect();
    assert!(lines.pop().is_some_and(|last| last.starts_with("return")));
    if proto.is_vararg() {
        assert!(lines.remove(0).starts_with("varargprep"));
    }
    lines.join("; ")
}

/// One line of a listing without its number, its line and its comment.
fn instruction(line: &str) -> String {
    let code = line.split_once("] ").map_or(line, |(_, code)| code);
    let code = code.split(" ; ").next().unwrap_or(code);
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks lines of a table: source, arrow, instructions.
#[track_caller]
fn check(table: &str) {
    check_with(code, table);
}

#[track_caller]
fn check_with(code: impl Fn(&str) -> String, table: &str) {
    let mut wrong = String::new();
    for line in table.lines().filter(|l| !l.trim().is_empty()) {
        let (source, expected) = line.split_once("-->").expect("an arrow");
        let found = code(source);
        if found != expected.trim() {
            wrong += &format!("{}--> {found}\n", source.trim_start());
        }
    }
    assert!(wrong.is_empty(), "found:\n{wrong}");
}

#[test]
fn constants() {
    check(
        "
        local a = nil                       --> loadnil r0 r0
        local a, b                          --> loadnil r0 r1
        local a local b                     --> loadnil r0 r1
        local a = true                      --> loadtrue r0
        local a = 1                         --> loadi r0 1
        local a = 2147483648                --> loadk r0 k0
        local a = -2147483648               --> loadi r0 -2147483648
        local a = 3.0                       --> loadf r0 3
        local a = -0.0                      --> loadf r0 0; unm r0 r0
        local a = 0.0                       --> loadf r0 0
        local a = 3.5                       --> loadk r0 k0
        local a = 'x'                       --> loadk r0 k0
        local a, b = 1                      --> loadi r0 1; loadnil r1 r1
        local a, b = 1, 2, 3                --> loadi r0 1; loadi r1 2; loadi r2 3
        local a, b = f()                    --> gettabup r0 u0 k0; call r0 1 3
        local a, b, c = 1, f()              --> loadi r0 1; gettabup r1 u0 k0; call r1 1 3
        local a = f(), 1                    --> gettabup r0 u0 k0; call r0 1 2; loadi r1 1
        local a, b = ...                    --> vararg r0 3
        local a = (...)                     --> vararg r0 2
    ",
    );
}

#[test]
fn folding() {
    check(
        "
        return 1 + 2 * 3                    --> loadi r0 7; return1 r0
        return 2^3, 7 / 2, 7 // 2, -7 // 2  --> loadf r0 8; loadk r1 k0; loadi r2 3; loadi r3 -4; return r0 5
        return 7 % -3, 7.5 % 2, 1 << 62     --> loadi r0 -2; loadk r1 k0; loadk r2 k1; return r0 4
        return 1 / 0                        --> loadi r0 1; divk r0 r0 k0; return1 r0
        return 1 // 0                       --> loadi r0 1; idivk r0 r0 k0; return1 r0
        return 0 / 5                        --> loadi r0 0; divk r0 r0 k0; return1 r0
        return 0.0 * 1                      --> loadi r0 1; mulk r0 r0 k0 x=1; return1 r0
        return 3 & 5.0, ~0, 1.5 | 1         --> loadi r0 1; loadi r1 -1; loadk r2 k1; bork r2 r2 k0; return r0 4
        return -(2), - -2, not nil, not 1   --> loadi r0 -2; loadi r1 2; loadtrue r2; loadfalse r3; return r0 5
        return 9223372036854775807 + 1      --> loadk r0 k0; return1 r0
        return 'a' .. 1                     --> loadk r0 k0; loadi r1 1; concat r0 2; return1 r0
        local k <const> = 7 return k * 2    --> loadi r0 14; return1 r0
        local k <const> = 'x' return t[k]   --> gettabup r0 u0 k0; getfield r0 r0 k1; return1 r0
        local k <const> = 2 * 3 return function() return k end  --> closure r0 p0; return1 r0
        local a, k <const> = 1, 2 return k  --> loadi r0 1; loadi r1 2; return1 r1
        local k <const>, a = 1, 2 return k  --> loadi r0 1; loadi r1 2; return1 r0
        local k <const> = {} return k       --> newtable r0 0 0; return1 r0
        return nil and x, false or x        --> loadnil r0 r0; gettabup r1 u0 k0; return r0 3
        return 1 or x, 1 and x              --> loadi r0 1; gettabup r1 u0 k0; return r0 3
    ",
    );
}

#[test]
fn arithmetic() {
    check("
        local a, b; b = a + b               --> loadnil r0 r1; add r1 r0 r1
        local a; a = a + 1                  --> loadnil r0 r0; addi r0 r0 1
        local a; a = 1 + a                  --> loadnil r0 r0; addi r0 r0 1 x=1
        local a; a = a + 1.0                --> loadnil r0 r0; addk r0 r0 k0
        local a; a = a + 32767              --> loadnil r0 r0; addi r0 r0 32767
        local a; a = a + 32768              --> loadnil r0 r0; addk r0 r0 k0
        local a; a = a - 1                  --> loadnil r0 r0; addi r0 r0 -1 x=2
        local a; a = a - 32768              --> loadnil r0 r0; subk r0 r0 k0
        local a; a = a - -32768             --> loadnil r0 r0; subk r0 r0 k0
        local a; a = 1 - a                  --> loadnil r0 r0; loadi r1 1; sub r0 r1 r0
        local a; a = a * 2                  --> loadnil r0 r0; mulk r0 r0 k0
        local a; a = 2 * a                  --> loadnil r0 r0; mulk r0 r0 k0 x=1
        local a; a = a / 2                  --> loadnil r0 r0; divk r0 r0 k0
        local a; a = 2 / a                  --> loadnil r0 r0; loadi r1 2; div r0 r1 r0
        local a; a = a // 2.5               --> loadnil r0 r0; idivk r0 r0 k0
        local a; a = a % 2                  --> loadnil r0 r0; modk r0 r0 k0
        local a; a = a ^ 2                  --> loadnil r0 r0; powk r0 r0 k0
        local a; a = a & 255                --> loadnil r0 r0; bandk r0 r0 k0
        local a; a = 255 & a                --> loadnil r0 r0; bandk r0 r0 k0 x=1
        local a; a = a | 1.0                --> loadnil r0 r0; loadf r1 1; bor r0 r0 r1
        local a; a = a ~ 1                  --> loadnil r0 r0; bxork r0 r0 k0
        local a; a = a << 1                 --> loadnil r0 r0; shri r0 r0 -1 x=2
        local a; a = 1 << a                 --> loadnil r0 r0; shli r0 r0 1
        local a; a = a >> 1                 --> loadnil r0 r0; shri r0 r0 1
        local a; a = 1 >> a                 --> loadnil r0 r0; loadi r1 1; shr r0 r1 r0
        local a; a = 100000 << a            --> loadnil r0 r0; loadi r1 100000; shl r0 r1 r0
        local a; a = -a; a = ~a; a = #a     --> loadnil r0 r0; unm r0 r0; bnot r0 r0; len r0 r0
        local a; a = x + y * z              --> loadnil r0 r0; gettabup r1 u0 k0; gettabup r2 u0 k1; gettabup r3 u0 k2; mul r2 r2 r3; add r0 r1 r2
        local a; a = a .. 'x' .. a          --> loadnil r0 r0; move r1 r0; loadk r2 k0; move r3 r0; concat r1 3; move r0 r1
        local a; a = a .. (a .. a)          --> loadnil r0 r0; move r1 r0; move r2 r0; move r3 r0; concat r1 3; move r0 r1
        local a; a = (a .. a) .. a          --> loadnil r0 r0; move r1 r0; move r2 r0; concat r1 2; move r2 r0; concat r1 2; move r0 r1
    ");
}

#[test]
fn comparisons() {
    check(
        "
        local a, b; if a == b then f() end          --> loadnil r0 r1; jmpne r0 r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if a ~= b then f() end          --> loadnil r0 r1; jmpeq r0 r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if a < b then f() end           --> loadnil r0 r1; jmpnlt r0 r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if a > b then f() end           --> loadnil r0 r1; jmpnlt r1 r0 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if a >= b then f() end          --> loadnil r0 r1; jmpnle r1 r0 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if not (a <= b) then f() end    --> loadnil r0 r1; jmple r0 r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a; if a == nil then f() end           --> loadnil r0 r0; jmpnek r0 k0 +2; gettabup r1 u0 k1; call r1 1 1
        local a; if 'x' == a then f() end           --> loadnil r0 r0; jmpnek r0 k0 +2; gettabup r1 u0 k1; call r1 1 1
        local a; if a ~= 1 then f() end             --> loadnil r0 r0; jmpeqk r0 k0 +2; gettabup r1 u0 k1; call r1 1 1
        local a; if a < 1 then f() end              --> loadnil r0 r0; jmpnlti r0 1 +2; gettabup r1 u0 k0; call r1 1 1
        local a; if a <= 1.0 then f() end           --> loadnil r0 r0; jmpnlei r0 1 +2 x=1; gettabup r1 u0 k0; call r1 1 1
        local a; if 1 < a then f() end              --> loadnil r0 r0; jmpngti r0 1 +2; gettabup r1 u0 k0; call r1 1 1
        local a; if 1 >= a then f() end             --> loadnil r0 r0; jmpnlei r0 1 +2; gettabup r1 u0 k0; call r1 1 1
        local a; if a > 40000 then f() end          --> loadnil r0 r0; loadi r1 40000; jmpnlt r1 r0 +2; gettabup r1 u0 k0; call r1 1 1
        local a; if a > 1.5 then f() end            --> loadnil r0 r0; loadk r1 k0; jmpnlt r1 r0 +2; gettabup r1 u0 k1; call r1 1 1
        local a; if 1 == 1 then f() end             --> loadnil r0 r0; loadi r1 1; jmpnek r1 k0 +2; gettabup r1 u0 k1; call r1 1 1
        local a, b; local c = a < b                 --> loadnil r0 r1; jmplt r0 r1 +1; loadfalseskip r2; loadtrue r2
        local a; local b = a == 1                   --> loadnil r0 r0; jmpeqk r0 k0 +1; loadfalseskip r1; loadtrue r1
        local a; local b = not (a == 1)             --> loadnil r0 r0; jmpnek r0 k0 +1; loadfalseskip r1; loadtrue r1
    ",
    );
}

#[test]
fn and_or_not() {
    check("
        local a, b; local c = a and b               --> loadnil r0 r1; jmpnotset r2 r0 +1; move r2 r1
        local a, b; local c = a or b                --> loadnil r0 r1; jmpifset r2 r0 +1; move r2 r1
        local a, b; a = a or b                      --> loadnil r0 r1; jmpif r0 +1; move r0 r1
        local a, b; local c = a and b or 1          --> loadnil r0 r1; jmpnot r0 +1; jmpifset r2 r1 +1; loadi r2 1
        local a, b; local c = not a                 --> loadnil r0 r1; not r2 r0
        local a, b; local c = not not a             --> loadnil r0 r1; not r2 r0; not r2 r2
        local a, b; local c = not (a and b)         --> loadnil r0 r1; jmpnot r0 +3; not r2 r1; jmp +2; loadfalseskip r2; loadtrue r2
        local a, b; local c = a == 1 or b           --> loadnil r0 r1; jmpeqk r0 k0 +3; move r2 r1; jmp +2; loadfalseskip r2; loadtrue r2
        local a, b; local c = a and b == 1          --> loadnil r0 r1; jmpnotset r2 r0 +3; jmpeqk r1 k0 +1; loadfalseskip r2; loadtrue r2
        local a, b; local c = f(a) and f(b)         --> loadnil r0 r1; gettabup r2 u0 k0; move r3 r0; call r2 2 2; jmpnot r2 +3; gettabup r2 u0 k0; move r3 r1; call r2 2 2
        local a, b; if a and b then f() end         --> loadnil r0 r1; jmpnot r0 +3; jmpnot r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if a or b then f() end          --> loadnil r0 r1; jmpif r0 +1; jmpnot r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if not a then f() end           --> loadnil r0 r1; jmpif r0 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if not (a or b) then f() end    --> loadnil r0 r1; jmpif r0 +3; jmpif r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if (not a) and (not b) then f() end  --> loadnil r0 r1; jmpif r0 +3; jmpif r1 +2; gettabup r2 u0 k0; call r2 1 1
        local a, b; if a == 1 and b < 2 or a then f() end  --> loadnil r0 r1; jmpnek r0 k0 +1; jmplti r1 2 +1; jmpnot r0 +2; gettabup r2 u0 k1; call r2 1 1
        local a; if nil then f() end                --> loadnil r0 r0; jmp +2; gettabup r1 u0 k0; call r1 1 1
        local a; if true then f() end               --> loadnil r0 r0; gettabup r1 u0 k0; call r1 1 1
        local a, b; local c = (a and f()) == b      --> loadnil r0 r1; jmpnotset r2 r0 +2; gettabup r2 u0 k0; call r2 1 2; jmpeq r2 r1 +1; loadfalseskip r2; loadtrue r2
        local a; a.b = a and f()                    --> loadnil r0 r0; jmpnotset r1 r0 +2; gettabup r1 u0 k1; call r1 1 2; setfield r0 k0 r1
        local a; return a and f()                   --> loadnil r0 r0; jmpnotset r1 r0 +2; gettabup r1 u0 k0; call r1 1 2; return1 r1
        local a; return (a or 1) and 2              --> loadnil r0 r0; jmpif r0 +0; loadi r1 2; return1 r1
    ");
}

#[test]
fn fields() {
    check("
        x = y                               --> gettabup r0 u0 k1; settabup u0 k0 r0
        x = 1                               --> settabupk u0 k0 k1
        x.y = z                             --> gettabup r0 u0 k0; gettabup r1 u0 k2; setfield r0 k1 r1
        x.y.z = nil                         --> gettabup r0 u0 k0; getfield r0 r0 k1; setfieldk r0 k2 k3
        local t, k; t[k] = t.x              --> loadnil r0 r1; getfield r2 r0 k0; settable r0 r1 r2
        local t, k; t[1] = t[2]             --> loadnil r0 r1; getint r2 r0 2; setint r0 1 r2
        local t, k; t[65535] = t[65536]     --> loadnil r0 r1; loadi r2 65536; gettable r2 r0 r2; setint r0 65535 r2
        local t, k; t[-1] = t[1.5]          --> loadnil r0 r1; loadi r2 -1; loadk r3 k0; gettable r3 r0 r3; settable r0 r2 r3
        local t, k; t[k] = 'v'              --> loadnil r0 r1; settablek r0 r1 k0
        local t, k; t['x'] = k              --> loadnil r0 r1; setfield r0 k0 r1
        local t; t:m()                      --> loadnil r0 r0; self r1 r0 k0; call r1 2 1
        local t; t.a:m(1, ...)              --> loadnil r0 r0; getfield r1 r0 k0; self r1 r1 k1; loadi r3 1; vararg r4 0; call r1 0 1
        local t; return t:m(f())            --> loadnil r0 r0; self r1 r0 k0; gettabup r3 u0 k1; call r3 1 0; tailcall r1 0
        a1234567890123456789012345678901234567890 = t.b1234567890123456789012345678901234567890  --> getupval r0 u0; loadk r1 k0; gettabup r2 u0 k1; loadk r3 k2; gettable r2 r2 r3; settable r0 r1 r2
        local t; t:m1234567890123456789012345678901234567890()  --> loadnil r0 r0; move r2 r0; loadk r1 k0; gettable r1 r2 r1; call r1 2 1
        local _ENV = {}; x = y              --> newtable r0 0 0; getfield r1 r0 k1; setfield r0 k0 r1
        _ENV = x                            --> gettabup r0 u0 k0; setupval r0 u0
        return _ENV.x                       --> gettabup r0 u0 k0; return1 r0
        local _ENV <const> = 1; x = y       --> loadi r0 1; loadi r1 1; getfield r1 r1 k1; setfield r0 k0 r1
    ");
}

#[test]
fn calls() {
    check("
        f()                                 --> gettabup r0 u0 k0; call r0 1 1
        f(1, 2)                             --> gettabup r0 u0 k0; loadi r1 1; loadi r2 2; call r0 3 1
        f(g())                              --> gettabup r0 u0 k0; gettabup r1 u0 k1; call r1 1 0; call r0 0 1
        f((g()))                            --> gettabup r0 u0 k0; gettabup r1 u0 k1; call r1 1 2; call r0 2 1
        f(g(), 1)                           --> gettabup r0 u0 k0; gettabup r1 u0 k1; call r1 1 2; loadi r2 1; call r0 3 1
        f(...)                              --> gettabup r0 u0 k0; vararg r1 0; call r0 0 1
        f'x'{}                              --> gettabup r0 u0 k0; loadk r1 k1; call r0 2 2; newtable r1 0 0; call r0 2 1
        local a = f()()                     --> gettabup r0 u0 k0; call r0 1 2; call r0 1 2
        return f()                          --> gettabup r0 u0 k0; tailcall r0 1
        return (f())                        --> gettabup r0 u0 k0; call r0 1 2; return1 r0
        return f(), 1                       --> gettabup r0 u0 k0; call r0 1 2; loadi r1 1; return r0 3
        return 1, f()                       --> loadi r0 1; gettabup r1 u0 k0; call r1 1 0; return r0 0
        return ...                          --> vararg r0 0; return r0 0
        return (...)                        --> vararg r0 2; return1 r0
        return 1                            --> loadi r0 1; return1 r0
        local a, b; return b                --> loadnil r0 r1; return1 r1
        local a, b; return a, b             --> loadnil r0 r1; move r2 r0; move r3 r1; return r2 3
        local a <close> = nil; return f()   --> loadnil r0 r0; tbc r0; gettabup r1 u0 k0; call r1 1 0; return r1 0 x=1
        local a <close> = nil; return 1     --> loadnil r0 r0; tbc r0; loadi r1 1; return r1 2 x=1
        for k in f do return g() end        --> gettabup r0 u0 k0; loadnil r1 r3; tforprep r0 +3; gettabup r5 u0 k1; call r5 1 0; return r5 0 x=1; tforcall r0 1; tforloop r0 -5; close r3
        local a; function f() return a end return f()  --> loadnil r0 r0; closure r1 p0; settabup u0 k0 r1; gettabup r1 u0 k0; tailcall r1 1 x=1
    ");
}

#[test]
fn assignments() {
    check("
        local a, b; a, b = b, a             --> loadnil r0 r1; move r2 r1; move r1 r0; move r0 r2
        local a, b; a, b = 1                --> loadnil r0 r1; loadi r2 1; loadnil r3 r3; move r1 r3; move r0 r2
        local a, b; a, b = f()              --> loadnil r0 r1; gettabup r2 u0 k0; call r2 1 3; move r1 r3; move r0 r2
        local a, b; a, b = 1, 2, 3          --> loadnil r0 r1; loadi r2 1; loadi r3 2; loadi r4 3; move r1 r3; move r0 r2
        local a, t; a, t[a] = a + 1, 20     --> loadnil r0 r1; addi r2 r0 1; settablek r1 r0 k0; move r0 r2
        local a, t; t[a], a = 20, a + 1     --> loadnil r0 r1; move r2 r0; loadi r3 20; addi r0 r0 1; settable r1 r2 r3
        local a, t; t.x, t = t, 1           --> loadnil r0 r1; move r2 r1; move r3 r1; loadi r1 1; setfield r2 k0 r3
        local a, t; t[a], a, t = 1, 2, 3    --> loadnil r0 r1; move r2 r0; move r3 r1; loadi r4 1; loadi r5 2; loadi r1 3; move r0 r5; settable r3 r2 r4
        x, y = y, x                         --> gettabup r0 u0 k1; gettabup r1 u0 k0; settabup u0 k1 r1; settabup u0 k0 r0
        x, y.z = f()                        --> gettabup r0 u0 k1; gettabup r1 u0 k3; call r1 1 3; setfield r0 k2 r2; settabup u0 k0 r1
        local a; a = a                      --> loadnil r0 r0
        local a; function a() end           --> loadnil r0 r0; closure r0 p0
        function x.y:z() end                --> gettabup r0 u0 k0; getfield r0 r0 k1; closure r1 p0; setfield r0 k2 r1
        local function f() return f end     --> closure r0 p0
        local f = function() return f end   --> closure r0 p0
    ");
}

#[test]
fn tables() {
    check("
        local t = {}                        --> newtable r0 0 0
        local t = {1, 2}                    --> newtable r0 2 0; loadi r1 1; loadi r2 2; setlist r0 2 0
        local t = {x = 1, y = x}            --> newtable r0 0 2; setfieldk r0 k0 k1; gettabup r1 u0 k0; setfield r0 k2 r1
        local t = {[1] = 2, [x] = y}        --> newtable r0 0 2; setintk r0 1 k0; gettabup r1 u0 k1; gettabup r2 u0 k2; settable r0 r1 r2
        local t = {1, x = 2, 3}             --> newtable r0 2 1; loadi r1 1; setfieldk r0 k0 k1; loadi r2 3; setlist r0 2 0
        local t = {f()}                     --> newtable r0 0 0; gettabup r1 u0 k0; call r1 1 0; setlist r0 0 0
        local t = {f(), 1}                  --> newtable r0 2 0; gettabup r1 u0 k0; call r1 1 2; loadi r2 1; setlist r0 2 0
        local t = {1, f()}                  --> newtable r0 2 0; loadi r1 1; gettabup r2 u0 k0; call r2 1 0; setlist r0 0 0
        local t = {(f())}                   --> newtable r0 1 0; gettabup r1 u0 k0; call r1 1 2; setlist r0 1 0
        local t = {...}                     --> newtable r0 0 0; vararg r1 0; setlist r0 0 0
        local t = {f(), x = 1}              --> newtable r0 1 1; gettabup r1 u0 k0; call r1 1 2; setfieldk r0 k1 k2; setlist r0 1 0
        local t = {{}, {1}}                 --> newtable r0 2 0; newtable r1 0 0; newtable r2 1 0; loadi r3 1; setlist r2 1 0; setlist r0 2 0
        f{1}                                --> gettabup r0 u0 k0; newtable r1 1 0; loadi r2 1; setlist r1 1 0; call r0 2 1
        return {nil}                        --> newtable r0 1 0; loadnil r1 r1; setlist r0 1 0; return1 r0
    ");
}

#[test]
fn loops() {
    check("
        while x do f() end                          --> gettabup r0 u0 k0; jmpnot r0 +3; gettabup r0 u0 k1; call r0 1 1; loop -5
        while true do f() end                       --> gettabup r0 u0 k0; call r0 1 1; loop -3
        while x do if y then break end f() end      --> gettabup r0 u0 k0; jmpnot r0 +5; gettabup r0 u0 k1; jmpif r0 +3; gettabup r0 u0 k2; call r0 1 1; loop -7
        while x do if y then f() else g() end end   --> gettabup r0 u0 k0; jmpnot r0 +8; gettabup r0 u0 k1; jmpnot r0 +3; gettabup r0 u0 k2; call r0 1 1; loop -7; gettabup r0 u0 k3; call r0 1 1; loop -10
        while x do break end                        --> gettabup r0 u0 k0; jmpnot r0 +1; jmp +0
        repeat f() until x                          --> gettabup r0 u0 k0; call r0 1 1; gettabup r0 u0 k1; jmpif r0 +1; loop -5
        repeat f() until true                       --> gettabup r0 u0 k0; call r0 1 1
        repeat f() until false                      --> gettabup r0 u0 k0; call r0 1 1; loop -3
        repeat local a = f() until a == 1           --> gettabup r0 u0 k0; call r0 1 2; jmpeqk r0 k1 +1; loop -4
        repeat local a; local function g() return a end until a     --> loadnil r0 r0; closure r1 p0; jmpif r0 +2; close r0; loop -5; close r0
        repeat local a; f(function() return a end) if x then break end until a     --> loadnil r0 r0; gettabup r1 u0 k0; closure r2 p0; call r1 2 1; gettabup r1 u0 k1; jmpnot r1 +2; close r0; jmp +4; jmpif r0 +2; close r0; loop -11; close r0
        for i = 1, 10 do f(i) end                   --> loadi r0 1; loadi r1 10; loadi r2 1; forprep r0 +4; gettabup r4 u0 k0; move r5 r3; call r4 2 1; forloop r0 -4
        for i = 1, 10, 2 do if i == x then break end end     --> loadi r0 1; loadi r1 10; loadi r2 2; forprep r0 +3; gettabup r4 u0 k0; jmpeq r3 r4 +1; forloop r0 -3
        for i = 1, 2 do local a; f(function() return a end) end     --> loadi r0 1; loadi r1 2; loadi r2 1; forprep r0 +6; loadnil r4 r4; gettabup r5 u0 k0; closure r6 p0; call r5 2 1; close r4; forloop r0 -6
        for i = 1, 2 do f(function() return i end) end     --> loadi r0 1; loadi r1 2; loadi r2 1; forprep r0 +5; gettabup r4 u0 k0; closure r5 p0; call r4 2 1; close r3; forloop r0 -5
        for k, v in pairs(t) do f(k, v) end         --> gettabup r0 u0 k0; gettabup r1 u0 k1; call r0 2 5; tforprep r0 +4; gettabup r6 u0 k2; move r7 r4; move r8 r5; call r6 3 1; tforcall r0 2; tforloop r0 -6; close r3
        for k in f, s, i, c do break end            --> gettabup r0 u0 k0; gettabup r1 u0 k1; gettabup r2 u0 k2; gettabup r3 u0 k3; tforprep r0 +1; jmp +2; tforcall r0 1; tforloop r0 -3; close r3
        for k in f, 1, 2, 3, 4 do end               --> gettabup r0 u0 k0; loadi r1 1; loadi r2 2; loadi r3 3; loadi r4 4; tforprep r0 +0; tforcall r0 1; tforloop r0 -2; close r3
    ");
}

#[test]
fn blocks_and_jumps() {
    check("
        if x then f() end                           --> gettabup r0 u0 k0; jmpnot r0 +2; gettabup r0 u0 k1; call r0 1 1
        if x then f() else g() end                  --> gettabup r0 u0 k0; jmpnot r0 +3; gettabup r0 u0 k1; call r0 1 1; jmp +2; gettabup r0 u0 k2; call r0 1 1
        if x then f() elseif y then g() else h() end  --> gettabup r0 u0 k0; jmpnot r0 +3; gettabup r0 u0 k1; call r0 1 1; jmp +7; gettabup r0 u0 k2; jmpnot r0 +3; gettabup r0 u0 k3; call r0 1 1; jmp +2; gettabup r0 u0 k4; call r0 1 1
        if x then return 1 else return 2 end        --> gettabup r0 u0 k0; jmpnot r0 +2; loadi r0 1; return1 r0; loadi r0 2; return1 r0
        do local a; f(function() return a end) end  --> loadnil r0 r0; gettabup r1 u0 k0; closure r2 p0; call r1 2 1; close r0
        do local a <close> = f() end                --> gettabup r0 u0 k0; call r0 1 2; tbc r0; close r0
        goto done; f() ::done::                     --> jmp +2; gettabup r0 u0 k0; call r0 1 1
        ::top:: f() goto top                        --> gettabup r0 u0 k0; call r0 1 1; loop -3
        ::top:: local a = x; f(function() return a end) goto top  --> gettabup r0 u0 k0; gettabup r1 u0 k1; closure r2 p0; call r1 2 1; close r0; loop -6
        while x do local a = x; if a then goto continue end f(function() return a end) ::continue:: end  --> gettabup r0 u0 k0; jmpnot r0 +9; gettabup r0 u0 k0; jmpnot r0 +2; close r0; jmp +3; gettabup r1 u0 k1; closure r2 p0; call r1 2 1; close r0; loop -11
        while x do if y then goto continue end f() ::continue:: end  --> gettabup r0 u0 k0; jmpnot r0 +5; gettabup r0 u0 k1; jmpif r0 +2; gettabup r0 u0 k2; call r0 1 1; loop -7
        for i = 1, 2 do local a; f(function() return a end) if x then goto done end end ::done::  --> loadi r0 1; loadi r1 2; loadi r2 1; forprep r0 +10; loadnil r4 r4; gettabup r5 u0 k0; closure r6 p0; call r5 2 1; gettabup r5 u0 k1; jmpnot r5 +2; close r4; jmp +2; close r4; forloop r0 -10
        for k in f do local a; g(function() return a end) if k then break end end  --> gettabup r0 u0 k0; loadnil r1 r3; tforprep r0 +6; loadnil r5 r5; gettabup r6 u0 k1; closure r7 p0; call r6 2 1; jmpif r4 +3; close r5; tforcall r0 1; tforloop r0 -8; close r3
        do goto a; ::b:: goto c; ::a:: goto b; ::c:: end  --> jmp +2; jmp +1; loop -2
        while x do while y do if z then goto next end end ::next:: end  --> gettabup r0 u0 k0; jmpnot r0 +6; gettabup r0 u0 k1; jmpnot r0 +3; gettabup r0 u0 k2; jmpif r0 +1; loop -5; loop -8
    ");
}

#[test]
fn upvalues_are_renumbered_without_constants() {
    let main = load(
        b"local a, k <const> = 1, 2
          local c <const> = 'c'
          local b = 3
          return function()
            return function() return k, a, c, b, x end
          end",
    );
    insta::assert_snapshot!(Listing::new(&main).stable());
}

#[test]
fn locals_live_where_the_debugger_expects_them() {
    let main = load(
        b"local a, b = 1
          local function f(x, y, ...)
            local z = x
            do local z = y end
            return z
          end
          for i = 1, 2 do local j = i end
          for k, v in f do local w = k end
          repeat local c = f() until c
          local k <const> = 1
          local last = k",
    );
    insta::assert_snapshot!(Listing::new(&main).stable());
}

#[test]
fn lines_are_those_of_the_reference() {
    let main = load(
        b"local a = x
  +
  y
local t = {
  a = 1,
  f
  (
    2
  ),
}
if a
  == 1
then
  f()
elseif b
then
  g(
    h)
end
while a < 2 do
  a = a + 1
end
for i = 1,
  2
do
  a = i
end
for k in
  pairs
  (t)
do
  a = k
end
function t.f()
  return
    a
end
local f = function()
end
repeat
  local a = 1
until
  a
a
.
b
=
c
f(
  a,
  b
  , (c
  ),
  d
)
local list = {
  1
  ,
  g, h
}
return t
  .f
",
    );
    insta::assert_snapshot!(Listing::new(&main).stable());
}

#[test]
fn functions() {
    let nested = |source: &str| instructions(&load(source.as_bytes()).protos()[0]);
    check_with(nested, "
        local function f(a, ...) return a, ... end                          --> move r1 r0; vararg r2 0; return r1 0
        local u; local function f() u = u + 1 u.x = 2 return u[1] end       --> getupval r0 u0; addi r0 r0 1; setupval r0 u0; settabupk u0 k0 k1; getupval r0 u0; getint r0 r0 1; return1 r0
        local u; local function f() u, u.x = 1, 2 end                       --> loadi r0 1; settabupk u0 k0 k1; setupval r0 u0
        local u; local function f() u.x, u = 1, 2 end                       --> getupval r0 u0; loadi r1 1; loadi r2 2; setupval r2 u0; setfield r0 k0 r1
        local u; local function f() u.x.y, u.x = u, u.x end                 --> gettabup r0 u0 k0; getupval r1 u0; gettabup r2 u0 k0; settabup u0 k0 r2; setfield r0 k1 r1
        function t:m(a) self.a = a end                                      --> setfield r0 k0 r1
        function f(a) return function() return a end end                    --> closure r1 p0; return r1 2 x=1
        function f(a) do local a; g = function() return a end end return 1 end  --> loadnil r1 r1; closure r2 p0; settabup u0 k0 r2; close r1; loadi r1 1; return1 r1
        function f(a) return f(a - 1) end                                   --> gettabup r1 u0 k0; addi r2 r0 -1 x=2; tailcall r1 2
        function f(a) g = function() return a end return f(a) end           --> closure r1 p0; settabup u0 k0 r1; gettabup r1 u0 k1; move r2 r0; tailcall r1 2 x=1
        function f(a, b) if a then return b end end                         --> jmpnot r0 +1; return1 r1
    ");
}

#[test]
fn list_items_are_stored_in_batches() {
    let main = load(format!("return {{{}f()}}", "1, ".repeat(120)).as_bytes());
    let lists: Vec<_> = main.code().iter().filter(|i| i.op() == Op::SetList).collect();
    let counts: Vec<_> = lists.iter().map(|i| (i.b(), i.c())).collect();
    assert_eq!(counts, [(50, 0), (50, 50), (0, 100)]);
    assert_eq!(main.code().iter().find(|i| i.op() == Op::NewTable).map(|i| i.b()), Some(121));
    assert!(main.max_stack() <= 53);

    let main = load(format!("return {{{}}}", "0,".repeat(70_000)).as_bytes());
    let last = main.code().iter().rfind(|i| i.op() == Op::SetList).copied();
    let expected = Instr::new(Op::SetList, 1, 0, 50, (69_950 - 65_536) as u16);
    assert_eq!(last, Some(expected));
}

#[test]
fn constants_beyond_the_scaled_operands_go_through_registers() {
    let mut source = String::from("local t = {}\n");
    for i in 0..5_000 {
        source += &format!("t.name{i} = 'value{i}'\n");
    }
    source += "return t.last, last, t:last(), t == 'end', t + 0.25, {last = 1}";
    let main = load(source.as_bytes());
    let wide = main.code().iter().filter(|i| i.op() == Op::LoadK).map(|i| i.bx() / 16).max();
    assert!(wide > Some(4_095));
    let ops = |op| main.code().iter().filter(|i| i.op() == op).count();
    assert_eq!((ops(Op::SelfField), ops(Op::GetField), ops(Op::AddK), ops(Op::JmpEqK)), (0, 0, 0, 0));
}

#[test]
fn comparisons_that_jump_too_far_become_two() {
    let body = "f(b) ".repeat(20_000);
    let main = load(format!("local a, b while a < b do {body} end return a").as_bytes());
    let at = main.code().iter().position(|i| i.op() == Op::JmpLt).expect("an inverted comparison");
    let [test, jump] = [main.code()[at], main.code()[at + 1]];
    assert_eq!((test.sc(), jump.op()), (1, Op::Jmp));
    let target = at as isize + 2 + jump.sbx();
    assert_eq!(main.code()[target as usize].op(), Op::Return1);

    let list = "f(b), ".repeat(20_000);
    let main = load(format!("local a, b; local x = a or {{{list}}} return x").as_bytes());
    let at = main.code().iter().position(|i| i.op() == Op::JmpNot).expect("an inverted test");
    let [skip, set, jump] = [main.code()[at], main.code()[at + 1], main.code()[at + 2]];
    assert_eq!((skip.sbx(), set.op(), jump.op()), (2, Op::Move, Op::Jmp));
    assert_eq!(set, Instr::new(Op::Move, 0, 2 * 16, 0, 0));
    assert_eq!(main.code()[(at as isize + 3 + jump.sbx()) as usize].op(), Op::Return1);
    assert_eq!(main.line_at(at + 2), Some(1));
}

/// Runs in a thread with a small stack: neither long nor nested chunks may need much.
fn load_on_small_stack(source: String) -> Result<(), String> {
    let size = if cfg!(debug_assertions) { 2 << 20 } else { 256 << 10 };
    let thread = std::thread::Builder::new().stack_size(size).spawn(move || {
        let chunk = Chunk { bytes: source.as_bytes(), name: b"=test", mode: ChunkMode::Text };
        Compiler.load(chunk).map(drop).map_err(|e| e.to_string())
    });
    thread.expect("a thread").join().expect("no panic")
}

#[test]
fn long_chains_need_no_stack() {
    for link in ["+a", "..a", "<a", "()", ".x", ":m()", "[1]", " and a", " or a", " and a or a"] {
        let count = if link == "..a" { 150 } else { 50_000 };
        let source = format!("local a return a{}", link.repeat(count));
        assert_eq!(load_on_small_stack(source), Ok(()), "{link}");
    }
    let arms = "elseif a then a = 1 ".repeat(20_000);
    assert_eq!(load_on_small_stack(format!("local a if a then {arms} end")), Ok(()));
}

#[test]
fn deep_nesting_fits_a_small_stack() {
    let nested = [
        ("function f() ", "", " end"),
        ("return function() ", "", " end"),
        ("return {f(function() ", "", " end)}"),
        ("local t <close> = {[f(function() ", "", " end)] = 1}"),
        ("return ", "{", "}"),
        ("return ", "f(", ")"),
        ("return 1", " + (a or 1", ")"),
        ("return 1", " .. (a .. 1", ")"),
        ("return ", "a[", "]"),
        ("while a do ", "", " end"),
        ("repeat ", "", " until f"),
        ("if a then ", "", " end"),
    ];
    for (outer, inner, close) in nested {
        let mut deepest = 0;
        for depth in [10, 45, 60, 90, 150, 190, 250] {
            // Statements nest as a whole, expressions behind the first `return`.
            let (start, open) = if inner.is_empty() { ("", outer) } else { (outer, inner) };
            let value = if ["{", "f(", "a["].contains(&inner) { "1" } else { "" };
            let source = format!("{start}{}{value}{}", open.repeat(depth), close.repeat(depth));
            match load_on_small_stack(source) {
                Ok(()) => deepest = depth,
                Err(message) => assert!(message.contains("C stack overflow"), "{open}: {message}"),
            }
        }
        assert!((45..250).contains(&deepest), "{outer}{inner} {deepest}");
    }
}

#[test]
fn too_many_registers_are_an_error() {
    let chunk = |source: &'static str, name| Chunk { bytes: source.as_bytes(), name, mode: ChunkMode::Text };
    let source: &'static str = format!("local a\nf(x{})", ", x".repeat(260)).leak();
    let error = Compiler.load(chunk(source, b"@file.lua")).expect_err("it does not fit");
    let expected = "file.lua:2: function or expression needs too many registers";
    assert!(error.to_string().starts_with(expected), "{error}");
}

/// The verifier accepts the code of every program that we have.
#[test]
fn all_programs_compile() {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xtask");
    let mut count = 0;
    for folder in ["corpus", "bench"] {
        let Ok(entries) = std::fs::read_dir(xtask.join(folder)) else {
            continue;
        };
        for path in entries.map(|e| e.expect("an entry").path()) {
            if path.extension().is_some_and(|e| e == "lua") {
                let mut source = std::fs::read(&path).expect("a file");
                if source.starts_with(b"#") {
                    source.splice(..1, *b"--");
                }
                // What the parser refuses (on purpose) has no code.
                if parse(&source, b"=test").is_ok() {
                    load(&source);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 20, "{count}");
}

/// Two compilations of one source give the same code.
#[test]
fn compiling_is_deterministic() {
    let source = b"local t = {x = 1, 'y', f(2.5)} for k, v in pairs(t) do print(k, v, t[k]) end";
    let dump = || lua_proto::dump(&load(source), false);
    assert_eq!(dump(), dump());
}
