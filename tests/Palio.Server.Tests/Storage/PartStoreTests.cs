using Palio.Server.Errors;
using Palio.Server.Storage;

namespace Palio.Server.Tests.Storage;

public sealed class PartStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("palio-parts-").FullName;

    private PartStore Store => new(new DataFolder(_folder));

    [Fact]
    public async Task Parts_AreOneFileInOrder_WhateverTheOrderTheyCameIn()
    {
        var second = await PutAsync(2, "two");
        await PutAsync(1, "wrong");
        var first = await PutAsync(1, "one");
        var parts = SentPart.Match([new SentPart(2, second), new SentPart(1, first)], Store.List("upload-1"));
        await using var whole = PartStore.Open(parts);
        using var reader = new StreamReader(whole);
        Assert.Equal("onetwo", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["upload-1"], Store.Uploads());
        Store.Remove("upload-1");
        Assert.Empty(Store.Uploads());
    }

    [Fact]
    public async Task Part_BeyondTheLimit_IsRefused_AndWhatWasThereStays()
    {
        var first = await PutAsync(1, "12345");
        Assert.Equal(413, (await Assert.ThrowsAsync<PalioException>(() => PutAsync(2, "678901"))).Status);
        Assert.Equal(413, (await Assert.ThrowsAsync<PalioException>(() => PutAsync(1, "12345678901"))).Status);
        Assert.Equal([first], Store.List("upload-1").Select(part => part.Tag));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "uploads", "upload-1")));
    }

    [Fact]
    public async Task Parts_SentAtOnce_ShareTheRoom()
    {
        var store = Store;
        var sent = Enumerable.Range(1, 20).Select(number => store.PutAsync(
            "upload-1", number, new SlowStream(new byte[4]), 10, TestContext.Current.CancellationToken)).ToList();
        var refused = 0;
        foreach (var part in sent)
        {
            try
            {
                await part;
            }
            catch (PalioException)
            {
                refused++;
            }
        }

        Assert.Equal(18, refused);
        Assert.Equal(8, store.List("upload-1").Sum(part => part.Bytes));
    }

    [Fact]
    public void Match_KnowsAPartThatIsThereTwiceByItsTag()
    {
        StoredPart[] stored = [new(1, "a", 1, "x"), new(1, "b", 1, "y")];
        Assert.Equal("y", Assert.Single(SentPart.Match([new SentPart(1, "b")], stored)).Path);
        Assert.Throws<PalioException>(() => SentPart.Match([new SentPart(1, "c")], stored));
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("")]
    [InlineData("a/b")]
    public void Upload_OfAnotherName_IsNoUpload(string name) => Assert.Throws<ArgumentException>(() => Store.List(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<string> PutAsync(int number, string content) =>
        Store.PutAsync("upload-1", number, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), 10, TestContext.Current.CancellationToken);

    /// <summary>Lets the others go on before each byte.</summary>
    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await base.ReadAsync(buffer[..1], cancellationToken);
        }
    }
}
