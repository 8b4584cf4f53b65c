using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>Operations and actions on many instances over HTTP.</summary>
public sealed class OperationApiTests(TestProgram program) : ApiTest(program)
{
    [Fact]
    public async Task An_action_returns_its_operation_and_a_replay_the_same_one()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(sequence);
        var body = $$"""{"action":"pause","filter":{"sequenceId":"{{sequence.Split('/')[^1]}}"} }""";

        var first = (await Alice.Post("/api/instances/actions", body, ("Idempotency-Key", "pause-all"))).ShouldBe(202);
        var replay = (await Alice.Post("/api/instances/actions", body, ("Idempotency-Key", "pause-all"))).ShouldBe(202);

        replay.Id.ShouldBe(first.Id);
        first.Headers.Location!.ToString().ShouldBe($"/api/operations/{first.Id}");
        await Eventually.Holds(
            async () => (await Alice.Get($"/api/operations/{first.Id}")).Json["state"]!.ToString() == "completed",
            "the operation is completed"
        );
        var seen = (await Alice.Get("/api/operations?state=completed&limit=1")).ShouldBe(200).Json["items"]![0]!;
        (seen["kind"]!.ToString(), seen["total"]!.GetValue<int>(), seen["done"]!.GetValue<int>()).ShouldBe(("instanceAction", 1, 1));
        seen["actor"]!["kind"]!.ToString().ShouldBe("user");
        (await Alice.Get("/api/instances?status=PAUSED")).Json["items"]!.AsArray().Count.ShouldBe(1);
        (await Alice.Post($"/api/operations/{first.Id}/cancel")).ShouldBe(409).Code.ShouldBe("invalidTransition");
        (await Bob.Get($"/api/operations/{first.Id}")).ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"action":"explode","ids":["0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f"]}""", "action")]
    [InlineData("""{"action":"pause"}""", "filter")]
    [InlineData("""{"action":"pause","filter":{} }""", "filter")]
    [InlineData("""{"action":"pause","ids":[]}""", "ids")]
    [InlineData("""{"action":"pause","ids":["0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f"],"filter":{"status":"ACTIVE"} }""", "ids")]
    [InlineData("""{"action":"pause","filter":{"status":"SLEEPY"} }""", "filter.status")]
    [InlineData("""{"action":"stop","filter":{"status":"ACTIVE"} }""", "reason")]
    [InlineData("""{"action":"pause","filter":{"status":"ACTIVE"},"timing":"shift"}""", "timing")]
    [InlineData("""{"action":"resolve","filter":{"attention":"inDoubt"} }""", "outcome")]
    public async Task An_invalid_action_is_rejected_with_its_field(string body, string field) =>
        (await Alice.Post("/api/instances/actions", body)).ShouldBe(400).Fields.ShouldBe([field]);

    [Fact]
    public async Task More_ids_than_the_limit_are_refused()
    {
        var ids = string.Join(',', Enumerable.Range(0, 10_001).Select(_ => $"\"{Guid.NewGuid()}\""));

        (await Alice.Post("/api/instances/actions", $$"""{"action":"pause","ids":[{{ids}}]}""")).ShouldBe(400).Fields.ShouldBe(["ids"]);
    }

    [Fact]
    public async Task A_deletion_is_listed_as_an_operation()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(sequence);

        (await Alice.Delete(sequence)).ShouldBe(204);

        (await Alice.Get(sequence)).ShouldBe(404);
        var operation = (await Alice.Get("/api/operations?limit=1")).ShouldBe(200).Json["items"]![0]!;
        (operation["kind"]!.ToString(), operation["state"]!.ToString(), operation["done"]!.GetValue<int>()).ShouldBe(
            ("deleteSequence", "completed", 1)
        );
        (await Alice.Get("/api/operations?state=asleep")).ShouldBe(400).Fields.ShouldBe(["state"]);
    }
}
