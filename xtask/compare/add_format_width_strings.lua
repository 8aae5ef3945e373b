print(("%10s|%-10s|%.0s|%10.2s|"):format("hello", "hello", "hello", "hello"))
print(("%3d|%-3d|%03d|%+3d|% 3d|"):format(7, 7, 7, 7, 7))
print(("%5.1f|%-8.3e|%08.2f|"):format(3.14159, 31415.9, -3.14159))
