//! What a later version of the source is compared by: names of functions, and which variables their upvalues are.
//!
//! A function is called after what it is first stored in (`M.foo`, `M.handlers.click`, `t[1]`), or
//! else after the call that it is an argument of (`on(click).2`), or `return`; else it has the empty
//! name. Lines play no part, because an edit moves them.

use std::collections::HashMap;

use lua_proto::Variable;

use super::Generator;
use crate::ast::{Ast, BinaryOp, ExprId, ExprKind, ExprList, LocalId, Range32, StatKind, StrId, Upvalue};

/// Longer names lose their beginning.
const LONGEST: usize = 120;
/// How many indices of `a.b.c` are followed.
const STEPS: usize = 8;

/// What is known of names while a chunk is compiled.
#[derive(Default)]
pub(super) struct Outline {
    /// The first function that is not compiled yet, by number in [`Ast::function_exprs`].
    next: usize,
    /// Names for expressions that are about to be compiled.
    given: HashMap<ExprId, Vec<u8>>,
    /// Of each local: whether its declaration may run again while its function runs.
    repeated: Vec<bool>,
    /// Loops and labels around what is being compiled, in the running function.
    pub(super) loops: u32,
}

impl Outline {
    /// Gets ready for a tree with the same locals as before and perhaps some more, and with other expressions.
    pub(super) fn restart(&mut self, ast: &Ast) {
        self.next = 0;
        self.given.clear();
        self.repeated.resize(ast.locals.len(), false);
    }

    /// Forgets the chunk.
    pub(super) fn clear(&mut self) {
        self.repeated.clear();
        self.loops = 0;
    }

    /// The name that was given to an expression.
    pub(super) fn take(&mut self, id: ExprId) -> Vec<u8> {
        if self.given.is_empty() { Vec::new() } else { self.given.remove(&id).unwrap_or_default() }
    }
}

impl Generator<'_> {
    /// Gives names to the values of a statement.
    pub(super) fn name_values(&mut self, stat: &StatKind) {
        let ast = self.ast;
        match *stat {
            StatKind::Local { locals, values } => {
                let locals = &ast.local_lists[locals.as_range()];
                for (&local, &value) in locals.iter().zip(ast.list(values)) {
                    self.give(value, || ast.str(ast.local(local).name).to_vec());
                }
            }
            StatKind::Assign { targets, values } => {
                for (&target, &value) in ast.list(targets).iter().zip(ast.list(values)) {
                    if self.is_nameable(value) {
                        let name = self.variable_text(target);
                        self.give(value, || name);
                    }
                }
            }
            StatKind::Return(values) => {
                for (at, &value) in ast.list(values).iter().enumerate() {
                    self.give(value, || if at == 0 { b"return".to_vec() } else { format!("return.{}", at + 1).into_bytes() });
                }
            }
            _ => {}
        }
    }

    /// Gives names to the fields of a constructor, which has one itself.
    pub(super) fn name_fields(&mut self, prefix: &[u8], table: ExprId, fields: Range32) {
        let ast = self.ast;
        if self.stands_before_functions(table) {
            return;
        }
        let mut item = 0;
        for field in &ast.fields[fields.as_range()] {
            item += u32::from(field.key().is_none());
            if self.is_nameable(field.value) {
                let mut name = prefix.to_vec();
                match field.key() {
                    Some(key) => self.append_key(&mut name, key),
                    None => name.extend_from_slice(format!("[{item}]").as_bytes()),
                }
                self.give(field.value, || name);
            }
        }
    }

    /// Gives names to the arguments of a call, which has one itself if its value is stored.
    pub(super) fn name_arguments(&mut self, call: ExprId, args: ExprList) {
        let ast = self.ast;
        if self.stands_before_functions(call) || !ast.list(args).iter().any(|&a| self.is_nameable(a)) {
            return;
        }
        let mut name = self.outline.take(call);
        let called = match ast.expr(call).kind {
            ExprKind::MethodCall { name, .. } => Some(name),
            ExprKind::Call { callee, .. } => self.last_name(callee),
            _ => None,
        };
        name.push(b'=');
        name.extend_from_slice(called.map_or(b"", |called| ast.str(called)));
        if let Some(&first) = ast.list(args).first()
            && let ExprKind::Str(text) = ast.expr(first).kind
        {
            name.push(b'(');
            name.extend_from_slice(ast.str(text));
            name.push(b')');
        }
        for (at, &argument) in ast.list(args).iter().enumerate() {
            self.give(argument, || [&name, format!(".{}", at + 1).as_bytes()].concat());
        }
    }

    /// Gives a name to an expression, or to those whose value it may have.
    fn give(&mut self, id: ExprId, name: impl FnOnce() -> Vec<u8>) {
        if self.is_nameable(id) {
            let name = name();
            let name = name[name.len().saturating_sub(LONGEST)..].to_vec();
            self.give_all(id, name);
        }
    }

    /// Recursion is bounded as that of `expr` is: only right sides are nested.
    fn give_all(&mut self, mut id: ExprId, name: Vec<u8>) {
        loop {
            match self.ast.expr(id).kind {
                ExprKind::Paren(inner) => id = inner,
                ExprKind::Binary { op: BinaryOp::And | BinaryOp::Or, lhs, rhs } => {
                    if self.is_nameable(rhs) {
                        self.give_all(rhs, name.clone());
                    }
                    id = lhs;
                }
                _ if self.is_nameable(id) => {
                    self.outline.given.insert(id, name);
                    return;
                }
                _ => return,
            }
        }
    }

    /// Notes that a function is compiled, and those before it, which are in it among others, are too or never will be.
    pub(super) fn pass_function(&mut self, id: ExprId) {
        let rest = &self.ast.function_exprs[self.outline.next..];
        self.outline.next += rest.iter().take_while(|f| f.0 <= id.0).count();
    }

    /// Whether the next function is behind all that an expression consists of.
    fn stands_before_functions(&self, id: ExprId) -> bool {
        self.ast.function_exprs.get(self.outline.next).is_none_or(|next| next.0 > id.0)
    }

    /// Whether an expression is, holds or passes on a function that is written in it.
    fn is_nameable(&self, id: ExprId) -> bool {
        use ExprKind::*;
        if self.stands_before_functions(id) {
            return false;
        }
        match self.ast.expr(id).kind {
            Function(_) => true,
            Table { .. } | Paren(_) | Call { .. } | MethodCall { .. } | Binary { op: BinaryOp::And | BinaryOp::Or, .. } => {
                // An expression stands behind all that is in it.
                let first = first_in(self.ast, id);
                let functions = &self.ast.function_exprs;
                functions.get(functions.partition_point(|f| f.0 < first.0)).is_some_and(|f| f.0 <= id.0)
            }
            _ => false,
        }
    }

    /// The text of a variable: `a`, `a.b.c`, `a[1]`, `a[b]`.
    pub(super) fn variable_text(&self, id: ExprId) -> Vec<u8> {
        let ast = self.ast;
        let (mut object, mut keys) = (id, Vec::new());
        while let ExprKind::Field { object: inner, .. } | ExprKind::Index { object: inner, .. } = ast.expr(object).kind
            && keys.len() < STEPS
        {
            keys.push(object);
            object = inner;
        }
        let mut text = self.last_name(object).map_or(b"?".to_vec(), |name| ast.str(name).to_vec());
        for &step in keys.iter().rev() {
            match ast.expr(step).kind {
                ExprKind::Field { name, .. } => append_name(&mut text, ast.str(name)),
                ExprKind::Index { key, .. } => self.append_key(&mut text, key),
                _ => {}
            }
        }
        text
    }

    fn append_key(&self, text: &mut Vec<u8>, key: ExprId) {
        let ast = self.ast;
        match ast.expr(key).kind {
            ExprKind::Str(name) => append_name(text, ast.str(name)),
            ExprKind::Int(number) => text.extend_from_slice(format!("[{}]", number.get()).as_bytes()),
            _ => {
                let name = self.last_name(key).map_or(&b"?"[..], |name| ast.str(name));
                text.extend_from_slice(&[b"[", name, b"]"].concat());
            }
        }
    }

    /// The name of a variable, or the last one of `a.b.c`.
    fn last_name(&self, id: ExprId) -> Option<StrId> {
        let ast = self.ast;
        match ast.expr(id).kind {
            ExprKind::Local(local) => Some(ast.local(local).name),
            ExprKind::Upvalue(index) => Some(ast.function(self.f.id).upvalues[usize::from(index)].name),
            ExprKind::Global { name, .. } | ExprKind::Field { name, .. } => Some(name),
            ExprKind::Index { key, .. } => match ast.expr(key).kind {
                ExprKind::Str(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Notes how a local that begins its scope is declared.
    pub(super) fn note_declaration(&mut self, id: LocalId) {
        self.outline.repeated[id.0 as usize] = self.outline.loops > 0;
    }

    /// Which variable an upvalue is.
    pub(super) fn variable_of(&mut self, depth: usize, upvalue: &Upvalue) -> Variable {
        let Some(local) = upvalue.local else {
            return Variable { levels: 0, ordinal: 0, repeated: false };
        };
        let home = self.ast.local(local).function;
        let (mut function, mut levels) = (self.state(depth).id, 0u8);
        while function != home {
            levels = levels.saturating_add(1);
            match self.ast.function(function).parent {
                Some(parent) => function = parent,
                None => break,
            }
        }
        let ordinal = self.ast.local(local).ordinal;
        Variable { levels, ordinal, repeated: self.outline.repeated[local.0 as usize] }
    }
}

fn append_name(text: &mut Vec<u8>, name: &[u8]) {
    text.push(b'.');
    text.extend_from_slice(name);
}

/// The first expression of those that another one consists of, itself included.
fn first_in(ast: &Ast, mut id: ExprId) -> ExprId {
    use ExprKind::*;
    loop {
        id = match ast.expr(id).kind {
            Binary { lhs: inner, .. } | Unary { operand: inner, .. } | Paren(inner) | Call { callee: inner, .. } => inner,
            Field { object, .. } | Index { object, .. } | MethodCall { object, .. } => object,
            Table { fields, .. } => match ast.fields[fields.as_range()].first() {
                Some(field) => field.key().unwrap_or(field.value),
                None => return id,
            },
            _ => return id,
        };
    }
}
