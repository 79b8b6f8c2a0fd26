namespace Palio.Evaluation.Logs;

/// <summary>Keeps the last bytes of an endless stream.</summary>
internal sealed class TailBuffer(int capacity)
{
    private readonly byte[] _ring = new byte[capacity];
    private readonly Lock _lock = new();
    private long _total;

    /// <summary>Takes more bytes; the oldest fall out.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var skipped = Math.Max(0, bytes.Length - capacity);
            _total += skipped;
            foreach (var b in bytes[skipped..])
            {
                _ring[_total++ % capacity] = b;
            }
        }
    }

    /// <summary>What is kept, safe to show, with a mark when something fell out.</summary>
    public string Read()
    {
        lock (_lock)
        {
            if (_total <= capacity)
            {
                return LogText.Neutralise(_ring.AsSpan(0, (int)_total));
            }

            var bytes = new byte[capacity];
            var start = (int)(_total % capacity);
            _ring.AsSpan(start).CopyTo(bytes);
            _ring.AsSpan(0, start).CopyTo(bytes.AsSpan(capacity - start));
            var whole = LogText.Neutralise(bytes);
            return $"[… {_total - capacity} bytes of earlier output left out]\n{whole}";
        }
    }
}
