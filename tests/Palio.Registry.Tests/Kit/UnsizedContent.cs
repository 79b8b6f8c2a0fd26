using System.Net;

namespace Palio.Registry.Tests.Kit;

/// <summary>A body without Content-Length, sent in chunks, as docker sends its layers.</summary>
internal sealed class UnsizedContent(byte[] bytes) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
