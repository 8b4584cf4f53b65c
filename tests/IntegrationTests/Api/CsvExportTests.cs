using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>The log as CSV, read back by an independent library.</summary>
public sealed class CsvExportTests(TestProgram program) : ApiTest(program)
{
    private const string Hostile = """=HYPERLINK("http://evil.example";"x"),+1;=cmd|' /C calc'!A0;@SUM(A1),-2 "quoted", ünï 😀""";

    [Fact]
    public async Task The_log_survives_CSV_and_no_cell_is_a_formula_whatever_separates_the_cells()
    {
        var sequence = await Alice.Sequence(
            JsonSerializer.Serialize(
                new
                {
                    name = "m",
                    steps = new[]
                    {
                        new
                        {
                            type = "EMAIL",
                            subject = "{{ variables.s }}",
                            body = "<p>{{ variables.s }}</p>\r\n=1+1;\t@x",
                        },
                    },
                }
            )
        );
        (
            await Alice.Post(
                $"{sequence}/instances",
                JsonSerializer.Serialize(
                    new { recipient = new { email = "+anna@example.com", name = Hostile }, variables = new { s = Hostile } }
                )
            )
        ).ShouldBe(201);
        await Eventually.Holds(
            async () => (await Alice.Get("/api/events?type=completed")).Json["items"]!.AsArray().Count == 1,
            "the mail was sent and the instance is done"
        );

        var csv = (await Alice.Get("/api/events", ("Accept", "text/csv"))).ShouldBe(200);
        var json = (await Alice.Get("/api/events")).ShouldBe(200).Json["items"]!.AsArray();

        var rows = Rows(csv.Text, ",");
        rows.Count.ShouldBe(json.Count);
        foreach (var (row, happened) in rows.Zip(json))
        {
            foreach (var (name, value) in happened!.AsObject().Where(field => field.Key is not ("content" or "actor")))
            {
                row[name].ShouldBe(value?.ToString() ?? "");
            }

            (row["actor"], row["actorId"]).ShouldBe((happened["actor"]!["kind"]!.ToString(), happened["actor"]!["id"]?.ToString() ?? ""));

            JsonNode.DeepEquals(JsonNode.Parse(row["content"]), happened["content"]).ShouldBeTrue(row["content"]);
        }

        json.ToJsonString().ShouldContain("HYPERLINK");
        // Where a semicolon or a tab is the list separator, a spreadsheet cuts the line there, quotes or not.
        foreach (
            var cell in csv.Text.Split(["\r\n", "\n", "\r", ";", "\t"], StringSplitOptions.None).Concat(rows.SelectMany(row => row.Values))
        )
        {
            cell.TrimStart('"', ' ').ShouldNotMatch("^[=+\\-@]");
        }
    }

    private static List<Dictionary<string, string>> Rows(string text, string separator)
    {
        var strict = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator,
            NewLine = "\r\n",
            Mode = CsvMode.RFC4180,
        };
        using var reader = new CsvReader(new StringReader(text), strict);
        reader.Read();
        reader.ReadHeader();
        List<Dictionary<string, string>> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.HeaderRecord!.ToDictionary(name => name, name => reader.GetField(name)!));
        }

        return rows;
    }
}
