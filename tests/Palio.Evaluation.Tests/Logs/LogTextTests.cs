using System.Text;
using Palio.Evaluation.Logs;

namespace Palio.Evaluation.Tests.Logs;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain\ttext\n", "plain\ttext\n")]
    [InlineData("two\r\nlines\r\n", "two\nlines\n")]
    [InlineData("10%\r20%\r", "10%\n20%\n")]
    [InlineData("\x1b[31mred\x1b]0;title\x07", "red␛]0;title␇")]
    [InlineData("\x1b[1;38;5;208mwarn\x1b[0m\x1b[2J\x1b[", "warn␛[2J␛[")]
    [InlineData("nul\0del\x7f", "nul␀del␡")]
    [InlineData("\u202eevil\u2066x\u200f", "\ufffdevil\ufffdx\ufffd")]
    [InlineData("\u009b31m", "\ufffd31m")]
    [InlineData("a\u2028b", "a\ufffdb")]
    [InlineData("日本 🐎", "日本 🐎")]
    public void Neutralise_Text_IsSafeInATerminal(string text, string expected) => Assert.Equal(expected, LogText.Neutralise(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Neutralise_NoUtf8_IsReplaced() => Assert.Equal("a\ufffdb", LogText.Neutralise([(byte)'a', 0xff, (byte)'b']));

    [Fact]
    public void Tail_ShortText_IsWhole() => Assert.Equal("short", LogText.Tail("short", 5));

    [Fact]
    public void Tail_LongText_BeginsWithALineAndAMark()
    {
        var tail = LogText.Tail(string.Join('\n', Enumerable.Range(1000, 1000)), 200);

        Assert.StartsWith("[… earlier output left out]\n1", tail, StringComparison.Ordinal);
        Assert.EndsWith("\n1999", tail, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(tail) <= 200);
    }

    [Fact]
    public void Tail_LongLineOfPairs_NeverCutsAPair()
    {
        for (var bytes = 60; bytes < 68; bytes++)
        {
            var tail = LogText.Tail(string.Concat(Enumerable.Repeat("🐎", 100)), bytes);

            Assert.True(Encoding.UTF8.GetByteCount(tail) <= bytes);
            Assert.EndsWith("🐎", tail, StringComparison.Ordinal);
            Assert.False(char.IsLowSurrogate(tail[tail.IndexOf('\n', StringComparison.Ordinal) + 1]));
        }
    }

    [Fact]
    public void TailBuffer_LessThanItsSize_IsWhole()
    {
        var buffer = new TailBuffer(16);
        buffer.Add("one "u8);
        buffer.Add("two"u8);

        Assert.Equal("one two", buffer.Read());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void TailBuffer_More_KeepsTheLastBytesWhateverThePieces(int piece)
    {
        var all = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100)));
        var buffer = new TailBuffer(10);
        foreach (var bytes in all.Chunk(piece))
        {
            buffer.Add(bytes);
        }

        Assert.Equal($"[… {all.Length - 10} bytes of earlier output left out]\n{Encoding.UTF8.GetString(all[^10..])}", buffer.Read());
    }
}
