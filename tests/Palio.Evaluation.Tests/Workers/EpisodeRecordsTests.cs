using System.Text;
using Palio.Evaluation.Tests.Support;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Workers;

public sealed class EpisodeRecordsTests
{
    [Fact]
    public void Add_NotRecorded_ReportsTheRowAtOnce() =>
        Assert.Equal(new EpisodeReport(Samples.Row(0)).Episode.Ordinal, new EpisodeRecords(recorded: false).Add(Samples.Row(0))!.Episode.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_RowAndPiecesInEitherOrder_JoinsThem(bool rowFirst)
    {
        var records = new EpisodeRecords(recorded: true);
        if (rowFirst)
        {
            Assert.Null(records.Add(Samples.Row(4)));
        }

        Assert.Null(records.Add(Piece(4, 0, "one ")));
        var report = records.Add(Piece(4, 1, "two", last: true));
        if (!rowFirst)
        {
            Assert.Null(report);
            report = records.Add(Samples.Row(4));
        }

        Assert.Equal("one two", Encoding.UTF8.GetString(Convert.FromBase64String(report!.Record!)));
        Assert.Empty(records.Rest());
    }

    [Fact]
    public void Add_PieceMissing_ReportsTheRowWithoutARecord()
    {
        var records = new EpisodeRecords(recorded: true);
        records.Add(Samples.Row(0));
        records.Add(Piece(0, 0, "one"));

        Assert.Null(records.Add(Piece(0, 2, "three", last: true))!.Record);
    }

    [Fact]
    public void Rest_RecordNeverWhole_GivesTheRow()
    {
        var records = new EpisodeRecords(recorded: true);
        records.Add(Samples.Row(0));
        records.Add(Piece(0, 0, "one"));
        records.Add(Piece(1, 0, "a record without a row"));

        Assert.Equal([0], records.Rest().Select(report => report.Episode.Ordinal));
    }

    private static RecordChunk Piece(int episode, int part, string text, bool last = false) => new()
    {
        Sequence = 0,
        Episode = episode,
        Part = part,
        Last = last,
        Data = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
    };
}
