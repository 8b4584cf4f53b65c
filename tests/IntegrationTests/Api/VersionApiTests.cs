using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Versions, the plan and migrations, as a client sees them.</summary>
public sealed class VersionApiTests(TestProgram program) : ApiTest(program)
{
    private const string Offer = """{"id":"offer","type":"WAIT","delayDays":3},{"id":"ask","type":"SMS","message":"Still?"}""";
    private const string Both = $$"""{"name":"Offer","steps":[{{Offer}}]}""";

    [Fact]
    public async Task Published_versions_stay_readable_with_their_instances()
    {
        var sequence = await Alice.Sequence(Both);
        await Alice.Enroll(sequence);
        (await Alice.Put(sequence, """{"name":"Renamed"}""")).ShouldBe(200).Json["version"]!.GetValue<int>().ShouldBe(1);
        await Alice.Put(sequence, """{"steps":[{"id":"ask","type":"SMS","message":"Well?"}]}""");

        var list = (await Alice.Get($"{sequence}/versions")).ShouldBe(200).Json;
        var page = (await Alice.Get($"{sequence}/versions?limit=1")).ShouldBe(200).Json;
        var rest = (await Alice.Get($"{sequence}/versions?limit=1&cursor={page["nextCursor"]}")).ShouldBe(200).Json;
        var first = (await Alice.Get($"{sequence}/versions/1")).ShouldBe(200).Json;

        list["items"]!
            .AsArray()
            .Select(v => (v!["version"]!.GetValue<int>(), v["current"]!.GetValue<bool>(), v["stepCount"]!.GetValue<int>()))
            .ShouldBe([(2, true, 1), (1, false, 2)]);
        rest["items"]![0]!["version"]!.GetValue<int>().ShouldBe(1);
        rest["nextCursor"].ShouldBeNull();
        first["steps"]!.ToJsonString().ShouldBe($"[{Offer}]");
        first["instanceCounts"]!["ACTIVE"]!.GetValue<int>().ShouldBe(1);
        first["publishedAt"]!.ToString().ShouldEndWith("Z");
    }

    [Fact]
    public async Task Steps_keep_their_ids_if_the_client_sends_none()
    {
        var sequence = await Alice.Sequence(Both);
        (await Alice.Put(sequence, """{"steps":[{"type":"WAIT","delayDays":3},{"type":"SMS","message":"Still?"}]}""")).ShouldBe(200).Json[
            "version"
        ]!
            .GetValue<int>()
            .ShouldBe(1);

        var edited = await Alice.Put(
            sequence,
            """{"steps":[{"type":"WAIT","delayDays":3},{"type":"SMS","message":"Well?"},{"type":"EMAIL"}]}"""
        );

        edited.Json["version"]!.GetValue<int>().ShouldBe(2);
        var ids = edited.Json["steps"]!.AsArray().Select(step => step!["id"]!.ToString()).ToList();
        ids[..2].ShouldBe(["offer", "ask"]);
        ids[2].Length.ShouldBe(12);
    }

    [Fact]
    public async Task A_migration_plan_predicts_the_migration_and_changes_nothing()
    {
        var sequence = await Alice.Sequence(Both);
        await Alice.Enroll(sequence, "a@example.com");
        var paused = await Alice.Enroll(sequence, "b@example.com");
        await Alice.Post($"/api/instances/{paused}/pause");
        var before = (await Alice.Get(sequence)).Text;

        var plan = (
            await Alice.Post(
                $"{sequence}/versions/plan",
                """{"steps":[{"type":"EMAIL"},{"id":"ask","type":"SMS","message":"Well?"}],"map":{"offer":"ask"}}"""
            )
        )
            .ShouldBe(200)
            .Json;

        (await Alice.Get(sequence)).Text.ShouldBe(before);
        (plan["version"]!.GetValue<int>(), plan["publishes"]!.GetValue<bool>()).ShouldBe((2, true));
        plan["changes"]!
            .ToJsonString()
            .ShouldBe(
                """[{"id":null,"type":"EMAIL","change":"added","from":null,"to":0,"fields":[]},{"id":"ask","type":"SMS","change":"edited","from":1,"to":1,"fields":["message"]},{"id":"offer","type":"WAIT","change":"removed","from":0,"to":null,"fields":[]}]"""
            );
        plan["running"]!
            .ToJsonString()
            .ShouldBe("""[{"version":1,"step":0,"stepId":"offer","type":"WAIT","active":1,"paused":1,"failed":0,"beingSent":0}]""");
        Of("stay").ShouldBe((0, 2, "stays"));
        Of("content").ShouldBe((0, 2, "shapeDiffers"));
        Of("map").ShouldBe((2, 0, "mapped"));
        plan["map"]!["moves"]![0]!["toId"]!.ToString().ShouldBe("ask");

        (int, int, string) Of(string policy) =>
            (
                plan[policy]!["moving"]!.GetValue<int>(),
                plan[policy]!["staying"]!.GetValue<int>(),
                plan[policy]!["moves"]!.AsArray().Single()!["reason"]!.ToString()
            );
    }

    [Fact]
    public async Task Starting_a_migration_returns_202_and_moves_the_instances()
    {
        var sequence = await Alice.Sequence(Both);
        var instance = await Alice.Enroll(sequence);
        await Alice.Put(sequence, $$"""{"steps":[{"id":"new","type":"EMAIL"},{{Offer}}]}""");

        var begun = (
            await Alice.Post($"{sequence}/versions/2/migrate", """{"policy":"map","map":{}}""", ("Idempotency-Key", "m"))
        ).ShouldBe(202);
        var again = (
            await Alice.Post($"{sequence}/versions/2/migrate", """{"policy":"map","map":{}}""", ("Idempotency-Key", "m"))
        ).ShouldBe(202);
        var path = begun.Headers.Location!.ToString();
        JsonNode? migration = null;
        await Eventually.Holds(
            async () => (migration = (await Alice.Get(path)).ShouldBe(200).Json)["state"]!.ToString() == "completed",
            "the migration is completed"
        );

        path.ShouldBe($"{sequence}/migrations/{begun.Id}");
        again.Id.ShouldBe(begun.Id);
        (migration!["total"]!.GetValue<int>(), migration["moved"]!.GetValue<int>()).ShouldBe((1, 1));
        var moved = (await Alice.Get($"/api/instances/{instance}")).Json;
        (moved["version"]!.GetValue<int>(), moved["currentStep"]!.GetValue<int>()).ShouldBe((2, 1));
        var last = (await Alice.Get($"/api/instances/{instance}/events")).Json["items"]!.AsArray()[^1]!;
        (last["type"]!.ToString(), last["content"]!["fromVersion"]!.ToString(), last["content"]!["toStep"]!.ToString()).ShouldBe(
            ("migrated", "1", "1")
        );
        (await Alice.Get($"/api/instances/{instance}/verify")).Json["intact"]!.GetValue<bool>().ShouldBeTrue();
        (await Alice.Get($"{sequence}/migrations")).ShouldBe(200).Json["items"]!.AsArray().Single()!["id"]!.ToString().ShouldBe(begun.Id);
        (await Alice.Post($"{path}/stop")).ShouldBe(409).Code.ShouldBe("invalidTransition");
        (await Alice.Post($"{path}/continue")).ShouldBe(409).Code.ShouldBe("invalidTransition");
    }

    [Fact]
    public async Task A_migration_with_the_policy_stay_moves_no_instance_and_completes_at_once()
    {
        var sequence = await Alice.Sequence(Both);
        var instance = await Alice.Enroll(sequence);
        await Alice.Put(sequence, """{"steps":[{"type":"EMAIL"}]}""");

        var done = (await Alice.Post($"{sequence}/versions/2/migrate", """{"policy":"stay"}""")).ShouldBe(202).Json;

        (done["state"]!.ToString(), done["stayed"]!.GetValue<int>()).ShouldBe(("completed", 1));
        (await Alice.Get($"/api/instances/{instance}")).Json["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{}""", "policy")]
    [InlineData("""{"policy":"all"}""", "policy")]
    [InlineData("""{"policy":"map"}""", "map")]
    [InlineData("""{"policy":"stay","map":{}}""", "map")]
    [InlineData("""{"policy":"content","map":{"offer":"ask"}}""", "map")]
    [InlineData("""{"policy":"map","map":{"nothing":"ask"}}""", "map.nothing")]
    [InlineData("""{"policy":"map","map":{"offer":"nowhere"}}""", "map.offer")]
    [InlineData("""{"policy":"map","map":{"ask":"offer"}}""", "map.ask")]
    [InlineData("""{"policy":"map","map":{"New":"ask"}}""", "map.New")]
    [InlineData("""{"policy":"map","map":{"ask":7}}""", "map.ask")]
    [InlineData("""{"policy":"map","map":["ask"]}""", "map")]
    public async Task An_invalid_migration_is_rejected_with_its_field(string body, string field)
    {
        var sequence = await Alice.Sequence(Both);
        await Alice.Put(sequence, """{"steps":[{"id":"ask","type":"SMS","message":"Well?"},{"id":"New","type":"EMAIL"}]}""");

        (await Alice.Post($"{sequence}/versions/2/migrate", body)).ShouldBe(400).Fields.ShouldBe([field]);

        (await Database.Read<long>("SELECT count(*) FROM sequence_migration")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"steps":[]}""", "steps")]
    [InlineData("""{}""", "steps")]
    [InlineData("""{"steps":[{"id":"","type":"EMAIL"}]}""", "steps[0].id")]
    [InlineData("""{"steps":[{"id":"two words","type":"EMAIL"}]}""", "steps[0].id")]
    [InlineData("""{"steps":[{"id":"a","type":"EMAIL"},{"type":"EMAIL"},{"id":"a","type":"EMAIL"}]}""", "steps[2].id")]
    [InlineData("""{"steps":[{"type":"WAIT"}]}""", "steps[0].delayDays")]
    [InlineData(
        """{"steps":[{"id":"ask","type":"EMAIL"},{"id":"offer","type":"EMAIL"}],"map":{"ask":"offer","offer":"ask"}}""",
        "map.ask|map.offer"
    )]
    [InlineData("""{"steps":[{"id":"ask","type":"EMAIL"}],"map":{"offer":"offer"}}""", "map.offer")]
    public async Task An_invalid_migration_plan_is_rejected_with_its_field(string body, string fields)
    {
        var sequence = await Alice.Sequence(Both);

        (await Alice.Post($"{sequence}/versions/plan", body)).ShouldBe(400).Fields.ShouldBe(fields.Split('|'));
    }

    [Fact]
    public async Task Instances_move_to_the_current_version_only()
    {
        var sequence = await Alice.Sequence(Both);
        await Alice.Put(sequence, """{"steps":[{"type":"EMAIL"}]}""");

        var older = (await Alice.Post($"{sequence}/versions/1/migrate", """{"policy":"map","map":{}}""")).ShouldBe(409);

        (older.Code, older.Json["currentVersion"]!.ToString()).ShouldBe(("versionNotCurrent", "2"));
        (await Alice.Post($"{sequence}/versions/3/migrate", """{"policy":"stay"}""")).ShouldBe(404);
        (await Alice.Post($"{sequence}/versions/0/migrate", """{"policy":"stay"}""")).ShouldBe(404);
        (await Alice.Get($"{sequence}/versions/3")).ShouldBe(404);
        (await Alice.Get($"{sequence}/versions/99999999999")).ShouldBe(404);
        (await Alice.Get($"{sequence}/versions?cursor=x")).ShouldBe(400).Fields.ShouldBe(["cursor"]);
        (await Alice.Get($"{sequence}/migrations?limit=0")).ShouldBe(400).Fields.ShouldBe(["limit"]);
    }

    [Fact]
    public async Task Versions_and_migrations_of_another_user_are_404()
    {
        var sequence = await Alice.Sequence(Both);
        var migration = (await Alice.Post($"{sequence}/versions/1/migrate", """{"policy":"stay"}""")).ShouldBe(202).Id;

        foreach (var path in new[] { "versions", "versions/1", "migrations", $"migrations/{migration}" })
        {
            (await Bob.Get($"{sequence}/{path}")).ShouldBe(404);
        }

        (await Bob.Post($"{sequence}/versions/plan", """{"steps":[{"type":"EMAIL"}]}""")).ShouldBe(404);
        (await Bob.Post($"{sequence}/versions/1/migrate", """{"policy":"stay"}""")).ShouldBe(404);
        (await Bob.Post($"{sequence}/migrations/{migration}/stop")).ShouldBe(404);
        (await Bob.Post($"{sequence}/migrations/{migration}/continue")).ShouldBe(404);
        var other = await Alice.Sequence(Both);
        (await Alice.Get($"{other}/migrations/{migration}")).ShouldBe(404);
    }
}
