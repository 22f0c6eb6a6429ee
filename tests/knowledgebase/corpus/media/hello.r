# Says hello.

# begin
print("hello")
# end

print("bye")
