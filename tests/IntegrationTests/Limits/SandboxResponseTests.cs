using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>A sandbox's response waits on the node's disk until its slot is free, so its length is limited.</summary>
public sealed class SandboxResponseTests(TestProgram program) : ApiTest(program)
{
    /// <summary>Some 4 KiB each: 80 MiB in all.</summary>
    private const int TooManyEvents = 20_000;

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("text/csv")]
    public async Task A_sandbox_export_beyond_64_MiB_is_rejected_and_a_filtered_one_is_not(string accept)
    {
        var box = WithKey((await Alice.Post("/api/keys", """{"name":"k","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString());
        (await box.Delete("/api/sandbox")).ShouldBe(204);
        await box.Enroll(await box.Sequence(MinimalSequence));
        await FillLog($"sandbox_{Guid.Parse((await Alice.Get("/api/me")).Json["id"]!.ToString()):N}");

        var whole = await box.Get("/api/events", ("Accept", accept));
        var part = await box.Get("/api/events?type=enrolled", ("Accept", accept));

        // Not by Answer.ShouldBe, which would print all of a response that is not refused.
        ((int)whole.Status).ShouldBe(409);
        whole.Code.ShouldBe("responseTooLarge");
        whole.Json["detail"]!.ToString().ShouldContain("64 MiB");
        part.ShouldBe(200).ContentType.ShouldBe(accept);
        (await box.Get("/api/events?limit=1")).ShouldBe(200).Json["nextCursor"].ShouldNotBeNull();
    }

    private Task<int> FillLog(string schema) =>
        Database.Execute(
            $"""
            SET session_replication_role = replica;
            INSERT INTO {schema}.follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                                  previous_hash, hash)
            SELECT gen_random_uuid(), owner_id, instance_id, sequence_id, version, number + n, NULL, 'paused', NULL,
                   json_build_object('note', repeat('x', 4096)), now(), hash, hash
            FROM {schema}.follow_up_event, generate_series(1, {TooManyEvents}) n WHERE number = 1;
            SET session_replication_role = DEFAULT;
            """
        );
}
