using System.Text.Json;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>Pages end before they are larger than 4 MiB, and a client that follows <c>nextCursor</c> gets every row once.</summary>
[Collection(nameof(AllocationBudgets))]
public sealed class PageLimitTests(TestProgram program) : ApiTest(program)
{
    private const int MostBytes = 4 * 1024 * 1024;

    [Fact]
    public async Task Sequences_with_long_texts_come_in_pages_of_at_most_4_MiB()
    {
        List<string> all = [];
        for (var i = 0; i < 9; i++)
        {
            var body = new string('x', 195_000);
            var created = await Alice.Post(
                "/api/sequences",
                JsonSerializer.Serialize(
                    new
                    {
                        name = $"s{i}",
                        steps = Enumerable
                            .Range(0, 4)
                            .Select(_ => new
                            {
                                type = "EMAIL",
                                subject = "s",
                                body,
                            }),
                    }
                )
            );
            all.Add(created.ShouldBe(201).Id);
        }

        var (ids, pages) = await Follow("/api/sequences?limit=200");

        ids.ShouldBe(Enumerable.Reverse(all));
        pages.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Instances_with_many_variables_come_in_pages_of_at_most_4_MiB()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        for (var i = 0; i < 90; i++)
        {
            var variables = new { text = new string('v', 60_000) };
            (
                await Alice.Post(
                    $"{sequence}/instances",
                    JsonSerializer.Serialize(new { recipient = new { email = $"a{i}@example.com" }, variables })
                )
            ).ShouldBe(201);
        }

        var (ids, pages) = await Follow("/api/instances?limit=200");

        ids.Distinct().Count().ShouldBe(90);
        ids.Count.ShouldBe(90);
        pages.ShouldBe(2);
    }

    [Fact]
    public async Task Events_with_long_mails_come_in_pages_of_at_most_4_MiB_and_only_these_are_read()
    {
        const int Mails = 24;
        var sequence = await Alice.Sequence(
            JsonSerializer.Serialize(
                new
                {
                    name = "long",
                    steps = new[]
                    {
                        new
                        {
                            type = "EMAIL",
                            subject = "s",
                            body = $"<p>{new string('y', 199_900)}</p>",
                        },
                    },
                }
            )
        );
        var rows = string.Concat(Enumerable.Range(0, Mails).Select(i => $"r{i}@example.com\n"));
        (await Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", $"email\n{rows}", "text/csv")).ShouldBe(200);
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'completed'") == Mails,
            "all mails are sent"
        );

        var allocated = await Budget.Allocated(async () =>
        {
            var (ids, pages) = await Follow("/api/events?limit=200&type=EMAIL");
            (ids.Distinct().Count(), ids.Count).ShouldBe((Mails, Mails));
            pages.ShouldBeGreaterThan(1);
        });
        var export = await Alice.Get("/api/events?type=EMAIL", ("Accept", "application/x-ndjson"));

        // The client of this test keeps and parses the responses in the same process.
        allocated.ShouldBeLessThan(400 * Budget.Megabyte);
        export.ShouldBe(200).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(Mails);
    }

    [Fact]
    public async Task A_timeline_with_long_mails_comes_in_pages_of_at_most_4_MiB()
    {
        var body = $"<p>{{% for i in (1..720) %}}{new string('y', 260)} {{% endfor %}}</p>";
        var steps = Enumerable
            .Range(0, 24)
            .Select(_ => new
            {
                type = "EMAIL",
                subject = "s",
                body = (string?)body,
            });
        var sequence = await Alice.Sequence(JsonSerializer.Serialize(new { name = "long", steps }));
        var instance = await Alice.Enroll(sequence);
        await Eventually.Holds(
            async () => (await Alice.Get($"/api/instances/{instance}")).Json["status"]!.ToString() == "COMPLETED",
            "all mails are sent"
        );

        var (ids, pages) = await Follow($"/api/instances/{instance}/events?limit=200");

        (ids.Distinct().Count(), ids.Count).ShouldBe((26, 26));
        pages.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task At_most_100_errors_are_listed_with_truncated_quotes()
    {
        var variants = Enumerable.Range(0, 10).Select(i => new { name = i.ToString(), weight = -1 }).ToArray();
        var steps = Enumerable.Range(0, 50).Select(_ => new { type = "EMAIL", variants }).ToArray();

        var many = (await Alice.Post("/api/sequences", JsonSerializer.Serialize(new { name = "n", steps }))).ShouldBe(400);
        var sequence = await Alice.Sequence(MinimalSequence);
        var map = new Dictionary<string, string> { [new string('k', 500_000)] = new string('v', 400_000) };
        var large = await Alice.Post(
            $"{sequence}/versions/plan",
            JsonSerializer.Serialize(new { steps = new[] { new { type = "EMAIL" } }, map })
        );

        many.Json["errors"]!.AsObject().Sum(field => field.Value!.AsArray().Count).ShouldBeLessThanOrEqualTo(100);
        large.ShouldBe(400).Text.Length.ShouldBeLessThan(10_000);
    }

    private async Task<(List<string> Ids, int Pages)> Follow(string path)
    {
        List<string> ids = [];
        string? cursor = null;
        for (var pages = 1; ; pages++)
        {
            var page = (await Alice.Get(cursor is null ? path : $"{path}&cursor={cursor}")).ShouldBe(200);
            page.Text.Length.ShouldBeLessThan(MostBytes);
            ids.AddRange(page.Json["items"]!.AsArray().Select(item => item!["id"]!.ToString()));
            cursor = page.Json["nextCursor"]?.ToString();
            if (cursor is null)
            {
                return (ids, pages);
            }
        }
    }
}
