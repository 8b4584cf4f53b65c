using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>A program that executes no steps.</summary>
public sealed class Resting : TestProgram
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Role"] = "api" };
}

/// <summary>The two orders of the list of instances.</summary>
public sealed class InstanceSortTests(Resting program) : ApiTest(program), IClassFixture<Resting>
{
    [Fact]
    public async Task Sorting_by_nextDueAt_lists_scheduled_instances_in_execution_order()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        string[] enrolled = [.. await Task.WhenAll(Enumerable.Range(0, 7).Select(i => Alice.Enroll(sequence, $"r{i}@example.com")))];
        await Bob.Enroll(await Bob.Sequence(MinimalSequence));
        // Three are due at one instant: follow-ups before first mails, then by when they were wanted.
        var due = DateTimeOffset.UtcNow.AddHours(1);
        await Schedule(enrolled[0], due.AddHours(2), isFirst: false, due);
        await Schedule(enrolled[1], due, isFirst: true, due.AddHours(-2));
        await Schedule(enrolled[2], due, isFirst: false, due.AddHours(-1));
        await Schedule(enrolled[3], due, isFirst: false, due.AddHours(-2));
        await Schedule(enrolled[4], due.AddHours(-1), isFirst: true, due);
        await Schedule(enrolled[5], due.AddHours(3), isFirst: false, due);
        (await Alice.Post($"/api/instances/{enrolled[5]}/pause")).ShouldBe(200);
        await Schedule(enrolled[6], due.AddDays(9), isFirst: false, due);
        string[] expected = [enrolled[4], enrolled[3], enrolled[2], enrolled[1], enrolled[0], enrolled[6]];

        foreach (var limit in (int[])[1, 2, 200])
        {
            (await Follow($"/api/instances?sort=nextDueAt&limit={limit}")).ShouldBe(expected);
        }

        (await Follow("/api/instances?sort=nextDueAt&email=r1@example.com")).ShouldBe([enrolled[1]]);
        (await Follow("/api/instances?sort=-enrolledAt&limit=2")).ShouldBe(await Follow("/api/instances?limit=200"));
        (await Bob.Get("/api/instances?sort=nextDueAt")).ShouldBe(200).Json["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_cursor_is_valid_for_one_list_and_one_sort_order()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(sequence, "a@example.com");
        await Alice.Enroll(sequence, "b@example.com");
        var newest = await CursorOf("/api/instances?limit=1");
        var due = await CursorOf("/api/instances?limit=1&sort=nextDueAt");
        var events = await CursorOf("/api/events?limit=1");

        foreach (
            var wrong in (string[])
                [
                    $"?cursor={due}",
                    $"?sort=-enrolledAt&cursor={due}",
                    $"?sort=nextDueAt&cursor={newest}",
                    $"?sort=nextDueAt&cursor={events}",
                    "?sort=nextDueAt&cursor=x",
                ]
        )
        {
            (await Alice.Get($"/api/instances{wrong}")).ShouldBe(400).Fields.ShouldBe(["cursor"]);
        }

        (await Alice.Get($"/api/instances?sort=-enrolledAt&cursor={newest}")).ShouldBe(200);
        (await Alice.Get("/api/instances?sort=enrolledAt")).ShouldBe(400).Fields.ShouldBe(["sort"]);
        (await Alice.Post("/api/instances/actions", """{"action":"pause","filter":{"status":"ACTIVE","sort":"nextDueAt"}}""")).ShouldBe(
            400
        );
    }

    [Fact]
    public async Task Instances_can_be_filtered_by_the_variant_that_was_sent()
    {
        (await Alice.Get("/api/instances?variant=short")).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
        (await Alice.Get("/api/instances?variant=")).ShouldBe(400).Fields.ShouldBe(["variant"]);
        (await Alice.Post("/api/instances/actions", """{"action":"pause","dryRun":true,"filter":{"variant":"short"}}"""))
            .ShouldBe(200)
            .Json["matching"]!
            .GetValue<int>()
            .ShouldBe(0);
    }

    private Task<int> Schedule(string instance, DateTimeOffset due, bool isFirst, DateTimeOffset wanted) =>
        Database.Execute(
            "UPDATE step_job SET due_at = $2, is_first = $3, wanted_at = $4 WHERE instance_id = $1",
            Guid.Parse(instance),
            due,
            isFirst,
            wanted
        );

    private async Task<string> CursorOf(string path) => (await Alice.Get(path)).ShouldBe(200).Json["nextCursor"]!.ToString();

    private async Task<List<string>> Follow(string path)
    {
        List<string> ids = [];
        string? cursor = null;
        do
        {
            var page = (await Alice.Get(cursor is null ? path : $"{path}&cursor={cursor}")).ShouldBe(200);
            ids.AddRange(page.Json["items"]!.AsArray().Select(item => item!["id"]!.ToString()));
            cursor = page.Json["nextCursor"]?.ToString();
        } while (cursor is not null);

        return ids;
    }
}
