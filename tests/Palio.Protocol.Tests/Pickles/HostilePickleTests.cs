using Palio.Protocol.Pickles;
using static Palio.Protocol.Tests.Pickles.PickleBytes;

namespace Palio.Protocol.Tests.Pickles;

/// <summary>Everything that is not plain data is refused, with the opcode and the name it asked for.</summary>
public sealed class HostilePickleTests
{
    private static readonly Dictionary<string, (byte[] Pickle, string? Opcode, string? Name)> Hostile = new()
    {
        ["system by GLOBAL"] = (Join("cos\nsystem\n(S'id'\ntR."), "GLOBAL", "os.system"),
        ["system by its real module"] = (Join("cposix\nsystem\n(Vid\ntR."), "GLOBAL", "posix.system"),
        ["system by STACK_GLOBAL"] = (Whole(Import("os", "system"), Text("id"), 0x85, 'R'), "STACK_GLOBAL", "os.system"),
        ["system by INST"] = (Join("(S'id'\nios\nsystem\n."), "INST", "os.system"),
        ["eval by OBJ"] = (Join("(c__builtin__\neval\nVx\no."), "GLOBAL", "__builtin__.eval"),
        ["OBJ of an allowed name"] = (Join("(cnumpy\ndtype\nVx\no."), "OBJ", null),
        ["NEWOBJ of an allowed name"] = (Whole(Import("numpy", "ndarray"), ')', 0x81), "NEWOBJ", null),
        ["NEWOBJ_EX of an allowed name"] = (Whole(Import("numpy", "ndarray"), ')', '}', 0x92), "NEWOBJ_EX", null),
        ["EXT1"] = (Whole(0x82, 7), "EXT1", "extension 7"),
        ["EXT2"] = (Whole(0x83, 1, 0), "EXT2", null),
        ["EXT4"] = (Whole(0x84, 1, 0, 0, 0), "EXT4", null),
        ["PERSID"] = (Join("Psecret\n."), "PERSID", "secret"),
        ["BINPERSID"] = (Whole(Text("secret"), 'Q'), "BINPERSID", null),
        ["NEXT_BUFFER"] = (Whole(0x97), "NEXT_BUFFER", null),
        ["READONLY_BUFFER"] = (Whole('N', 0x98), "READONLY_BUFFER", null),
        ["DUP"] = (Whole(']', '2', '2'), "DUP", null),
        ["POP"] = (Whole('N', 'N', '0'), "POP", null),
        ["POP_MARK"] = (Whole('N', '(', '1'), "POP_MARK", null),
        ["an opcode that is none"] = (Whole(0xff), "0xff", null),
        ["a protocol that is none"] = ([0x80, 6, (byte)'N', (byte)'.'], "PROTO", null),
        ["a second header"] = (Whole(0x80, 4, 'N'), "PROTO", null),
        ["getattr chain by a dotted name"] = (Whole(Import("numpy", "dtype.__class__")), "STACK_GLOBAL", "numpy.dtype.__class__"),
        ["numpy's own eval"] = (Whole(Import("numpy.testing._private.utils", "runstring")), "STACK_GLOBAL", "numpy.testing._private.utils.runstring"),
        ["numpy.load"] = (Whole(Import("numpy", "load"), Text("/etc/passwd"), 0x85, 'R'), "STACK_GLOBAL", "numpy.load"),
        ["another module's encode"] = (Whole(Import("codecs", "encode")), "STACK_GLOBAL", "codecs.encode"),
        ["a name with an escape"] = (Join("Vo\\u0073\nVsystem\n", 0x93, '.'), "STACK_GLOBAL", null),
        ["a name of bytes"] = (Whole(Bytes(1), Text("x"), 0x93), "STACK_GLOBAL", null),
        ["a name that would break the terminal"] = (Join("co\u001bs\ng\u009b\n."), "GLOBAL", "o?s.g?"),
        ["an importable name as the result"] = (Whole(Import("_codecs", "encode")), "STOP", null),
        ["an importable name in a list"] = (Whole(']', Import("_codecs", "encode"), 'a'), "APPEND", null),
        ["an importable name in a tuple in a list"] = (Whole(']', Import("_codecs", "encode"), 0x85, 'a'), "APPEND", null),
        ["an importable name in a tuple as the result"] = (Whole(Import("_codecs", "encode"), 0x85), "STOP", null),
        ["an importable name as a key"] = (Whole('}', Import("_codecs", "encode"), 'N', 's'), "SETITEM", null),
        ["a call of a value"] = (Whole(Text("x"), ')', 'R'), "REDUCE", null),
        ["a call with a list of arguments"] = (Whole(Import("builtins", "set"), ']', 'R'), "REDUCE", null),
        ["encode with a codec of its own choice"] = (Whole(Import("_codecs", "encode"), Text("x"), Text("zip"), 0x86, 'R'), "REDUCE", "_codecs.encode"),
        ["the state of a list"] = (Whole(']', '}', 'b'), "BUILD", null),
        ["the state of a number"] = (Whole('N', '}', 'b'), "BUILD", null),
        ["bytearray of a size"] = (Whole(Import("builtins", "bytearray"), Int(1 << 30), 0x85, 'R'), "REDUCE", "bytes"),
        ["bytes of a size"] = (Whole(Import("builtins", "bytes"), Int(1 << 30), 0x85, 'R'), "REDUCE", "bytes"),
        ["ndarray by its constructor"] = (Whole(Import("numpy", "ndarray"), Int(1 << 30), 0x85, 0x85, 'R'), "REDUCE", "ndarray"),
        ["a list as a key"] = (Whole('}', ']', 'N', 's'), "SETITEM", null),
        ["nothing to end with"] = (Whole(), "STOP", null),
        ["two values at the end"] = (Whole('N', 'N'), "STOP", null),
        ["an append to nothing"] = (Whole('N', 'a'), "APPEND", null),
        ["an append across a mark"] = (Whole(']', '(', 'N', 'a'), "APPEND", null),
        ["an append to a tuple"] = (Whole(')', 'N', 'a'), "APPEND", null),
        ["a mark that is not there"] = (Whole('t'), "TUPLE", null),
        ["a key without its value"] = (Whole('}', '(', 'N', 'u'), "SETITEMS", null),
        ["text that is no UTF-8"] = (Whole(0x8c, 1, 0xff), "SHORT_BINUNICODE", null),
        ["text longer than the pickle"] = (Whole('X', 0xff, 0xff, 0xff, 0x7f), "BINUNICODE", null),
        ["bytes of 2^63"] = (Whole(0x8e, 0, 0, 0, 0, 0, 0, 0, 0x80), "BINBYTES8", null),
        ["a frame longer than the pickle"] = (Whole(0x95, 0xff, 0, 0, 0, 0, 0, 0, 0, 'N'), "FRAME", null),
        ["a number in a base of its own"] = (Join("I0x10\n."), "INT", null),
        ["a number that is none"] = (Join("F__import__\n."), "FLOAT", null),
        ["a memo index out of nowhere"] = (Whole('N', 'r', 0, 0, 0, 0x7f), "LONG_BINPUT", null),
        ["a memo index of text"] = (Join("Np999999999\n."), "PUT", null),
        ["a memo entry never written"] = (Whole('h', 3), "BINGET", null),
        ["a memo entry skipped"] = (Whole('N', 'q', 1, 'h', 0), "BINGET", null),
        ["a list that holds itself"] = (Whole(']', 0x94, 'h', 0, 'a'), "APPEND", null),
        ["a list that holds itself in a tuple"] = (Whole(']', 0x94, 'h', 0, 0x85, 'a'), "APPEND", null),
        ["a dict that holds itself"] = (Whole('}', 0x94, 'N', 'h', 0, 's'), "SETITEM", null),
    };

    public static TheoryData<string> Names => [.. Hostile.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_HostilePickle_IsRefusedWithOpcodeAndName(string name)
    {
        var (pickle, opcode, asked) = Hostile[name];

        var refusal = new PickleChecker().Check(pickle);

        Assert.NotNull(refusal);
        Assert.Equal((opcode, asked), (refusal.Opcode, refusal.Name));
        Assert.InRange(refusal.Offset, 0, pickle.Length - 1);
    }

    [Fact]
    public void ToString_Refusal_SaysOpcodeOffsetAndName() => Assert.StartsWith(
        "opcode GLOBAL at byte 0 asks for os.system: only plain data may cross",
        new PickleChecker().Check(Join("cos\nsystem\n."))!.ToString());

    [Fact]
    public void Check_EveryOpcodeAlone_NeverThrows()
    {
        var checker = new PickleChecker();
        for (var code = 0; code < 256; code++)
        {
            checker.Check([(byte)code]);
            checker.Check(Whole(code, new byte[16]));
        }
    }
}
