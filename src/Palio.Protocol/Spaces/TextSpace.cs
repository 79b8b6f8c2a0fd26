using System.Buffers.Binary;
using System.Text;

namespace Palio.Protocol.Spaces;

/// <summary>A text: Gymnasium's Text. Travels as <c>u32</c> byte count and UTF-8.</summary>
public sealed class TextSpace : Space
{
    private readonly HashSet<int>? _allowed;

    /// <summary>Makes the space.</summary>
    /// <param name="maxLength">Most Unicode code points; at least 1.</param>
    /// <param name="minLength">Fewest Unicode code points. Default 1.</param>
    /// <param name="charset">The characters allowed; null for any.</param>
    public TextSpace(int maxLength, int minLength = 1, string? charset = null)
    {
        if (minLength < 0 || maxLength < 1 || minLength > maxLength || maxLength > Frames.FrameLimits.CeilingMaxMessage)
        {
            throw new SpaceException($"min_length {minLength} and max_length {maxLength} are no range");
        }

        (MinLength, MaxLength, Charset) = (minLength, maxLength, charset);
        _allowed = charset is null ? null : [.. charset.EnumerateRunes().Select(rune => rune.Value)];
    }

    /// <summary>Most Unicode code points.</summary>
    public int MaxLength { get; }

    /// <summary>Fewest Unicode code points.</summary>
    public int MinLength { get; }

    /// <summary>The characters allowed; null for any.</summary>
    public string? Charset { get; }

    /// <inheritdoc/>
    public override string Type => "Text";

    /// <inheritdoc/>
    public override int MinSize => sizeof(uint);

    /// <inheritdoc/>
    public override bool IsFixedSize => false;

    internal override int Leaves => 1;

    internal override int Depth => 1;

    /// <inheritdoc/>
    public override string Describe() => $"Text of {MinLength} to {MaxLength} characters";

    internal override int CheckCore(Span<byte> value, MemberRule rule, ref string? error)
    {
        if (value.Length < sizeof(uint))
        {
            return Fail(ref error, $"expected the byte count of {Describe()}, got {value.Length} bytes");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(value);
        var text = value[sizeof(uint)..];
        if (size > (uint)text.Length)
        {
            return Fail(ref error, $"expected {size} bytes of text, got {text.Length}");
        }

        return CheckText(text[..(int)size], ref error) ? sizeof(uint) + (int)size : -1;
    }

    private bool CheckText(ReadOnlySpan<byte> text, ref string? error)
    {
        var length = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var used) != System.Buffers.OperationStatus.Done)
            {
                error = $"expected well-formed UTF-8, which ends at character {length}";
                return false;
            }

            if (_allowed is not null && !_allowed.Contains(rune.Value))
            {
                error = $"expected characters of \"{Charset}\", got U+{rune.Value:X4} at character {length}";
                return false;
            }

            length++;
            text = text[used..];
        }

        if (length < MinLength || length > MaxLength)
        {
            error = $"expected {Describe()}, got {length}";
            return false;
        }

        return true;
    }
}
