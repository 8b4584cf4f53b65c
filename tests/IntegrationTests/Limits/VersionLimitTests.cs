using System.Text.Json;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>Step maps, the number of versions, and what reading many large versions costs.</summary>
[Collection(nameof(AllocationBudgets))]
public sealed class VersionLimitTests(TestProgram program) : ApiTest(program)
{
    [Fact]
    public async Task A_migration_map_has_at_most_200_entries()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var map = Enumerable.Range(0, 201).ToDictionary(i => $"s{i}", i => $"s{i + 1}");

        (await Alice.Post($"{sequence}/versions/plan", JsonSerializer.Serialize(new { steps = new[] { new { type = "EMAIL" } }, map })))
            .ShouldBe(400)
            .Fields.ShouldBe(["map"]);
        (await Alice.Post($"{sequence}/versions/1/migrate", JsonSerializer.Serialize(new { policy = "map", map })))
            .ShouldBe(400)
            .Fields.ShouldBe(["map"]);
    }

    [Fact]
    public async Task At_the_limit_of_500_versions_publishing_deletes_old_unused_ones()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(sequence);
        await AddVersions(sequence, upTo: 500, "1 day");

        (await Alice.Put(sequence, """{"steps":[{"type":"EMAIL","subject":"new"}]}""")).ShouldBe(200).Json["version"]!
            .GetValue<int>()
            .ShouldBe(501);

        (await Versions(sequence)).ShouldBe([1, 500, 501]);
        (await Alice.Get($"{sequence}/versions/1")).ShouldBe(200);
        (await Alice.Get($"{sequence}/stats")).ShouldBe(200).Json["enrolled"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Versions_of_the_last_hour_are_kept_and_publishing_beyond_500_of_them_is_rejected()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await AddVersions(sequence, upTo: 500, "1 minute");

        (await Alice.Put(sequence, """{"steps":[{"type":"EMAIL","subject":"new"}]}""")).ShouldBe(409).Code.ShouldBe("tooManyVersions");

        (await Versions(sequence)).Count.ShouldBe(500);
        (await Alice.Put(sequence, """{"name":"Renamed"}""")).ShouldBe(200);
    }

    [Fact]
    public async Task Lists_statistics_and_plans_do_not_read_the_texts_of_versions()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await AddVersions(sequence, upTo: 60, "1 day", bodyOf: 1_000_000);
        await Alice.Get($"{sequence}/versions");

        var allocated = await Budget.Allocated(async () =>
        {
            (await Alice.Get($"{sequence}/versions?limit=200")).ShouldBe(200).Json["items"]!.AsArray().Count.ShouldBe(60);
            (await Alice.Get($"{sequence}/stats")).ShouldBe(200);
        });
        // The current version is read with its texts once.
        var planned = await Budget.Allocated(async () =>
            (await Alice.Post($"{sequence}/versions/plan", """{"steps":[{"type":"EMAIL"}]}""")).ShouldBe(200)
        );

        allocated.ShouldBeLessThan(15 * Budget.Megabyte);
        planned.ShouldBeLessThan(60 * Budget.Megabyte);
    }

    private Task<List<int>> Versions(string sequence) =>
        Database.ReadAll<int>("SELECT number FROM sequence_version WHERE sequence_id = $1 ORDER BY number", Id(sequence));

    /// <summary>Inserts copies of version 1 by SQL; the last one is current.</summary>
    private async Task AddVersions(string sequence, int upTo, string age, int bodyOf = 10)
    {
        await Database.Execute(
            """
            INSERT INTO sequence_version (id, sequence_id, owner_id, number, steps, published_at)
            SELECT gen_random_uuid(), sequence_id, owner_id, n, jsonb_set(steps, '{1,body}', to_jsonb(repeat('x', $3))), now() - $4::interval
            FROM sequence_version, generate_series(2, $2) n WHERE sequence_id = $1 AND number = 1
            """,
            Id(sequence),
            upTo,
            bodyOf,
            age
        );
        await Database.Execute("UPDATE sequence SET current_version = $2 WHERE id = $1", Id(sequence), upTo);
    }

    private static Guid Id(string sequence) => Guid.Parse(sequence.Split('/')[^1]);
}
