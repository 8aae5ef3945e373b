-- A collection gives back stack that a deep recursion took, but not the registers of frames that
-- have more of them than what they call.

local function deep(n)
    if n > 0 then return 1 + deep(n - 1) end
    return 0
end

local function wide(collect)
    collect()
    local a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15 = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    local a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30 = 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    local a31, a32, a33, a34, a35, a36, a37, a38, a39, a40, a41, a42, a43, a44, a45 = 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45
    local a46, a47, a48, a49, a50, a51, a52, a53, a54, a55, a56, a57, a58, a59, a60 = 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60
    local a61, a62, a63, a64, a65, a66, a67, a68, a69, a70, a71, a72, a73, a74, a75 = 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75
    local a76, a77, a78, a79, a80, a81, a82, a83, a84, a85, a86, a87, a88, a89, a90 = 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90
    local a91, a92, a93, a94, a95, a96, a97, a98, a99, a100, a101, a102, a103, a104, a105 = 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105
    local a106, a107, a108, a109, a110, a111, a112, a113, a114, a115, a116, a117, a118, a119, a120 = 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120
    local a121, a122, a123, a124, a125, a126, a127, a128, a129, a130, a131, a132, a133, a134, a135 = 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135
    local a136, a137, a138, a139, a140, a141, a142, a143, a144, a145, a146, a147, a148, a149, a150 = 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150
    local a151, a152, a153, a154, a155, a156, a157, a158, a159, a160, a161, a162, a163, a164, a165 = 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165
    local a166, a167, a168, a169, a170, a171, a172, a173, a174, a175, a176, a177, a178, a179, a180 = 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180
    collect()
    local sum = 0
    for i = 1, 15 do sum = sum + i end
    return sum + a1 + a90 + a180
end

print(deep(5000)) --> 5000
print(wide(collectgarbage)) --> 391
print(deep(5000)) --> 5000
print(wide(function() return (collectgarbage()) end)) --> 391

-- The same in a coroutine, which is collected while it waits.
local co = coroutine.wrap(function()
    deep(5000)
    return wide(coroutine.yield)
end)
co()
collectgarbage()
co()
collectgarbage()
print(co()) --> 391
