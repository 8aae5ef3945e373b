//! Blocks, labels and what jumps to them (§3.3.4).

use super::{Parsed, Parser};
use crate::ast::{Label, LabelId, StatKind, StrId};

/// Most labels visible, and most jumps waiting for their label, at once.
const MAX_JUMPS: usize = 32767;

/// A block that is being parsed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// How many locals of the function were in scope where it begins.
    active: u32,
    /// How many labels were visible.
    first_label: usize,
    /// How many jumps were waiting for their label.
    first_goto: usize,
}

/// A label that a `goto` of this function can see.
#[derive(Clone, Copy, Debug)]
pub(super) struct VisibleLabel {
    name: StrId,
    label: LabelId,
}

/// A `goto` whose label did not come yet, or a `break` outside of all loops.
#[derive(Clone, Copy, Debug)]
pub(super) struct PendingGoto {
    name: StrId,
    line: u32,
    /// How many locals were in scope at the jump, less those whose blocks have ended since.
    active: u32,
    /// The statement to be patched.
    stat: u32,
}

impl Parser<'_> {
    pub(super) fn enter_block(&mut self) {
        self.blocks.push(Block { active: self.active_count(), first_label: self.labels.len(), first_goto: self.gotos.len() });
    }

    /// Ends the innermost block, which is not the only one of its function.
    pub(super) fn leave_block(&mut self) {
        let block = self.blocks.pop().expect("it was entered");
        self.deactivate(block.active);
        self.labels.truncate(block.first_label);
        for goto in &mut self.gotos[block.first_goto..] {
            goto.active = block.active;
        }
    }

    /// Ends the block of a function. What still waits for a label waits in vain.
    pub(super) fn leave_last_block(&mut self) -> Parsed<()> {
        let block = self.blocks.pop().expect("it was entered");
        self.deactivate(block.active);
        self.labels.truncate(block.first_label);
        let Some(goto) = self.gotos.get(block.first_goto) else {
            return Ok(());
        };
        let line = goto.line.to_string();
        let message = if goto.name == self.names.break_ {
            format!("break outside loop at line {line}").into_bytes()
        } else {
            let name = self.ast.str(goto.name);
            [b"no visible label '", name, b"' for <goto> at line ", line.as_bytes()].concat()
        };
        self.fail_semantic(message)
    }

    /// Begins a loop: its exit becomes the target of `break`. Returns what was before.
    pub(super) fn enter_loop(&mut self) -> (LabelId, Option<LabelId>) {
        let exit = LabelId(self.ast.labels.len() as u32);
        let label = Label { name: self.names.break_, line: 0, active: self.active_count() };
        self.ast.labels.push(label);
        self.enter_block();
        (exit, self.function().loop_exit.replace(exit))
    }

    /// Ends a loop, whose last token was consumed.
    pub(super) fn leave_loop(&mut self, exit: LabelId, outer: Option<LabelId>) {
        self.leave_block();
        self.ast.labels[exit.0 as usize].line = self.previous_line;
        self.function().loop_exit = outer;
    }

    /// A `break` on a line; the statement is made next.
    pub(super) fn jump_out(&mut self, line: u32) -> Parsed<StatKind> {
        match self.function().loop_exit {
            Some(label) => Ok(StatKind::Goto { label }),
            None => self.jump_ahead(self.names.break_, line),
        }
    }

    /// A `goto` on a line; the statement is made next.
    pub(super) fn jump_to(&mut self, name: StrId, line: u32) -> Parsed<StatKind> {
        match self.find_label(name) {
            Some(label) => Ok(StatKind::Goto { label }),
            None => self.jump_ahead(name, line),
        }
    }

    fn jump_ahead(&mut self, name: StrId, line: u32) -> Parsed<StatKind> {
        if self.gotos.len() >= MAX_JUMPS {
            return self.too_many_jumps();
        }
        let stat = self.ast.stats.len() as u32;
        self.gotos.push(PendingGoto { name, line, active: self.active_count(), stat });
        // A tree with this label never leaves the parser.
        Ok(StatKind::Goto { label: LabelId(u32::MAX) })
    }

    /// A label before its name is checked and jumps can see it.
    pub(super) fn new_label(&mut self, name: StrId, line: u32) -> LabelId {
        self.ast.labels.push(Label { name, line, active: 0 });
        LabelId(self.ast.labels.len() as u32 - 1)
    }

    /// Makes a label visible and resolves the jumps of its block that waited for it. `at_end` says
    /// that only void statements follow in its block: then the block's locals are out of scope.
    pub(super) fn place_label(&mut self, label: LabelId, at_end: bool) -> Parsed<()> {
        let name = self.ast.labels[label.0 as usize].name;
        if let Some(other) = self.find_label(name) {
            let line = self.ast.labels[other.0 as usize].line.to_string();
            let name = self.ast.str(name);
            let message = [b"label '", name, b"' already defined on line ", line.as_bytes()].concat();
            return self.fail_semantic(message);
        }
        if self.labels.len() >= MAX_JUMPS {
            return self.too_many_jumps();
        }
        let block = *self.blocks.last().expect("the main function has one");
        let active = if at_end { block.active } else { self.active_count() };
        self.ast.labels[label.0 as usize].active = active;
        self.labels.push(VisibleLabel { name, label });
        let into_scope = self.gotos[block.first_goto..].iter().find(|goto| goto.name == name && goto.active < active).copied();
        if let Some(goto) = into_scope {
            let local = self.ast.str(self.active_name(goto.active));
            let (name, line) = (self.ast.str(name), goto.line.to_string());
            let line = line.as_bytes();
            let message = [b"<goto ", name, b"> at line ", line, b" jumps into the scope of local '", local, b"'"].concat();
            return self.fail_semantic(message);
        }
        let stats = &mut self.ast.stats;
        let mut waiting = self.gotos.split_off(block.first_goto);
        waiting.retain(|goto| {
            if goto.name == name {
                stats[goto.stat as usize].kind = StatKind::Goto { label };
            }
            goto.name != name
        });
        self.gotos.append(&mut waiting);
        Ok(())
    }

    fn find_label(&mut self, name: StrId) -> Option<LabelId> {
        let first = self.function().first_label;
        self.labels[first..].iter().find(|visible| visible.name == name).map(|visible| visible.label)
    }

    #[cold]
    fn too_many_jumps<T>(&mut self) -> Parsed<T> {
        self.fail_bare(&format!("too many labels/gotos (limit is {MAX_JUMPS})"))
    }
}
