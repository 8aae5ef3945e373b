//! lua-vm
