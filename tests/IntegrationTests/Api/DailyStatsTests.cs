using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Counts by day, of one sequence and of all of a user's.</summary>
public sealed class DailyStatsTests(TestProgram program) : ApiTest(program)
{
    private const string OneMail = """{"name":"n","steps":[{"type":"EMAIL","subject":"s","body":"b"}]}""";

    [Fact]
    public async Task Each_day_of_the_period_has_its_counts()
    {
        var (sequence, other) = (await Alice.Sequence(OneMail), await Alice.Sequence(OneMail));
        await Alice.Enroll(sequence);
        await Alice.Enroll(other, "ben@example.com");
        var stopped = await Alice.Enroll(await Alice.Sequence(MinimalSequence));
        (await Alice.Post($"/api/instances/{stopped}/stop", """{"reason":"replied"}""")).ShouldBe(200);
        await Bob.Enroll(await Bob.Sequence(OneMail));
        await Sent(3);
        // Yesterday, and a count of the day before the period.
        await Database.Execute(
            """
            INSERT INTO step_stat (owner_id, sequence_id, version, step_index, variant, metric, span, day, bucket, count)
            SELECT owner_id, id, 1, 0, '', m, span, (now() AT TIME ZONE 'UTC')::date - ago, 0, 7
            FROM sequence, (VALUES ('sent'), ('elapsed')) AS metric (m), (VALUES ('day', 1), ('day', 2), ('month', 1)) AS period (span, ago)
            WHERE id = $1
            """,
            Guid.Parse(sequence.Split('/')[^1])
        );
        var today = DateOnly.FromDateTime(DateTime.UtcNow);

        var all = (await Alice.Get($"/api/stats/daily?from={today.AddDays(-1):O}")).ShouldBe(200).Json;
        var one = (await Alice.Get($"{sequence}/stats/daily?from={today.AddDays(-1):O}&to={today.AddDays(1):O}")).ShouldBe(200).Json;

        all["days"]!.AsArray().Select(day => day!["day"]!.ToString()).ShouldBe([$"{today.AddDays(-1):O}", $"{today:O}"]);
        Numbers(all, 0).ShouldBe((0, 7, 0, 0));
        Numbers(all, 1).ShouldBe((3, 2, 2, 1));
        all["days"]![1]!["counts"]!["replied"]!.GetValue<long>().ShouldBe(0);
        Numbers(one, 0).ShouldBe((0, 7, 0, 0));
        Numbers(one, 1).ShouldBe((1, 1, 1, 0));
        (await Alice.Get("/api/stats/daily")).ShouldBe(200).Json["days"]!.AsArray().Count.ShouldBe(30);
    }

    [Theory]
    [InlineData("from=2026-01-02&to=2026-01-02", "to")]
    [InlineData("from=2024-01-01&to=2025-01-02", "to")]
    [InlineData("from=2020-01-01", "from")]
    [InlineData("from=9999-01-01", "from")]
    [InlineData("to=0001-01-01", "to")]
    [InlineData("from=yesterday", "from")]
    public async Task A_period_is_at_most_a_year(string query, string field)
    {
        (await Alice.Get($"/api/stats/daily?{query}")).ShouldBe(400).Fields.ShouldBe([field]);
        (await Alice.Get($"{await Alice.Sequence(OneMail)}/stats/daily?{query}")).ShouldBe(400).Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task The_ends_of_the_calendar_are_periods_too()
    {
        (await Alice.Get("/api/stats/daily?to=0001-01-02")).ShouldBe(200).Json["days"]!.AsArray().Count.ShouldBe(1);
        (await Alice.Get("/api/stats/daily?from=9999-12-01&to=9999-12-31")).ShouldBe(200).Json["days"]!.AsArray().Count.ShouldBe(30);
    }

    [Fact]
    public async Task A_deleted_sequence_is_not_counted_any_more()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(sequence);
        (await Alice.Delete(sequence)).ShouldBe(204);

        Numbers((await Alice.Get("/api/stats/daily")).ShouldBe(200).Json, 29).Enrolled.ShouldBe(0);
        (await Alice.Get($"{sequence}/stats/daily")).ShouldBe(404);
    }

    private static (long Enrolled, long Sent, long Completed, long Stopped) Numbers(System.Text.Json.Nodes.JsonNode stats, int index)
    {
        var day = stats["days"]![index]!;
        return (
            day["enrolled"]!.GetValue<long>(),
            day["counts"]!["sent"]!.GetValue<long>(),
            day["completed"]!.GetValue<long>(),
            day["stopped"]!.GetValue<long>()
        );
    }

    private Task Sent(int mails) =>
        Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE status = 'sent'") >= mails,
            $"{mails} mails are sent"
        );
}
