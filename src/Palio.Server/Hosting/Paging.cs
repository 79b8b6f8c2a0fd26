namespace Palio.Server.Hosting;

/// <summary>Which page of a list: <c>?page=</c> from 1, <c>?size=</c> 1 to 100, default 50; what is out of range is moved into it.</summary>
internal readonly record struct Paging
{
    public Paging(int? number, int? size) => (Number, Size) = (Math.Clamp(number ?? 1, 1, 1_000_000), Math.Clamp(size ?? 50, 1, 100));

    public int Number { get; }

    public int Size { get; }

    public int Skip => (Number - 1) * Size;
}
