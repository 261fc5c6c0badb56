//! Blocks and statements. Items in a block are nodes of their own and leave no trace here, except that their names are
//! never taken for locals.

use syn::{Block, Item, Stmt, UseTree};

use super::expression::is_jump;
use super::tag::Tag;
use super::writer::Writer;

impl Writer {
    pub(super) fn block(&mut self, block: &Block) {
        for statement in &block.stmts {
            if let Stmt::Item(item) = statement {
                self.keep_item(item);
            }
        }
        self.scoped(|w| {
            for (at, statement) in block.stmts.iter().enumerate() {
                w.statement(statement, at + 1 == block.stmts.len());
            }
        });
        self.tag(Tag::End);
    }

    fn statement(&mut self, statement: &Stmt, last: bool) {
        match statement {
            Stmt::Local(local) => {
                self.tag(Tag::StmtLocal);
                self.attributes(&local.attrs);
                self.modifiers(local.modifiers.require_empty(), local);
                // The names begin behind the statement: neither the value nor the `else` block sees them.
                self.option(local.init.as_ref(), |w, init| {
                    w.expr(&init.expr);
                    w.option(init.diverge.as_ref(), |w, (_, diverge)| w.expr(diverge));
                });
                self.one_pattern(|w| w.pattern(&local.pat));
            }
            Stmt::Item(_) => {}
            // A semicolon that ends nothing.
            Stmt::Expr(syn::Expr::Verbatim(tokens), Some(_)) if tokens.is_empty() => {}
            Stmt::Expr(expr, semicolon) => {
                self.tag(Tag::StmtExpr);
                self.flag(semicolon.is_some() && !(last && is_jump(expr)));
                self.expr(expr);
            }
            Stmt::Macro(statement) => {
                self.tag(Tag::StmtMacro);
                self.flag(statement.semi_token.is_some());
                self.attributes(&statement.attrs);
                self.macro_call(&statement.mac);
            }
        }
    }

    /// An item in a block shadows locals of the blocks around it, and a macro may use locals that are in scope where it
    /// is defined.
    fn keep_item(&mut self, item: &Item) {
        match item {
            Item::Const(item) => self.keep(&item.ident.to_string()),
            Item::Fn(item) => self.keep(&item.sig.ident.to_string()),
            Item::Static(item) => self.keep(&item.ident.to_string()),
            Item::Struct(item) => self.keep(&item.ident.to_string()),
            Item::Use(item) => self.keep_imports(&item.tree),
            Item::Macro(item) => self.keep_idents(&item.mac.tokens),
            Item::Verbatim(tokens) => self.keep_idents(tokens),
            _ => {}
        }
    }

    fn keep_imports(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.keep_imports(&path.tree),
            UseTree::Name(name) => self.keep(&name.ident.to_string()),
            UseTree::Rename(rename) => self.keep(&rename.rename.to_string()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.keep_imports(tree)),
            UseTree::Glob(_) => self.keep_all(),
        }
    }
}
