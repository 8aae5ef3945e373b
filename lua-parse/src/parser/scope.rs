//! Functions, local variables and upvalues (§3.5).
//!
//! Each name knows its innermost local in scope, each local in scope the one that it hides, so
//! that looking up a name takes constant time however many locals there are.

use super::stream::Progress;
use super::{Parsed, Parser};
use crate::ast::{Attrib, ExprId, ExprKind, Function, FunctionId, LabelId, Local, LocalId, Range32, StatList, StrId, Upvalue};

/// The binding of a name that is no local.
pub(super) const UNBOUND: u32 = u32::MAX;

/// Most local variables of a function that are in scope at once.
const MAX_LOCALS: u32 = 200;
/// Most upvalues of a function.
const MAX_UPVALUES: u32 = 255;

/// A local in scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Active {
    pub(super) local: LocalId,
    pub(super) name: StrId,
    /// What the name was bound to before.
    hidden: u32,
    /// The depth of its function: an index into [`Parser::functions`].
    depth: u32,
}

/// A function that is being parsed.
#[derive(Debug)]
pub(super) struct FunctionState {
    pub(super) id: FunctionId,
    /// How many locals of enclosing functions are in scope.
    first_active: usize,
    /// Locals in scope and those that are declared but not in scope yet.
    declared: u32,
    /// How many blocks were open where it begins.
    first_block: usize,
    line: u32,
    pub(super) is_vararg: bool,
    /// How many upvalues are not literals, see [`Local::literal`].
    counted_upvalues: u32,
    /// The expression for `_ENV` that globals share, and the variable that it is.
    env: Option<(Option<LocalId>, ExprId)>,
    /// Where a `break` goes.
    pub(super) loop_exit: Option<LabelId>,
    /// How many labels belong to enclosing functions.
    pub(super) first_label: usize,
    pub(super) progress: Progress,
}

/// That `function` (no function yet: [`UNBOUND`]) has a local as its upvalue `index`.
#[derive(Clone, Copy, Debug)]
pub(super) struct UpvalueUse {
    function: u32,
    index: u16,
}

impl FunctionState {
    /// The expression for `_ENV` is no longer there.
    pub(super) fn forget_environment(&mut self) {
        self.env = None;
    }
}

impl Parser<'_> {
    pub(super) fn function(&mut self) -> &mut FunctionState {
        self.functions.last_mut().expect("the main function is always there")
    }

    /// How many locals of the current function are in scope.
    pub(super) fn active_count(&self) -> u32 {
        let first = self.functions.last().expect("the main function is always there").first_active;
        (self.actives.len() - first) as u32
    }

    /// The name of a local of the current function that is in scope.
    pub(super) fn active_name(&self, index: u32) -> StrId {
        let first = self.functions.last().expect("the main function is always there").first_active;
        self.actives[first + index as usize].name
    }

    pub(super) fn open_main(&mut self) {
        self.open_function(0);
        self.set_parameters(Range32::default(), true);
        let env = self.names.env;
        self.function().counted_upvalues = 1;
        self.ast.functions[0].upvalues.push(Upvalue { name: env, in_stack: true, index: 0, local: None });
    }

    pub(super) fn open_function(&mut self, line: u32) {
        let id = FunctionId(self.ast.functions.len() as u32);
        self.ast.functions.push(Function {
            parent: self.functions.last().map(|parent| parent.id),
            params: Range32::default(),
            is_vararg: false,
            body: StatList::default(),
            upvalues: Vec::new(),
            line,
            end_line: 0,
        });
        let progress = self.begin_progress();
        self.functions.push(FunctionState {
            id,
            first_active: self.actives.len(),
            declared: 0,
            first_block: self.blocks.len(),
            line,
            is_vararg: false,
            counted_upvalues: 0,
            env: None,
            loop_exit: None,
            first_label: self.labels.len(),
            progress,
        });
        self.enter_block();
    }

    /// Whether the current token is in no block of the current function but its body.
    pub(super) fn is_in_body(&self) -> bool {
        self.functions.last().is_none_or(|function| self.blocks.len() == function.first_block + 1)
    }

    pub(super) fn set_parameters(&mut self, params: Range32, is_vararg: bool) {
        let function = self.function();
        function.is_vararg = is_vararg;
        let id = function.id;
        let function = &mut self.ast.functions[id.0 as usize];
        function.params = params;
        function.is_vararg = is_vararg;
        self.begin_body();
    }

    /// Ends the current function, whose `end` was consumed.
    pub(super) fn close_function(&mut self, body: StatList, end_line: u32) -> Parsed<()> {
        self.leave_last_block()?;
        let state = self.functions.pop().expect("the main function is always there");
        let function = &mut self.ast.functions[state.id.0 as usize];
        function.body = body;
        function.end_line = end_line;
        self.end_progress(&state)
    }

    /// The upvalues that the function at a depth has so far.
    fn upvalues(&self, depth: usize) -> &[Upvalue] {
        &self.ast.functions[self.functions[depth].id.0 as usize].upvalues
    }

    /// Declares a local of the current function; [`Parser::activate`] begins its scope.
    ///
    /// It joins [`crate::ast::Ast::local_lists`] at once, so locals of one list must be declared
    /// without expressions between them.
    pub(super) fn declare(&mut self, name: StrId, attrib: Attrib, line: u32) -> Parsed<LocalId> {
        let function = self.function();
        function.declared += 1;
        if function.declared > MAX_LOCALS {
            let line = function.line;
            return self.too_many("local variables", MAX_LOCALS, line);
        }
        let function = function.id;
        let id = LocalId(self.ast.locals.len() as u32);
        self.ast.locals.push(Local { name, attrib, function, line, captured: false, ordinal: 0, assigned: false, literal: false });
        self.upvalue_uses.push(UpvalueUse { function: UNBOUND, index: 0 });
        self.ast.local_lists.push(id);
        Ok(id)
    }

    /// Begins the scope of declared locals: a range of [`crate::ast::Ast::local_lists`].
    pub(super) fn activate(&mut self, locals: Range32) {
        let depth = self.functions.len() as u32 - 1;
        for index in locals.as_range() {
            let local = self.ast.local_lists[index];
            let name = self.ast.locals[local.0 as usize].name;
            let binding = &mut self.bindings[name.0 as usize];
            let hidden = std::mem::replace(binding, self.actives.len() as u32);
            self.actives.push(Active { local, name, hidden, depth });
        }
    }

    /// Ends the scope of all locals of the current function but the first `count`.
    pub(super) fn deactivate(&mut self, count: u32) {
        let function = self.functions.last_mut().expect("the main function is always there");
        let keep = function.first_active + count as usize;
        function.declared -= (self.actives.len() - keep) as u32;
        while self.actives.len() > keep {
            let active = self.actives.pop().expect("it is longer");
            self.bindings[active.name.0 as usize] = active.hidden;
        }
    }

    /// What a name means where the parser is: a local, an upvalue or a global.
    #[inline(always)]
    pub(super) fn resolve(&mut self, name: StrId) -> Parsed<ExprKind> {
        let binding = self.bindings[name.0 as usize];
        if binding == UNBOUND {
            let env = self.environment()?;
            if name == self.names.env {
                // The upvalue of the chunk itself, not a field of it.
                return Ok(self.ast.expr(env).kind);
            }
            return Ok(ExprKind::Global { env, name });
        }
        let Active { local, depth, .. } = self.actives[binding as usize];
        if depth as usize == self.functions.len() - 1 {
            return Ok(ExprKind::Local(local));
        }
        Ok(ExprKind::Upvalue(self.upvalue(local, depth as usize)?))
    }

    /// The expression `_ENV`: one for all globals of a function that mean the same variable.
    #[inline(always)]
    fn environment(&mut self) -> Parsed<ExprId> {
        let binding = self.bindings[self.names.env.0 as usize];
        let variable = self.actives.get(binding as usize).map(|active| active.local);
        match self.function().env {
            Some((known, expr)) if known == variable => Ok(expr),
            _ => self.new_environment(variable),
        }
    }

    #[cold]
    fn new_environment(&mut self, variable: Option<LocalId>) -> Parsed<ExprId> {
        let name = self.names.env;
        let kind = match variable {
            Some(_) => self.resolve(name)?,
            None => ExprKind::Upvalue(self.make_upvalue(None, name, 0)?),
        };
        let expr = self.push_expr(kind, self.previous_line, self.previous_end);
        self.function().env = Some((variable, expr));
        Ok(expr)
    }

    /// A local of the enclosing function at `depth`, as an upvalue of the current one.
    fn upvalue(&mut self, local: LocalId, depth: usize) -> Parsed<u16> {
        let function = self.function().id.0;
        let known = self.upvalue_uses[local.0 as usize];
        if known.function == function {
            return Ok(known.index);
        }
        let name = self.ast.locals[local.0 as usize].name;
        let index = self.make_upvalue(Some(local), name, depth + 1)?;
        self.upvalue_uses[local.0 as usize] = UpvalueUse { function, index };
        Ok(index)
    }

    /// Finds an upvalue or makes it, in all functions from depth `outermost` to the current one.
    fn make_upvalue(&mut self, local: Option<LocalId>, name: StrId, outermost: usize) -> Parsed<u16> {
        let mut depth = self.functions.len();
        let mut index = None;
        while depth > outermost && index.is_none() {
            depth -= 1;
            index = self.upvalues(depth).iter().position(|upvalue| upvalue.local == local);
        }
        let literal = local.is_some_and(|local| self.ast.local(local).literal);
        // The first one to get it, unless a function has it.
        let first = if index.is_some() { depth + 1 } else { depth };
        for depth in first..self.functions.len() {
            let in_stack = index.is_none();
            let function = &mut self.functions[depth];
            if !literal {
                function.counted_upvalues += 1;
                if function.counted_upvalues > MAX_UPVALUES {
                    let line = function.line;
                    return self.too_many("upvalues", MAX_UPVALUES, line);
                }
            }
            let outer = index.unwrap_or(0);
            let upvalues = &mut self.ast.functions[function.id.0 as usize].upvalues;
            index = Some(upvalues.len());
            upvalues.push(Upvalue { name, in_stack, index: outer as u16, local });
            if in_stack
                && !literal
                && let Some(local) = local
            {
                self.capture(local);
            }
        }
        Ok(index.expect("the current function has it now") as u16)
    }

    /// Notes that an inner function uses a local.
    fn capture(&mut self, id: LocalId) {
        let local = &mut self.ast.locals[id.0 as usize];
        if !local.captured {
            local.captured = true;
            let count = self.captures.entry((local.function, local.name)).or_default();
            local.ordinal = *count;
            *count = count.saturating_add(1);
        }
    }

    /// The local that an expression names, of this function or an enclosing one.
    pub(super) fn named_local(&self, expr: ExprId) -> Option<LocalId> {
        match self.ast.expr(expr).kind {
            ExprKind::Local(local) => Some(local),
            ExprKind::Upvalue(index) => self.upvalues(self.functions.len() - 1)[index as usize].local,
            _ => None,
        }
    }

    #[cold]
    fn too_many<T>(&mut self, what: &str, limit: u32, line: u32) -> Parsed<T> {
        let place = match line {
            0 => "main function".to_owned(),
            _ => format!("function at line {line}"),
        };
        self.fail(&format!("too many {what} (limit is {limit}) in {place}"))
    }
}
