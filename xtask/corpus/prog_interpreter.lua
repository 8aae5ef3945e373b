-- Interpreters: a stack machine with assembler, a Forth, a Lisp with closures and tail calls, Brainfuck, SKI.
local function assemble(source)
  local code, labels = {}, {}
  for line in source:gmatch "[^\n]+" do
    line = line:gsub(";.*", ""):match "^%s*(.-)%s*$"
    local label = line:match "^(%w+):$"
    if label then labels[label] = #code + 1 elseif line ~= "" then local op, arg = line:match "^(%S+)%s*(.*)$"; code[#code + 1] = {op, tonumber(arg) or arg} end
  end
  for _, c in ipairs(code) do if labels[c[2]] then c[2] = labels[c[2]] end end
  return code
end
local function execute(code)
  local stack, vars, pc, steps, out = {}, {}, 1, 0, {}
  local function pop() return table.remove(stack) end
  local ops = {push = function(a) stack[#stack + 1] = a end, load = function(a) stack[#stack + 1] = vars[a] or 0 end, store = function(a) vars[a] = pop() end, add = function() local b = pop(); stack[#stack] = stack[#stack] + b end,
    mul = function() local b = pop(); stack[#stack] = stack[#stack] * b end, sub = function() local b = pop(); stack[#stack] = stack[#stack] - b end, jmp = function(a) pc = a end, jz = function(a) if pop() == 0 then pc = a end end, out = function() out[#out + 1] = pop() end}
  while code[pc] do local c = code[pc]; pc = pc + 1; steps = steps + 1; ops[c[1]](c[2]) end
  return table.concat(out, " "), steps
end
local factorial = [[
  push 1
  store acc
  push 10
  store n
loop:
  load n
  jz done
  load acc     ; acc = acc * n
  load n
  mul
  store acc
  load n
  push 1
  sub
  store n
  jmp loop
done:
  load acc
  out
]]
print(execute(assemble(factorial))) --> 3628800	118
-- Forth: words, definitions, conditionals, loops.
local function forth(source)
  local stack, out, words, defining, body = {}, {}, {}, nil, nil
  local function push(v) stack[#stack + 1] = v end
  local function pop() if #stack == 0 then error("stack underflow", 0) end return table.remove(stack) end
  for name, f in pairs {["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end, ["*"] = function(a, b) return a * b end, ["/"] = function(a, b) return a // b end, ["<"] = function(a, b) return a < b and -1 or 0 end, ["="] = function(a, b) return a == b and -1 or 0 end} do words[name] = function() local b, a = pop(), pop(); push(f(a, b)) end end
  words.dup = function() local a = pop(); push(a); push(a) end
  words.swap = function() local b, a = pop(), pop(); push(b); push(a) end
  words.drop, words.over = pop, function() local b, a = pop(), pop(); push(a); push(b); push(a) end
  words["."] = function() out[#out + 1] = tostring(pop()) end
  local run
  local function find_else(list, i) local depth, other = 0, nil; while true do local w = list[i]; if w == "if" then depth = depth + 1 elseif w == "then" then if depth == 0 then return other, i end depth = depth - 1 elseif w == "else" and depth == 0 then other = i end i = i + 1 end end
  local function find_loop(list, i) local depth = 0; while true do if list[i] == "do" then depth = depth + 1 elseif list[i] == "loop" then if depth == 0 then return i end depth = depth - 1 end i = i + 1 end end
  function run(list, first, last, index)
    local i = first
    while i <= last do
      local w = list[i]
      if tonumber(w) then push(tonumber(w)) elseif w == "i" then push(index)
      elseif w == "if" then local other, stop = find_else(list, i + 1); if pop() ~= 0 then run(list, i + 1, (other or stop) - 1, index) elseif other then run(list, other + 1, stop - 1, index) end i = stop
      elseif w == "do" then local stop = find_loop(list, i + 1); local from, to = pop(), pop(); for k = from, to - 1 do run(list, i + 1, stop - 1, k) end i = stop
      elseif type(words[w]) == "table" then run(words[w], 1, #words[w], index) elseif words[w] then words[w]() else error("unknown word " .. w, 0) end
      i = i + 1
    end
  end
  local main = {}
  for w in source:gmatch "%S+" do if w == ":" then defining = true elseif defining == true then defining, body = w, {} elseif w == ";" then words[defining] = body; defining = nil elseif defining then body[#body + 1] = w else main[#main + 1] = w end end
  local ok, m = pcall(run, main, 1, #main)
  return table.concat(out, " ") .. (ok and "" or " error: " .. m)
end
print(forth ": square dup * ; 5 square . 3 4 + . 10 3 / ."); print(forth ": fact dup 2 < if drop 1 else dup 1 - fact * then ; 6 fact . 10 fact ."); print(forth "0 6 1 do i i * + loop . 3 0 do 2 0 do i . loop loop"); print(forth "1 + ."); print(forth "1 . nope")
--> 25 7 3
--> 720 3628800
--> 55 0 1 0 1 0 1
-->  error: stack underflow
--> 1 error: unknown word nope
-- Lisp.
local function read(text)
  local pos = 1
  local function parse()
    pos = text:find("%S", pos) or error("unexpected end", 0)
    local c = text:sub(pos, pos)
    if c == "(" then local list = {}; pos = pos + 1; while true do pos = text:find("%S", pos) or error("missing )", 0); if text:sub(pos, pos) == ")" then pos = pos + 1 return list end list[#list + 1] = parse() end end
    if c == "'" then pos = pos + 1; return {"quote", parse()} end
    local atom = text:match("^[^%s()]+", pos); pos = pos + #atom
    return tonumber(atom) or atom
  end
  local forms = {}
  while text:find("%S", pos) do forms[#forms + 1] = parse() end
  return forms
end
local function show(v) if type(v) == "table" then local p = {}; for i, x in ipairs(v) do p[i] = show(x) end return "(" .. table.concat(p, " ") .. ")" end return tostring(v) end
local function eval(x, env)
  while true do
    if type(x) == "string" then local v = env[x]; if v == nil then error("unbound " .. x, 0) end return v elseif type(x) ~= "table" then return x end
    local op = x[1]
    if op == "quote" then return x[2] elseif op == "if" then x = eval(x[2], env) and x[3] or x[4]; if x == nil then return false end
    elseif op == "define" then if type(x[2]) == "table" then env[x[2][1]] = eval({"lambda", table.move(x[2], 2, #x[2], 1, {}), table.unpack(x, 3)}, env) else env[x[2]] = eval(x[3], env) end return "ok"
    elseif op == "let" then local inner = setmetatable({}, {__index = env}); for _, b in ipairs(x[2]) do inner[b[1]] = eval(b[2], env) end env, x = inner, x[3]
    elseif op == "set!" then local e = env; while rawget(e, x[2]) == nil do e = getmetatable(e).__index end e[x[2]] = eval(x[3], env) return "ok"
    elseif op == "lambda" then return {lambda = true, params = x[2], body = table.move(x, 3, #x, 1, {}), env = env}
    else
      local f, args = eval(op, env), {}
      for i = 2, #x do args[i - 1] = eval(x[i], env) end
      if type(f) == "function" then return f(table.unpack(args)) end
      local inner = setmetatable({}, {__index = f.env})
      for i, p in ipairs(f.params) do inner[p] = args[i] end
      for i = 1, #f.body - 1 do eval(f.body[i], inner) end
      env, x = inner, f.body[#f.body]
    end
  end
end
local global = {["+"] = function(...) local s = 0; for _, v in ipairs {...} do s = s + v end return s end, ["*"] = function(a, b) return a * b end, ["-"] = function(a, b) return a - b end, ["<"] = function(a, b) return a < b end, ["="] = function(a, b) return a == b end, list = function(...) return {...} end,
  car = function(l) return l[1] end, cdr = function(l) return table.move(l, 2, #l, 1, {}) end, cons = function(a, l) return {a, table.unpack(l)} end, ["null?"] = function(l) return #l == 0 end}
for _, form in ipairs(read [[
(define (fact n) (if (< n 2) 1 (* n (fact (- n 1))))) (fact 15)
(define (count n acc) (if (= n 0) acc (count (- n 1) (+ acc 1)))) (count 500 0)
(define (map f l) (if (null? l) '() (cons (f (car l)) (map f (cdr l))))) (map (lambda (x) (* x x)) '(1 2 3 4))
(define make-counter (lambda () (let ((n 0)) (lambda () (set! n (+ n 1)) n)))) (define c (make-counter)) (c) (c) (let ((x 2) (y 3)) (let ((x 7)) (* x y)))
'(a (b c) 1.5) ((lambda (f) (f f 5)) (lambda (self n) (if (= n 0) 'done (self self (- n 1))))) (undefined 1)
]]) do local ok, v = pcall(eval, form, global); if v ~= "ok" then print(ok, show(v)) end end
--> true	1307674368000
--> true	500
--> true	(1 4 9 16)
--> true	1
--> true	2
--> true	21
--> true	(a (b c) 1.5)
--> true	done
--> false	unbound undefined
-- Brainfuck.
local function brainfuck(program, input)
  local match, stack, tape, p, out, i = {}, {}, {}, 0, {}, 1
  for k = 1, #program do local c = program:sub(k, k); if c == "[" then stack[#stack + 1] = k elseif c == "]" then local o = table.remove(stack); match[o], match[k] = k, o end end
  while i <= #program do
    local c, v = program:byte(i), tape[p] or 0
    if c == 62 then p = p + 1 elseif c == 60 then p = p - 1 elseif c == 43 then tape[p] = v + 1 & 255 elseif c == 45 then tape[p] = v - 1 & 255 elseif c == 46 then out[#out + 1] = string.char(v)
    elseif c == 44 then tape[p] = input:byte(); input = input:sub(2) elseif c == 91 and v == 0 or c == 93 and v ~= 0 then i = match[i] end
    i = i + 1
  end
  return table.concat(out)
end
print(brainfuck "++++++[>++++++++++++<-]>.>++++++++[>++++++++<-]>++.", (brainfuck(",[.,]", "echo\0"):gsub("%z", "")), brainfuck(",>,[<+>-]<.", "!\32") )
--> HB	echo	A
