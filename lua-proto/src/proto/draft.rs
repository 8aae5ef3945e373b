//! Functions that are not frozen yet, as plain data.

use crate::op::Instr;

/// A function before it is frozen, as undump reads it and tools write it. Plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The chunk's name as given, with its `@` or `=`. Only that of the outermost function counts.
    pub source: Vec<u8>,
    /// The line of `function`; 0 for a main chunk.
    pub line_defined: u32,
    /// The line of the function's `end`; 0 for a main chunk.
    pub last_line: u32,
    /// How many fixed parameters there are; they are the first registers.
    pub params: u8,
    /// Whether there is a `...` behind the parameters.
    pub is_vararg: bool,
    /// How many registers are needed, from 2 to 255.
    pub max_stack: u8,
    /// The instructions.
    pub code: Vec<Instr>,
    /// The constants that the instructions name.
    pub constants: Vec<DraftConstant>,
    /// The functions nested directly in this one.
    pub protos: Vec<Draft>,
    /// Where a closure finds its upvalues.
    pub upvalues: Vec<UpvalueDesc>,
    /// The line of each instruction; empty if stripped.
    pub lines: Vec<u32>,
    /// Local variables in order of declaration.
    pub locals: Vec<LocalDesc>,
    /// What the function is called in its source, for those who compare versions of it; empty if it has no name, `None` if that is
    /// not known. Binary chunks do not hold it.
    pub name: Option<Vec<u8>>,
    /// Which variable each upvalue is; empty if that is not known. Binary chunks do not hold it.
    pub variables: Vec<Variable>,
}

/// No code yet, and two registers, the least that there may be.
impl Default for Draft {
    fn default() -> Draft {
        Draft {
            source: Vec::new(),
            line_defined: 0,
            last_line: 0,
            params: 0,
            is_vararg: false,
            max_stack: 2,
            code: Vec::new(),
            constants: Vec::new(),
            protos: Vec::new(),
            upvalues: Vec::new(),
            lines: Vec::new(),
            locals: Vec::new(),
            name: None,
            variables: Vec::new(),
        }
    }
}

/// A constant of a function that is not frozen yet. Floats are equal if their bits are.
#[derive(Clone, Debug)]
pub enum DraftConstant<Str = Vec<u8>> {
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(Str),
}

impl<Str: PartialEq> PartialEq for DraftConstant<Str> {
    fn eq(&self, other: &DraftConstant<Str>) -> bool {
        match (self, other) {
            (DraftConstant::Nil, DraftConstant::Nil) => true,
            (DraftConstant::Bool(a), DraftConstant::Bool(b)) => a == b,
            (DraftConstant::Int(a), DraftConstant::Int(b)) => a == b,
            (DraftConstant::Float(a), DraftConstant::Float(b)) => a.to_bits() == b.to_bits(),
            (DraftConstant::Str(a), DraftConstant::Str(b)) => a == b,
            _ => false,
        }
    }
}

/// Which variable of its chunk an upvalue is: together with the upvalue's name this tells one variable
/// from all others, and stays the same when lines move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Variable {
    /// How many functions further out it is declared: 1 is the function directly around this one, 0 is outside of the chunk (`_ENV` of
    /// the main function).
    pub levels: u8,
    /// How many variables of the same name that the same function declares were used by inner ones before it was.
    pub ordinal: u16,
    /// Whether it may be declared several times in one call of its function: in a loop, or behind a label.
    pub repeated: bool,
}

/// Where a closure finds one of its upvalues when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpvalueDesc<Name = Vec<u8>> {
    /// The variable's name; `None` if stripped.
    pub name: Option<Name>,
    /// Whether it is a register of the enclosing function, or else one of its upvalues.
    pub in_stack: bool,
    /// The number of that register or upvalue.
    pub index: u8,
    /// How the variable was declared.
    pub kind: VarKind,
}

/// How a local variable was declared (§3.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum VarKind {
    /// Without an attribute.
    #[default]
    Regular = 0,
    /// `<const>`
    Const = 1,
    /// `<close>`
    Close = 2,
}

impl VarKind {
    /// The kind with this number, if there is one.
    pub fn from_byte(byte: u8) -> Option<VarKind> {
        [VarKind::Regular, VarKind::Const, VarKind::Close].get(byte as usize).copied()
    }

    /// The word that listings print.
    pub fn name(self) -> &'static str {
        match self {
            VarKind::Regular => "regular",
            VarKind::Const => "const",
            VarKind::Close => "close",
        }
    }
}

/// A local variable: where it lives, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalDesc<Name = Vec<u8>> {
    /// The variable's name; names in parentheses are the compiler's own.
    pub name: Name,
    /// The register that holds it.
    pub register: u8,
    /// The first instruction at which it is active.
    pub start_pc: u32,
    /// The first instruction at which it no longer is.
    pub end_pc: u32,
}
