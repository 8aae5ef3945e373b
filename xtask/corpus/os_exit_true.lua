-- os.exit(true) is success, and the rest of the script does not run.
print "success" --> success
io.write("no newline at the end is", " fine\n") --> no newline at the end is fine
os.exit(true)
error "not reached"
