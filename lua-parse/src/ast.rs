//! The syntax tree: what the parser makes and the compiler and tools read.
//!
//! Nodes live in flat arenas of one [`Ast`] and refer to each other by index, so
//! a tree is a handful of allocations, is dropped without recursion however deep
//! it is, and needs no lifetimes. Scopes are resolved while parsing: a
//! name is a [`ExprKind::Local`], an [`ExprKind::Upvalue`] or a
//! [`ExprKind::Global`] when it gets here.

/// The index of an expression in [`Ast::exprs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExprId(pub u32);

/// The index of a function in [`Ast::functions`]; 0 is the main function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FunctionId(pub u32);

/// The index of a local variable in [`Ast::locals`] (unique in the whole chunk).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocalId(pub u32);

/// The index of a label in [`Ast::labels`] (unique in the whole chunk).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LabelId(pub u32);

/// A string of the source (name or literal), by index in [`Ast::strings`]; equal
/// strings have equal indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StrId(pub u32);

/// A run of indices in one of the arenas: `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Range32 {
    /// First index.
    pub start: u32,
    /// One past the last index.
    pub end: u32,
}

impl Range32 {
    /// The range as one of `usize`.
    pub fn as_range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
    /// How many indices it has.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }
    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A list of expressions: a range of [`Ast::expr_lists`].
pub type ExprList = Range32;
/// A block: a range of [`Ast::stat_lists`].
pub type StatList = Range32;

/// A chunk as a tree.
#[derive(Debug, Default)]
pub struct Ast {
    /// All expressions.
    pub exprs: Vec<Expr>,
    /// Where each of them stands; empty if the tree was made to be compiled only.
    pub spans: Vec<Span>,
    /// Items of expression lists, each list contiguous.
    pub expr_lists: Vec<ExprId>,
    /// Operands whose next token (the comma behind a list item, the parenthesis that closes arguments or an
    /// operand) stands on a later line than their own last one, with that line; by index of the operand. What
    /// puts such an operand where it is needed has that line.
    pub late: Vec<(ExprId, u32)>,
    /// Statements, each block contiguous, in order.
    pub stats: Vec<Stat>,
    /// Which statements a block has: indices into `stats`, each block contiguous.
    pub stat_lists: Vec<u32>,
    /// Items of table constructors, each constructor contiguous.
    pub fields: Vec<Field>,
    /// Local variables (parameters and the hidden ones of loops are among them).
    pub locals: Vec<Local>,
    /// Items of lists of locals, each list contiguous.
    pub local_lists: Vec<LocalId>,
    /// `if`/`elseif` arms, each statement's contiguous.
    pub arms: Vec<Arm>,
    /// All functions; the main function is the first.
    pub functions: Vec<Function>,
    /// Which expressions are functions, in order.
    pub function_exprs: Vec<ExprId>,
    /// All labels.
    pub labels: Vec<Label>,
    /// Bytes of all distinct strings.
    pub string_bytes: Vec<u8>,
    /// Where each string stands in `string_bytes`.
    pub strings: Vec<Range32>,
}

/// A tree without anything.
pub(crate) static NOTHING: Ast = Ast::EMPTY;

impl Ast {
    const EMPTY: Ast = Ast {
        exprs: Vec::new(),
        spans: Vec::new(),
        expr_lists: Vec::new(),
        late: Vec::new(),
        stats: Vec::new(),
        stat_lists: Vec::new(),
        fields: Vec::new(),
        locals: Vec::new(),
        local_lists: Vec::new(),
        arms: Vec::new(),
        functions: Vec::new(),
        function_exprs: Vec::new(),
        labels: Vec::new(),
        string_bytes: Vec::new(),
        strings: Vec::new(),
    };

    /// The bytes of a string.
    pub fn str(&self, id: StrId) -> &[u8] {
        &self.string_bytes[self.strings[id.0 as usize].as_range()]
    }
    /// An expression.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }
    /// The items of a list.
    pub fn list(&self, list: ExprList) -> &[ExprId] {
        &self.expr_lists[list.as_range()]
    }
    /// The statements of a block.
    pub fn block(&self, list: StatList) -> impl Iterator<Item = &Stat> {
        self.stat_lists[list.as_range()].iter().map(|&i| &self.stats[i as usize])
    }
    /// A local variable.
    pub fn local(&self, id: LocalId) -> &Local {
        &self.locals[id.0 as usize]
    }
    /// A function.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }
}

/// A place in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Byte offset where it begins.
    pub start: u32,
    /// Byte offset where it ends.
    pub end: u32,
}

/// A number that needs no more alignment than the rest of the tree: most of a tree's memory is expressions.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(Rust, packed(4))]
pub struct Unaligned<T: Copy>(T);

impl<T: Copy> Unaligned<T> {
    /// The number.
    #[inline(always)]
    pub fn get(self) -> T {
        self.0
    }
}

impl<T: Copy> From<T> for Unaligned<T> {
    #[inline(always)]
    fn from(number: T) -> Self {
        Unaligned(number)
    }
}

const _: () = assert!(size_of::<Expr>() == 24);

/// An expression and its line.
#[derive(Clone, Copy, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Line (from 1) that run-time errors in this expression name: of the operator for operations, of
    /// the opening parenthesis (or the string or table argument) for calls, of the last token (the name
    /// or `]`) for an index, of `{` for a table, of `end` for a function, else of the token itself. A
    /// token of several lines has the line where it ends.
    pub line: u32,
}

/// What an expression is (§3.4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExprKind {
    /// `nil`
    Nil,
    /// `true`
    True,
    /// `false`
    False,
    /// An integer literal.
    Int(Unaligned<i64>),
    /// A float literal.
    Float(Unaligned<f64>),
    /// A string literal.
    Str(StrId),
    /// `...`
    Vararg,
    /// A local of the same function.
    Local(LocalId),
    /// A local of an enclosing function (or the main function's `_ENV`), by index in this
    /// [`Function::upvalues`].
    Upvalue(u16),
    /// A free name: field `name` of `_ENV`, which is the local or upvalue `env`.
    Global {
        /// The expression `_ENV` (a `Local` or an `Upvalue`). All globals of a function may share this
        /// node, so its position says nothing.
        env: ExprId,
        /// The name.
        name: StrId,
    },
    /// `object.name`
    Field {
        /// What is indexed.
        object: ExprId,
        /// The name.
        name: StrId,
    },
    /// `object[key]`
    Index {
        /// What is indexed.
        object: ExprId,
        /// The key.
        key: ExprId,
    },
    /// `callee(args)`
    Call {
        /// What is called.
        callee: ExprId,
        /// The arguments.
        args: ExprList,
    },
    /// `object:name(args)`
    MethodCall {
        /// The object.
        object: ExprId,
        /// The method's name.
        name: StrId,
        /// The arguments.
        args: ExprList,
    },
    /// `function … end`
    Function(FunctionId),
    /// `lhs op rhs`, `and` and `or` among them
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        lhs: ExprId,
        /// Right operand.
        rhs: ExprId,
    },
    /// `op operand`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        operand: ExprId,
    },
    /// `(inner)`: truncates to one value
    Paren(ExprId),
    /// `{ … }`
    Table {
        /// The items: a range of [`Ast::fields`].
        fields: Range32,
        /// The line of the closing brace.
        end_line: u32,
    },
}

/// One item of a table constructor (§3.4.9).
#[derive(Clone, Copy)]
pub struct Field {
    /// The key; the value itself, which cannot be its own key, if there is none. Large constructors have many items.
    key: ExprId,
    /// The value.
    pub value: ExprId,
}

impl Field {
    /// `[key] = value`, `name = value`, or an item of the list.
    pub fn new(key: Option<ExprId>, value: ExprId) -> Field {
        Field { key: key.unwrap_or(value), value }
    }

    /// The key: `Some` for `[k] = v` and `name = v`, `None` for an item of the list.
    pub fn key(&self) -> Option<ExprId> {
        (self.key != self.value).then_some(self.key)
    }
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("key", &self.key()).field("value", &self.value).finish()
    }
}

/// A binary operator, in the order of the manual's §3.4.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Or,
    And,
    Lt,
    Gt,
    Le,
    Ge,
    Ne,
    Eq,
    BOr,
    BXor,
    BAnd,
    Shl,
    Shr,
    Concat,
    Add,
    Sub,
    Mul,
    Div,
    IDiv,
    Mod,
    Pow,
}

/// A unary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Not,
    Len,
    Neg,
    BNot,
}

/// What a local variable promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Attrib {
    /// Nothing.
    #[default]
    Regular,
    /// `<const>`
    Const,
    /// `<close>`
    Close,
}

/// A local variable (§3.3.7).
#[derive(Clone, Copy, Debug)]
pub struct Local {
    /// Its name; the hidden ones of loops are `(for state)`.
    pub name: StrId,
    /// Its attribute. The fourth hidden local of a generic `for` is `Close`.
    pub attrib: Attrib,
    /// The function that declares it.
    pub function: FunctionId,
    /// Line of the declaration.
    pub line: u32,
    /// Whether an inner function uses it (it must be closed when its block ends).
    pub captured: bool,
    /// If so: how many locals of the same function and name inner functions had used before.
    pub ordinal: u16,
    /// Whether anything assigns to it after its declaration.
    pub assigned: bool,
    /// Whether it is a `<const>`, the last of its list, with as many values as names, and its value is a
    /// literal, a negated numeral, or another such local: then the compiler folds it for sure. Whether
    /// any other `<const>` folds (`2 * 3`), the compiler decides. A use in an inner function is an
    /// `Upvalue` all the same, see [`Upvalue::local`].
    pub literal: bool,
}

/// How a function reaches a variable of an enclosing one.
#[derive(Clone, Copy, Debug)]
pub struct Upvalue {
    /// Its name.
    pub name: StrId,
    /// Whether it is a local of the directly enclosing function (else that function's upvalue `index`).
    pub in_stack: bool,
    /// Which upvalue of the enclosing function it is, if not in its stack.
    pub index: u16,
    /// The variable itself; `None` for the main function's `_ENV`.
    pub local: Option<LocalId>,
}

/// A function (§3.4.11).
#[derive(Debug)]
pub struct Function {
    /// The enclosing function.
    pub parent: Option<FunctionId>,
    /// Parameters, `self` among them: a range of [`Ast::local_lists`].
    pub params: Range32,
    /// Whether it ends its parameters with `...`.
    pub is_vararg: bool,
    /// Its statements.
    pub body: StatList,
    /// Upvalues in order of first use (`_ENV` is the main function's first and only one). A `<const>`
    /// local that folds has an entry too; the compiler drops such entries and renumbers. At most 255
    /// are not [`Local::literal`].
    pub upvalues: Vec<Upvalue>,
    /// Line where it counts as defined: of `function` in a `function` statement, of `(` elsewhere
    /// (0 for the main function).
    pub line: u32,
    /// Line of `end` (of the end of the source for the main function).
    pub end_line: u32,
}

/// A label (§3.3.4).
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// Its name; `break` targets are `break`.
    pub name: StrId,
    /// Its line (for a `break` target, of the loop's last token).
    pub line: u32,
    /// How many locals of its function are in scope at the label, in order of declaration and hidden
    /// and `<const>` ones included. A jump to it leaves the scope of all later ones: where one of those
    /// is captured or `Close`, the compiler closes from the first of them on, before it jumps. At a
    /// label that ends its block (only void statements follow) the block's locals count as out of scope
    /// already; at the target of a `break`, all those of the loop.
    pub active: u32,
}

/// A statement and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Stat {
    /// What it is.
    pub kind: StatKind,
    /// Line of its first token.
    pub line: u32,
    /// Line of its last token (of `end`, `until` and its like).
    pub end_line: u32,
    /// Byte offset where it begins.
    pub start: u32,
    /// Byte offset where it ends.
    pub end: u32,
}

/// What a statement is (§3.3).
#[derive(Clone, Copy, Debug)]
pub enum StatKind {
    /// A call whose results are dropped.
    Call(ExprId),
    /// `targets = values`
    Assign {
        /// Left side.
        targets: ExprList,
        /// Right side.
        values: ExprList,
    },
    /// `local names <attribs> = values`; without values, the list is empty
    Local {
        /// The variables: a range of [`Ast::local_lists`].
        locals: Range32,
        /// Their values.
        values: ExprList,
    },
    /// `local function f`
    LocalFunction {
        /// The variable, in scope inside the function.
        local: LocalId,
        /// The function.
        function: FunctionId,
    },
    /// `function a.b:c() … end`: an assignment (on the statement's line); `target` is a name or an `Index`
    Function {
        /// What is assigned.
        target: ExprId,
        /// The function.
        function: FunctionId,
    },
    /// `do … end`
    Do(StatList),
    /// `while cond do body end`; `exit` is the label of its `break`s
    While {
        /// The condition.
        cond: ExprId,
        /// The body.
        body: StatList,
        /// Where `break` goes.
        exit: LabelId,
    },
    /// `repeat body until cond` (the body's locals are in scope in `cond`)
    Repeat {
        /// The body.
        body: StatList,
        /// The condition.
        cond: ExprId,
        /// Where `break` goes.
        exit: LabelId,
    },
    /// `if … elseif … else … end`
    If {
        /// Conditions and blocks: a range of [`Ast::arms`].
        arms: Range32,
        /// The `else` block.
        otherwise: Option<StatList>,
    },
    /// `for var = start, limit, step do body end`
    NumericFor {
        /// Four locals in a row of [`Ast::local_lists`]: three hidden ones, then the variable.
        locals: Range32,
        /// Initial value.
        start: ExprId,
        /// Limit.
        limit: ExprId,
        /// Step.
        step: Option<ExprId>,
        /// The body.
        body: StatList,
        /// Where `break` goes.
        exit: LabelId,
        /// Line of `do`, which errors about the loop's values name.
        do_line: u32,
    },
    /// `for names in values do body end`
    GenericFor {
        /// Four hidden locals, then the variables: a range of [`Ast::local_lists`].
        locals: Range32,
        /// The iterator, state, control and closing values.
        values: ExprList,
        /// The body.
        body: StatList,
        /// Where `break` goes.
        exit: LabelId,
        /// Line of the first token after `in`, which errors in calls of the iterator name.
        call_line: u32,
        /// Line of `do`.
        do_line: u32,
    },
    /// `return values`
    Return(ExprList),
    /// `goto name`, and `break` (whose label is the loop's `exit`). All checks are done: the label is
    /// visible, and the jump enters no scope. See [`Label::active`] for what it leaves.
    Goto {
        /// Where it goes.
        label: LabelId,
    },
    /// `::name::`
    Label(LabelId),
    /// `;`
    Empty,
}

/// One condition of an `if` statement.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// The condition.
    pub cond: ExprId,
    /// What runs if it holds.
    pub body: StatList,
    /// Line of `then`.
    pub line: u32,
}
