using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Statements are prepared once a connection, and the tables may change under them: the next release's migrations run while this one serves.</summary>
public sealed class PreparedStatementTests(TestProgram program) : ApiTest(program)
{
    [Fact]
    public async Task A_column_added_by_a_newer_release_does_not_break_prepared_statements()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var instance = await Alice.Enroll(sequence);
        for (var i = 0; i < 12; i++)
        {
            await UseEverything($"before {i}");
        }

        foreach (var table in (string[])["sequence", "step_job", "instance", "sequence_version"])
        {
            await Database.Execute($"ALTER TABLE {table} ADD COLUMN of_a_later_release int");
        }

        try
        {
            for (var i = 0; i < 12; i++)
            {
                await UseEverything($"after {i}");
            }
        }
        finally
        {
            foreach (var table in (string[])["sequence", "step_job", "instance", "sequence_version"])
            {
                await Database.Execute($"ALTER TABLE {table} DROP COLUMN of_a_later_release");
            }
        }

        async Task UseEverything(string name)
        {
            (await Alice.Put(sequence, $$"""{"name":"{{name}}"}""")).ShouldBe(200).Json["name"]!.ToString().ShouldBe(name);
            (await Alice.Post($"/api/instances/{instance}/pause")).ShouldBe(200);
            (await Alice.Post($"/api/instances/{instance}/resume")).ShouldBe(200);
            (await Alice.Get("/api/sequences")).ShouldBe(200);
            (await Alice.Get("/api/instances")).ShouldBe(200);
        }
    }
}
