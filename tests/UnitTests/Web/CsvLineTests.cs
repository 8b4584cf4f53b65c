using System.Text.Json.Nodes;
using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Web.Http;
using FollowUp.Web.Instances;

namespace FollowUp.UnitTests.Web;

public sealed class CsvLineTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    public void A_cell_that_looks_like_a_formula_is_written_as_text(string text, string cell) => CsvCell.Of(text).ShouldBe(cell);

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void Other_cells_are_quoted_according_to_RFC_4180(string text, string cell) => CsvCell.Of(text).ShouldBe(cell);

    [Fact]
    public void An_event_is_a_line_with_a_cell_for_each_column()
    {
        var id = Guid.Parse("0195f1c2-9c32-7f50-9e6d-7b8c9d0e1f20");
        var happened = new EventView(
            id,
            id,
            id,
            2,
            null,
            "paused",
            null,
            new JsonObject { ["reason"] = "late" },
            new DateTimeOffset(2026, 1, 31, 11, 30, 0, TimeSpan.FromHours(2)),
            "ab",
            new ActorView("user", id)
        );

        CsvLine
            .Of(happened)
            .ShouldBe($"{id},{id},{id},2,,paused,,\"{{\"\"reason\"\":\"\"late\"\"}}\",2026-01-31T09:30:00Z,ab,user,{id}\r\n");
        CsvLine.Header.ShouldBe("id,instanceId,sequenceId,version,stepIndex,type,status,content,sentAt,hash,actor,actorId\r\n");
    }
}
