//! Random drafts that the verifier must accept, and a fixed one that uses a bit of everything.

use lua_proto::{Draft, DraftConstant, Instr, LocalDesc, Op, Operand, SLOT, UP, UpvalueDesc, VarKind};

/// A small generator of numbers (splitmix64), so that a failure names one seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// Indices of [`constants`] whose kinds are certain.
const INTEGER: usize = 3;
const NUMBERS: [usize; 2] = [3, 4];
const NAME: usize = 5;

fn constants(random: &mut Random) -> Vec<DraftConstant> {
    let mut constants = vec![
        DraftConstant::Nil,
        DraftConstant::Bool(false),
        DraftConstant::Bool(true),
        DraftConstant::Int(random.next() as i64),
        DraftConstant::Float(f64::from_bits(random.next())),
        DraftConstant::Str(bytes(random, 20)),
        DraftConstant::Str(vec![0xff; 41]),
    ];
    for _ in 0..random.below(20) {
        constants.push(DraftConstant::Str(bytes(random, 100)));
    }
    constants
}

fn bytes(random: &mut Random, most: usize) -> Vec<u8> {
    (0..random.below(most)).map(|_| random.next() as u8).collect()
}

/// A draft that is well-formed, different for each seed.
pub(crate) fn random(seed: u64) -> Draft {
    let mut random = Random::new(seed);
    let mut draft = function(&mut random, 3, 5, true);
    draft.source = bytes(&mut random, 30);
    draft
}

fn function(random: &mut Random, depth: usize, outer_upvalues: usize, outermost: bool) -> Draft {
    let mut draft = Draft {
        line_defined: random.below(1000) as u32,
        last_line: random.next() as u32,
        params: random.below(5) as u8,
        is_vararg: random.below(2) == 0,
        max_stack: 16 + random.below(200) as u8,
        constants: constants(random),
        ..Draft::default()
    };
    for _ in 0..=random.below(5) {
        let in_stack = outermost || outer_upvalues == 0 || random.below(2) == 0;
        draft.upvalues.push(UpvalueDesc {
            name: (random.below(8) > 0).then(|| bytes(random, 10)),
            in_stack,
            index: random.below(if in_stack { 16 } else { outer_upvalues }) as u8,
            kind: VarKind::from_byte(random.below(3) as u8).unwrap(),
        });
    }
    if depth > 0 {
        for _ in 0..random.below(4) {
            draft.protos.push(function(random, depth - 1, draft.upvalues.len(), false));
        }
    }
    code(random, &mut draft);
    let length = draft.code.len();
    for _ in 0..random.below(5) {
        let start_pc = random.below(length + 1);
        draft.locals.push(LocalDesc {
            name: bytes(random, 12),
            register: random.below(16) as u8,
            start_pc: start_pc as u32,
            end_pc: (start_pc + random.below(length + 1 - start_pc)) as u32,
        });
    }
    if random.below(4) > 0 {
        let mut line = random.below(500) as u32;
        for _ in 0..length {
            if random.below(3) == 0 {
                line = line.wrapping_add(random.below(40) as u32).saturating_sub(15);
            }
            draft.lines.push(line);
        }
    }
    draft
}

/// Pieces of code, each of which may be jumped to at its start.
fn code(random: &mut Random, draft: &mut Draft) {
    let mut pieces: Vec<Vec<Instr>> = Vec::new();
    if draft.is_vararg {
        pieces.push(vec![Instr::new(Op::VarArgPrep, 0, draft.params.into(), 0, 0)]);
    }
    for _ in 0..random.below(60) {
        pieces.push(piece(random, draft));
    }
    pieces.push(vec![
        CLOSE,
        [
            Instr::new(Op::Return0, 0, 0, 0, 0),
            Instr::new(Op::Return1, 0, 0, 0, 0),
            Instr::new(Op::Return, 1, 0, 3, 0),
            Instr::new(Op::TailCall, 0, 0, 2, 0),
        ][random.below(4)],
    ]);
    let mut starts: Vec<usize> = Vec::new();
    for piece in &pieces {
        // Nothing jumps to the start of a function with variable arguments.
        if !(draft.is_vararg && draft.code.is_empty()) {
            starts.push(draft.code.len());
        }
        draft.code.extend(piece);
    }
    // Jumps were left at distance zero.
    for pc in 0..draft.code.len() {
        let instr = draft.code[pc];
        let [_, b, c] = instr.op().operands();
        let back = instr.op() == Op::Loop;
        let open = |s: &&usize| if back { **s <= pc } else { **s > pc };
        let to: Vec<usize> = starts.iter().filter(open).copied().collect();
        let to_itself = matches!(instr.op(), Op::ForPrep | Op::ForLoop | Op::TForPrep | Op::TForLoop);
        if to_itself || !(b == Operand::WideJump || c == Operand::Jump) {
            continue;
        }
        let distance = to[random.below(to.len())] as i32 - (pc as i32 + 1);
        draft.code[pc] = if b == Operand::WideJump {
            Instr::wide(instr.op(), instr.x(), instr.a() as u16, distance as u32)
        } else {
            let (a, b) = (instr.a() as u16, instr.b() as u16);
            Instr::new(instr.op(), instr.x(), a, b, distance as i16 as u16)
        };
    }
}

fn piece(random: &mut Random, draft: &Draft) -> Vec<Instr> {
    let a = (random.below(4) * SLOT) as u16;
    match random.below(12) {
        0 => {
            let mut body = guarded(random, draft);
            body.insert(0, Instr::wide(Op::ForPrep, 0, a, 3));
            body.push(Instr::wide(Op::ForLoop, 0, a, -3i32 as u32));
            body
        }
        1 => {
            let mut body = guarded(random, draft);
            body.splice(0..0, [CLOSE, Instr::wide(Op::TForPrep, 0, a, 3)]);
            body.push(CLOSE);
            body.push(Instr::new(Op::TForCall, 0, a, 0, 1 + random.below(4) as u16));
            body.push(Instr::wide(Op::TForLoop, 0, a, -5i32 as u32));
            body
        }
        2 => {
            let producer = if draft.is_vararg && random.below(2) == 0 {
                Instr::new(Op::VarArg, 0, a + SLOT as u16, 0, 0)
            } else {
                Instr::new(Op::Call, 0, a + SLOT as u16, 1 + random.below(3) as u16, 0)
            };
            let consumer = match random.below(4) {
                0 => Instr::new(Op::Call, 0, a, 0, 1 + random.below(3) as u16),
                1 => Instr::new(Op::TailCall, random.below(2) as u8, a, 0, 0),
                2 => Instr::new(Op::Return, random.below(2) as u8, a, 0, 0),
                _ => Instr::new(Op::SetList, random.next() as u8, a, 0, random.next() as u16),
            };
            vec![CLOSE, producer, consumer]
        }
        _ => guarded(random, draft),
    }
}

/// Closes everything, so that nothing is pending in a call or a return.
const CLOSE: Instr = Instr::new(Op::Close, 0, 0, 0, 0);

/// One instruction behind [`CLOSE`].
fn guarded(random: &mut Random, draft: &Draft) -> Vec<Instr> {
    let mut code = plain(random, draft);
    code.insert(0, CLOSE);
    code
}

/// One instruction that needs no certain neighbours.
fn plain(random: &mut Random, draft: &Draft) -> Vec<Instr> {
    let op = loop {
        let op = Op::ALL[random.below(Op::COUNT)];
        match op {
            Op::ForPrep | Op::ForLoop | Op::TForPrep | Op::TForCall | Op::TForLoop => {}
            Op::VarArgPrep | Op::Link | Op::Halt | Op::LoadFalseSkip => {}
            Op::VarArg if !draft.is_vararg => {}
            Op::Closure if draft.protos.is_empty() => {}
            _ => break op,
        }
    };
    let x = loop {
        let x = random.below(256) as u8;
        if op.permits_x(x) {
            break x;
        }
    };
    let mut field = |kind: Operand| -> u32 {
        let constants = draft.constants.len();
        let number = match (kind, op) {
            (Operand::None | Operand::Jump | Operand::WideJump, _) => 0,
            (Operand::Dst, Op::LoadNil) => 5 * SLOT,
            (Operand::Src | Operand::Dst | Operand::Win, _) => random.below(6) * SLOT,
            (Operand::Const, _) => random.below(constants) * SLOT,
            (Operand::WideConst, _) => random.below(constants) * SLOT,
            (Operand::Name, _) => NAME * SLOT,
            (Operand::Num, Op::BAndK | Op::BOrK | Op::BXorK) => INTEGER * SLOT,
            (Operand::Num, _) => NUMBERS[random.below(2)] * SLOT,
            (Operand::Up, _) => random.below(draft.upvalues.len()) * UP,
            (Operand::Count, Op::Concat) => 2 + random.below(3),
            (Operand::Count, Op::Call | Op::TailCall | Op::Return | Op::VarArg | Op::SetList) => 1 + random.below(4),
            (Operand::Count, _) => random.below(1 << 16),
            (Operand::Int, _) => random.next() as u16 as usize,
            (Operand::WideInt, _) => random.next() as u32 as usize,
            (Operand::WideProto, _) => random.below(draft.protos.len()),
        };
        number as u32
    };
    let [a, b, c] = op.operands();
    if b.is_wide() {
        return vec![Instr::wide(op, x, field(a) as u16, field(b))];
    }
    let mut a_field = field(a) as u16;
    let b_field = field(b) as u16;
    if op == Op::LoadNil {
        a_field = a_field.min(b_field);
    }
    vec![Instr::new(op, x, a_field, b_field, field(c) as u16)]
}

/// `local n <const>, s = 10, "long…"; for i = 1, n do print(i + 0.5, s) end; return function(...) … end`
pub(crate) fn example() -> Draft {
    let r = |n: u16| n * SLOT as u16;
    let inner = Draft {
        line_defined: 5,
        last_line: 7,
        is_vararg: true,
        code: vec![
            Instr::new(Op::VarArgPrep, 0, 0, 0, 0),
            Instr::new(Op::GetUpval, 0, r(0), UP as u16, 0),
            Instr::new(Op::JmpEqK, 0, r(0), r(0), 1),
            Instr::new(Op::SetTabUpK, 0, 0, r(1), r(2)),
            Instr::new(Op::VarArg, 0, r(0), 0, 0),
            Instr::new(Op::Return, 0, r(0), 0, 0),
        ],
        constants: vec![DraftConstant::Nil, DraftConstant::Str(b"caf\xe9\n".to_vec()), DraftConstant::Bool(true)],
        upvalues: vec![
            UpvalueDesc { name: Some(b"_ENV".to_vec()), in_stack: false, index: 0, kind: VarKind::Regular },
            UpvalueDesc { name: Some(b"n".to_vec()), in_stack: true, index: 0, kind: VarKind::Const },
        ],
        lines: vec![5, 6, 6, 6, 6, 6],
        ..Draft::default()
    };
    Draft {
        source: b"@example.lua".to_vec(),
        is_vararg: true,
        max_stack: 9,
        code: vec![
            Instr::new(Op::VarArgPrep, 0, 0, 0, 0),
            Instr::wide(Op::LoadI, 0, r(0), 10),
            Instr::wide(Op::LoadK, 0, r(1), r(1).into()),
            Instr::wide(Op::LoadI, 0, r(2), 1),
            Instr::new(Op::Move, 0, r(3), r(0), 0),
            Instr::wide(Op::LoadI, 0, r(4), 1),
            Instr::wide(Op::ForPrep, 0, r(2), 5),
            Instr::new(Op::GetTabUp, 0, r(6), 0, r(0)),
            Instr::new(Op::AddK, 0, r(7), r(5), r(2)),
            Instr::new(Op::Move, 0, r(8), r(1), 0),
            Instr::new(Op::Call, 0, r(6), 3, 1),
            Instr::wide(Op::ForLoop, 0, r(2), -5i32 as u32),
            Instr::wide(Op::Closure, 0, r(2), 0),
            Instr::new(Op::Return, 1, r(2), 2, 0),
        ],
        constants: vec![DraftConstant::Str(b"print".to_vec()), DraftConstant::Str(b"long ".repeat(9)), DraftConstant::Float(0.5)],
        protos: vec![inner],
        upvalues: vec![UpvalueDesc { name: Some(b"_ENV".to_vec()), in_stack: true, index: 0, kind: VarKind::Regular }],
        lines: vec![1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 2, 5, 5],
        locals: vec![
            LocalDesc { name: b"n".to_vec(), register: 0, start_pc: 3, end_pc: 14 },
            LocalDesc { name: b"s".to_vec(), register: 1, start_pc: 3, end_pc: 14 },
            LocalDesc { name: b"(for state)".to_vec(), register: 2, start_pc: 6, end_pc: 12 },
            LocalDesc { name: b"(for state)".to_vec(), register: 3, start_pc: 6, end_pc: 12 },
            LocalDesc { name: b"(for state)".to_vec(), register: 4, start_pc: 6, end_pc: 12 },
            LocalDesc { name: b"i".to_vec(), register: 5, start_pc: 7, end_pc: 11 },
        ],
        ..Draft::default()
    }
}
