-- A script loaded from a string with a syntax error, the message carried to an uncaught error.
--! exit 1
--! stderr unexpected symbol near
print "syntax" --> syntax
assert(load("x = = 1", "=inner"))
