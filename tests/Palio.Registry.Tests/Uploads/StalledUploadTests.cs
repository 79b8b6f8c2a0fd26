using System.Net;
using System.Net.Sockets;
using System.Text;
using Palio.Registry.Tests.Kit;

namespace Palio.Registry.Tests.Uploads;

public sealed class StalledUploadTests
{
    [Fact]
    public async Task Upload_ThatBringsNothing_IsCutOffAndGoesOnLater()
    {
        await using var app = await RegistryApp.StartAsync(options => (options.MinUploadBytesPerSecond, options.UploadStallTime) = (1 << 20, TimeSpan.FromSeconds(2)));
        using var client = app.Client();
        var location = await client.BeginAsync();

        await SendHalfAsync(app, client, location);

        await client.FinishAsync(location, Digest.Of("halfrest"u8), "rest"u8.ToArray()).ExpectAsync(HttpStatusCode.Created);
    }

    // Sends the half of what it announces, and waits for nothing but the server's cutting it off.
    private static async Task SendHalfAsync(RegistryApp app, HttpClient client, string location)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, app.Address.Port, TestContext.Current.CancellationToken);
        var head = $"PATCH {location} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\nContent-Length: 8\r\n\r\nhalf";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal(0, await connection.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        }
        catch (IOException)
        {
            // Reset rather than closed.
        }
    }
}
