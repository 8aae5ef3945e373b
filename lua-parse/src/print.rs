//! A tree as text, for snapshots and for people who want to see what the parser made.

use std::fmt::Write;

use crate::ast::{
    Ast, Attrib, BinaryOp, ExprId, ExprKind, ExprList, FunctionId, LabelId, LocalId, Range32, Stat, StatKind, StatList, StrId, UnaryOp,
};

/// A tree as S-expressions, one statement a line.
///
/// Locals are `name#id`, with `^` before it where they are upvalues; globals are `name` alone
/// (`_ENV.name` in full where `_ENV` is a local), labels `name@id`.
///
/// It works with a list of its own instead of recursion: operators may be chained by the hundred thousand.
///
/// ```
/// let ast = lua_parse::parse(b"local a = f(1) function f() return -a end", b"=example").unwrap();
/// assert_eq!(
///     lua_parse::print(&ast),
///     "(local a#0 = (call f 1))\n(set f = (function () [^a#0]\n  (return (- ^a#0))))\n",
/// );
/// ```
pub fn print(ast: &Ast) -> String {
    let mut printer = Printer { ast, text: String::new(), work: Vec::new(), functions: vec![FunctionId(0)], depth: 0 };
    printer.plan([Work::Statements(ast.function(FunctionId(0)).body)]);
    while let Some(work) = printer.work.pop() {
        printer.step(work);
    }
    printer.text.trim_start_matches('\n').to_owned() + "\n"
}

struct Printer<'a> {
    ast: &'a Ast,
    text: String,
    /// What is still to be printed, the next one last.
    work: Vec<Work>,
    /// The functions around what is printed, which upvalues refer to.
    functions: Vec<FunctionId>,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Work {
    Text(&'static str),
    Expr(ExprId),
    /// A name as a quoted string.
    Str(StrId),
    /// A blank before each.
    Exprs(ExprList),
    Fields(Range32),
    Local(LocalId),
    /// A blank before each.
    Locals(Range32),
    Label(LabelId),
    Function(FunctionId),
    EndFunction,
    /// An indented block, each statement on a line of its own.
    Block(StatList),
    Statements(StatList),
    Stat(u32),
    Outdent,
}

impl Printer<'_> {
    /// Puts work in front of what is planned, in the order given.
    fn plan<const N: usize>(&mut self, work: [Work; N]) {
        self.work.extend(work.iter().rev());
    }

    fn step(&mut self, work: Work) {
        match work {
            Work::Text(text) => self.text.push_str(text),
            Work::Expr(expr) => self.expr(expr),
            Work::Str(text) => self.string(text),
            Work::Exprs(list) => {
                for &expr in self.ast.list(list).iter().rev() {
                    self.plan([Work::Text(" "), Work::Expr(expr)]);
                }
            }
            Work::Fields(fields) => {
                for field in self.ast.fields[fields.as_range()].iter().rev() {
                    match field.key() {
                        Some(key) => self.plan([Work::Text(" ["), Work::Expr(key), Work::Text("]="), Work::Expr(field.value)]),
                        None => self.plan([Work::Text(" "), Work::Expr(field.value)]),
                    }
                }
            }
            Work::Local(local) => self.local(local),
            Work::Locals(locals) => {
                for &local in self.ast.local_lists[locals.as_range()].iter().rev() {
                    self.plan([Work::Text(" "), Work::Local(local)]);
                }
            }
            Work::Label(label) => {
                let name = self.ast.labels[label.0 as usize].name;
                self.name(name);
                self.write(format_args!("@{}", label.0));
            }
            Work::Function(function) => self.function(function),
            Work::EndFunction => {
                self.functions.pop();
            }
            Work::Block(block) => {
                self.depth += 1;
                self.plan([Work::Statements(block), Work::Outdent]);
            }
            Work::Statements(block) => {
                for &stat in self.ast.stat_lists[block.as_range()].iter().rev() {
                    self.plan([Work::Stat(stat)]);
                }
            }
            Work::Stat(stat) => {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n("  ", self.depth));
                let stat = self.ast.stats[stat as usize];
                self.stat(&stat);
            }
            Work::Outdent => self.depth -= 1,
        }
    }

    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        self.text.write_fmt(arguments).expect("writing to a string cannot fail");
    }

    fn name(&mut self, name: crate::ast::StrId) {
        let name = self.ast.str(name).escape_ascii();
        self.text.extend(name.map(char::from));
    }

    fn local(&mut self, id: LocalId) {
        let local = *self.ast.local(id);
        self.name(local.name);
        self.write(format_args!("#{}", id.0));
        self.text.push_str(match local.attrib {
            Attrib::Regular => "",
            Attrib::Const => "<const>",
            Attrib::Close => "<close>",
        });
    }

    fn upvalue(&mut self, function: FunctionId, index: usize) {
        let upvalue = self.ast.function(function).upvalues[index];
        self.text.push('^');
        self.name(upvalue.name);
        if let Some(local) = upvalue.local {
            self.write(format_args!("#{}", local.0));
        }
    }

    fn string(&mut self, text: StrId) {
        self.text.push('"');
        self.name(text);
        self.text.push('"');
    }

    fn expr(&mut self, id: ExprId) {
        match self.ast.expr(id).kind {
            ExprKind::Nil => self.text.push_str("nil"),
            ExprKind::True => self.text.push_str("true"),
            ExprKind::False => self.text.push_str("false"),
            ExprKind::Int(value) => self.write(format_args!("{}", value.get())),
            ExprKind::Float(value) => self.write(format_args!("{:?}", value.get())),
            ExprKind::Str(text) => self.string(text),
            ExprKind::Vararg => self.text.push_str("..."),
            ExprKind::Local(local) => {
                self.name(self.ast.local(local).name);
                self.write(format_args!("#{}", local.0));
            }
            ExprKind::Upvalue(index) => {
                let function = *self.functions.last().expect("the main function is always there");
                self.upvalue(function, index as usize);
            }
            ExprKind::Global { env, name } => {
                if self.is_local(env) {
                    self.expr(env);
                    self.text.push('.');
                }
                self.name(name);
            }
            ExprKind::Field { object, name } => {
                self.plan([Work::Text("(index "), Work::Expr(object), Work::Text(" "), Work::Str(name), Work::Text(")")])
            }
            ExprKind::Index { object, key } => {
                self.plan([Work::Text("(index "), Work::Expr(object), Work::Text(" "), Work::Expr(key), Work::Text(")")])
            }
            ExprKind::Call { callee, args } => {
                self.plan([Work::Text("(call "), Work::Expr(callee), Work::Exprs(args), Work::Text(")")]);
            }
            ExprKind::MethodCall { object, name, args } => {
                self.text.push_str("(method ");
                self.name(name);
                self.plan([Work::Text(" "), Work::Expr(object), Work::Exprs(args), Work::Text(")")]);
            }
            ExprKind::Function(function) => self.plan([Work::Function(function)]),
            ExprKind::Binary { op, lhs, rhs } => self.plan([
                Work::Text("("),
                Work::Text(binary_text(op)),
                Work::Text(" "),
                Work::Expr(lhs),
                Work::Text(" "),
                Work::Expr(rhs),
                Work::Text(")"),
            ]),
            ExprKind::Unary { op, operand } => {
                self.plan([Work::Text("("), Work::Text(unary_text(op)), Work::Text(" "), Work::Expr(operand), Work::Text(")")])
            }
            ExprKind::Paren(inner) => {
                self.plan([Work::Text("(paren "), Work::Expr(inner), Work::Text(")")]);
            }
            ExprKind::Table { fields, .. } => {
                self.plan([Work::Text("(table"), Work::Fields(fields), Work::Text(")")]);
            }
        }
    }

    /// Whether an expression is a local variable, of this function or an enclosing one.
    fn is_local(&self, expr: ExprId) -> bool {
        let function = *self.functions.last().expect("the main function is always there");
        match self.ast.expr(expr).kind {
            ExprKind::Upvalue(index) => self.ast.function(function).upvalues[index as usize].local.is_some(),
            _ => true,
        }
    }

    fn function(&mut self, id: FunctionId) {
        let function = self.ast.function(id);
        self.text.push_str("(function (");
        for (index, &param) in self.ast.local_lists[function.params.as_range()].iter().enumerate() {
            self.text.push_str(if index == 0 { "" } else { " " });
            self.local(param);
        }
        self.text.push_str(match (function.is_vararg, function.params.is_empty()) {
            (false, _) => ") [",
            (true, true) => "...) [",
            (true, false) => " ...) [",
        });
        for index in 0..function.upvalues.len() {
            self.text.push_str(if index == 0 { "" } else { " " });
            self.upvalue(id, index);
        }
        self.text.push(']');
        self.functions.push(id);
        self.plan([Work::Block(function.body), Work::Text(")"), Work::EndFunction]);
    }

    fn stat(&mut self, stat: &Stat) {
        let end = Work::Text(")");
        match stat.kind {
            StatKind::Call(call) => self.plan([Work::Expr(call)]),
            StatKind::Assign { targets, values } => {
                self.plan([Work::Text("(set"), Work::Exprs(targets), Work::Text(" ="), Work::Exprs(values), end]);
            }
            StatKind::Local { locals, values } => {
                let assign = if values.is_empty() { "" } else { " =" };
                self.plan([Work::Text("(local"), Work::Locals(locals), Work::Text(assign), Work::Exprs(values), end]);
            }
            StatKind::LocalFunction { local, function } => {
                self.plan([Work::Text("(local-function "), Work::Local(local), Work::Text(" "), Work::Function(function), end])
            }
            StatKind::Function { target, function } => {
                self.plan([Work::Text("(set "), Work::Expr(target), Work::Text(" = "), Work::Function(function), end])
            }
            StatKind::Do(body) => self.plan([Work::Text("(do"), Work::Block(body), end]),
            StatKind::While { cond, body, exit } => {
                self.plan([Work::Text("(while "), Work::Label(exit), Work::Text(" "), Work::Expr(cond), Work::Block(body), end])
            }
            StatKind::Repeat { body, cond, exit } => {
                self.plan([Work::Text("(repeat "), Work::Label(exit), Work::Block(body), Work::Text(" until "), Work::Expr(cond), end])
            }
            StatKind::If { arms, otherwise } => {
                self.plan([end]);
                if let Some(block) = otherwise {
                    self.plan([Work::Text(" else"), Work::Block(block)]);
                }
                let first = arms.as_range().start;
                for index in arms.as_range().rev() {
                    let arm = self.ast.arms[index];
                    let word = if index == first { "(if " } else { " elseif " };
                    self.plan([Work::Text(word), Work::Expr(arm.cond), Work::Block(arm.body)]);
                }
            }
            StatKind::NumericFor { locals, start, limit, step, body, exit, .. } => {
                let bounds = [Work::Text(" = "), Work::Expr(start), Work::Text(", "), Work::Expr(limit)];
                self.plan([Work::Block(body), end]);
                if let Some(step) = step {
                    self.plan([Work::Text(", "), Work::Expr(step)]);
                }
                self.plan(bounds);
                self.plan([Work::Text("(for "), Work::Label(exit), Work::Locals(locals)]);
            }
            StatKind::GenericFor { locals, values, body, exit, .. } => {
                self.plan([Work::Text(" in"), Work::Exprs(values), Work::Block(body), end]);
                self.plan([Work::Text("(for "), Work::Label(exit), Work::Locals(locals)]);
            }
            StatKind::Return(values) => self.plan([Work::Text("(return"), Work::Exprs(values), end]),
            StatKind::Goto { label } => self.plan([Work::Text("(goto "), Work::Label(label), end]),
            StatKind::Label(label) => {
                let active = self.ast.labels[label.0 as usize].active;
                self.write(format_args!("(label {active} "));
                self.plan([Work::Label(label), end]);
            }
            StatKind::Empty => self.text.push_str("(;)"),
        }
    }
}

fn binary_text(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Lt => "<",
        BinaryOp::Gt => ">",
        BinaryOp::Le => "<=",
        BinaryOp::Ge => ">=",
        BinaryOp::Ne => "~=",
        BinaryOp::Eq => "==",
        BinaryOp::BOr => "|",
        BinaryOp::BXor => "~",
        BinaryOp::BAnd => "&",
        BinaryOp::Shl => "<<",
        BinaryOp::Shr => ">>",
        BinaryOp::Concat => "..",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::IDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "^",
    }
}

fn unary_text(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Not => "not",
        UnaryOp::Len => "#",
        UnaryOp::Neg => "-",
        UnaryOp::BNot => "~",
    }
}
