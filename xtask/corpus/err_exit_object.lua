-- An uncaught error object with __tostring is shown by its text, without a traceback.
--! exit 1
--! stderr object as text
print "start" --> start
error(setmetatable({}, {__tostring = function() return "object as text" end}))
