using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>A change can be previewed: what it does to waiting steps, and nothing is changed.</summary>
public sealed class DryRunTests(TestProgram program) : ApiTest(program)
{
    private const string Step = """{"type":"EMAIL","subject":"Hello","body":"<p>Hello</p>"}""";

    [Fact]
    public async Task A_dry_run_of_a_schedule_predicts_the_change()
    {
        var sequence = await Waiting(
            $$"""{"name":"Offer","steps":[{{Step}}],"schedule":{"timeZone":"Etc/UTC","from":"09:00","to":"10:00"} }"""
        );
        const string Change = """{"schedule":{"timeZone":"Etc/UTC","from":"13:00","to":"14:00"} }""";

        var preview = (await Alice.Put($"{sequence}?dryRun=true", Change)).ShouldBe(200).Json;

        preview["affected"]!.GetValue<int>().ShouldBe(3);
        preview["later"]!.GetValue<int>().ShouldBe(3);
        preview["earlier"]!.GetValue<int>().ShouldBe(0);
        preview["estimated"]!.GetValue<bool>().ShouldBeFalse();
        (await Database.ReadAll<int>("SELECT DISTINCT extract(hour FROM due_at AT TIME ZONE 'UTC')::int FROM step_job")).ShouldBe([9]);
        (await Alice.Put(sequence, Change)).ShouldBe(200);
        foreach (var example in preview["examples"]!.AsArray())
        {
            var instance = (await Alice.Get($"/api/instances/{example!["instanceId"]}")).ShouldBe(200).Json;
            instance["nextDueAt"]!.ToString().ShouldBe(example["to"]!.ToString());
            example["reasons"]!.AsArray().ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_dry_run_of_disabling_and_enabling_counts_held_and_released_steps()
    {
        var sequence = await Waiting($$"""{"name":"Offer","steps":[{{Step}}]}""");

        var disabling = (await Alice.Put($"{sequence}?dryRun=true", """{"enabled":false}""")).ShouldBe(200).Json;
        (await Alice.Put(sequence, """{"enabled":false}""")).ShouldBe(200);
        await Database.Execute("UPDATE step_job SET state = 'parked', park_reason = 'sequenceDisabled', parked_at = now()");
        var enabling = (await Alice.Put($"{sequence}?dryRun=true", """{"enabled":true}""")).ShouldBe(200).Json;

        (Count(disabling), disabling["examples"]![0]!["to"]).ShouldBe((3, null));
        Count(enabling).ShouldBe(3);
        enabling["examples"]![0]!["reasons"]![0]!.ToString().ShouldBe("released");
        (await Alice.Get(sequence)).Json["enabled"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_dry_run_of_a_calendar_covers_the_sequences_that_use_it()
    {
        (await Alice.Post("/api/calendars", """{"name":"holidays","dates":["2031-01-01"]}""")).ShouldBe(201);
        await Waiting($$"""{"name":"Offer","steps":[{{Step}}],"schedule":{"timeZone":"Etc/UTC","holidays":"holidays"} }""");
        var day = await Database.Read<string>("SELECT to_char(min(due_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM step_job");

        var preview = (await Alice.Put("/api/calendars/holidays?dryRun=true", $$"""{"dates":["{{day}}"]}""")).ShouldBe(200).Json;

        Count(preview).ShouldBe(3);
        preview["examples"]![0]!["reasons"]!.AsArray().Select(reason => reason!.ToString()).ShouldContain("holiday");
        (await Alice.Get("/api/calendars/holidays")).Text.ShouldNotContain(day);
    }

    [Fact]
    public async Task A_dry_run_is_rejected_for_the_same_reasons_as_the_change()
    {
        var sequence = await Waiting($$"""{"name":"Offer","steps":[{{Step}}]}""");

        (await Alice.Put($"{sequence}?dryRun=true", """{"name":""}""")).ShouldBe(400).Fields.ShouldBe(["name"]);
        (await Alice.Put($"{sequence}?dryRun=true", """{"schedule":{"timeZone":"Mars"} }""")).ShouldBe(400);
        (await Alice.Put($"{sequence}?dryRun=maybe", """{"enabled":false}""")).ShouldBe(400).Fields.ShouldBe(["dryRun"]);
        (await Bob.Put($"{sequence}?dryRun=true", """{"enabled":false}""")).ShouldBe(404);
    }

    private static int Count(JsonNode preview) => preview["affected"]!.GetValue<int>();

    /// <summary>A sequence with three instances that start in some days.</summary>
    private async Task<string> Waiting(string json)
    {
        var sequence = await Alice.Sequence(json);
        var start = DateTime.UtcNow.Date.AddDays(3);
        for (var i = 0; i < 3; i++)
        {
            (
                await Alice.Post(
                    $"{sequence}/instances",
                    $$"""{"recipient":{"email":"p{{i}}@example.com"},"startAt":"{{start:yyyy-MM-dd}}T00:00:00Z"}"""
                )
            ).ShouldBe(201);
        }

        return sequence;
    }
}
