-- An uncaught error object without __tostring.
--! exit 1
--! stderr (error object is a table value)
print "start" --> start
error({})
