using Palio.Protocol.Pickles;
using static Palio.Protocol.Tests.Pickles.PickleBytes;

namespace Palio.Protocol.Tests.Pickles;

/// <summary>Arrays and data types whose parts do not fit: NumPy trusts some of them blindly.</summary>
public sealed class HostileArrayTests
{
    private static readonly byte[] Two = Join(Int(2), 0x85);
    private static readonly byte[] Float = DataType("f8");
    private static readonly byte[] Objects = DataType("O8", -1, -1, 63, "|");

    private static readonly Dictionary<string, byte[]> Arrays = new()
    {
        ["too few bytes"] = Array(Two, Float, Bytes(new byte[15])),
        ["too many bytes"] = Array(Two, Float, Bytes(new byte[17])),
        ["a shape of text"] = Array(Join(Text("x"), 0x85), Float, Bytes()),
        ["a negative size"] = Array(Join(Int(-2), 0x85), Float, Bytes(new byte[16])),
        ["a huge dimension beside a zero"] = Array(Join(Int(0), Int(int.MaxValue), Int(int.MaxValue), 0x87), Float, Bytes()),
        ["bytes for objects"] = Array(Two, Objects, Bytes(new byte[16])),
        ["a list for numbers"] = Array(Two, Float, [(byte)']']),
        ["too few objects"] = Array(Two, Objects, Join(']', 'N', 'a')),
        ["a type without its state"] = Array(Two, Join(Import("numpy", "dtype"), Text("f8"), 0x89, 0x88, 0x87, 'R'), Bytes(new byte[16])),
        ["a type that is shared with NumPy"] = Join(Import("numpy", "dtype"), Text("f8"), 0x89, 0x89, 0x87, 'R'),
        ["a type by its class"] = Join(Import("numpy", "dtype"), Import("builtins", "set"), 0x89, 0x88, 0x87, 'R'),
        ["a type that is none"] = DataType("x8"),
        ["a type of a size that is none"] = DataType("f7"),
        ["a number's type with a size of its own"] = DataType("f8", 1024),
        ["a number's type that says it holds objects"] = DataType("f8", -1, -1, 63),
        ["an object's type that says it holds none"] = DataType("O8", -1, -1, 0),
        ["a text's type larger than its name"] = DataType("S4", 4096, 1),
        ["a record's type with no fields"] = DataType("V8", 8, 1, 0, "|", names: Join(Text("a"), 0x85)),
        ["a field past the record's end"] = Record(8, 4, "f8"),
        ["a field at a negative place"] = Record(8, -8, "f8"),
        ["a field with objects"] = DataType("V8", 8, 1, 0, "|", names: Join(Text("a"), 0x85), fields: Join('}', Text("a"), Objects, Int(0), 0x86, 's')),
        ["a name that is no field"] = DataType("V8", 8, 1, 0, "|", names: Join(Text("b"), 0x85), fields: Join('}', Text("a"), Float, Int(0), 0x86, 's')),
        ["a record that says it holds objects"] = DataType("V8", 8, 1, 1, "|", names: Join(Text("a"), 0x85), fields: Join('}', Text("a"), Float, Int(0), 0x86, 's')),
        ["a subarray larger than its type"] = DataType("V8", 8, 1, 0, "|", subarray: Join(Float, Two, 0x86)),
        ["a byte order that is none"] = DataType("f8", order: "x"),
        ["a type's state set twice"] = Join(Float, '(', Int(3), Text("<"), 'N', 'N', 'N', Int(-1), Int(-1), Int(0), 't', 'b'),
        ["an array's state set twice"] = Join(Array(Two, Float, Bytes(new byte[16])), '(', Int(1), Two, Float, 0x89, Bytes(new byte[16]), 't', 'b'),
        ["an array that begins with memory"] = Join(Import("numpy.core.multiarray", "_reconstruct"), Import("numpy", "ndarray"), Int(1 << 30), 0x85, Bytes((byte)'b'), 0x87, 'R'),
        ["an array that begins with objects"] = Join(Import("numpy.core.multiarray", "_reconstruct"), Import("numpy", "ndarray"), Int(0), 0x85, Bytes((byte)'O'), 0x87, 'R'),
        ["an array of another class"] = Join(Import("numpy.core.multiarray", "_reconstruct"), Import("builtins", "set"), Int(0), 0x85, Bytes((byte)'b'), 0x87, 'R'),
        ["a scalar of too few bytes"] = Join(Import("numpy.core.multiarray", "scalar"), Float, Bytes(new byte[4]), 0x86, 'R'),
        ["a scalar of an object"] = Join(Import("numpy.core.multiarray", "scalar"), Objects, Bytes(new byte[8]), 0x86, 'R'),
        ["a buffer of objects"] = Join(Import("numpy.core.numeric", "_frombuffer"), '(', Bytes(new byte[16]), Objects, Two, Text("C"), 't', 'R'),
        ["a buffer that is too short"] = Join(Import("numpy.core.numeric", "_frombuffer"), '(', Bytes(new byte[8]), Float, Two, Text("C"), 't', 'R'),
    };

    public static TheoryData<string> Names => [.. Arrays.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_ArrayThatDoesNotFit_IsRefused(string name) => Assert.NotNull(new PickleChecker().Check(Whole(Arrays[name])));

    [Fact]
    public void Check_TheSamePartsThatFit_Pass()
    {
        var checker = new PickleChecker();

        Assert.Null(checker.Check(Whole(Array(Two, Float, Bytes(new byte[16])))));
        Assert.Null(checker.Check(Whole(Array(Two, Objects, Join(']', 'N', 'a', 'N', 'a')))));
        Assert.Null(checker.Check(Whole(Record(8, 0, "f8"))));
        Assert.Null(checker.Check(Whole(Join(Import("numpy.core.multiarray", "scalar"), Float, Bytes(new byte[8]), 0x86, 'R'))));
    }

    private static byte[] Record(int size, int offset, string type) => DataType(
        $"V{size}", size, 1, 0, "|", names: Join(Text("a"), 0x85), fields: Join('}', Text("a"), DataType(type), Int(offset), 0x86, 's'));
}
