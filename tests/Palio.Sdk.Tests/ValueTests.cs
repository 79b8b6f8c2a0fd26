using Palio.Protocol.Spaces;
using Palio.Sdk.Values;

namespace Palio.Sdk.Tests;

public sealed class ValueTests
{
    private static readonly Space Nested = new DictSpace(new Dictionary<string, Space>
    {
        ["a"] = new TupleSpace(new DiscreteSpace(2), BoxSpace.Create<float>([2])),
        ["b"] = new SequenceSpace(new TextSpace(4), 3),
    });

    [Fact]
    public void Write_EveryLeaf_IsAMemberAndReadsBack()
    {
        var writer = new ValueWriter(Nested);
        writer.Start();
        writer.WriteInteger(1);
        writer.Write(1f, -2f);
        writer.WriteCount(2);
        writer.WriteText("ab");
        writer.WriteText("é");
        var value = writer.Finish("the value").ToArray();

        Assert.Null(Nested.Check(value, MemberRule.Action));
        var reader = new ValueReader(value, new ValueCursor(Nested, isReading: true));
        Assert.Equal(1, reader.ReadInteger());
        Assert.Equal([1f, -2f], reader.Read<float>());
        Assert.Equal(2, reader.ReadCount());
        Assert.Equal(("ab", "é"), (reader.ReadText(), reader.ReadText()));
    }

    [Fact]
    public void Write_WrongTypeDeepInside_NamesThePlace()
    {
        var writer = Begun(Nested);
        writer.WriteInteger(1);
        var exception = Assert.Throws<InvalidValueException>(() => writer.Write(1.0, 2.0));
        Assert.Equal("expected numbers of type float32 for Box float32 [2] at a[1], got numbers of type Double", exception.Message);
    }

    [Fact]
    public void WriteCount_MoreThanTheMost_NamesThePlace()
    {
        var writer = Begun(Nested);
        writer.WriteInteger(1);
        writer.Write(1f, 2f);
        Assert.Equal("expected 0 to 3 elements at b, got 4", Assert.Throws<InvalidValueException>(() => writer.WriteCount(4)).Message);
    }

    [Fact]
    public void Finish_ElementMissing_NamesThePlace()
    {
        var writer = Begun(Nested);
        writer.WriteInteger(1);
        writer.Write(1f, 2f);
        writer.WriteCount(2);
        writer.WriteText("a");
        Assert.Contains("at b[1], got nothing", Assert.Throws<InvalidValueException>(() => writer.Finish("it")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MoreThanTheSpaceHolds_IsRefused()
    {
        var writer = Begun(new DiscreteSpace(2));
        writer.WriteInteger(0);
        Assert.Equal("expected nothing more for Discrete 2, got the integer 1", Assert.Throws<InvalidValueException>(() => writer.WriteInteger(1)).Message);
    }

    [Fact]
    public void Read_WrongType_IsAMistakeInTheProgram() => Assert.Throws<InvalidOperationException>(() =>
        new ValueReader(new byte[8], new ValueCursor(new DiscreteSpace(2), isReading: true)).Read<float>().Length);

    [Fact]
    public void Fill_AfterAnotherValue_IsCleared()
    {
        var writer = Begun(BoxSpace.Create<byte>([2]));
        writer.Fill<byte>()[0] = 9;
        writer.Start();
        writer.Fill<byte>()[1] = 1;
        Assert.Equal([0, 1], writer.Finish("it").ToArray());
    }

    [Fact]
    public void Write_ManyValues_HardlyAllocates()
    {
        var writer = new ValueWriter(Nested);
        var cursor = new ValueCursor(Nested, isReading: true);
        Play();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Play();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);

        void Play()
        {
            writer.Start();
            writer.WriteInteger(1);
            writer.Write(1f, 2f);
            writer.WriteCount(1);
            writer.WriteText("abc");
            var reader = new ValueReader(writer.Finish("it"), cursor);
            reader.ReadInteger();
            reader.Read<float>();
            reader.ReadCount();
        }
    }

    private static ValueWriter Begun(Space space)
    {
        var writer = new ValueWriter(space);
        writer.Start();
        return writer;
    }
}
