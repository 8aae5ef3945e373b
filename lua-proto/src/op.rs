//! The instruction set: the only list of opcodes, and the packed instruction.
//!
//! An instruction is 64 bits, so that operands need no decoding beyond a
//! shift: registers and constants are stored as byte offsets (`index * 16`),
//! upvalues as byte offsets of pointers (`index * 8`).
//!
//! ```text
//!   63        48 47        32 31        16 15     8 7      0
//!  +------------+------------+------------+--------+--------+
//!  |     C      |     B      |     A      |   X    |   op   |
//!  +------------+------------+------------+--------+--------+
//!  |           Bx            |
//!  +-------------------------+
//! ```
//!
//! Jumps count instructions, relative to the next one. Only [`Op::Loop`],
//! [`Op::ForLoop`] and [`Op::TForLoop`] may jump backwards: they are where a
//! VM polls its limits.

use std::fmt;

/// What a field of an instruction holds, for the listing, the verifier and
/// the portable binary form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Not used; the field is zero.
    None,
    /// A register that is read, scaled by 16.
    Src,
    /// A register that is written, scaled by 16.
    Dst,
    /// A register that starts a window of registers, read and written, scaled by 16.
    Win,
    /// Any constant, scaled by 16.
    Const,
    /// A string constant of at most [`crate::MAX_SHORT`] bytes, scaled by 16.
    Name,
    /// A numeric constant, scaled by 16.
    Num,
    /// An upvalue, scaled by 8.
    Up,
    /// An unsigned number as it is.
    Count,
    /// A signed number as it is.
    Int,
    /// A signed jump of 16 bits, in instructions.
    Jump,
    /// `Bx`: any constant, scaled by 16.
    WideConst,
    /// `Bx`: a signed number.
    WideInt,
    /// `Bx`: a signed jump, in instructions.
    WideJump,
    /// `Bx`: the index of a nested prototype.
    WideProto,
}

impl Operand {
    /// Whether the operand takes the bits of C as well.
    pub fn is_wide(self) -> bool {
        use Operand::{WideConst, WideInt, WideJump, WideProto};
        matches!(self, WideConst | WideInt | WideJump | WideProto)
    }
}

/// Calls `$with!` with the whole instruction set: the only list of opcodes.
///
/// Each row is `equation Name "listing name" A B C`; a `Wide…` operand stands
/// in the place of B and takes C's bits as well. `X` is described in the equation
/// where it is used.
#[macro_export]
macro_rules! for_each_op {
    ($with:ident) => {
        $with! {
            /// `R[A] := R[B]`
            Move "move" Dst Src None;
            /// `R[A] := (integer) sBx`
            LoadI "loadi" Dst WideInt None;
            /// `R[A] := (float) sBx`
            LoadF "loadf" Dst WideInt None;
            /// `R[A] := K[Bx]`
            LoadK "loadk" Dst WideConst None;
            /// `R[A] := false`
            LoadFalse "loadfalse" Dst None None;
            /// `R[A] := false; pc += 1`
            LoadFalseSkip "loadfalseskip" Dst None None;
            /// `R[A] := true`
            LoadTrue "loadtrue" Dst None None;
            /// `R[A], …, R[B] := nil` (B is the last register, B >= A)
            LoadNil "loadnil" Dst Dst None;
            /// `R[A] := U[B]`
            GetUpval "getupval" Dst Up None;
            /// `U[B] := R[A]`
            SetUpval "setupval" Src Up None;

            /// `R[A] := U[B][K[C]]` (a global when `U[B]` is `_ENV`)
            GetTabUp "gettabup" Dst Up Name;
            /// `R[A] := R[B][R[C]]`
            GetTable "gettable" Dst Src Src;
            /// `R[A] := R[B][C]`, C an integer from 0 to 65535
            GetInt "getint" Dst Src Count;
            /// `R[A] := R[B][K[C]]`
            GetField "getfield" Dst Src Name;
            /// `U[A][K[B]] := R[C]`
            SetTabUp "settabup" Up Name Src;
            /// `U[A][K[B]] := K[C]`
            SetTabUpK "settabupk" Up Name Const;
            /// `R[A][R[B]] := R[C]`
            SetTable "settable" Src Src Src;
            /// `R[A][R[B]] := K[C]`
            SetTableK "settablek" Src Src Const;
            /// `R[A][B] := R[C]`, B an integer from 0 to 65535
            SetInt "setint" Src Count Src;
            /// `R[A][B] := K[C]`
            SetIntK "setintk" Src Count Const;
            /// `R[A][K[B]] := R[C]`
            SetField "setfield" Src Name Src;
            /// `R[A][K[B]] := K[C]`
            SetFieldK "setfieldk" Src Name Const;
            /// `R[A] := {}` with room for B array items and C fields (hints)
            NewTable "newtable" Dst Count Count;
            /// `R[A+1] := R[B]; R[A] := R[B][K[C]]`
            SelfField "self" Win Src Name;

            /// `R[A] := R[B] + C` (sC, 16 bits). X = 1: the source had `C + R[B]`;
            /// X = 2: the source had `R[B] - (-C)`, whose event is `__sub`.
            AddI "addi" Dst Src Int;
            /// `R[A] := R[B] + K[C]`; X = 1: the operands stood the other way round
            AddK "addk" Dst Src Num;
            /// `R[A] := R[B] - K[C]`
            SubK "subk" Dst Src Num;
            /// `R[A] := R[B] * K[C]`; X = 1: flipped
            MulK "mulk" Dst Src Num;
            /// `R[A] := R[B] % K[C]`
            ModK "modk" Dst Src Num;
            /// `R[A] := R[B] ^ K[C]`
            PowK "powk" Dst Src Num;
            /// `R[A] := R[B] / K[C]`
            DivK "divk" Dst Src Num;
            /// `R[A] := R[B] // K[C]`
            IDivK "idivk" Dst Src Num;
            /// `R[A] := R[B] & K[C]`, `K[C]` an integer; X = 1: flipped
            BAndK "bandk" Dst Src Num;
            /// `R[A] := R[B] | K[C]`, `K[C]` an integer; X = 1: flipped
            BOrK "bork" Dst Src Num;
            /// `R[A] := R[B] ~ K[C]`, `K[C]` an integer; X = 1: flipped
            BXorK "bxork" Dst Src Num;
            /// `R[A] := R[B] >> sC`. X = 2: the source had `R[B] << (-C)`, whose
            /// event is `__shl`.
            ShrI "shri" Dst Src Int;
            /// `R[A] := sC << R[B]`
            ShlI "shli" Dst Src Int;

            /// `R[A] := R[B] + R[C]`
            Add "add" Dst Src Src;
            /// `R[A] := R[B] - R[C]`
            Sub "sub" Dst Src Src;
            /// `R[A] := R[B] * R[C]`
            Mul "mul" Dst Src Src;
            /// `R[A] := R[B] % R[C]`
            Mod "mod" Dst Src Src;
            /// `R[A] := R[B] ^ R[C]`
            Pow "pow" Dst Src Src;
            /// `R[A] := R[B] / R[C]`
            Div "div" Dst Src Src;
            /// `R[A] := R[B] // R[C]`
            IDiv "idiv" Dst Src Src;
            /// `R[A] := R[B] & R[C]`
            BAnd "band" Dst Src Src;
            /// `R[A] := R[B] | R[C]`
            BOr "bor" Dst Src Src;
            /// `R[A] := R[B] ~ R[C]`
            BXor "bxor" Dst Src Src;
            /// `R[A] := R[B] << R[C]`
            Shl "shl" Dst Src Src;
            /// `R[A] := R[B] >> R[C]`
            Shr "shr" Dst Src Src;
            /// `R[A] := -R[B]`
            Unm "unm" Dst Src None;
            /// `R[A] := ~R[B]`
            BNot "bnot" Dst Src None;
            /// `R[A] := not R[B]`
            Not "not" Dst Src None;
            /// `R[A] := #R[B]`
            Len "len" Dst Src None;
            /// `R[A] := R[A] .. … .. R[A+B-1]`, B >= 2
            Concat "concat" Win Count None;

            /// Closes all upvalues and to-be-closed variables `>= R[A]`.
            Close "close" Src None None;
            /// Marks `R[A]` as to be closed.
            Tbc "tbc" Src None None;
            /// `pc += sBx`, sBx >= 0
            Jmp "jmp" None WideJump None;
            /// `pc += sBx`, sBx < 0
            Loop "loop" None WideJump None;

            /// `if R[A] == R[B] then pc += sC`
            JmpEq "jmpeq" Src Src Jump;
            /// `if R[A] ~= R[B] then pc += sC`
            JmpNe "jmpne" Src Src Jump;
            /// `if R[A] < R[B] then pc += sC`
            JmpLt "jmplt" Src Src Jump;
            /// `if not (R[A] < R[B]) then pc += sC`
            JmpNlt "jmpnlt" Src Src Jump;
            /// `if R[A] <= R[B] then pc += sC`
            JmpLe "jmple" Src Src Jump;
            /// `if not (R[A] <= R[B]) then pc += sC`
            JmpNle "jmpnle" Src Src Jump;
            /// `if R[A] == K[B] then pc += sC` (raw equality; K is never a table)
            JmpEqK "jmpeqk" Src Const Jump;
            /// `if R[A] ~= K[B] then pc += sC`
            JmpNeK "jmpnek" Src Const Jump;
            /// `if R[A] < sB then pc += sC`. In this family X = 1 says that the
            /// literal was a float (for the argument of a metamethod).
            JmpLtI "jmplti" Src Int Jump;
            /// `if not (R[A] < sB) then pc += sC`
            JmpNltI "jmpnlti" Src Int Jump;
            /// `if R[A] <= sB then pc += sC`
            JmpLeI "jmplei" Src Int Jump;
            /// `if not (R[A] <= sB) then pc += sC`
            JmpNleI "jmpnlei" Src Int Jump;
            /// `if R[A] > sB then pc += sC`
            JmpGtI "jmpgti" Src Int Jump;
            /// `if not (R[A] > sB) then pc += sC`
            JmpNgtI "jmpngti" Src Int Jump;
            /// `if R[A] >= sB then pc += sC`
            JmpGeI "jmpgei" Src Int Jump;
            /// `if not (R[A] >= sB) then pc += sC`
            JmpNgeI "jmpngei" Src Int Jump;
            /// `if R[A] then pc += sBx`
            JmpIf "jmpif" Src WideJump None;
            /// `if not R[A] then pc += sBx`
            JmpNot "jmpnot" Src WideJump None;
            /// `if R[B] then R[A] := R[B]; pc += sC`
            JmpIfSet "jmpifset" Dst Src Jump;
            /// `if not R[B] then R[A] := R[B]; pc += sC`
            JmpNotSet "jmpnotset" Dst Src Jump;

            /// `R[A], …, R[A+C-2] := R[A](R[A+1], …, R[A+B-1])`. B = 0: the arguments
            /// run up to the top; C = 0: all results are kept and set the top.
            Call "call" Win Count Count;
            /// `return R[A](R[A+1], …, R[A+B-1])`; X = 1: upvalues or to-be-closed variables
            /// of this function must be closed first
            TailCall "tailcall" Win Count None;
            /// `return R[A], …, R[A+B-2]`; B = 0: up to the top. X = 1: close first
            Return "return" Win Count None;
            /// `return` (nothing to close)
            Return0 "return0" None None None;
            /// `return R[A]` (nothing to close)
            Return1 "return1" Src None None;

            /// Prepares `R[A]` (initial value), `R[A+1]` (limit), `R[A+2]` (step) of a
            /// numeric loop and sets `R[A+3]`; if the body must not run, `pc += sBx`
            /// to the instruction behind the loop's [`Op::ForLoop`].
            ForPrep "forprep" Win WideJump None;
            /// Advances the loop; if it goes on, `R[A+3] := value; pc += sBx`
            /// (sBx < 0, to the first instruction of the body).
            ForLoop "forloop" Win WideJump None;
            /// Marks `R[A+3]` as to be closed; `pc += sBx` to the loop's [`Op::TForCall`].
            TForPrep "tforprep" Win WideJump None;
            /// `R[A+4], …, R[A+3+C] := R[A](R[A+1], R[A+2])`, C >= 1; always followed by
            /// this loop's [`Op::TForLoop`]
            TForCall "tforcall" Win None Count;
            /// `if R[A+4] ~= nil then R[A+2] := R[A+4]; pc += sBx` (sBx < 0)
            TForLoop "tforloop" Win WideJump None;
            /// `R[A][S+i] := R[A+i], 1 <= i <= B` with `S = C + X * 65536`; B = 0: up to
            /// the top
            SetList "setlist" Win Count Count;
            /// `R[A] := closure(P[Bx])`
            Closure "closure" Dst WideProto None;
            /// `R[A], …, R[A+C-2] := varargs`; C = 0: all of them, which sets the top
            VarArg "vararg" Win None Count;
            /// Adjusts the extra arguments of a vararg function with A fixed parameters (A is a
            /// plain count); the first instruction of such a function, and nowhere else
            VarArgPrep "varargprep" Count None None;

            /// Internal: the entry of a function that this VM has not linked yet. Refused
            /// by the verifier.
            Link "link" None None None;
            /// Internal: the end of a run. Refused by the verifier.
            Halt "halt" None None None;
        }
    };
}

macro_rules! define_ops {
    ($($(#[$doc:meta])* $name:ident $text:literal $a:ident $b:ident $c:ident;)*) => {
        /// An opcode; the documentation of each is its equation.
        ///
        /// `R` are registers, `K` constants, `U` upvalues, `P` nested prototypes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op { $($(#[$doc])* $name),* }

        impl Op {
            /// Every opcode in order of its number.
            pub const ALL: &[Op] = &[$(Op::$name),*];
            const NAMES: &[&str] = &[$($text),*];
            const OPERANDS: &[[Operand; 3]] =
                &[$([Operand::$a, Operand::$b, Operand::$c]),*];
        }
    };
}
for_each_op!(define_ops);

impl Op {
    /// How many opcodes there are.
    pub const COUNT: usize = Op::ALL.len();

    /// The name that listings print.
    pub fn name(self) -> &'static str {
        Op::NAMES[self as usize]
    }

    /// What the fields A, B and C hold; a wide operand stands at B.
    pub const fn operands(self) -> [Operand; 3] {
        Op::OPERANDS[self as usize]
    }

    /// The opcode with this number, if there is one.
    pub fn from_byte(byte: u8) -> Option<Op> {
        Op::ALL.get(byte as usize).copied()
    }

    /// Whether field X may hold this; 0 is always permitted. The equations say what it means.
    pub fn permits_x(self, x: u8) -> bool {
        match self {
            Op::SetList => true,
            Op::AddI => x <= 2,
            Op::ShrI => x == 0 || x == 2,
            Op::AddK | Op::MulK | Op::BAndK | Op::BOrK | Op::BXorK => x <= 1,
            Op::JmpLtI | Op::JmpNltI | Op::JmpLeI | Op::JmpNleI => x <= 1,
            Op::JmpGtI | Op::JmpNgtI | Op::JmpGeI | Op::JmpNgeI => x <= 1,
            Op::TailCall | Op::Return => x <= 1,
            _ => x == 0,
        }
    }

    /// Whether only the VM itself may use this opcode.
    pub const fn is_internal(self) -> bool {
        matches!(self, Op::Link | Op::Halt)
    }
}

/// Calls `$with!` with all pairs: `Name First Second`, and a third where that is usual, too.
///
/// A pair is two instructions, or three, that follow each other so often that a VM has one handler for them. Nothing moves for that:
/// the first instruction gets another number, and the others stay where they are, for jumps and for whoever cannot go on
/// after the first. [`Instr::op`] knows no pairs. Of those that begin with the same instruction the first that fits is taken.
#[macro_export]
macro_rules! for_each_pair {
    ($with:ident) => {
        $with! {
            MoveMoveCall Move Move Call;
            MoveMove Move Move;
            MoveCall Move Call;
            MoveLoop Move Loop;
            LoadICall LoadI Call;
            GetUpvalMove GetUpval Move;
            GetUpvalAddI GetUpval AddI;
            GetUpvalAdd GetUpval Add;
            GetUpvalGetTable GetUpval GetTable;
            GetUpvalGetField GetUpval GetField;
            GetTableGetTable GetTable GetTable;
            GetTableGetField GetTable GetField;
            GetTableSub GetTable Sub;
            GetTableSetTable GetTable SetTable;
            GetTableAdd GetTable Add;
            GetTableMul GetTable Mul;
            GetTableJmpIf GetTable JmpIf;
            GetTableJmpNot GetTable JmpNot;
            SetTableSetTable SetTable SetTable;
            SetTableForLoop SetTable ForLoop;
            SetTableKForLoop SetTableK ForLoop;
            GetFieldGetField GetField GetField;
            GetFieldAddSetField GetField Add SetField;
            GetFieldAdd GetField Add;
            GetFieldAddISetField GetField AddI SetField;
            GetFieldSub GetField Sub;
            GetFieldMul GetField Mul;
            GetFieldSelfField GetField SelfField;
            GetFieldReturn1 GetField Return1;
            SetFieldSetField SetField SetField;
            SetFieldReturn0 SetField Return0;
            SelfFieldCall SelfField Call;
            SelfFieldMoveCall SelfField Move Call;
            AddGetTable Add GetTable;
            AddSetField Add SetField;
            AddSub Add Sub;
            AddForLoop Add ForLoop;
            AddReturn1 Add Return1;
            AddIGetTable AddI GetTable;
            AddISetTable AddI SetTable;
            AddIAddI AddI AddI;
            AddILoop AddI Loop;
            AddICall AddI Call;
            SubGetField Sub GetField;
            SubMul Sub Mul;
            SubSetTable Sub SetTable;
            MulKAdd MulK Add;
            MulKSub MulK Sub;
            LoadFDiv LoadF Div;
            MulMulAdd Mul Mul Add;
            MulMul Mul Mul;
            MulAddLeft Mul Add;
            MulAddForLoop Mul Add ForLoop;
            MulAddRight Mul Add;
            MulSubLeft Mul Sub;
            MulSubRight Mul Sub;
            TForCallTForLoop TForCall TForLoop;
        }
    };
}

macro_rules! define_pairs {
    (@third) => { None };
    (@third $third:ident) => { Some(Op::$third) };
    ($($name:ident $first:ident $second:ident $($third:ident)?;)*) => {
        /// Two instructions, or three, for which there is one handler: see [`for_each_pair`](crate::for_each_pair).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        #[repr(u8)]
        pub enum Pair { $($name),* }

        impl Pair {
            /// Every pair in order of its number.
            pub const ALL: &[Pair] = &[$(Pair::$name),*];
            const OPS: &[(Op, Op, Option<Op>)] = &[$((Op::$first, Op::$second, define_pairs!(@third $($third)?))),*];
        }
    };
}
for_each_pair!(define_pairs);

impl Pair {
    /// The number in the place of the first opcode's.
    pub const fn code(self) -> u8 {
        Op::COUNT as u8 + self as u8
    }

    /// The opcodes: two, and the third if there is one.
    pub const fn ops(self) -> (Op, Op, Option<Op>) {
        Pair::OPS[self as usize]
    }

    /// The pair that `code` begins with, if it does.
    pub(crate) fn of(code: &[Instr]) -> Option<Pair> {
        let &[first, second, ref rest @ ..] = code else { return None };
        let third = rest.first().copied();
        let (from, to) = PAIRS_OF[first.op() as usize];
        Pair::ALL[from as usize..to as usize].iter().copied().find(|pair| {
            let ops = pair.ops();
            second.op() == ops.1 && (ops.2.is_none() || third.map(Instr::op) == ops.2) && pair.fits(first, second, third)
        })
    }

    /// Whether the operands are those that the handler expects, where it expects some.
    fn fits(self, first: Instr, second: Instr, third: Option<Instr>) -> bool {
        let product = first.a();
        match self {
            // The product is one of the operands, not both.
            Pair::MulAddLeft | Pair::MulSubLeft => second.b() == product && second.c() != product,
            Pair::MulAddRight | Pair::MulSubRight | Pair::MulAddForLoop => second.c() == product && second.b() != product,
            // Two products that do not depend on each other, and their sum.
            Pair::MulMulAdd => {
                third.is_some_and(|sum| (sum.b(), sum.c()) == (product, second.a()))
                    && ![second.a(), second.b(), second.c()].contains(&product)
            }
            _ => true,
        }
    }
}

/// For each opcode, which pairs begin with it: the list is in order of that.
static PAIRS_OF: [(u8, u8); Op::COUNT] = {
    let mut ranges = [(0, 0); Op::COUNT];
    let mut at = 0;
    while at < Pair::ALL.len() {
        let first = Pair::OPS[at].0 as usize;
        if ranges[first].1 == 0 {
            ranges[first].0 = at as u8;
        } else {
            assert!(ranges[first].1 as usize == at, "pairs with the same first opcode stand together");
        }
        ranges[first].1 = at as u8 + 1;
        at += 1;
    }
    ranges
};

/// How many numbers of opcodes and of pairs there are.
pub const CODES: usize = Op::COUNT + Pair::ALL.len();
const _: () = assert!(CODES <= 256);

/// The opcode, or the first opcode of the pair, with each number.
static OP_OF: [Op; 256] = {
    let mut ops = [Op::Halt; 256];
    let mut at = 0;
    while at < CODES {
        ops[at] = if at < Op::COUNT { Op::ALL[at] } else { Pair::OPS[at - Op::COUNT].0 };
        at += 1;
    }
    ops
};

/// Bytes from one register or constant to the next.
pub const SLOT: usize = 16;
/// Bytes from one upvalue pointer to the next.
pub const UP: usize = 8;

/// One packed instruction.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Instr(u64);

impl Instr {
    /// An instruction with all fields given as they are stored (registers and
    /// constants already scaled).
    pub const fn new(op: Op, x: u8, a: u16, b: u16, c: u16) -> Instr {
        Instr(op as u64 | (x as u64) << 8 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48)
    }

    /// An instruction with a wide operand.
    pub const fn wide(op: Op, x: u8, a: u16, bx: u32) -> Instr {
        Instr(op as u64 | (x as u64) << 8 | (a as u64) << 16 | (bx as u64) << 32)
    }

    /// The instruction with these bits, if its opcode exists.
    pub fn from_bits(bits: u64) -> Option<Instr> {
        Op::from_byte(bits as u8).map(|_| Instr(bits))
    }

    /// The 64 bits.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The opcode, of a pair the first.
    #[inline(always)]
    pub fn op(self) -> Op {
        OP_OF[self.0 as u8 as usize]
    }

    /// The number of the opcode or pair, below [`CODES`].
    #[inline(always)]
    pub const fn code(self) -> u8 {
        self.0 as u8
    }

    /// The instruction as the first of a pair.
    pub(crate) fn paired(self, pair: Pair) -> Instr {
        debug_assert_eq!(self.op(), pair.ops().0);
        Instr(self.0 & !0xff | pair.code() as u64)
    }

    /// The instruction by itself, if it is the first of a pair.
    pub fn alone(self) -> Instr {
        Instr(self.0 & !0xff | self.op() as u64)
    }

    /// Field X.
    #[inline(always)]
    pub const fn x(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// Field A.
    #[inline(always)]
    pub const fn a(self) -> usize {
        (self.0 >> 16) as u16 as usize
    }

    /// Field B.
    #[inline(always)]
    pub const fn b(self) -> usize {
        (self.0 >> 32) as u16 as usize
    }

    /// Field C.
    #[inline(always)]
    pub const fn c(self) -> usize {
        (self.0 >> 48) as usize
    }

    /// Field B, signed.
    #[inline(always)]
    pub const fn sb(self) -> isize {
        (self.0 >> 32) as i16 as isize
    }

    /// Field C, signed.
    #[inline(always)]
    pub const fn sc(self) -> isize {
        ((self.0 as i64) >> 48) as isize
    }

    /// Fields B and C as one number.
    #[inline(always)]
    pub const fn bx(self) -> usize {
        (self.0 >> 32) as usize
    }

    /// Fields B and C as one signed number.
    #[inline(always)]
    pub const fn sbx(self) -> isize {
        ((self.0 as i64) >> 32) as isize
    }
}

impl fmt::Debug for Instr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x={} a={} b={} c={}", self.op().name(), self.x(), self.a(), self.b(), self.c())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_survive_packing() {
        let i = Instr::new(Op::AddI, 2, 4080, 16, (-3i16) as u16);
        assert_eq!((i.op(), i.x(), i.a(), i.b(), i.sc()), (Op::AddI, 2, 4080, 16, -3));
        let w = Instr::wide(Op::Loop, 0, 0, (-70_000i32) as u32);
        assert_eq!((w.op(), w.sbx()), (Op::Loop, -70_000));
    }

    #[test]
    fn pairs_are_their_first_instructions() {
        for &pair in Pair::ALL {
            let (first, second, third) = pair.ops();
            let alone = Instr::new(first, 0, 16, 32, 48);
            let paired = alone.paired(pair);
            assert_eq!((paired.op(), paired.alone(), paired.bits() >> 8), (first, alone, alone.bits() >> 8));
            assert_eq!(paired.code(), pair.code());
            assert!(Instr::from_bits(paired.bits()).is_none(), "no code from outside holds pairs");
            let next = Instr::new(second, 0, 0, 16, 64);
            let last = Instr::new(third.unwrap_or(Op::Not), 0, 0, 0, 0);
            // The operands decide between these.
            let expected = match pair {
                Pair::MulAddRight | Pair::MulAddForLoop => Pair::MulAddLeft,
                Pair::MulSubRight => Pair::MulSubLeft,
                Pair::MulMulAdd => Pair::MulMul,
                _ => pair,
            };
            assert_eq!(Pair::of(&[alone, next, last]), Some(expected));
            assert_eq!(
                Pair::of(&[alone, next]),
                if third.is_none() { Some(expected) } else { Pair::of(&[alone, next, Instr::new(Op::Not, 0, 0, 0, 0)]) }
            );
            // Whatever stands behind may itself be the first of a pair.
            let joined = |i: Instr| Pair::ALL.iter().find(|p| p.ops().0 == i.op()).map_or(i, |&p| i.paired(p));
            assert_eq!(Pair::of(&[paired, joined(next), joined(last)]), Some(expected));
        }
        assert_eq!(Pair::of(&[Instr::new(Op::Move, 0, 0, 0, 0), Instr::new(Op::Return1, 0, 0, 0, 0)]), None);
        assert_eq!(Pair::of(&[Instr::new(Op::Move, 0, 0, 0, 0)]), None);
    }

    #[test]
    fn a_product_is_one_of_the_terms() {
        let sum = |b, c| Pair::of(&[Instr::new(Op::Mul, 0, 16, 0, 0), Instr::new(Op::Add, 0, 32, b, c)]);
        assert_eq!(sum(16, 0), Some(Pair::MulAddLeft));
        assert_eq!(sum(0, 16), Some(Pair::MulAddRight));
        assert_eq!((sum(16, 16), sum(0, 0)), (None, None));
        let difference = |b, c| Pair::of(&[Instr::new(Op::Mul, 0, 16, 0, 0), Instr::new(Op::Sub, 0, 32, b, c)]);
        assert_eq!((difference(16, 0), difference(0, 16)), (Some(Pair::MulSubLeft), Some(Pair::MulSubRight)));
        assert_eq!((difference(16, 16), difference(0, 0)), (None, None));
    }

    #[test]
    fn a_sum_of_products_has_no_other_operands() {
        let of = |second: [u16; 3], sum: [u16; 2]| {
            let [a, b, c] = second;
            Pair::of(&[Instr::new(Op::Mul, 0, 16, 0, 0), Instr::new(Op::Mul, 0, a, b, c), Instr::new(Op::Add, 0, 48, sum[0], sum[1])])
        };
        assert_eq!(of([32, 0, 64], [16, 32]), Some(Pair::MulMulAdd));
        for (second, sum) in
            [([32, 0, 0], [32, 16]), ([32, 16, 0], [16, 32]), ([32, 0, 16], [16, 32]), ([16, 0, 0], [16, 16]), ([32, 0, 0], [16, 0])]
        {
            assert_eq!(of(second, sum), Some(Pair::MulMul), "{second:?} {sum:?}");
        }
    }
}
